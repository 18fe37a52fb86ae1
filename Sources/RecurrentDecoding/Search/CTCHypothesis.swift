/// A text in the beam: the sums over all of its paths, and its best paths.
///
/// Texts count as one where they have the same words, the same last token and equal states of the scorer.
struct CTCHypothesis: Sendable, Equatable {
  /// The best path of a kind.
  struct Path: Sendable, Equatable {
    /// The logarithm of its probability.
    var score: Double
    /// Its tokens with their times.
    var node: Int32
    /// Where the last token ended; of a path that ends with a token that is the frame itself.
    var end: Int
  }

  /// The words.
  var text = TextFingerprint()
  /// The tokens.
  var sequence: UInt64 = 0
  /// The last output that is no blank; -1 for none.
  var last: Int32 = -1
  /// The number of the scorer's state.
  var state: Int32 = 0
  /// Logarithms of the probabilities of all paths that end with a blank, with ``last``, and of both together.
  var blank = 0.0
  var token = -Double.infinity
  var sum = 0.0
  /// What the scorer has added.
  var scorerScore = 0.0
  /// The best path that ends with a blank, and with ``last``.
  var blankPath = Path(score: 0, node: HypothesisTree.root, end: -1)
  var tokenPath = Path(score: -.infinity, node: HypothesisTree.root, end: -1)

  /// What hypotheses are ranked by.
  @inline(__always)
  var score: Double { sum + scorerScore }

  /// The better of the best paths.
  @inline(__always)
  var bestPath: Path { tokenPath.score > blankPath.score ? tokenPath : blankPath }

  /// The numbers of the nodes of both paths, to be replaced.
  @inline(__always)
  mutating func visitNodes(_ visit: (inout Int32) -> Void) {
    visit(&blankPath.node)
    visit(&tokenPath.node)
  }
}
