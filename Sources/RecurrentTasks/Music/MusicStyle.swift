/// What pieces are like, for comparison: how often keys, pitch classes and intervals occur.
public struct MusicStyle: Sendable, Equatable, Codable {
  /// Steps that were counted.
  public var stepCount: Int
  /// Of each key from 0 to 127 the steps at which it sounds.
  public var keys: [Int]
  /// Of the highest keys of steps that follow each other the differences, -12 to 12; wider ones at the ends. Steps without one do
  /// not count, nor do those where it stays.
  public var intervals: [Int]
  /// Of the number of tones the steps that have it, 0 to 8; more at the end.
  public var voices: [Int]
  /// Whether the bundle has the steps of the training part.
  public var hasCorpus = false

  /// Counts what pieces are like.
  public init(_ pieces: some Sequence<[[MusicPiece.Tone]]>) {
    stepCount = 0
    keys = [Int](repeating: 0, count: 128)
    intervals = [Int](repeating: 0, count: 25)
    voices = [Int](repeating: 0, count: 9)
    for piece in pieces {
      var last: Int?
      for step in piece {
        stepCount += 1
        voices[min(step.count, 8)] += 1
        for tone in step { keys[tone.key] += 1 }
        if let last, let top = step.first?.key, top != last {
          intervals[min(max(top - last, -12), 12) + 12] += 1
        }
        last = step.first?.key
      }
    }
  }

  /// Of each pitch class the share of all tones; C is the first.
  public var pitchClasses: [Double] {
    var counts = [Int](repeating: 0, count: 12)
    for (key, count) in keys.enumerated() { counts[key % 12] += count }
    return MusicStyle.shares(counts)
  }

  /// Of each key of a range how often it sounds at a step, with one step more of each kind than were counted; a half where none was.
  func probabilities(of range: ClosedRange<Int>) -> [Double] {
    range.map { (Double(keys[$0]) + 1) / (Double(stepCount) + 2) }
  }

  /// Counts as shares of their sum.
  static func shares(_ counts: [Int]) -> [Double] {
    let total = Double(max(counts.reduce(0, +), 1))
    return counts.map { Double($0) / total }
  }

  /// Throws where the counts are impossible.
  func check() throws(ValueIssue) {
    for (key, counts, count) in [
      ("style.keys", keys, 128), ("style.intervals", intervals, 25), ("style.voices", voices, 9),
      ("style.stepCount", [stepCount], 1),
    ] {
      try ValueIssue.check("the count of \(key)", counts.count, equals: count, "a number for each")
      try ValueIssue.check(key, each: counts, in: 0...1 << 40)
    }
    // shares of steps are probabilities
    try ValueIssue.check("style.keys", each: keys, in: 0...stepCount)
  }
}
