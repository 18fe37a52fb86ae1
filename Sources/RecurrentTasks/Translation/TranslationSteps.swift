/// A translating network as a ``BeamSearch`` steps it.
struct TranslationSteps: StepModel {
  /// The states of rows, and the row of the memory that each looks at.
  struct State: Sendable {
    var cells: Tensor
    var memory: AttentionMemory
    var sources: [Int]
  }

  /// With its weights packed.
  let model: TranslationModel
  let units: TranslationUnits

  var tokenCount: Int { units.count }
  var startToken: Int32 { units.end }
  var endToken: Int32 { units.end }

  /// The state before the first token of each source.
  func start(_ sources: [[Int32]]) -> State {
    let memory = model.memory(sources)
    return State(
      cells: model.decoder.initialState(memory), memory: memory, sources: Array(sources.indices))
  }

  func step(_ tokens: [Int32], _ state: State) -> StepOutput<State> {
    let (logs, attention, cells) = model.step(tokens, state.cells, over: state.memory, rows: state.sources)
    var numbers = logs.scalars
    if let unknown = units.vocabulary.unknownID {
      // what has no text is not written
      for row in tokens.indices { numbers[row * tokenCount + Int(unknown)] = -.infinity }
    }
    var next = state
    next.cells = cells
    return StepOutput(logProbabilities: numbers, attention: attention.scalars, state: next)
  }

  func rows(_ numbers: [Int], of state: State) -> State {
    var next = state
    next.cells = state.cells.rows(numbers)
    next.sources = numbers.map { state.sources[$0] }
    return next
  }
}
