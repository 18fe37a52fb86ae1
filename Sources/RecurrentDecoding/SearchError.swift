/// What is wrong with what a search is given.
public enum SearchError: Error, Equatable, Sendable {
  /// A frame has a number that is none or infinitely large.
  case notANumber(frame: Int, output: Int, found: Float)
  /// A frame gives no output any probability.
  case noProbability(frame: Int)
  /// The numbers do not fill frames of one number for each output.
  case incompleteFrame(outputs: Int, found: Int)
  /// A token that no search can spell: `reason` says why.
  case unusableToken(output: Int, reason: String)
  /// What was kept of a search is damaged, or of another search: `reason` says how.
  case notAState(reason: String)
}

extension SearchError: CustomStringConvertible {
  /// One line that says what is wrong and where.
  public var description: String {
    switch self {
    case .notANumber(let frame, let output, let found):
      "frame \(frame), output \(output): expected a number below infinity, found \(found)"
    case .noProbability(let frame):
      "frame \(frame): expected an output with a probability, found minus infinity everywhere"
    case .incompleteFrame(let outputs, let found):
      "expected frames of \(outputs) numbers, found \(found) numbers"
    case .unusableToken(let output, let reason): "output \(output): \(reason)"
    case .notAState(let reason): "the state of the search: \(reason)"
    }
  }
}
