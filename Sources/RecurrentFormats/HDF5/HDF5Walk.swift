/// Goes through the groups of a file and reads the headers of all objects.
struct HDF5Walk {
  private let source: HDF5Source
  private(set) var objects: [HDF5File.Object] = []
  /// Headers that were read: a group may lead back to one above it.
  private var met: Set<Int> = []
  /// Blocks that may still be read: as many as there is space for in the file.
  private var budget: Int
  private var heaps: HDF5GlobalHeaps

  /// The deepest group.
  private static let deepest = 64

  init(_ source: HDF5Source) {
    self.source = source
    heaps = HDF5GlobalHeaps(source)
    budget = source.bytes.count / 4 + 64
  }

  private mutating func spend(_ count: Int = 1) throws(FormatError) {
    budget -= count
    guard budget >= 0 else {
      throw source.unexpected(
        "the blocks", "no more than there is space for in the file", "blocks in a circle")
    }
  }

  /// Reads an object and all below it.
  ///
  /// - Throws: ``FormatError``.
  mutating func read(_ address: Int, name: String, depth: Int = 0) throws(FormatError) {
    // one that has two names is listed under the first
    guard met.insert(address).inserted else { return }
    guard depth <= HDF5Walk.deepest else {
      throw source.unexpected("groups", "at most \(HDF5Walk.deepest) below each other", "more")
    }
    let header = try header(at: address)
    objects.append(
      HDF5File.Object(name: name, data: header.isGroup ? nil : header.data, texts: header.texts))
    var children = header.links
    if let table = header.symbolTable { children += try symbols(table.tree, heap: table.heap) }
    if let dense = header.denseLinks { children += try links(heap: dense.heap, tree: dense.tree) }
    for child in children.sorted(by: { $0.name < $1.name }) where !child.name.isEmpty {
      try read(child.address, name: name.isEmpty ? child.name : name + "/" + child.name, depth: depth + 1)
    }
  }

  // MARK: Headers

  private struct Header {
    var data = HDF5DataSet()
    var hasLayout = false
    var links: [(name: String, address: Int)] = []
    var symbolTable: (tree: Int, heap: Int)?
    var denseLinks: (heap: Int, tree: Int)?
    var texts: [String: String] = [:]
    var isGroup: Bool { !hasLayout }
  }

  private mutating func header(at address: Int) throws(FormatError) -> Header {
    var header = Header()
    var cursor = try source.cursor(at: address)
    var blocks: [(address: Int, count: Int)] = []
    var first = cursor
    let isNew = try first.reader.take(4).elementsEqual("OHDR".utf8)
    var hasOrder = false
    if isNew {
      try cursor.skip(4)
      let (version, flags) = (try cursor.byte(), try cursor.byte())
      guard version == 2 else {
        throw source.unexpected("an object header", "version 2", "\(version)")
      }
      if flags & 0x20 != 0 { try cursor.skip(16) }
      if flags & 0x10 != 0 { try cursor.skip(4) }
      hasOrder = flags & 4 != 0
      let count = try cursor.number(1 << (flags & 3))
      try messages(&cursor, count, isNew, hasOrder, &header, &blocks)
    } else {
      let version = try cursor.byte()
      guard version == 1 else { throw source.unexpected("an object header", "version 1 or 2", "\(version)") }
      try cursor.skip(7)
      let count = try cursor.double()
      try cursor.skip(4)
      try messages(&cursor, count, isNew, hasOrder, &header, &blocks)
    }
    while let block = blocks.popLast() {
      try spend()
      if isNew {
        var cursor = try source.cursor(at: block.address, behind: "OCHK")
        // its mark and its checksum are no messages
        try messages(&cursor, block.count - 8, isNew, hasOrder, &header, &blocks)
      } else {
        var cursor = try source.cursor(at: block.address)
        try messages(&cursor, block.count, isNew, hasOrder, &header, &blocks)
      }
    }
    return header
  }

  private mutating func messages(
    _ cursor: inout HDF5Cursor, _ count: Int, _ isNew: Bool, _ hasOrder: Bool, _ header: inout Header,
    _ blocks: inout [(address: Int, count: Int)]
  ) throws(FormatError) {
    let start = cursor.reader.index
    let head = isNew ? (hasOrder ? 6 : 4) : 8
    while cursor.reader.index - start + head <= count {
      try spend()
      let kind = isNew ? try cursor.byte() : try cursor.word()
      let size = try cursor.word()
      let flags = try cursor.byte()
      try cursor.skip(isNew ? (hasOrder ? 2 : 0) : 3)
      let content = cursor
      try cursor.skip(size)
      if flags & 2 != 0 {
        if kind == 3 { header.data.type = .other("a type with a name of its own") }
        continue
      }
      try read(kind, HDF5Message(source, content), &header, &blocks)
    }
  }

  private mutating func read(
    _ kind: Int, _ given: HDF5Message, _ header: inout Header, _ blocks: inout [(address: Int, count: Int)]
  ) throws(FormatError) {
    var message = given
    switch kind {
    case 0x01: (header.data.shape, header.data.limits) = try message.dataspace()
    case 0x02:
      try message.cursor.skip(1)
      let flags = try message.cursor.byte()
      if flags & 1 != 0 { try message.cursor.skip(8) }
      if let heap = try message.cursor.address(), let tree = try message.cursor.address() {
        header.denseLinks = (heap, tree)
      }
    case 0x03: header.data.type = try message.datatype()
    case 0x04, 0x05: header.data.fill = try message.fill(isOld: kind == 0x04)
    case 0x06: if let link = try link(&message.cursor) { header.links.append(link) }
    case 0x08:
      header.hasLayout = true
      let (layout, issue) = try message.layout()
      if let layout { header.data.layout = layout }
      header.data.issue = header.data.issue ?? issue
    case 0x0B:
      let (filters, issue) = try message.filters()
      header.data.filters = filters
      header.data.issue = header.data.issue ?? issue
    case 0x0C:
      switch try message.attribute() {
      case (let name, .own(let text))?: header.texts[name] = text
      case (let name, .kept(let heap, let number, let count))?:
        header.texts[name] = try heaps.text(heap: heap, number: number, count: count, &budget)
      case nil: break
      }
    case 0x10:
      if let address = try message.cursor.address() { blocks.append((address, try message.cursor.length())) }
    case 0x11:
      if let tree = try message.cursor.address(), let heap = try message.cursor.address() {
        header.symbolTable = (tree, heap)
      }
    default: break
    }
  }

  /// A link to an object of this file; nil for any other.
  private func link(_ cursor: inout HDF5Cursor) throws(FormatError) -> (name: String, address: Int)? {
    try cursor.skip(1)
    let flags = try cursor.byte()
    let kind = flags & 8 != 0 ? try cursor.byte() : 0
    if flags & 4 != 0 { try cursor.skip(8) }
    if flags & 16 != 0 { try cursor.skip(1) }
    let count = try cursor.number(1 << (flags & 3))
    let name = try cursor.reader.text(count)
    guard kind == 0, let address = try cursor.address() else { return nil }
    return (name, address)
  }

  // MARK: Old groups

  private mutating func symbols(_ tree: Int, heap: Int) throws(FormatError) -> [(name: String, address: Int)]
  {
    var cursor = try source.cursor(at: heap, behind: "HEAP")
    try cursor.skip(4)
    let size = try cursor.length()
    _ = try cursor.length()
    guard let address = try cursor.address() else { return [] }
    let names = try source.part(at: address, count: size)
    var found: [(name: String, address: Int)] = []
    var left = [tree]
    while let node = left.popLast() {
      try spend()
      var cursor = try source.cursor(at: node)
      let mark = try cursor.reader.take(4)
      if mark.elementsEqual("TREE".utf8) {
        guard try cursor.byte() == 0 else {
          throw source.unexpected("a tree", "one of names", "one of chunks")
        }
        try cursor.skip(1)
        let count = try cursor.word()
        try cursor.skip(2 * source.sizes.offset)
        for _ in 0..<count {
          _ = try cursor.length()
          if let child = try cursor.address() { left.append(child) }
        }
      } else if mark.elementsEqual("SNOD".utf8) {
        try cursor.skip(2)
        let count = try cursor.word()
        for _ in 0..<count {
          try spend()
          let place = try cursor.address() ?? 0
          let object = try cursor.address()
          let cache = try cursor.double()
          try cursor.skip(20)
          guard place < names.count, let object, cache != 2 else { continue }
          let text = names[place...].prefix { $0 != 0 }
          found.append((String(decoding: text, as: UTF8.self), object))
        }
      } else {
        throw source.unexpected("a node of a group", "TREE or SNOD", "other bytes")
      }
    }
    return found
  }

  // MARK: New groups with many links

  private mutating func links(heap: Int, tree: Int) throws(FormatError) -> [(name: String, address: Int)] {
    let records = try HDF5Tree2(source, tree)
    guard let heap = try HDF5FractalHeap(source, heap) else { return [] }
    var found: [(name: String, address: Int)] = []
    for record in try records.records(&budget) where record.count >= 4 {
      // a hash stands before the place in the heap
      guard let bytes = try heap.object(UnsafeRawBufferPointer(rebasing: record[4...]), &budget) else {
        continue
      }
      var cursor = HDF5Cursor(ByteReader(bytes, path: source.path), source.sizes)
      if let link = try link(&cursor) { found.append(link) }
    }
    return found
  }
}
