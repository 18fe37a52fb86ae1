#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How much a word, and a word with the one before it, speaks for each class: the logarithm of its share of the texts of the
/// class, less the mean of that over the classes (the log-count ratios of Wang and Manning 2012).
///
///     r_c(g) = log((n_c(g) + 1) / (N_c + 2)) - mean over c' of the same
///
/// The training texts get numbers that were counted on the other nine tenths of them: a network that saw ratios from the very
/// texts that it learns from would trust them too much.
public struct WordEvidence: Sendable, Equatable, Codable {
  /// How many classes the tokens speak for.
  public let classCount: Int
  /// For each token n_c; `[token * classCount + class]`.
  private var words: [Int32]
  /// The pairs of tokens that occur in more than one text, rising.
  private var pairs: [Int64] = []
  /// For each of them n_c; `[pair * classCount + class]`.
  private var pairCounts: [Int32] = []
  /// N_c.
  private var texts: [Int32]
  /// Of a fit what belongs to the training texts; it is not written.
  private var tenths: Tenths?

  private enum CodingKeys: String, CodingKey { case classCount, words, pairs, counts, texts }

  /// Numbers of a step: for two classes one for the word and one for the pair, else one for each class.
  public var featureCount: Int { 2 * (classCount == 2 ? 1 : classCount) }

  init(classCount: Int, vocabularySize: Int) {
    self.classCount = classCount
    words = [Int32](repeating: 0, count: vocabularySize * classCount)
    texts = [Int32](repeating: 0, count: classCount)
    tenths = Tenths(classCount: classCount, vocabularySize: vocabularySize)
  }

  /// Whether both say the same about new texts.
  public static func == (a: Self, b: Self) -> Bool {
    a.classCount == b.classCount && a.words == b.words && a.pairs == b.pairs
      && a.pairCounts == b.pairCounts && a.texts == b.texts
  }

  /// Reads what `encode(to:)` wrote.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    classCount = try container.decode(Int.self, forKey: .classCount)
    words = try container.decode([Int32].self, forKey: .words)
    texts = try container.decode([Int32].self, forKey: .texts)
    let keys = try container.decode([Int64].self, forKey: .pairs)
    let counts = try container.decode([Int32].self, forKey: .counts)
    let classes = classCount
    guard classes > 1, texts.count == classes, words.count % classes == 0,
      counts.count == keys.count * classes,
      Set(keys).count == keys.count
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .counts, in: container, debugDescription: "the counts do not fit \(classes) classes")
    }
    let order = keys.indices.sorted { keys[$0] < keys[$1] }
    pairs = order.map { keys[$0] }
    pairCounts = order.flatMap { counts[$0 * classes..<($0 + 1) * classes] }
  }

  /// Writes pairs in the order of their tokens, so that equal counts are equal files.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(classCount, forKey: .classCount)
    try container.encode(words, forKey: .words)
    try container.encode(texts, forKey: .texts)
    try container.encode(pairs, forKey: .pairs)
    try container.encode(pairCounts, forKey: .counts)
  }

  /// Throws where the counts are impossible beside a vocabulary.
  func check(vocabularySize: Int) throws(ValueIssue) {
    try ValueIssue.check(
      "the count of evidence.words", words.count, equals: vocabularySize * classCount, "tokens times classes")
    try ValueIssue.check("evidence.words", each: words, in: 0...Int32.max)
    try ValueIssue.check("evidence.texts", each: texts, in: 0...Int32.max)
    try ValueIssue.check("evidence.counts", each: pairCounts, in: 0...Int32.max)
  }

  private static func key(_ first: Int32, _ second: Int32) -> Int64 { Int64(first) << 32 | Int64(second) }

  /// The different pairs of tokens of a text that follow each other.
  static func pairs(_ text: [Int32]) -> Set<Int64> { Set(zip(text, text.dropFirst()).map { key($0, $1) }) }

  /// Counts the tokens of the next text of the training part.
  mutating func countWords(_ text: [Int32], label: Int) {
    let index = Int(texts.reduce(0) { $0 + Int($1) })
    let code = index % Tenths.count * classCount + label
    texts[label] += 1
    tenths?.texts[code] += 1
    let first = index % Tenths.count * words.count
    for token in Set(text) {
      words[Int(token) * classCount + label] += 1
      tenths?.words[first + Int(token) * classCount + label] += 1
    }
  }

  /// Makes room for pairs, rising, that occur in so many texts.
  mutating func keepPairs(_ pairs: [Int64], totals: [Int]) {
    self.pairs = pairs
    pairCounts = [Int32](repeating: 0, count: pairs.count * classCount)
    tenths?.makeRoom(totals, classCount: classCount)
  }

  /// Counts the pairs of a text of the training part.
  mutating func countPairs(_ text: [Int32], label: Int, index: Int) {
    let code = index % Tenths.count * classCount + label
    for key in WordEvidence.pairs(text) {
      guard let place = place(of: key) else { continue }
      pairCounts[place * classCount + label] += 1
      tenths?.count(pair: place, code: code)
    }
  }

  /// Which of the pairs one is.
  private func place(of key: Int64) -> Int? {
    var (low, high) = (0, pairs.count)
    while low < high {
      let middle = (low + high) / 2
      if pairs[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low < pairs.count && pairs[low] == key ? low : nil
  }

  /// The numbers of each step of a text, `[step * featureCount]`.
  public func features(_ text: [Int32]) -> [Float] { features(text, without: nil) }

  /// The numbers of each step of a text of the training part, counted on the texts outside its tenth.
  ///
  /// - Parameter index: the place of the text in the training part.
  func trainingFeatures(_ text: [Int32], index: Int) -> [Float] {
    features(text, without: tenths == nil ? nil : index % Tenths.count)
  }

  private func features(_ text: [Int32], without tenth: Int?) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(text.count * featureCount)
    let less = tenth.flatMap { _ in tenths }
    let first = tenth ?? 0
    let totals = (0..<classCount).map { Float(texts[$0] - (less?.texts[first * classCount + $0] ?? 0)) }
    var counts = [Float](repeating: 0, count: classCount)
    for (place, token) in text.enumerated() {
      for label in 0..<classCount {
        let index = Int(token) * classCount + label
        counts[label] =
          words.indices.contains(index)
          ? Float(words[index] - (less?.words[first * words.count + index] ?? 0)) : 0
      }
      append(&counts, totals, to: &result)
      let known = place > 0 ? self.place(of: WordEvidence.key(text[place - 1], token)) : nil
      for label in 0..<classCount {
        counts[label] = known.map { Float(pairCounts[$0 * classCount + label]) } ?? 0
      }
      if let known { less?.subtract(tenth: first, pair: known, from: &counts) }
      append(&counts, totals, to: &result)
    }
    return result
  }

  /// Appends the ratios of counts, which are overwritten.
  private func append(_ counts: inout [Float], _ totals: [Float], to result: inout [Float]) {
    if counts.contains(where: { $0 > 0 }) {
      for label in counts.indices { counts[label] = log((counts[label] + 1) / (totals[label] + 2)) }
    }
    let mean = counts.reduce(0, +) / Float(classCount)
    if classCount == 2 {
      result.append(counts[1] - mean)
    } else {
      for ratio in counts { result.append(ratio - mean) }
    }
  }
}
