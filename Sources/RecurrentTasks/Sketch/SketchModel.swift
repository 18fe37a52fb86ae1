/// A network that draws step by step (Ha and Eck 2017, arXiv:1704.03477): recurrent layers over what the pen has done, and for each step
/// the numbers of a ``GaussianMixtureOutput`` for the next point and of a ``CategoricalOutput`` for the pen.
///
/// With a ``SketchBrush`` its numbers stand behind those of each step and of each output.
///
/// With a latent vector z it is the decoder of a variational autoencoder: an ``SketchEncoder`` reads the drawing in both directions, z
/// stands beside each input and sets the first state, tanh(W z + b).
public struct SketchModel: RecurrentModel {
  /// Reads dx, dy, three numbers of the pen, what is asked for, the brush, and z.
  public var recurrent: RecurrentLayer<AnyCell>
  /// To `[6K + 3]` and the numbers of the brush.
  public var output: Linear
  /// Reads whole drawings; nil without a latent vector.
  public var encoder: SketchEncoder?
  /// From z to the first states of all layers; nil without a latent vector.
  public var bridge: Linear?
  /// The cell of the layers.
  public let cellChoice: CellChoice
  private let dropoutRate: Float

  /// The states of all layers.
  public typealias State = RecurrentLayer<AnyCell>.State

  /// The numbers of a step: dx, dy and one of three states of the pen.
  public static let stepSize = 5

  /// A model with fresh parameters.
  ///
  /// - Parameters:
  ///   - configuration: sizes and rates.
  ///   - conditionSize: C, numbers that stand beside each step, one for each label that may be asked for.
  ///   - brush: what is learnt of a brush, of `inputSize` and `outputSize` numbers; nil for nothing.
  ///   - key: of the parameters.
  public init(
    _ configuration: SketchConfiguration, conditionSize: Int, brush: SketchBrush? = nil, key: RandomKey
  ) {
    let (latent, choice) = (configuration.latentSize, configuration.cellChoice)
    func layer(_ count: Int, _ width: Int, _ hidden: Int, _ isBidirectional: Bool, _ key: RandomKey)
      -> RecurrentLayer<AnyCell>
    {
      RecurrentLayer(
        layerCount: count, inputSize: width, isBidirectional: isBidirectional,
        dropoutRate: configuration.dropoutRate, key: key
      ) {
        choice.cell.make(
          inputSize: $0, hiddenSize: hidden, options: choice.options ?? CellOptions(),
          initialization: .orthogonal, key: $1)
      }.with(precision: choice.precision)
    }
    let width = SketchModel.stepSize + conditionSize + (brush?.inputSize ?? 0)
    recurrent = layer(configuration.layerCount, width + latent, configuration.hiddenSize, false, key.child(0))
    output = Linear(
      inputSize: recurrent.outputSize,
      outputSize: 6 * configuration.mixtureCount + PenState.allCases.count + (brush?.outputSize ?? 0),
      key: key.child(1))
    if latent > 0 {
      encoder = SketchEncoder(
        layer(1, width, configuration.encoderSize, true, key.child(2)), latentSize: latent, key: key.child(3))
      let size = recurrent.initialState(batch: 1).cells.reduce(0) { sum, state in
        sum + state.tensors.reduce(0) { $0 + $1.count }
      }
      bridge = Linear(
        inputSize: latent, outputSize: size, initializer: .normal(deviation: 1e-3), key: key.child(4))
    } else {
      (encoder, bridge) = (nil, nil)
    }
    (cellChoice, dropoutRate) = (choice, configuration.dropoutRate)
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("recurrent", &recurrent)
    visitor.visit("output", &output)
    visitor.visit("encoder", &encoder)
    visitor.visit("bridge", &bridge)
  }

  /// The same model with its weights in the form that kernels read.
  public func packed() -> SketchModel {
    var copy = self
    (copy.recurrent, copy.output) = (recurrent.packed(), output.packed())
    copy.encoder = encoder?.packed()
    copy.bridge = bridge?.packed()
    return copy
  }

  /// The same model with the operands of the products in its recurrent layers rounded to `precision`.
  public func with(precision: Precision) -> SketchModel {
    var copy = self
    copy.recurrent = recurrent.with(precision: precision)
    return copy
  }

  /// The states that rows begin with: of z `[B, Z]`, or zeros.
  public func initialState(_ latent: Tensor?, batch: Int) -> State {
    let zero = recurrent.initialState(batch: batch)
    guard let latent, let bridge else { return zero }
    let all = tanh(bridge(latent))
    var start = 0
    return State(
      cells: zero.cells.map { cell in
        AnyCell.State(
          tensors: cell.tensors.map { part in
            let width = part.count / batch
            defer { start += width }
            return all.sliced(axis: 1, start..<start + width).reshaped(to: part.shape)
          })
      })
  }

  /// Reads steps and says what may come behind each.
  ///
  /// - Parameters:
  ///   - steps: `[T, B, 5 + C]`, with a brush as many more as it is read of.
  ///   - lengths: of the rows.
  ///   - latent: z, `[B, Z]`; nil where the model has none.
  ///   - mode: training for dropout.
  /// - Returns: `[T, B, 6K + 3]`, with a brush as many more as it gives.
  public func callAsFunction(_ steps: Tensor, lengths: [Int], latent: Tensor?, mode: Mode = .inference)
    -> Tensor
  {
    let batch = steps.shape[1]
    var input = steps
    if let latent {
      let beside =
        latent.reshaped(to: [1, batch, latent.shape[1]])
        + steps.backend.filled(0, shape: [steps.shape[0], 1, 1])
      input = concatenate([steps, beside], axis: 2)
    }
    let (hidden, _) = recurrent(
      SequenceBatch(input, lengths: lengths), state: initialState(latent, batch: batch), mode: mode.child(0))
    return output(Dropout(rate: dropoutRate)(hidden, mode: mode.child(1)))
  }
}

/// Reads a drawing in both directions and gives the normal distribution of its latent vector.
public struct SketchEncoder: Module {
  /// In both directions.
  public var recurrent: RecurrentLayer<AnyCell>
  /// From the last outputs of both directions to the means, `[Z]`.
  public var mean: Linear
  /// The same to the logarithms of the variances.
  public var logVariance: Linear

  init(_ recurrent: RecurrentLayer<AnyCell>, latentSize: Int, key: RandomKey) {
    self.recurrent = recurrent
    func head(_ index: Int) -> Linear {
      Linear(
        inputSize: recurrent.outputSize, outputSize: latentSize, initializer: .normal(deviation: 1e-3),
        key: key.child(index))
    }
    (mean, logVariance) = (head(0), head(1))
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("recurrent", &recurrent)
    visitor.visit("mean", &mean)
    visitor.visit("log_variance", &logVariance)
  }

  func packed() -> SketchEncoder {
    var copy = self
    copy.recurrent = recurrent.packed()
    (copy.mean, copy.logVariance) = (mean.packed(), logVariance.packed())
    return copy
  }

  /// Means and logarithms of variances, `[B, Z]` each.
  ///
  /// - Parameters:
  ///   - steps: `[T, B, 5 + C]`.
  ///   - lengths: of the rows, at least 1.
  ///   - mode: training for noise in the cells.
  public func callAsFunction(
    _ steps: Tensor, lengths: [Int], mode: Mode = .inference
  ) -> (mean: Tensor, logVariance: Tensor) {
    let outputs = recurrent(SequenceBatch(steps, lengths: lengths), mode: mode).outputs
    let (batch, width) = (lengths.count, recurrent.outputSize / 2)
    let rows = outputs.reshaped(to: [outputs.shape[0] * batch, 2 * width])
    // the last output of each direction: at the end of a row, and at its beginning
    let last = gather(
      rows, rows: Indices(lengths.enumerated().map { Int32(($0.element - 1) * batch + $0.offset) }))
    let first = gather(rows, rows: Indices((0..<batch).map { Int32($0) }))
    let read = concatenate(
      [last.sliced(axis: 1, 0..<width), first.sliced(axis: 1, width..<2 * width)], axis: 1)
    return (mean(read), logVariance(read))
  }
}
