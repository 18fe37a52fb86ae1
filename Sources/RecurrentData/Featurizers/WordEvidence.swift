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
  /// Classes.
  public let classCount: Int
  /// For each token n_c; `[token * classCount + class]`.
  private var words: [Int32]
  /// For each pair of tokens that occurs more than once.
  private var pairs: [Int64: [Int32]]
  /// N_c.
  private var texts: [Int32]
  private static let foldCount = 10

  private enum CodingKeys: String, CodingKey { case classCount, words, pairs, counts, texts }

  /// Numbers of a step: for two classes one for the word and one for the pair, else one for each class.
  public var featureCount: Int { 2 * (classCount == 2 ? 1 : classCount) }

  /// Counts in texts, `tokens` of a vocabulary of `vocabularySize` with their classes.
  ///
  /// - Returns: the counts, and for each text the numbers from the texts outside its tenth, `[step * featureCount]`.
  public static func fit(
    _ texts: [[Int32]], labels: [Int], classCount: Int, vocabularySize: Int
  ) -> (evidence: WordEvidence, features: [[Float]]) {
    var whole = WordEvidence(classCount: classCount, vocabularySize: vocabularySize)
    var folds = (0..<foldCount).map { _ in
      WordEvidence(classCount: classCount, vocabularySize: vocabularySize)
    }
    for (index, text) in texts.enumerated() {
      whole.count(text, label: labels[index])
      folds[index % foldCount].count(text, label: labels[index])
    }
    let features = texts.enumerated().map { index, text in
      whole.features(text, without: folds[index % foldCount])
    }
    whole.pairs = whole.pairs.filter { $0.value.reduce(0, +) > 1 }
    return (whole, features)
  }

  private init(classCount: Int, vocabularySize: Int) {
    self.classCount = classCount
    words = [Int32](repeating: 0, count: vocabularySize * classCount)
    pairs = [:]
    texts = [Int32](repeating: 0, count: classCount)
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
    pairs = Dictionary(
      uniqueKeysWithValues: keys.enumerated().map { index, key in
        (key, Array(counts[index * classes..<(index + 1) * classes]))
      })
  }

  /// Writes pairs in the order of their tokens, so that equal counts are equal files.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(classCount, forKey: .classCount)
    try container.encode(words, forKey: .words)
    try container.encode(texts, forKey: .texts)
    let keys = pairs.keys.sorted()
    try container.encode(keys, forKey: .pairs)
    try container.encode(keys.flatMap { pairs[$0] ?? [] }, forKey: .counts)
  }

  /// Throws where the counts are impossible beside a vocabulary.
  func check(vocabularySize: Int) throws(ValueIssue) {
    try ValueIssue.check(
      "the count of evidence.words", words.count, equals: vocabularySize * classCount, "tokens times classes")
    try ValueIssue.check("evidence.words", each: words, in: 0...Int32.max)
    try ValueIssue.check("evidence.texts", each: texts, in: 0...Int32.max)
    for counts in pairs.values { try ValueIssue.check("evidence.counts", each: counts, in: 0...Int32.max) }
  }

  private static func key(_ first: Int32, _ second: Int32) -> Int64 { Int64(first) << 32 | Int64(second) }

  private mutating func count(_ text: [Int32], label: Int) {
    texts[label] += 1
    for token in Set(text) { words[Int(token) * classCount + label] += 1 }
    for pair in Set(zip(text, text.dropFirst()).map { WordEvidence.key($0, $1) }) {
      pairs[pair, default: [Int32](repeating: 0, count: classCount)][label] += 1
    }
  }

  /// The numbers of each step of a text, `[step * featureCount]`.
  public func features(_ text: [Int32]) -> [Float] { features(text, without: nil) }

  private func features(_ text: [Int32], without fold: WordEvidence?) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(text.count * featureCount)
    let totals = (0..<classCount).map { Float(texts[$0] - (fold?.texts[$0] ?? 0)) }
    for (place, token) in text.enumerated() {
      let own = (0..<classCount).map { label -> Float in
        let index = Int(token) * classCount + label
        guard words.indices.contains(index) else { return 0 }
        return Float(words[index] - (fold?.words[index] ?? 0))
      }
      append(own, totals, to: &result)
      var pair = [Float](repeating: 0, count: classCount)
      if place > 0 {
        let key = WordEvidence.key(text[place - 1], token)
        if let counts = pairs[key] {
          let less = fold?.pairs[key]
          pair = (0..<classCount).map { Float(counts[$0] - (less?[$0] ?? 0)) }
        }
      }
      append(pair, totals, to: &result)
    }
    return result
  }

  private func append(_ counts: [Float], _ totals: [Float], to result: inout [Float]) {
    let isSeen = counts.contains { $0 > 0 }
    let ratios = isSeen ? zip(counts, totals).map { log(($0 + 1) / ($1 + 2)) } : counts
    let mean = ratios.reduce(0, +) / Float(classCount)
    if classCount == 2 {
      result.append(ratios[1] - mean)
    } else {
      for ratio in ratios { result.append(ratio - mean) }
    }
  }
}
