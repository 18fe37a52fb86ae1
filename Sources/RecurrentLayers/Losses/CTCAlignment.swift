/// The likeliest alignment of a target with frames (Viterbi 1967, over the states of connectionist temporal
/// classification): which frames each token takes.
///
///     score = max over alignments a of the target of sum_t log softmax(logits[t])[a_t]
public struct CTCAlignment: Sendable, Equatable {
  /// The frames of a token of the target.
  public struct Span: Sendable, Equatable {
    /// The token.
    public let token: Int32
    /// From the first frame to the last; at least one. Frames between spans are blanks.
    public let frames: ClosedRange<Int>
    /// The sum of the log-probabilities of the token in its frames, in nats.
    public let score: Float
  }

  /// One for each token of the target, in order; they do not overlap.
  public let spans: [Span]
  /// The log-probability of the alignment, in nats: not of the target, which has others.
  public let score: Float

  /// How many frames a target needs: one for each token, and one for the blank between neighbours that are the same.
  public static func framesNeeded(_ target: some Collection<Int32>) -> Int {
    target.count + zip(target, target.dropFirst()).count(where: ==)
  }

  /// Whether a target can be aligned with so many frames.
  public static func isFeasible(_ target: some Collection<Int32>, frames: Int) -> Bool {
    framesNeeded(target) <= frames
  }

  /// Aligns a target with the frames of one row. What is no number counts as the least probability.
  ///
  /// Takes a byte for each frame and state, T (2 L + 1).
  ///
  /// - Parameters:
  ///   - logits: `[T, V]`.
  ///   - target: the tokens, each in 0 ..< V and not the blank. Traps otherwise.
  ///   - blank: the class that stands for no token.
  /// - Returns: nil where there are too few frames; see ``framesNeeded(_:)``.
  public init?(_ logits: Tensor, target: [Int32], blank: Int32 = 0) {
    trapUnless(logits.rank == 2, "CTCAlignment: expected logits [T, V], received shape \(logits.shape)")
    let (frames, classes) = (logits.shape[0], logits.shape[1])
    for token in target + [blank] {
      trapUnless(
        token >= 0 && token < classes, "CTCAlignment: class \(token) is outside 0 ..< \(classes)")
    }
    trapUnless(!target.contains(blank), "CTCAlignment: the target contains the blank \(blank)")
    guard CTCAlignment.isFeasible(target, frames: frames) else { return nil }
    let logs = logSoftmax(logits.detached).scalars
    func log(_ frame: Int, _ token: Int32) -> Double {
      let value = Double(logs[frame * classes + Int(token)])
      return value > CTCAlignment.least ? value : CTCAlignment.least
    }
    let path = ViterbiPath(frames: frames, target: target, blank: blank, log: log)
    var ranges = [ClosedRange<Int>?](repeating: nil, count: target.count)
    for (frame, state) in path.states.enumerated() where state % 2 == 1 {
      ranges[state / 2] = (ranges[state / 2]?.lowerBound ?? frame)...frame
    }
    spans = zip(target, ranges).compactMap { token, frames in
      frames.map { frames in
        Span(token: token, frames: frames, score: Float(frames.reduce(0) { $0 + log($1, token) }))
      }
    }
    score = path.score
  }

  /// The least logarithm of a probability: sums of it are finite, so that a path of it is found too.
  private static let least = -1e30

  /// Aligns each row of a batch by itself.
  ///
  /// - Parameters: as of ``ctcLoss(_:_:lengths:blank:)``.
  /// - Returns: nil for rows with too few frames.
  public static func align(
    _ logits: Tensor, _ targets: [[Int32]], lengths: [Int]? = nil, blank: Int32 = 0
  ) -> [CTCAlignment?] {
    trapUnless(
      logits.rank == 3 && logits.shape[1] == targets.count
        && lengths?.count ?? targets.count == targets.count,
      "CTCAlignment: expected logits [T, B, V], B targets and lengths, received shape \(logits.shape), \(targets.count) "
        + "targets and \(lengths?.count ?? targets.count) lengths")
    return targets.enumerated().map { row, target in
      let frames = logits.detached.sliced(axis: 0, 0..<(lengths?[row] ?? logits.shape[0]))
      let own = frames.sliced(axis: 1, row..<row + 1)
      return CTCAlignment(
        own.reshaped(to: [own.shape[0], own.shape[2]]), target: target, blank: blank)
    }
  }
}

/// The likeliest sequence of states blank, token, blank, ... token, blank.
private struct ViterbiPath {
  /// One a frame; 2 i + 1 is token i.
  private(set) var states: [Int]
  let score: Float

  init(frames: Int, target: [Int32], blank: Int32, log: (_ frame: Int, _ token: Int32) -> Double) {
    let count = 2 * target.count + 1
    // for each state the best sequence that ends there; before the first frame only the first blank can be left
    var best = [Double](repeating: -.infinity, count: count)
    best[0] = 0
    /// How many states back the best sequence was a frame before.
    var moves = [UInt8](repeating: 0, count: frames * count)
    for frame in 0..<frames {
      let blankLog = log(frame, blank)
      // from the last state, so that those before are still of the frame before
      for state in stride(from: count - 1, through: 0, by: -1) {
        var (top, move) = (best[state], UInt8(0))
        if state > 0, best[state - 1] > top { (top, move) = (best[state - 1], 1) }
        let token = state / 2
        if state % 2 == 1, token > 0, target[token] != target[token - 1], best[state - 2] > top {
          (top, move) = (best[state - 2], 2)
        }
        best[state] = top + (state % 2 == 1 ? log(frame, target[token]) : blankLog)
        moves[frame * count + state] = move
      }
    }
    var state = count > 1 && best[count - 2] > best[count - 1] ? count - 2 : count - 1
    score = Float(best[state])
    states = [Int](repeating: 0, count: frames)
    for frame in stride(from: frames - 1, through: 0, by: -1) {
      states[frame] = state
      state -= Int(moves[frame * count + state])
    }
  }
}
