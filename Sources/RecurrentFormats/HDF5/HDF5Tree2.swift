/// A B-tree of version 2: records in order.
struct HDF5Tree2 {
  private let source: HDF5Source
  private let recordSize: Int
  private let depth: Int
  private let root: Int?
  private let rootCount: Int
  /// For each depth the bytes that the number of records of a child takes, and of all below it.
  private var widths: [(own: Int, all: Int)] = []
  /// More records than a file has.
  private static let limit = 1 << 40

  /// Reads the head.
  ///
  /// - Throws: ``FormatError``.
  init(_ source: HDF5Source, _ address: Int) throws(FormatError) {
    self.source = source
    var cursor = try source.cursor(at: address, behind: "BTHD")
    try cursor.skip(2)
    let nodeSize = try cursor.double()
    (recordSize, depth) = (try cursor.word(), try cursor.word())
    try cursor.skip(2)
    (root, rootCount) = (try cursor.address(), try cursor.word())
    guard recordSize > 0, nodeSize > 10 + recordSize, depth <= 16 else {
      throw source.unexpected(
        "a tree", "nodes of records, at most 16 deep",
        "\(nodeSize) bytes with records of \(recordSize), \(depth) deep")
    }
    var most = (nodeSize - 10) / recordSize
    let leafWidth = HDF5Tree2.width(most)
    var all = most
    widths = [(leafWidth, 0)]
    for _ in 0..<depth {
      let below = widths[widths.count - 1].all
      let pointer = source.sizes.offset + leafWidth + below
      most = max(0, nodeSize - 10 - pointer) / (recordSize + pointer)
      let (product, overflows) = (most + 1).multipliedReportingOverflow(by: all)
      all = overflows ? HDF5Tree2.limit : min(min(product, HDF5Tree2.limit) + most, HDF5Tree2.limit)
      widths.append((leafWidth, HDF5Tree2.width(all)))
    }
  }

  /// Bytes that numbers up to one take.
  static func width(_ most: Int) -> Int {
    most <= 0 ? 1 : (Int.bitWidth - 1 - most.leadingZeroBitCount) / 8 + 1
  }

  /// All records.
  ///
  /// - Parameter budget: blocks that may still be read.
  /// - Throws: ``FormatError``.
  func records(_ budget: inout Int) throws(FormatError) -> [UnsafeRawBufferPointer] {
    guard let root, rootCount > 0 else { return [] }
    var found: [UnsafeRawBufferPointer] = []
    var left = [(address: root, count: rootCount, depth: depth)]
    while let node = left.popLast() {
      guard node.count < budget else {
        throw source.unexpected("a tree", "no more records than there is space for in the file", "more")
      }
      budget -= 1 + node.count
      var cursor = try source.cursor(at: node.address, behind: node.depth == 0 ? "BTLF" : "BTIN")
      try cursor.skip(2)
      for _ in 0..<node.count { found.append(try cursor.reader.take(recordSize)) }
      guard node.depth > 0 else { continue }
      for _ in 0...node.count {
        let address = try cursor.address()
        let count = try cursor.number(widths[node.depth - 1].own)
        // of leaves no more than their own number is said
        try cursor.skip(node.depth > 1 ? widths[node.depth - 1].all : 0)
        if let address { left.append((address, count, node.depth - 1)) }
      }
    }
    return found
  }
}

/// A heap in which the links of a large group stand.
struct HDF5FractalHeap {
  private let source: HDF5Source
  private let offsetWidth: Int
  private let lengthWidth: Int
  private let tableWidth: Int
  private let startSize: Int
  private let directRows: Int
  private let root: Int
  private let rootRows: Int

  /// Reads the head; nil for a heap without content.
  ///
  /// - Throws: ``FormatError``.
  init?(_ source: HDF5Source, _ address: Int) throws(FormatError) {
    self.source = source
    var cursor = try source.cursor(at: address, behind: "FRHP")
    try cursor.skip(1 + 2)
    let filterLength = try cursor.word()
    try cursor.skip(1)
    let mostManaged = try cursor.double()
    let (offset, length) = (source.sizes.offset, source.sizes.length)
    try cursor.skip(2 * offset + 10 * length)
    tableWidth = try cursor.word()
    startSize = try cursor.length()
    let mostDirect = try cursor.length()
    let heapBits = try cursor.word()
    try cursor.skip(2)
    let root = try cursor.address()
    rootRows = try cursor.word()
    guard filterLength == 0, tableWidth > 0, tableWidth <= 1 << 10, startSize > 0, mostDirect >= startSize,
      heapBits <= 64, rootRows <= 64, mostDirect <= 1 << 40, startSize <= 1 << 40
    else {
      throw .unsupported(
        path: source.path, what: "a heap of links that is compressed or of impossible sizes",
        remedy: "write the file with fewer members in a group, or with libver=\"earliest\"")
    }
    offsetWidth = (heapBits + 7) / 8
    lengthWidth = min((HDF5FractalHeap.log2(mostDirect) + 7) / 8, HDF5Tree2.width(mostManaged))
    directRows = HDF5FractalHeap.log2(mostDirect) - HDF5FractalHeap.log2(startSize) + 2
    guard let root else { return nil }
    self.root = root
  }

  /// The bytes of an object; nil for one that does not stand in the blocks of the heap.
  ///
  /// - Parameters:
  ///   - id: of the object.
  ///   - budget: blocks that may still be read.
  /// - Throws: ``FormatError``.
  func object(
    _ id: UnsafeRawBufferPointer, _ budget: inout Int
  ) throws(FormatError) -> UnsafeRawBufferPointer? {
    var cursor = HDF5Cursor(ByteReader(id, path: source.path), source.sizes)
    guard try cursor.byte() & 0x30 == 0 else { return nil }
    var place = try cursor.number(offsetWidth)
    let count = try cursor.number(lengthWidth)
    var (address, rows) = (root, rootRows)
    while rows > 0 {
      budget -= 1
      guard budget >= 0 else { throw source.unexpected("a heap", "blocks that end", "blocks in a circle") }
      // the row whose blocks hold the place
      var (row, size, start) = (0, startSize, 0)
      while row < rows, place - start >= size * tableWidth {
        start += size * tableWidth
        row += 1
        if row > 1 { size = min(size * 2, 1 << 48) }
      }
      guard row < rows else { return nil }
      let column = (place - start) / size
      place = (place - start) % size
      var cursor = try source.cursor(at: address, behind: "FHIB")
      try cursor.skip(1 + source.sizes.offset + offsetWidth)
      try cursor.skip((row * tableWidth + column) * source.sizes.offset)
      guard let next = try cursor.address() else { return nil }
      address = next
      // an indirect block has as many rows as fill its size
      rows =
        row < directRows
        ? 0 : max(1, HDF5FractalHeap.log2(size) - HDF5FractalHeap.log2(startSize * tableWidth) + 1)
    }
    let (sum, overflows) = address.addingReportingOverflow(place)
    guard !overflows else { return nil }
    return try source.part(at: sum, count: count)
  }

  private static func log2(_ number: Int) -> Int { Int.bitWidth - 1 - max(number, 1).leadingZeroBitCount }
}
