import RecurrentCore
import RecurrentData

/// The metric chrF (Popović 2015, doi:10.18653/v1/W15-3049), as sacrebleu computes it: the F-score of n-grams of 1 to 6 characters
/// without white space, with recall counted twice as much as precision; chrF++ (Popović 2017) also counts words and pairs of
/// them.
///
/// Counts are summed over sentences, precision and recall are means over the orders that both sides have. Of several
/// references that with the best score of its sentence counts.
public struct CHRF: Sendable, Equatable, Codable {
  /// The longest n-grams of characters, and of words; 0 for none.
  public var characterOrder, wordOrder: Int
  /// How much more recall counts than precision.
  public var beta: Int

  /// A metric; without arguments chrF2. Traps unless the orders and beta make sense.
  public init(characterOrder: Int = 6, wordOrder: Int = 0, beta: Int = 2) {
    trapUnless(
      (1...16).contains(characterOrder) && (0...16).contains(wordOrder) && (1...100).contains(beta),
      "CHRF: expected orders of 1 to 16 characters and 0 to 16 words and a beta of 1 to 100, received \(characterOrder), "
        + "\(wordOrder) and \(beta)")
    (self.characterOrder, self.wordOrder, self.beta) = (characterOrder, wordOrder, beta)
  }

  /// chrF++: words and pairs of them count as well.
  public static let plusPlus = CHRF(wordOrder: 2)

  /// `chrF2`, `chrF2++`.
  public var name: String { "chrF\(beta)" + String(repeating: "+", count: wordOrder) }

  /// What is counted over sentences: for each order, of characters first, the n-grams of the hypotheses, of the references,
  /// and those that both have.
  public struct Counts: Sendable, Equatable, Codable {
    /// Three numbers for each order.
    public var numbers: [Int]

    /// The counts of two texts together.
    public static func + (a: Counts, b: Counts) -> Counts {
      Counts(numbers: zip(a.numbers, b.numbers).map { $0 + $1 })
    }
  }

  /// Counts of nothing.
  public var noCounts: Counts {
    Counts(numbers: [Int](repeating: 0, count: 3 * (characterOrder + wordOrder)))
  }

  /// The counts of each sentence.
  ///
  /// - Parameters:
  ///   - hypotheses: what was written.
  ///   - references: what might have been written, at least one for each hypothesis. Traps where the counts differ.
  public func counts(hypotheses: [String], references: [[String]]) -> [Counts] {
    trapUnless(
      hypotheses.count == references.count,
      "CHRF: expected references for \(hypotheses.count) hypotheses, received \(references.count)")
    var counter = CHRFCounter(self)
    return zip(hypotheses, references).map { counter.counts($0, $1) }
  }

  /// The score of a text, 0 to 100; that of no sentence is 0.
  public func score(hypotheses: [String], references: [[String]]) -> Double {
    score(counts(hypotheses: hypotheses, references: references).reduce(noCounts, +))
  }

  /// The score of what was counted, 0 to 100.
  public func score(_ counts: Counts) -> Double {
    let factor = Double(beta * beta)
    var (precision, recall, orders) = (0.0, 0.0, 0)
    for place in stride(from: 0, to: counts.numbers.count, by: 3) {
      let (own, other) = (counts.numbers[place], counts.numbers[place + 1])
      guard own > 0, other > 0 else { continue }
      precision += Double(counts.numbers[place + 2]) / Double(own)
      recall += Double(counts.numbers[place + 2]) / Double(other)
      orders += 1
    }
    guard orders > 0, precision + recall > 0 else { return 0 }
    precision /= Double(orders)
    recall /= Double(orders)
    return 100 * ((1 + factor) * precision * recall / (factor * precision + recall))
  }

  /// What the score depends on, as sacrebleu writes it: `nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:recurrent-0.1.0`.
  ///
  /// - Parameter referenceCounts: how many references sentences have.
  public func signature(referenceCounts: Set<Int>) -> String {
    "nrefs:\(MetricSignature.references(referenceCounts))|case:mixed|eff:yes|nc:\(characterOrder)|nw:\(wordOrder)|space:no"
      + "|\(MetricSignature.version)"
  }

  /// The score with its signature, as sacrebleu prints it.
  public func line(_ score: Double, referenceCounts: Set<Int>, decimals: Int = 1) -> String {
    "\(name)|\(signature(referenceCounts: referenceCounts)) = \(fixed(score, decimals))"
  }
}

/// Counts sentences one after the other.
struct CHRFCounter {
  private let metric: CHRF
  private var characterMatcher: NGramMatcher
  private var wordMatcher: NGramMatcher
  private var words = ByteStringTable()
  private var characterSymbols: [Int32] = []
  private var wordSymbols: [Int32] = []
  private var characterMatches, wordMatches: [Int]

  init(_ metric: CHRF) {
    self.metric = metric
    characterMatcher = NGramMatcher(order: metric.characterOrder)
    wordMatcher = NGramMatcher(order: max(1, metric.wordOrder))
    characterMatches = [Int](repeating: 0, count: metric.characterOrder)
    wordMatches = [Int](repeating: 0, count: max(1, metric.wordOrder))
  }

  mutating func counts(_ hypothesis: String, _ references: [String]) -> CHRF.Counts {
    trapUnless(!references.isEmpty, "CHRF: expected a reference for each hypothesis, received none")
    read(hypothesis)
    characterMatcher.begin(characterSymbols)
    if metric.wordOrder > 0 { wordMatcher.begin(wordSymbols) }
    var best: (score: Double, counts: CHRF.Counts) = (-1, metric.noCounts)
    for reference in references {
      read(reference)
      var counts = metric.noCounts
      characterMatcher.compare(characterSymbols, matches: &characterMatches)
      add(characterMatches, characterMatcher.length, characterSymbols.count, from: 0, to: &counts)
      if metric.wordOrder > 0 {
        wordMatcher.compare(wordSymbols, matches: &wordMatches)
        add(wordMatches, wordMatcher.length, wordSymbols.count, from: metric.characterOrder, to: &counts)
      }
      if references.count == 1 { return counts }
      let score = metric.score(counts)
      if score > best.score { best = (score, counts) }
    }
    return best.counts
  }

  private func add(
    _ matches: [Int], _ length: Int, _ other: Int, from order: Int, to counts: inout CHRF.Counts
  ) {
    for (n, match) in matches.enumerated() {
      let place = 3 * (order + n)
      // without an n-gram in the reference those of the hypothesis do not count
      counts.numbers[place] = other > n ? max(0, length - n) : 0
      counts.numbers[place + 1] = max(0, other - n)
      counts.numbers[place + 2] = match
    }
  }

  private mutating func read(_ text: String) {
    characterSymbols.removeAll(keepingCapacity: true)
    wordSymbols.removeAll(keepingCapacity: true)
    var text = text
    text.withUTF8 { bytes in
      BlankBytes.forEachWord(bytes) { word in
        var index = 0
        while index < word.count {
          let (value, length) = scalar(in: word, at: index)
          characterSymbols.append(Int32(value))
          index += length
        }
        if metric.wordOrder > 0 { add(word) }
      }
    }
  }

  /// Adds a word, without the punctuation mark at its end, else that at its beginning, which is a word of its own.
  private mutating func add(_ word: UnsafeBufferPointer<UInt8>) {
    func add(_ range: Range<Int>) {
      wordSymbols.append(Int32(words.insert(UnsafeBufferPointer(rebasing: word[range]))))
    }
    let isOne = scalar(in: word, at: 0).length == word.count
    if !isOne, CHRFCounter.isPunctuation(word[word.count - 1]) {
      add(0..<word.count - 1)
      add(word.count - 1..<word.count)
    } else if !isOne, CHRFCounter.isPunctuation(word[0]) {
      add(0..<1)
      add(1..<word.count)
    } else {
      add(0..<word.count)
    }
  }

  /// The punctuation of ASCII.
  private static func isPunctuation(_ byte: UInt8) -> Bool {
    (0x21...0x2F).contains(byte) || (0x3A...0x40).contains(byte) || (0x5B...0x60).contains(byte)
      || (0x7B...0x7E).contains(byte)
  }
}
