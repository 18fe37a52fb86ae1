import RecurrentDecoding

/// A language model as a ``BeamSearch`` steps it: continuations of one text, which end where a token comes that ends them, or
/// where they are as long as the search lets them be.
public struct LanguageModelSteps: StepModel {
  /// The states of rows, and before the first step what is known of the text.
  public struct State: Sendable {
    var cells: LanguageModel.State
    /// Scores of what may come next, `[V]`, of a text that was read; nil behind the first step.
    var scores: [Float]?
  }

  /// With its weights packed.
  private let model: LanguageModel
  /// Tokens that end a continuation, the likeliest of them; without any it has a given length.
  private let ends: [Int32]
  private let unknown: Int32?

  /// The continuations of what a session has read.
  ///
  /// - Parameters:
  ///   - session: behind its first token.
  ///   - ends: tokens that end a continuation.
  public init(_ session: LanguageModelSession, ends: [Int32] = []) {
    (model, self.ends, unknown) = (session.model, ends, session.vocabulary.unknownID)
  }

  /// V and one behind it, which stands for the end.
  public var tokenCount: Int { model.vocabularySize + 1 }
  /// Not read: the first scores are those of the session.
  public var startToken: Int32 { Int32(model.vocabularySize) }
  /// Behind all tokens.
  public var endToken: Int32 { Int32(model.vocabularySize) }

  /// The state behind what a session has read.
  public func start(_ session: LanguageModelSession) -> State {
    State(cells: session.cells, scores: session.logits)
  }

  /// Reads a token of each row.
  public func step(_ tokens: [Int32], _ state: State) -> StepOutput<State> {
    let width = model.vocabularySize
    var (scores, cells) = (Tensor(state.scores ?? []), state.cells)
    if state.scores == nil {
      (scores, cells) = model(Indices(tokens, shape: [1, tokens.count]), state: cells)
    }
    let logs = logSoftmax(scores.reshaped(to: [tokens.count, width])).scalars
    var numbers: [Float] = []
    numbers.reserveCapacity(tokens.count * tokenCount)
    for row in tokens.indices {
      let first = numbers.count
      numbers += logs[row * width..<(row + 1) * width]
      // without tokens that end it a continuation may end anywhere, and has a given length
      let end = ends.map { numbers[first + Int($0)] }.max() ?? 0
      for token in ends { numbers[first + Int(token)] = -.infinity }
      if let unknown { numbers[first + Int(unknown)] = -.infinity }
      numbers.append(end)
    }
    return StepOutput(logProbabilities: numbers, state: State(cells: cells, scores: nil))
  }

  /// The rows of a state with the given numbers, in their order.
  public func rows(_ numbers: [Int], of state: State) -> State {
    var next = state
    next.cells.cells = state.cells.cells.map { $0.rows(numbers) }
    return next
  }
}
