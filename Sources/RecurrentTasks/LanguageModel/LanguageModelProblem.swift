/// The training of a language model on one long text: contiguous streams, windows with the state carried from one to
/// the next and detached there (truncated backpropagation through time, Williams and Peng 1990).
public struct LanguageModelProblem: ShardedProblem {
  /// The state of all streams, as a flat list.
  public struct Carry: RecurrentState {
    /// The parts of the states of all layers, in their order.
    public var tensors: [Tensor]

    /// A state of the given parts.
    public init(tensors: [Tensor]) { self.tensors = tensors }

    init(_ state: LanguageModel.State) { tensors = state.cells.flatMap(\.tensors) }

    /// The parts dealt out to the cells of `model`.
    func state(for model: LanguageModel) -> LanguageModel.State {
      var rest = tensors[...]
      return LanguageModel.State(
        cells: model.recurrent.cells.map { cell in
          let count = cell.initialState(batch: 1).tensors.count
          defer { rest = rest.dropFirst(count) }
          return AnyCell.State(tensors: Array(rest.prefix(count)))
        })
    }
  }

  /// The tokens to train on.
  public let training: TokenSequence
  /// The tokens to validate with; empty for none.
  public let validation: TokenSequence
  /// The windows.
  public let configuration: LanguageModelConfiguration
  /// Batch size, optimiser and seed.
  public let settings: TaskSettings
  /// What the chunks of a window take, once it was measured; see ``prepared(for:)``.
  var chunkMemory: ChunkMemory?
  private let windows: BPTTWindows
  /// The windows of the opposite strand; nil where one strand is read.
  private let oppositeWindows: BPTTWindows?

  /// Plans the windows. Throws ``DataError`` when the text is too short for one.
  ///
  /// - Parameters:
  ///   - training: the tokens to train on.
  ///   - opposite: those of the opposite strand of a nucleotide sequence; nil to read the one that is there.
  ///   - validation: the tokens to validate with; empty for none.
  ///   - configuration: the windows.
  ///   - settings: batch size, optimiser and seed.
  public init(
    training: TokenSequence, opposite: TokenSequence? = nil, validation: TokenSequence,
    configuration: LanguageModelConfiguration,
    settings: TaskSettings
  ) throws {
    (self.training, self.validation) = (training, validation)
    (self.configuration, self.settings) = (configuration, settings)
    func windows(_ ids: TokenSequence) throws -> BPTTWindows {
      try BPTTWindows(
        ids: ids, batchSize: settings.batchSize, windowLength: configuration.sequenceLength,
        randomisedLengths: configuration.isSequenceLengthRandom
          ? RandomisedWindows(seed: settings.training.seed) : nil)
    }
    self.windows = try windows(training)
    oppositeWindows = try opposite.map(windows)
  }

  /// Plans the windows of tokens in arrays.
  ///
  /// - Throws: ``DataError`` where the text is too short for one.
  public init(
    training: [Int32], validation: [Int32], configuration: LanguageModelConfiguration, settings: TaskSettings
  ) throws {
    try self.init(
      training: TokenSequence(training), validation: TokenSequence(validation), configuration: configuration,
      settings: settings)
  }

  /// Windows in an epoch; they differ when their lengths are random.
  public func stepCount(epoch: Int) -> Int { windows.count(epoch: epoch) }

  /// Zero: an epoch begins as a text does.
  public func initialCarry(_ model: LanguageModel) -> Carry {
    Carry(model.initialState(batch: settings.batchSize).detached)
  }

  /// The mean cross-entropy of a token of one window `[T, B]`, in nats.
  ///
  /// - Throws: ``DataError`` when there is no such window.
  public func loss(
    _ model: LanguageModel, at position: StepPosition, carry: Carry, mode: Mode
  ) throws -> StepLoss<Carry> {
    let window = try window(at: position)
    let whole = LanguageModelWindow(window, carry: carry, mode: mode)
    let (loss, state) = whole.loss(model, over: 0..<whole.stepCount, from: carry.state(for: model))
    return StepLoss(
      loss: loss, carry: Carry(state), unitCount: window.inputs.count, weight: Double(window.inputs.count),
      learningRateFactor: Double(window.learningRateFactor))
  }

  /// The tokens of a step.
  func window(at position: StepPosition) throws -> BPTTWindow {
    let window = try windows.window(position.step, epoch: position.epoch)
    guard let oppositeWindows else { return window }
    return window.replacing(
      streams: oppositeStreams(epoch: position.epoch),
      by: try oppositeWindows.window(position.step, epoch: position.epoch))
  }

  /// Whether each stream is read on the opposite strand in an epoch.
  private func oppositeStreams(epoch: Int) -> [Bool] {
    RandomKey(seed: settings.training.seed).child(7).child(epoch).uniforms(settings.batchSize).map {
      $0 < 0.5
    }
  }
}
