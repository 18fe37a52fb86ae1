import RecurrentFormats

/// Reads what ``NGramCoding`` wrote. A checksum has shown that nothing is damaged by accident; every number is checked all
/// the same, for a file may be made on purpose.
struct NGramDecoder {
  private let bytes: UnsafeRawBufferPointer
  private let path: String
  private var index: Int

  init(_ bytes: UnsafeRawBufferPointer, path: String, index: Int) {
    (self.bytes, self.path, self.index) = (bytes, path, index)
  }

  private var left: Int { bytes.count - index }

  private func unexpected(_ what: String, _ expected: String, _ found: String) -> FormatError {
    .unexpected(path: path, offset: index, what: what, expected: expected, found: found)
  }

  private func need(_ count: Int) throws(FormatError) {
    guard count <= left else {
      throw .truncated(path: path, offset: index, needed: UInt64(clamping: count), found: left)
    }
  }

  /// A whole number in `0...limit`.
  private mutating func number(_ what: String, upTo limit: Int) throws(FormatError) -> Int {
    let start = index
    var (value, shift) = (UInt64(0), UInt64(0))
    while shift < 63 {
      try need(1)
      let byte = bytes[index]
      index += 1
      value |= UInt64(byte & 0x7F) << shift
      shift += 7
      if byte & 0x80 == 0 {
        guard value <= UInt64(limit) else { break }
        return Int(value)
      }
    }
    throw .unexpected(
      path: path, offset: start, what: what, expected: "a number up to \(limit)", found: "a larger one")
  }

  private mutating func floats(_ count: Int, _ what: String, upTo limit: Float) throws(FormatError) -> [Float]
  {
    try need(4 * count)
    var numbers = [Float](repeating: 0, count: count)
    for place in 0..<count {
      let bits = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self))
      let number = Float(bitPattern: bits)
      guard number.isFinite, number <= limit else {
        throw unexpected(what, limit == 0 ? "a finite number up to 0" : "a finite number", "\(number)")
      }
      numbers[place] = number
      index += 4
    }
    return numbers
  }

  mutating func decode() throws(FormatError) -> (NGramTrie, NGramVocabulary) {
    let order = try number("the order", upTo: NGramModel.maximumOrder)
    guard order > 0 else { throw unexpected("the order", "a number from 1 on", "0") }
    var counts: [Int] = []
    var total = 0
    for _ in 0..<order {
      // each has a score of four bytes, so a number beyond them is refused before it is believed
      let count = try number(
        "the number of n-grams",
        upTo: Swift.max(Swift.min(NGramTrieBuilder.largestCount, left / 4) - total, 0))
      counts.append(count)
      total += count
    }
    let vocabulary = try words(counts[0])
    let scores = try floats(total, "a score", upTo: 0)
    let backoffs = try floats(total - (counts.last ?? 0), "a back-off weight", upTo: .infinity)
    return (try tree(counts, scores, backoffs), vocabulary)
  }

  private mutating func words(_ count: Int) throws(FormatError) -> NGramVocabulary {
    var vocabulary = NGramVocabulary()
    guard count > 0 else { throw unexpected("the number of words", "a number from 1 on", "0") }
    for word in 0..<count {
      let length = try number("the length of a word", upTo: left)
      try need(length)
      let text = UnsafeRawBufferPointer(rebasing: bytes[index..<index + length])
      guard vocabulary.insert(text.bindMemory(to: UInt8.self)) == word else {
        throw unexpected(
          "a word", "<unk> first and each once", "\"\(String(decoding: text, as: UTF8.self))\"")
      }
      index += length
    }
    return vocabulary
  }

  private mutating func tree(
    _ counts: [Int], _ scores: [Float], _ backoffs: [Float]
  ) throws(FormatError) -> NGramTrie {
    var starts: [[Int]] = []
    for (order, count) in counts.dropLast().enumerated() {
      var ends = [0]
      ends.reserveCapacity(count + 1)
      for _ in 0..<count {
        let last = ends[ends.count - 1]
        ends.append(last + (try number("the n-grams after a context", upTo: counts[order + 1] - last)))
      }
      guard ends[count] == counts[order + 1] else {
        throw unexpected("the \(order + 2)-grams", "\(counts[order + 1])", "\(ends[count])")
      }
      starts.append(ends)
    }
    var builder = NGramTrieBuilder(
      scores: Array(scores[..<counts[0]]), backoffs: Array(padded(backoffs, 0..<counts[0])))
    var begin = counts[0]
    for (order, ends) in starts.enumerated() {
      let range = begin..<begin + counts[order + 1]
      var words: [UInt32] = []
      words.reserveCapacity(range.count)
      for context in 0..<counts[order] {
        var last = -1
        for _ in ends[context]..<ends[context + 1] {
          // 0 only for the first of a context, so that none occurs twice
          let step = try number("a word", upTo: counts[0] - 1 - Swift.max(last, 0))
          guard step > 0 || last < 0 else {
            throw unexpected("a word", "one after its neighbour", "the same")
          }
          last = Swift.max(last, 0) + step
          words.append(UInt32(last))
        }
      }
      builder.append(
        starts: ends, words: words, scores: Array(scores[range]), backoffs: padded(backoffs, range))
      begin = range.upperBound
    }
    guard left == 0 else { throw .trailingBytes(path: path, offset: index, count: left) }
    return builder.finish()
  }

  /// Back-off weights of some n-grams; those of the highest order have none, which is zero.
  private func padded(_ backoffs: [Float], _ range: Range<Int>) -> [Float] {
    range.upperBound <= backoffs.count ? Array(backoffs[range]) : [Float](repeating: 0, count: range.count)
  }
}
