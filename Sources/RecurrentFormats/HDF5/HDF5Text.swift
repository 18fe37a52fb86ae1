/// A text beside an object.
enum HDF5Text {
  case own(String)
  /// So many bytes of an object of a global heap.
  case kept(heap: Int, number: Int, count: Int)

  /// The text in bytes, which a zero may end.
  static func decoded(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}

/// The global heaps of a file, in which texts of any length stand, each read once.
struct HDF5GlobalHeaps {
  private let source: HDF5Source
  private var heaps: [Int: [Int: UnsafeRawBufferPointer]] = [:]

  init(_ source: HDF5Source) { self.source = source }

  /// A text.
  ///
  /// - Parameter budget: blocks that may still be read.
  /// - Throws: ``FormatError``, also where the heap has no such object.
  mutating func text(heap: Int, number: Int, count: Int, _ budget: inout Int) throws(FormatError) -> String {
    if count == 0 { return "" }
    if heaps[heap] == nil { heaps[heap] = try read(heap, &budget) }
    let objects = heaps[heap] ?? [:]
    guard let bytes = objects[number], count <= bytes.count else {
      throw source.unexpected(
        "a text", "\(count) bytes under \(number) in the heap at \(heap)", "\(objects[number]?.count ?? 0)")
    }
    return HDF5Text.decoded(bytes.prefix(count))
  }

  private func read(_ address: Int, _ budget: inout Int) throws(FormatError) -> [Int: UnsafeRawBufferPointer]
  {
    var cursor = try source.cursor(at: address, behind: "GCOL")
    let start = cursor.reader.index - 4
    guard try cursor.byte() == 1 else { throw source.unexpected("a global heap", "version 1", "another") }
    try cursor.skip(3)
    let size = try cursor.length()
    var objects: [Int: UnsafeRawBufferPointer] = [:]
    let head = 8 + source.sizes.length
    while cursor.reader.index - start <= size - head {
      budget -= 1
      guard budget >= 0 else {
        throw source.unexpected("a global heap", "objects that end", "more than there is space for")
      }
      let number = try cursor.word()
      // what is left of the heap is free
      if number == 0 { break }
      try cursor.skip(6)
      let count = try cursor.length()
      objects[number] = try cursor.reader.take(count)
      try cursor.skip(Swift.min((count + 7) / 8 * 8 - count, cursor.reader.remaining))
    }
    return objects
  }
}
