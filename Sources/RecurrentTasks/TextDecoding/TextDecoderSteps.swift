/// A ``TextDecoder`` as a ``BeamSearch`` steps it.
struct TextDecoderSteps: StepModel {
  /// The states of rows, and the row of the memory that each looks at.
  struct State: Sendable {
    /// `[P, H]`: the states that there are, and for each row which of them is its own.
    var cells: Tensor
    var places: [Int]
    var memory: AttentionMemory
    var sources: [Int]
  }

  /// With its weights packed.
  let writer: TextDecoder
  let units: TextTokens
  /// Whether the unknown token may be written, for another word to stand in its place.
  var writesUnknown = false

  var tokenCount: Int { units.count }
  var startToken: Int32 { units.end }
  var endToken: Int32 { units.end }

  /// The state before the first token of each row of a memory.
  func start(_ memory: AttentionMemory) -> State {
    let rows = Array(0..<memory.rowCount)
    return State(cells: writer.decoder.initialState(memory), places: rows, memory: memory, sources: rows)
  }

  /// What has no text is not written.
  var excludedTokens: Set<Int32> {
    writesUnknown ? [] : Set(units.vocabulary.unknownID.map { [$0] } ?? [])
  }

  func step(_ tokens: [Int32], _ state: State) -> StepOutput<State> {
    let (logits, attention, cells) = writer.step(
      tokens, state.cells, over: state.memory, rows: state.sources, states: state.places)
    var next = state
    (next.cells, next.places) = (cells, Array(tokens.indices))
    return StepOutput(logits: logits, attention: attention.scalars, state: next)
  }

  func rows(_ numbers: [Int], of state: State) -> State {
    var next = state
    let (kept, places) = numbers.map { state.places[$0] }.distinct
    (next.cells, next.places) = (state.cells.rows(kept), places)
    next.sources = numbers.map { state.sources[$0] }
    return next
  }
}

extension TextDecoder {
  /// Likely sequences of tokens for each row of a memory, by packed weights.
  ///
  /// - Parameters:
  ///   - memory: with at least one place in each row.
  ///   - units: the tokens.
  ///   - search: how they are found.
  ///   - writesUnknown: whether the unknown token may be written.
  func decode(
    _ memory: AttentionMemory, _ units: TextTokens, _ search: BeamSearch, writesUnknown: Bool = false
  ) -> [[BeamHypothesis]] {
    let steps = TextDecoderSteps(writer: self, units: units, writesUnknown: writesUnknown)
    return search.decode(steps, from: steps.start(memory), sourceLengths: memory.lengths)
  }
}
