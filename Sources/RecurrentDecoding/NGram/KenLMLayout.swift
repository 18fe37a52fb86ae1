import RecurrentFormats

/// Where things stand in a binary file of KenLM, format version 5, with probing hash tables.
///
/// | bytes | content |
/// |---|---|
/// | 88 | `mmap lm http://kheafield.com/code format version 5`, line feed, zeros up to 56; floats 0, 1, -0.5; words 1, 2^32 - 1, 0; 1 in 8 bytes |
/// | 20 | order (1 byte, 3 of padding), multiplier of the tables (float), kind (4), whether the words follow (1, 3 of padding), version of the tables (4) |
/// | 8 N | number of n-grams of each order; zeros up to a multiple of 8 |
/// | 8 + 12 B | words: version 0, number of words; table of hash (8) and number (4) |
/// | 8 (V + 1) | unigrams: score, back-off weight (floats) |
/// | 16 B | for each order between: table of key (8), score, back-off weight |
/// | 12 B | the longest n-grams: table of key (8), score |
/// | | the words, each ended by zero |
///
/// A table of n entries has B = max(n + 1, multiplier n) places, is probed linearly from `key mod B` on, and holds the key 0 where
/// nothing stands. The key of an n-gram is made from its last word on backwards, `key = key * 8978948897894561157 xor
/// (1 + word) * 17894857484156487943`, from the number of the last word. Source: KenLM, `lm/binary_format.hh`, `lm/search_hashed.hh`,
/// `lm/vocab.hh`.
struct KenLMLayout: Sendable {
  /// A hash table.
  struct Table: Sendable {
    /// Where its first place begins.
    var start: Int
    /// The number of places, B.
    var places: Int
    /// The bytes of a place.
    var stride: Int
    /// Where it ends.
    var end: Int { start + places * stride }
  }

  private(set) var counts: [Int] = []
  private(set) var hasWords = false
  /// Hashes of words and their numbers.
  private(set) var vocabulary = Table(start: 0, places: 0, stride: 12)
  /// Where the unigrams begin.
  private(set) var unigrams = 0
  /// The n-grams of orders 2, 3, ..., N.
  private(set) var tables: [Table] = []

  private static let prefix = "mmap lm http://kheafield.com/code"
  private static let mark = prefix + " format version 5\n"
  private static let kinds = [
    "probing", "probing with rest costs", "trie", "quantised trie", "trie with compressed pointers",
    "quantised trie with compressed pointers",
  ]

  static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: prefix.utf8) }

  /// Where the tables end and the words begin.
  var end: Int { tables.last?.end ?? 0 }

  /// Reads the head of a file.
  ///
  /// - Throws: ``FormatError`` where it is another version or kind, cut or damaged.
  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(FormatError) {
    func need(_ count: Int, at offset: Int) throws(FormatError) {
      guard count <= bytes.count - offset else {
        throw .truncated(
          path: path, offset: offset, needed: UInt64(clamping: count), found: max(0, bytes.count - offset))
      }
    }
    func word(_ offset: Int) -> UInt32 {
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
    func long(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    func unexpected(_ offset: Int, _ what: String, _ expected: String, _ found: String) -> FormatError {
      .unexpected(path: path, offset: offset, what: what, expected: expected, found: found)
    }
    let remedy = "give the ARPA file that it was made from, or build it from that with the type probing"
    try need(88 + 20, at: 0)
    let head = bytes[..<56].prefix { $0 != 0 }
    guard head.elementsEqual(KenLMLayout.mark.utf8) else {
      throw .unsupported(
        path: path,
        what: "it is a file of KenLM, but not of its format version 5: "
          + "\"\(String(decoding: head, as: UTF8.self).onOneLine)\"", remedy: remedy)
    }
    let numbers: [UInt32] = [0, 0x3F80_0000, 0xBF00_0000, 1, .max, 0]
    for (place, number) in numbers.enumerated() where word(56 + 4 * place) != number {
      throw unexpected(56 + 4 * place, "a number for comparison", "\(number)", "\(word(56 + 4 * place))")
    }
    guard long(80) == 1 else { throw unexpected(80, "a number for comparison", "1", "\(long(80))") }
    let kind = Int(word(96))
    guard kind == 0 else {
      let name = kind < KenLMLayout.kinds.count ? KenLMLayout.kinds[kind] : "number \(kind)"
      throw .unsupported(
        path: path, what: "it is a file of KenLM of the type \"\(name)\", only probing is read",
        remedy: remedy)
    }
    let order = Int(bytes[88])
    guard (2...NGramModel.maximumOrder).contains(order) else {
      throw unexpected(88, "the order", "2 to \(NGramModel.maximumOrder)", "\(order)")
    }
    let multiplier = Float(bitPattern: word(92))
    guard multiplier >= 1, multiplier <= 1000 else {
      throw unexpected(92, "the size of tables for each entry", "1 to 1000", "\(multiplier)")
    }
    hasWords = bytes[100] != 0
    guard word(104) == 0 else { throw unexpected(104, "the version of the tables", "0", "\(word(104))") }
    try need(8 * order, at: 108)
    for place in 0..<order {
      let count = long(108 + 8 * place)
      guard count < 1 << 40 else {
        throw unexpected(108 + 8 * place, "the number of \(place + 1)-grams", "less than 2^40", "\(count)")
      }
      counts.append(Int(count))
    }
    func places(_ count: Int) -> Int { max(count + 1, Int(multiplier * Float(count))) }
    var offset = (108 + 8 * order + 7) & ~7
    try need(8, at: offset)
    guard word(offset) == 0 else {
      throw unexpected(offset, "the version of the words", "0", "\(word(offset))")
    }
    vocabulary = Table(start: offset + 8, places: places(counts[0]), stride: 12)
    unigrams = vocabulary.end
    offset = unigrams + 8 * (counts[0] + 1)
    for place in 1..<order {
      tables.append(
        Table(start: offset, places: places(counts[place]), stride: place == order - 1 ? 12 : 16))
      offset = tables[place - 1].end
    }
    try need(offset, at: 0)
  }
}
