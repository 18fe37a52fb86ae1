/// Networks that learn the same side by side, each from a beginning of its own; the best of them answer together.
public struct ControlModel: RecurrentModel {
  /// At least one.
  public var members: [ControlNetwork]
  /// The cell of their layers.
  public let cellChoice: CellChoice

  /// Networks with fresh parameters.
  public init(_ configuration: ControlConfiguration, inputSize: Int, outputSize: Int, key: RandomKey) {
    members = (0..<configuration.restartCount).map {
      ControlNetwork(configuration, inputSize: inputSize, outputSize: outputSize, key: key.child($0))
    }
    cellChoice = configuration.cellChoice
  }

  private init(_ members: [ControlNetwork], _ cellChoice: CellChoice) {
    (self.members, self.cellChoice) = (members, cellChoice)
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    for index in members.indices { visitor.visit("member\(index)", &members[index]) }
  }

  /// The model with its weights packed for the kernels.
  public func packed() -> ControlModel { ControlModel(members.map { $0.packed() }, cellChoice) }

  /// The model with the operands of the products in its recurrent layers rounded to `precision`.
  public func with(precision: Precision) -> ControlModel {
    ControlModel(members.map { $0.with(precision: precision) }, cellChoice)
  }
}

/// A causal network:
///
///     numbers_t = W d(h_t) + b,   h = recurrent(dense(x)),   d = dropout
public struct ControlNetwork: Module {
  /// Read each step by itself, F in.
  public var dense: [DenseLayer]
  /// What the dense layers give in, H out.
  public var recurrent: RecurrentLayer<AnyCell>
  /// H in, P out.
  public var output: Linear
  private let dropoutRate: Float

  /// The states of all layers.
  public typealias State = RecurrentLayer<AnyCell>.State

  /// A network with fresh parameters.
  public init(_ configuration: ControlConfiguration, inputSize: Int, outputSize: Int, key: RandomKey) {
    let options = configuration.cellOptions ?? CellOptions()
    dense = zip([inputSize] + configuration.denseSizes, configuration.denseSizes).enumerated().map {
      DenseLayer(inputSize: $1.0, outputSize: $1.1, key: key.child(2).child($0))
    }
    recurrent = RecurrentLayer(
      layerCount: configuration.layerCount, inputSize: configuration.denseSizes.last ?? inputSize,
      dropoutRate: configuration.dropoutRate,
      key: key.child(0)
    ) {
      configuration.cell.make(
        inputSize: $0, hiddenSize: configuration.hiddenSize, options: options, initialization: .uniform,
        key: $1)
    }.with(precision: configuration.precision)
    output = Linear(inputSize: recurrent.outputSize, outputSize: outputSize, key: key.child(1))
    dropoutRate = configuration.dropoutRate
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    for index in dense.indices { visitor.visit("dense\(index)", &dense[index]) }
    visitor.visit("recurrent", &recurrent)
    visitor.visit("output", &output)
  }

  func packed() -> ControlNetwork {
    var copy = self
    (copy.recurrent, copy.output) = (recurrent.packed(), output.packed())
    copy.dense = dense.map { $0.packed() }
    return copy
  }

  func with(precision: Precision) -> ControlNetwork {
    var copy = self
    copy.recurrent = recurrent.with(precision: precision)
    return copy
  }

  /// Reads steps.
  ///
  /// - Parameters:
  ///   - batch: `[T, B, F]`.
  ///   - state: of B rows; nil for the beginning.
  ///   - mode: training for dropout.
  /// - Returns: `[T, B, P]`, and the states behind the last step of each row.
  public func callAsFunction(
    _ batch: SequenceBatch, state: State? = nil, mode: Mode = .inference
  ) -> (numbers: Tensor, state: State) {
    let read = dense.reduce(batch.values) { $1($0) }
    let (hidden, next) = recurrent(batch.replacing(read), state: state, mode: mode.child(0))
    return (output(Dropout(rate: dropoutRate)(hidden, mode: mode.child(1))), next)
  }
}
