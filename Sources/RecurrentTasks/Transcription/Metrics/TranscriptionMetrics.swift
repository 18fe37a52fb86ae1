import RecurrentData

/// How well transcripts were read: the error rates of words, characters and sentences with their 95 % intervals.
///
/// Words are aligned as NIST's sclite does it, see ``EditAlignment``; the character error rate is the Levenshtein distance
/// over the characters of the reference, blanks between words among them. Rates are of sums over all transcripts, not means of
/// rates. Intervals are those of a bootstrap that draws whole transcripts (Bisani and Ney 2004,
/// doi:10.1109/ICASSP.2004.1326009), the same for the same seed.
public struct TranscriptionMetrics: Sendable, Equatable, Codable {
  /// A reference transcript, and the hypothesis that was read.
  public struct Pair: Sendable, Equatable {
    /// What was said, written or signed.
    public var reference: String
    /// What was read.
    public var hypothesis: String
    /// Who speaks or writes; nil where nobody says.
    public var group: String?
    /// Whether the reference stands among the texts that were trained on; nil where nobody knows.
    public var isKnown: Bool?

    /// A pair of texts, neither of them in any form yet.
    public init(reference: String, hypothesis: String, group: String? = nil, isKnown: Bool? = nil) {
      (self.reference, self.hypothesis, self.group, self.isKnown) = (reference, hypothesis, group, isKnown)
    }
  }

  /// The transcripts of one speaker, of one range of lengths, or those whose text is new.
  public struct Part: Sendable, Equatable, Codable {
    /// Who, or which.
    public var name: String
    /// How many transcripts it has.
    public var transcripts: Int
    /// How many words their references have.
    public var words: Int
    /// Word errors for each word.
    public var wordErrorRate: ScoreInterval
    /// Character errors for each character.
    public var characterErrorRate: ScoreInterval
  }

  /// Words that were taken for each other.
  public struct Confusion: Sendable, Equatable, Codable {
    /// The word of the reference; nil for an insertion.
    public var reference: String?
    /// The word of the hypothesis; nil for a deletion.
    public var hypothesis: String?
    /// How often it happened.
    public var count: Int
  }

  /// How texts were compared.
  public let form: TranscriptForm
  /// How many transcripts were compared.
  public let transcripts: Int
  /// Edits of words and of characters.
  public let words, characters: EditCounts
  /// Transcripts with an error.
  public let wrongTranscripts: Int
  /// Word errors for each word of the references.
  public let wordErrorRate: ScoreInterval
  /// Character errors for each character of the references.
  public let characterErrorRate: ScoreInterval
  /// The share of transcripts with an error.
  public let sentenceErrorRate: ScoreInterval
  /// Errors of one kind for each word of the references.
  public let substitutionRate, deletionRate, insertionRate: ScoreInterval
  /// By speaker or writer, in the order of their names; empty where nobody says.
  public let groups: [Part]
  /// By the length of the references in words.
  public let lengths: [Part]
  /// Those whose text was trained on, and those whose text is new; empty where none was.
  public let texts: [Part]
  /// Which words were substituted, deleted or inserted, the commonest first.
  public let confusions: [Confusion]

  /// The most confusions that are kept.
  private static let confusionLimit = 100
  /// The longest transcripts of each range of lengths but the last.
  private static let lengthBounds = [1, 2, 4, 8, 16, 32]

  /// Compares transcripts.
  ///
  /// - Parameters:
  ///   - pairs: the transcripts.
  ///   - form: how texts are compared.
  ///   - seed: of the bootstrap.
  public init(_ pairs: [Pair], form: TranscriptForm = .normalized, seed: UInt64 = 0) {
    var errors: [TranscriptErrors] = []
    var counts: [[String?]: Int] = [:]
    for pair in pairs {
      let (reference, hypothesis) = (form.words(pair.reference), form.words(pair.hypothesis))
      let alignment = EditAlignment(reference: reference, hypothesis: hypothesis)
      for step in alignment.steps {
        switch step {
        case .match: break
        case .substitution(let place, let other):
          counts[[reference[place], hypothesis[other]], default: 0] += 1
        case .deletion(let place): counts[[reference[place], nil], default: 0] += 1
        case .insertion(let other): counts[[nil, hypothesis[other]], default: 0] += 1
        }
      }
      errors.append(TranscriptErrors(alignment.counts, reference, hypothesis))
    }
    let all = SumBootstrap(errors, seed: seed)
    self.form = form
    transcripts = pairs.count
    words = errors.reduce(EditCounts()) { $0 + $1.words }
    characters = errors.reduce(EditCounts()) { $0 + $1.characters }
    wrongTranscripts = errors.count { $0.words.errors > 0 }
    wordErrorRate = all.rate(.wordErrors, over: .words)
    characterErrorRate = all.rate(.characterErrors, over: .characters)
    sentenceErrorRate = all.rate(.wrongTranscripts, over: .transcripts)
    substitutionRate = all.rate(.substitutions, over: .words)
    deletionRate = all.rate(.deletions, over: .words)
    insertionRate = all.rate(.insertions, over: .words)
    func part(_ name: String, _ places: [Int]) -> Part {
      let own = SumBootstrap(places.map { errors[$0] }, seed: seed)
      return Part(
        name: name, transcripts: places.count,
        words: places.reduce(0) { $0 + errors[$1].words.referenceCount },
        wordErrorRate: own.rate(.wordErrors, over: .words),
        characterErrorRate: own.rate(.characterErrors, over: .characters))
    }
    let byGroup = Dictionary(grouping: pairs.indices.filter { pairs[$0].group != nil }) {
      pairs[$0].group ?? ""
    }
    groups = byGroup.keys.sorted().map { part($0, byGroup[$0] ?? []) }
    let byLength = Dictionary(grouping: pairs.indices) { place in
      let count = errors[place].words.referenceCount
      return TranscriptionMetrics.lengthBounds.firstIndex { count <= $0 }
        ?? TranscriptionMetrics.lengthBounds.count
    }
    lengths = byLength.keys.sorted().map { part(TranscriptionMetrics.lengthName($0), byLength[$0] ?? []) }
    let known = pairs.indices.filter { pairs[$0].isKnown == true }
    let new = pairs.indices.filter { pairs[$0].isKnown == false }
    texts = [("text stands in the training part", known), ("text is new", new)].compactMap {
      known.isEmpty || $1.isEmpty ? nil : part($0, $1)
    }
    let sorted = counts.sorted { a, b in
      if a.value != b.value { return a.value > b.value }
      return (a.key[0] ?? "", a.key[1] ?? "") < (b.key[0] ?? "", b.key[1] ?? "")
    }
    confusions = sorted.prefix(TranscriptionMetrics.confusionLimit).map {
      Confusion(reference: $0.key[0], hypothesis: $0.key[1], count: $0.value)
    }
  }

  private static func lengthName(_ range: Int) -> String {
    guard range > 0 else { return "0 or 1 word" }
    let first = lengthBounds[range - 1] + 1
    guard range < lengthBounds.count else { return "\(first) words or more" }
    return first == lengthBounds[range] ? "\(first) words" : "\(first) to \(lengthBounds[range]) words"
  }
}
