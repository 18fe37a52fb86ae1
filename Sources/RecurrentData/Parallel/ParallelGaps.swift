/// Pairs of a corpus without text on a side.
public struct ParallelGaps: Sendable, Equatable, Codable {
  /// Pairs without a sentence, without a translation, and without both; none is counted twice.
  public var emptySources, emptyTargets, emptyPairs: Int
  /// Where the first of them is; nil where there is none.
  public var first: String?
  /// How many pairs the corpus has.
  public var pairCount: Int

  /// How many pairs lack something.
  public var count: Int { emptySources + emptyTargets + emptyPairs }

  /// What training makes of them; nil where there is none.
  public var note: DataNote? {
    guard count > 0 else { return nil }
    let kinds = [
      (emptySources, "without a sentence"), (emptyTargets, "without a translation"),
      (emptyPairs, "without both"),
    ]
    .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    return DataNote(
      .warning,
      "\(count) of \(pairCount) pairs are empty on a side and left out of the training: \(kinds), the first at \(first ?? "")"
    )
  }
}

extension ParallelCorpus {
  /// The pairs without text on a side.
  public var gaps: ParallelGaps {
    var gaps = ParallelGaps(emptySources: 0, emptyTargets: 0, emptyPairs: 0, first: nil, pairCount: count)
    for index in 0..<count where !isComplete(index) {
      switch (hasSource(index), hasTarget(index)) {
      case (false, true): gaps.emptySources += 1
      case (true, _): gaps.emptyTargets += 1
      case (false, false): gaps.emptyPairs += 1
      }
      gaps.first = gaps.first ?? name(index)
    }
    return gaps
  }
}
