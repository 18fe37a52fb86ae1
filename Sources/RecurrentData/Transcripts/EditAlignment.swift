/// The cheapest way to make one sequence, the hypothesis, from another one, the reference, by insertions, deletions and
/// substitutions.
///
/// Costs and ties are those of NIST's sclite by default: an insertion and a deletion cost 3, a substitution 4; of ways that cost
/// the same, seen from the end, a substitution or an equal pair goes before an insertion, and that before a deletion. Only a band
/// around the diagonal is computed, which is widened until nothing cheaper can lie outside: time and memory follow the length
/// times the number of errors. Of long sequences parts are computed twice, so that memory grows with the root of the length.
public struct EditAlignment: Sendable, Equatable {
  /// What each edit costs, at least 1.
  public struct Costs: Sendable, Equatable {
    /// An insertion or a deletion.
    public var gap: Int
    /// A substitution.
    public var substitution: Int

    /// Costs of edits; below 1 counts as 1.
    public init(gap: Int, substitution: Int) { (self.gap, self.substitution) = (gap, substitution) }

    /// Those of sclite.
    public static let sclite = Costs(gap: 3, substitution: 4)
    /// Those of the Levenshtein distance.
    public static let unit = Costs(gap: 1, substitution: 1)
  }

  /// A pair of an alignment, by the places in both sequences.
  public enum Step: Sendable, Equatable {
    /// The same in both.
    case match(reference: Int, hypothesis: Int)
    /// One of the reference, and another one in its place in the hypothesis.
    case substitution(reference: Int, hypothesis: Int)
    /// Only in the reference.
    case deletion(reference: Int)
    /// Only in the hypothesis.
    case insertion(hypothesis: Int)
  }

  /// The pairs from the beginning to the end.
  public let steps: [Step]
  /// How many there are of each kind.
  public let counts: EditCounts

  /// Aligns two sequences.
  public init<Token: Hashable>(
    reference: some Collection<Token>, hypothesis: some Collection<Token>, costs: Costs = .sclite
  ) {
    var numbers: [Token: Int32] = [:]
    func number(_ token: Token) -> Int32 {
      if let number = numbers[token] { return number }
      numbers[token] = Int32(numbers.count)
      return Int32(numbers.count - 1)
    }
    let grid = EditGrid(reference.map(number), hypothesis.map(number), costs)
    steps = grid.steps()
    counts = EditCounts(steps)
  }
}

/// How many edits there are.
public struct EditCounts: Sendable, Equatable, Codable {
  /// Pairs that are the same.
  public var matches = 0
  /// Pairs that differ.
  public var substitutions = 0
  /// Items of the reference that the hypothesis lacks.
  public var deletions = 0
  /// Items of the hypothesis that the reference lacks.
  public var insertions = 0

  /// Counts of zero.
  public init() {}

  /// Those of an alignment.
  init(_ steps: [EditAlignment.Step]) {
    for step in steps {
      switch step {
      case .match: matches += 1
      case .substitution: substitutions += 1
      case .deletion: deletions += 1
      case .insertion: insertions += 1
      }
    }
  }

  /// The length of the reference.
  public var referenceCount: Int { matches + substitutions + deletions }
  /// Substitutions, deletions and insertions together.
  public var errors: Int { substitutions + deletions + insertions }
  /// Edits for each of the reference; of an empty one 0 without insertions, and 1 with any.
  public var rate: Double {
    referenceCount > 0 ? Double(errors) / Double(referenceCount) : insertions > 0 ? 1 : 0
  }

  /// The counts of two alignments together.
  public static func + (a: EditCounts, b: EditCounts) -> EditCounts {
    var sum = a
    sum.matches += b.matches
    sum.substitutions += b.substitutions
    sum.deletions += b.deletions
    sum.insertions += b.insertions
    return sum
  }
}
