/// The words of a vocabulary: number 0 is the unknown one, the others follow from 1 on.
struct WordTable: Sendable, Equatable {
  /// The words from number 1 on. Two of them may be equal as `String` and differ in their bytes.
  let words: [String]
  /// Whether punctuation is split off words.
  let splitsPunctuation: Bool
  private let table: ByteStringTable

  /// How the unknown word looks in texts that have one.
  static let unknown = "<unk>"

  /// A table of words; nil where two are the same.
  init?(_ words: [String], splitsPunctuation: Bool) {
    var table = ByteStringTable()
    for (index, word) in words.enumerated() {
      var word = word
      guard word.withUTF8({ table.insert($0) }) == index else { return nil }
    }
    self.words = words
    self.splitsPunctuation = splitsPunctuation
    self.table = table
  }

  /// The number of the word with these bytes, 0 where it is unknown.
  func number(of bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    table.number(of: bytes).map { Int32($0 + 1) } ?? 0
  }

  static func == (left: Self, right: Self) -> Bool {
    left.splitsPunctuation == right.splitsPunctuation
      && left.words.elementsEqual(right.words) { $0.utf8.elementsEqual($1.utf8) }
  }
}

/// Counts different pieces of a text.
struct PieceCounter<Splitter: TextSplitter> {
  private var stream: PieceStream<Splitter>
  private(set) var table = ByteStringTable()
  private(set) var counts: [Int] = []

  private let skipsSeparators: Bool

  /// Counts the pieces that `splitter` makes, with or without those that only separate words.
  init(_ splitter: Splitter, skipsSeparators: Bool = false) {
    stream = PieceStream(splitter)
    self.skipsSeparators = skipsSeparators
  }

  mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
    let skipsSeparators = skipsSeparators
    stream.feed(bytes) { piece in
      if !skipsSeparators || !piece.isSeparator { Self.note(piece, &table, &counts) }
    }
  }

  /// Counts one piece as it stands.
  mutating func add(_ piece: UnsafeBufferPointer<UInt8>) { Self.note(piece, &table, &counts) }

  mutating func finish() {
    let skipsSeparators = skipsSeparators
    stream.finish { piece in
      if !skipsSeparators || !piece.isSeparator { Self.note(piece, &table, &counts) }
    }
  }

  @inline(__always)
  private static func note(
    _ piece: UnsafeBufferPointer<UInt8>, _ table: inout ByteStringTable, _ counts: inout [Int]
  ) {
    let number = table.insert(piece)
    if number == counts.count { counts.append(1) } else { counts[number] += 1 }
  }

  /// The numbers of the pieces, the most frequent first, then byte by byte.
  func ranked() -> [Int] {
    counts.indices.sorted { left, right in
      counts[left] != counts[right] ? counts[left] > counts[right] : table.precedes(left, right)
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether a piece of a text separates words and is none itself.
  @inline(__always)
  var isSeparator: Bool {
    guard let first, first != UInt8(ascii: "\n") else { return false }
    return ScalarClass(scalar(in: self, at: 0).value) == .space
  }
}
