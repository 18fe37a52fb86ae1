/// A chunk of a data set.
struct HDF5Chunk {
  /// The place of its first element along each axis, in chunks.
  var place: [Int]
  var address: Int
  /// Its bytes in the file.
  var size: Int
  /// The filters that were left out, by their bits.
  var mask: Int
}

/// Finds the chunks of a data set under its index.
struct HDF5ChunkList {
  private let source: HDF5Source
  /// Chunks along each axis.
  private let counts: [Int]
  /// The same by how far the axes may grow: what arrays number their entries by.
  private let grid: [Int]
  /// The axis that may grow to any length, which arrays go along last.
  private let openAxis: Int?
  private let chunk: [Int]
  /// The bytes of a chunk without filters.
  private let plainSize: Int
  private let isFiltered: Bool
  /// Entries that may still be read.
  private var budget: Int

  init(
    _ source: HDF5Source, counts: [Int], limits: [Int?], chunk: [Int], plainSize: Int, isFiltered: Bool
  ) {
    (self.source, self.counts, self.chunk) = (source, counts, chunk)
    let limits = limits.count == counts.count ? limits : counts.map { _ in nil }
    openAxis = limits.firstIndex { $0 == nil }
    grid = counts.indices.map { axis in
      max(counts[axis], limits[axis].map { ($0 - 1) / chunk[axis] + 1 } ?? 0)
    }
    (self.plainSize, self.isFiltered) = (plainSize, isFiltered)
    budget = source.bytes.count / 4 + 64
  }

  private mutating func spend(_ count: Int = 1) throws(FormatError) {
    budget -= count
    guard budget >= 0 else {
      throw source.unexpected("an index of chunks", "no more than there is space for in the file", "more")
    }
  }

  /// The place of the chunk with a number, row by row; along the axis without an end last.
  private func place(_ number: Int) -> [Int] {
    var (rest, place) = (number, counts)
    var axes = Array(counts.indices)
    if let openAxis { axes.insert(axes.remove(at: openAxis), at: 0) }
    for axis in axes.reversed() {
      place[axis] = rest % max(grid[axis], 1)
      rest /= max(grid[axis], 1)
    }
    return place
  }

  private var total: Int { grid.reduce(1) { $1 > 1 << 40 ? 1 << 40 : min($0 * $1, 1 << 40) } }

  /// All chunks that were written.
  ///
  /// - Throws: ``FormatError``.
  mutating func chunks(_ index: HDF5ChunkIndex) throws(FormatError) -> [HDF5Chunk] {
    switch index {
    case .single(let address, let size, let mask):
      guard let address else { return [] }
      return [
        HDF5Chunk(place: counts.map { _ in 0 }, address: address, size: size ?? plainSize, mask: mask)
      ]
    case .implicit(let address):
      guard let address else { return [] }
      try spend(total)
      return (0..<total).map {
        HDF5Chunk(place: place($0), address: address + $0 * plainSize, size: plainSize, mask: 0)
      }
    case .tree(let address?): return try tree(address)
    case .tree2(let address?): return try tree2(address)
    case .fixedArray(let address?): return try fixedArray(address)
    case .extensibleArray(let address?): return try extensibleArray(address)
    case .tree, .tree2, .fixedArray, .extensibleArray: return []
    }
  }

  // MARK: Trees

  private mutating func tree(_ root: Int) throws(FormatError) -> [HDF5Chunk] {
    var found: [HDF5Chunk] = []
    var left = [root]
    while let node = left.popLast() {
      try spend()
      var cursor = try source.cursor(at: node, behind: "TREE")
      guard try cursor.byte() == 1 else { throw source.unexpected("a tree", "one of chunks", "one of names") }
      let (level, count) = (try cursor.byte(), try cursor.word())
      try cursor.skip(2 * source.sizes.offset)
      for _ in 0..<count {
        try spend()
        let (size, mask) = (try cursor.double(), try cursor.double())
        var place: [Int] = []
        for axis in counts.indices { place.append(try cursor.number(8) / max(chunk[axis], 1)) }
        // the place within an element
        try cursor.skip(8)
        guard let address = try cursor.address() else { continue }
        if level > 0 {
          left.append(address)
        } else {
          found.append(HDF5Chunk(place: place, address: address, size: size, mask: mask))
        }
      }
    }
    return found
  }

  private mutating func tree2(_ head: Int) throws(FormatError) -> [HDF5Chunk] {
    let tree = try HDF5Tree2(source, head)
    var found: [HDF5Chunk] = []
    for record in try tree.records(&budget) {
      var cursor = HDF5Cursor(ByteReader(record, path: source.path), source.sizes)
      let address = try cursor.address()
      let width = record.count - source.sizes.offset - 4 - 8 * counts.count
      let size = isFiltered ? try cursor.number(max(width, 0)) : plainSize
      let mask = isFiltered ? try cursor.double() : 0
      var place: [Int] = []
      for _ in counts { place.append(try cursor.number(8)) }
      if let address { found.append(HDF5Chunk(place: place, address: address, size: size, mask: mask)) }
    }
    return found
  }

  // MARK: Arrays

  /// The next entry of an array; nil for a chunk that was not written.
  private func entry(
    _ cursor: inout HDF5Cursor, _ width: Int, number: Int
  ) throws(FormatError) -> HDF5Chunk? {
    let address = try cursor.address()
    let size = isFiltered ? try cursor.number(width - source.sizes.offset - 4) : plainSize
    let mask = isFiltered ? try cursor.double() : 0
    return address.map { HDF5Chunk(place: place(number), address: $0, size: size, mask: mask) }
  }

  private func check(width: Int) throws(FormatError) {
    let least = source.sizes.offset + (isFiltered ? 5 : 0)
    guard (least...least + 7).contains(width) else {
      throw source.unexpected("an entry of chunks", "\(least) bytes or a little more", "\(width)")
    }
  }

  private mutating func fixedArray(_ head: Int) throws(FormatError) -> [HDF5Chunk] {
    var cursor = try source.cursor(at: head, behind: "FAHD")
    try cursor.skip(2)
    let (width, pageBits) = (try cursor.byte(), try cursor.byte())
    let count = min(try cursor.length(), total)
    try check(width: width)
    try spend(count)
    guard let block = try cursor.address() else { return [] }
    var data = try source.cursor(at: block, behind: "FADB")
    try data.skip(2 + source.sizes.offset)
    let page = 1 << min(pageBits, 40)
    var found: [HDF5Chunk] = []
    guard count > page else {
      for number in 0..<count { if let own = try entry(&data, width, number: number) { found.append(own) } }
      return found
    }
    // pages, each with a checksum, of which some may not have been written
    let pages = (count + page - 1) / page
    let written = Array(try data.reader.take((pages + 7) / 8))
    try data.skip(4)
    for index in 0..<pages {
      let numbers = index * page..<min((index + 1) * page, count)
      guard written[index / 8] & (0x80 >> UInt8(index % 8)) != 0 else {
        try data.skip(numbers.count * width + 4)
        continue
      }
      for number in numbers { if let own = try entry(&data, width, number: number) { found.append(own) } }
      try data.skip(4)
    }
    return found
  }

  /// The sizes of an array that grows.
  private struct Growth {
    var width = 0
    /// Entries in the index itself, the least of a block, and those of a page.
    var first = 0, least = 0, page = 0
    /// Blocks that the index names itself, of whose number this is the root of a kind.
    var pointers = 0
    var bits = 0
  }

  private mutating func extensibleArray(_ head: Int) throws(FormatError) -> [HDF5Chunk] {
    var cursor = try source.cursor(at: head, behind: "EAHD")
    try cursor.skip(2)
    var growth = Growth()
    growth.width = try cursor.byte()
    (growth.bits, growth.first) = (try cursor.byte(), try cursor.byte())
    (growth.least, growth.pointers) = (try cursor.byte(), try cursor.byte())
    growth.page = 1 << min(try cursor.byte(), 30)
    try check(width: growth.width)
    func isPower(_ number: Int) -> Bool { number > 0 && number & (number - 1) == 0 }
    guard growth.bits <= 64, isPower(growth.least), isPower(growth.pointers) else {
      throw source.unexpected("an array of chunks", "sizes that are powers of two", "others")
    }
    try cursor.skip(6 * source.sizes.length)
    guard let index = try cursor.address() else { return [] }
    try spend(total)
    var block = try source.cursor(at: index, behind: "EAIB")
    try block.skip(2 + source.sizes.offset)
    var (number, found) = (0, [HDF5Chunk]())
    for _ in 0..<growth.first {
      let own = try entry(&block, growth.width, number: number)
      if number < total, let own { found.append(own) }
      number += 1
    }
    // blocks twice as many, then twice as long, in turn; those of the first groups are named here
    var named = 2 * (growth.pointers - 1)
    var group = 0
    while number < total {
      try spend()
      let count = 1 << min(group / 2, 40)
      let length = min((1 << min((group + 1) / 2, 40)) * growth.least, 1 << 40)
      group += 1
      if named >= count {
        named -= count
        for _ in 0..<count { found += try entries(block.address(), length, &number, growth) }
        continue
      }
      named = 0
      guard let address = try block.address() else {
        number += min(count * length, 1 << 40)
        continue
      }
      guard length <= growth.page else { throw Self.tooLong(source.path) }
      var table = try source.cursor(at: address, behind: "EASB")
      try table.skip(2 + source.sizes.offset + (growth.bits + 7) / 8)
      for _ in 0..<count where number < total {
        try spend()
        found += try entries(table.address(), length, &number, growth)
      }
    }
    return found
  }

  private static func tooLong(_ path: String) -> FormatError {
    .unsupported(
      path: path, what: "an array of chunks with more than a hundred thousand of them",
      remedy: "write the data set with larger chunks, or export it to CSV")
  }

  /// The entries of a block.
  private func entries(
    _ address: Int?, _ length: Int, _ number: inout Int, _ growth: Growth
  ) throws(FormatError) -> [HDF5Chunk] {
    defer { number += length }
    guard let address, number < total else { return [] }
    guard length <= growth.page else { throw Self.tooLong(source.path) }
    var cursor = try source.cursor(at: address, behind: "EADB")
    try cursor.skip(2 + source.sizes.offset + (growth.bits + 7) / 8)
    var found: [HDF5Chunk] = []
    for place in number..<min(number + length, total) {
      if let own = try entry(&cursor, growth.width, number: place) { found.append(own) }
    }
    return found
  }
}
