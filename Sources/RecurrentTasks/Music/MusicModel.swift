/// A network that reads music step by step and predicts what sounds next: a ``LanguageModel`` of tokens, or a ``PianoRollNetwork``.
public struct MusicModel: RecurrentModel {
  /// For ``MusicRepresentation/events``.
  public var events: LanguageModel?
  /// For ``MusicRepresentation/roll``.
  public var roll: PianoRollNetwork?

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("events", &events)
    visitor.visit("roll", &roll)
  }

  /// The cell of its layers.
  public var cellChoice: CellChoice {
    guard let own = events?.cellChoice ?? roll?.cellChoice else {
      fatalError("MusicModel: the network has no part")
    }
    return own
  }

  /// The model with its weights packed for the kernels.
  public func packed() -> MusicModel { MusicModel(events: events?.packed(), roll: roll?.packed()) }

  /// The model with the operands of the products in its recurrent layers rounded to `precision`.
  public func with(precision: Precision) -> MusicModel {
    MusicModel(events: events?.with(precision: precision), roll: roll?.with(precision: precision))
  }
}

/// A step model of a piano roll with independent keys (Boulanger-Lewandowski et al. 2012, arXiv:1206.6392):
///
///     scores_t = W d(h_t) + b,   h = recurrent(x),   x_t = the keys of step t - 1,   d = dropout
///
/// What is read before the first step is a mark of its own.
public struct PianoRollNetwork: RecurrentModel {
  /// K + 1 in, H out.
  public var recurrent: RecurrentLayer<AnyCell>
  /// H in, K out.
  public var head: Linear
  /// The dropout rate before the head.
  public let dropoutRate: Float
  /// The cell of the layers.
  public let cellChoice: CellChoice

  /// A network with fresh parameters.
  public init(_ configuration: MusicConfiguration, keyCount: Int, key: RandomKey) {
    let options = configuration.cellOptions ?? CellOptions()
    recurrent = RecurrentLayer(
      layerCount: configuration.layerCount, inputSize: keyCount + 1, dropoutRate: configuration.dropoutRate,
      key: key.child(0)
    ) { inputSize, key in
      configuration.cell.make(
        inputSize: inputSize, hiddenSize: configuration.hiddenSize, options: options,
        initialization: .uniform,
        key: key)
    }
    .with(precision: configuration.precision)
    head = Linear(inputSize: recurrent.outputSize, outputSize: keyCount, key: key.child(1))
    dropoutRate = configuration.dropoutRate
    cellChoice = configuration.cellChoice
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("recurrent", &recurrent)
    visitor.visit("head", &head)
  }

  /// The model with its weights packed for the kernels.
  public func packed() -> PianoRollNetwork {
    var copy = self
    (copy.recurrent, copy.head) = (recurrent.packed(), head.packed())
    return copy
  }

  /// The model with the operands of the products in its recurrent layers rounded to `precision`.
  public func with(precision: Precision) -> PianoRollNetwork {
    var copy = self
    copy.recurrent = recurrent.with(precision: precision)
    return copy
  }

  /// Reads steps and scores the keys of each next one.
  ///
  /// - Parameters:
  ///   - x: `[T, B, K + 1]`, ones for keys that sound, or for the mark.
  ///   - state: of B pieces; nil for the beginning.
  ///   - mode: training for dropout.
  /// - Returns: scores `[T, B, K]` and the state after the last step.
  public func callAsFunction(
    _ x: Tensor, state: RecurrentLayer<AnyCell>.State? = nil, mode: Mode = .inference
  ) -> (scores: Tensor, state: RecurrentLayer<AnyCell>.State) {
    let (outputs, next) = recurrent(SequenceBatch(x), state: state, mode: mode.child(0))
    return (head(Dropout(rate: dropoutRate)(outputs, mode: mode.child(1))), next)
  }
}
