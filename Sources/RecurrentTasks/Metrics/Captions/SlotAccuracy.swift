import RecurrentData

/// How often each word of a sentence is right where all sentences have as many words, as those of a grammar do: the first word, the
/// second one, and so on.
///
/// Words are aligned as NIST's sclite does it, see ``EditAlignment``, so that a word too many does not make all that follow wrong.
public struct SlotAccuracy: Sendable, Equatable, Codable {
  /// One of the words.
  public struct Slot: Sendable, Equatable, Codable {
    /// Which one: `word 2`.
    public var name: String
    /// How many different words the references have there.
    public var choices: Int
    /// The share that is right.
    public var accuracy: ScoreInterval
  }

  /// The words in their order.
  public let slots: [Slot]
  /// The share of all words that are right.
  public let accuracy: ScoreInterval

  /// More words than that are no grammar.
  private static let longest = 32

  /// Compares sentences; nil where they have not equally many words, or less than two.
  ///
  /// - Parameters:
  ///   - pairs: references and hypotheses.
  ///   - form: how texts are compared.
  ///   - seed: of the bootstrap.
  public init?(
    _ pairs: [TranscriptionMetrics.Pair], form: TranscriptForm = .normalized, seed: UInt64 = 0
  ) {
    let references = pairs.map { form.words($0.reference) }
    let count = references.first?.count ?? 0
    guard (2...SlotAccuracy.longest).contains(count), references.allSatisfy({ $0.count == count }) else {
      return nil
    }
    var rows: [Int] = []
    for (pair, reference) in zip(pairs, references) {
      var own = [Int](repeating: 0, count: count + 1)
      for step in EditAlignment(reference: reference, hypothesis: form.words(pair.hypothesis)).steps {
        if case .match(let place, _) = step { own[place] = 1 }
      }
      own[count] = own.reduce(0, +)
      rows += own
    }
    let sums = SumBootstrap(rows, width: count + 1, seed: seed)
    func share(_ column: Int, of words: Int) -> ScoreInterval {
      sums.interval { Double($0[column]) / Double(pairs.count * words) }
    }
    slots = (0..<count).map { place in
      Slot(
        name: "word \(place + 1)", choices: Set(references.map { $0[place] }).count,
        accuracy: share(place, of: 1))
    }
    accuracy = share(count, of: count)
  }
}
