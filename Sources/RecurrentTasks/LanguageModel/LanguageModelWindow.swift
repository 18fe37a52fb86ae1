/// A window of a text as a loss that can be computed whole or in parts: the mean cross-entropy of a token, in nats.
struct LanguageModelWindow: SequenceLoss {
  private let inputs, targets: Indices
  private let carry: LanguageModelProblem.Carry
  private let mode: Mode

  /// - Parameters:
  ///   - window: T steps of B streams.
  ///   - carry: the state before the first step, detached.
  ///   - mode: of the whole window.
  init(_ window: BPTTWindow, carry: LanguageModelProblem.Carry, mode: Mode) {
    (inputs, targets, self.carry, self.mode) = (window.inputs, window.targets, carry, mode)
  }

  /// Some of the streams of a window.
  ///
  /// - Parameters:
  ///   - window: T steps of B streams.
  ///   - streams: which of them, at least one.
  ///   - carry: their state before the first step, detached.
  ///   - mode: of these streams.
  init(_ window: BPTTWindow, streams: Range<Int>, carry: LanguageModelProblem.Carry, mode: Mode) {
    (inputs, targets) = (window.inputs.columns(streams), window.targets.columns(streams))
    (self.carry, self.mode) = (carry, mode)
  }

  /// T.
  var stepCount: Int { inputs.shape[0] }

  /// Tokens to predict.
  var tokenCount: Int { targets.count }

  /// What the window before handed over.
  func initialState(of model: LanguageModel) -> LanguageModel.State { carry.state(for: model) }

  /// What the tokens of some steps add to the mean over the window.
  func loss(
    _ model: LanguageModel, over steps: Range<Int>, from state: LanguageModel.State
  ) -> (loss: Tensor, state: LanguageModel.State) {
    let (mean, next) = model.loss(
      part(inputs, steps), targets: part(targets, steps), state: state,
      mode: mode.advanced(by: steps.lowerBound))
    return (steps.count == stepCount ? mean : mean * (Float(steps.count) / Float(stepCount)), next)
  }

  /// The state alone, without scores.
  func advance(
    _ model: LanguageModel, over steps: Range<Int>, from state: LanguageModel.State
  ) -> LanguageModel.State {
    model.layers(part(inputs, steps), state: state, mode: mode.advanced(by: steps.lowerBound)).state
  }

  private func part(_ ids: Indices, _ steps: Range<Int>) -> Indices {
    if steps.count == stepCount { return ids }
    let width = ids.shape[1]
    return Indices(
      Array(ids.values[steps.lowerBound * width..<steps.upperBound * width]), shape: [steps.count, width])
  }
}

extension Indices {
  /// Some columns of `[T, B]`.
  func columns(_ columns: Range<Int>) -> Indices {
    let (steps, width) = (shape[0], shape[1])
    if columns == 0..<width { return self }
    return Indices(
      (0..<steps).flatMap { values[$0 * width + columns.lowerBound..<$0 * width + columns.upperBound] },
      shape: [steps, columns.count])
  }
}
