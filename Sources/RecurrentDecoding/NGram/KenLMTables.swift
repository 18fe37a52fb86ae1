import RecurrentData
import RecurrentFormats

/// The n-grams of a probing file of KenLM, seen in place.
///
/// The file holds checksums of n-grams and not their words, so that a context has no number of its own: a state is its words,
/// the last one first, in 128 bits.
final class KenLMTables: Sendable {
  let bytes: DataBytes
  let layout: KenLMLayout
  /// The number of words, with `<unk>`.
  let vocabularyCount: Int
  /// Where each word begins in the file; empty where there are none.
  private let wordStarts: [Int]
  /// The bits of a word in a state.
  private let wordBits: Int

  var counts: [Int] { layout.counts }
  var order: Int { layout.counts.count }

  /// Checks a file and keeps it.
  ///
  /// - Throws: ``FormatError`` with the byte where it is cut, damaged or of another kind.
  init(_ bytes: DataBytes) throws(FormatError) {
    let path = bytes.path
    (layout, vocabularyCount, wordStarts) = try bytes.withBytes { (all) throws(FormatError) in
      let layout = try KenLMLayout(all, path: path)
      let check = KenLMCheck(all, layout, path: path)
      let count = try check.vocabularyCount()
      try check.checkNumbers()
      return (layout, count, try check.wordStarts(count))
    }
    self.bytes = bytes
    wordBits = min(128 / (layout.counts.count - 1), 32)
    guard vocabularyCount < 1 << wordBits - 1 else {
      throw .unsupported(
        path: path,
        what:
          "it has \(vocabularyCount) words in n-grams of order \(layout.counts.count), more than a state holds",
        remedy: "give the ARPA file that it was made from")
    }
  }

  /// What is unusual about the file.
  var notes: [DataNote] {
    var notes: [DataNote] = []
    for word in [NGramVocabulary.beginWord, NGramVocabulary.endWord] where number(of: word) == nil {
      notes.append(DataNote(.warning, "\(bytes.path): it has no \(word); <unk> stands for it"))
    }
    return notes
  }

  /// The number of a word; nil where it has none.
  func number(of word: String) -> Int32? {
    var word = word
    return word.withUTF8 { number(of: $0) }
  }

  /// The number of a word; nil where it has none.
  func number(of word: UnsafeBufferPointer<UInt8>) -> Int32? {
    let isUnknown =
      word.elementsEqual(NGramVocabulary.unknownWord.utf8) || word.elementsEqual("<UNK>".utf8)
    if isUnknown { return 0 }
    let hash = MurmurHash64A.hash(word)
    return bytes.withBytes { all in
      find(hash, in: layout.vocabulary, all).map {
        Int32(truncatingIfNeeded: all.loadUnaligned(fromByteOffset: $0 + 8, as: UInt32.self))
      }
    }
  }

  /// The word of a number; nil where the file has no words.
  func word(_ number: Int) -> String? {
    guard number + 1 < wordStarts.count else { return nil }
    return bytes.withBytes {
      String(decoding: $0[wordStarts[number]..<wordStarts[number + 1] - 1], as: UTF8.self)
    }
  }

  /// Where the place with a key is; nil where there is none.
  @inline(__always)
  private func find(_ key: UInt64, in table: KenLMLayout.Table, _ all: UnsafeRawBufferPointer) -> Int? {
    var place = Int(truncatingIfNeeded: key % UInt64(table.places))
    for _ in 0..<table.places {
      let offset = table.start + place * table.stride
      let found = all.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      if found == key { return offset }
      if found == 0 { return nil }
      place += 1
      if place == table.places { place = 0 }
    }
    return nil
  }

  @inline(__always)
  private func combine(_ key: UInt64, _ word: UInt32) -> UInt64 {
    key &* 8_978_948_897_894_561_157 ^ (1 &+ UInt64(word)) &* 17_894_857_484_156_487_943
  }

  @inline(__always)
  private func float(_ offset: Int, _ all: UnsafeRawBufferPointer) -> Float {
    Float(bitPattern: UInt32(littleEndian: all.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }

  /// The back-off weight at a place, and whether a context with it matters: minus zero says that nothing continues it.
  @inline(__always)
  private func backoff(_ offset: Int, _ all: UnsafeRawBufferPointer) -> (value: Float, matters: Bool) {
    let value = float(offset, all)
    return (value, value.bitPattern != (-Float.zero).bitPattern)
  }

  /// A word of a context, 0 for the last one; nil before its first one.
  @inline(__always)
  private func word(_ place: Int, of state: NGramModel.State) -> UInt32? {
    let word = UInt32(truncatingIfNeeded: state.bits >> UInt128(place * wordBits)) & mask
    return word == 0 ? nil : word - 1
  }

  @inline(__always)
  private var mask: UInt32 { wordBits == 32 ? .max : 1 << UInt32(wordBits) - 1 }

  /// The context of one word.
  func state(of word: UInt32) -> NGramModel.State { NGramModel.State(bits: UInt128(word + 1)) }

  /// Whether a state is one of these tables: at most N - 1 words of the vocabulary, and nothing before the first of them.
  func contains(_ state: NGramModel.State) -> Bool {
    var place = 0
    while place + 1 < order, let word = word(place, of: state) {
      guard word < vocabularyCount else { return false }
      place += 1
    }
    return state.bits >> UInt128(place * wordBits) == 0
  }

  /// The score of a word after a context, in logarithms to the base 10, and the context after it.
  func score(
    _ word: UInt32, after state: NGramModel.State
  ) -> (score: Double, state: NGramModel.State) {
    bytes.withBytes { all in
      let unigram = layout.unigrams + 8 * Int(word)
      // the sign is a flag: set where no longer n-gram ends in this one
      var score = float(unigram, all)
      var (matched, kept) = (1, backoff(unigram + 4, all).matters ? 1 : 0)
      var key = UInt64(word)
      var place = 0
      while place < layout.tables.count, score.sign == .plus, let context = self.word(place, of: state) {
        key = combine(key, context)
        guard let offset = find(key, in: layout.tables[place], all) else { break }
        matched = place + 2
        place += 1
        score = float(offset + 8, all)
        if place == layout.tables.count { break }
        if backoff(offset + 12, all).matters { kept = matched }
      }
      let total = -Double(score.magnitude) + backoffs(of: state, from: matched, all)
      return (total, extended(state, by: word, keeping: kept))
    }
  }

  /// The back-off weights of the last `length` words of a context and of all longer parts of it.
  @inline(__always)
  private func backoffs(of state: NGramModel.State, from length: Int, _ all: UnsafeRawBufferPointer) -> Double
  {
    var (key, total, place) = (UInt64(0), 0.0, 0)
    while place + 1 < order, let word = word(place, of: state) {
      let offset: Int?
      if place == 0 {
        key = UInt64(word)
        offset = layout.unigrams + 8 * Int(word) + 4
      } else {
        key = combine(key, word)
        offset = place + 1 < length ? nil : find(key, in: layout.tables[place - 1], all).map { $0 + 12 }
      }
      place += 1
      if place >= length, let offset { total += Double(float(offset, all)) }
    }
    return total
  }

  /// The last `count` words of a context with a further one.
  @inline(__always)
  private func extended(_ state: NGramModel.State, by word: UInt32, keeping count: Int) -> NGramModel.State {
    let bits = state.bits << UInt128(wordBits) | UInt128(word + 1)
    let kept = count * wordBits
    return NGramModel.State(bits: kept >= 128 ? bits : bits & (1 << UInt128(kept) - 1))
  }
}
