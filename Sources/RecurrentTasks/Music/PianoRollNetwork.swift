/// A step model of a piano roll with independent keys (Boulanger-Lewandowski et al. 2012, arXiv:1206.6392):
///
///     scores_t = W d(h_t) + b + s_t,   h = recurrent(x),   x_t = the keys of step t - 1,   d = dropout
///
/// s_t is what a ``SharedKeyNetwork`` says beside it, where there is one. What is read before the first step is a mark of its own.
public struct PianoRollNetwork: RecurrentModel {
  /// K + 1 in, H out.
  public var recurrent: RecurrentLayer<AnyCell>
  /// H in, K out.
  public var head: Linear
  /// The network that each key has by itself; nil for none.
  public var keys: SharedKeyNetwork?
  /// The dropout rate before the head.
  public let dropoutRate: Float
  /// The cell of the layers.
  public let cellChoice: CellChoice

  /// The states of its networks.
  public struct State: Sendable {
    /// Of B pieces.
    public var recurrent: RecurrentLayer<AnyCell>.State
    /// Of the keys of B pieces, B K rows.
    public var keys: RecurrentLayer<AnyCell>.State?
  }

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
    if let size = configuration.keyHiddenSize, size > 0 {
      keys = SharedKeyNetwork(configuration, hiddenSize: size, keyCount: keyCount, key: key.child(2))
    }
    dropoutRate = configuration.dropoutRate
    cellChoice = configuration.cellChoice
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("recurrent", &recurrent)
    visitor.visit("head", &head)
    visitor.visit("keys", &keys)
  }

  /// The model with its weights packed for the kernels.
  public func packed() -> PianoRollNetwork {
    var copy = self
    (copy.recurrent, copy.head) = (recurrent.packed(), head.packed())
    copy.keys = keys?.packed()
    return copy
  }

  /// The model with the operands of the products in its recurrent layers rounded to `precision`.
  public func with(precision: Precision) -> PianoRollNetwork {
    var copy = self
    copy.recurrent = recurrent.with(precision: precision)
    if let own = keys?.recurrent { copy.keys?.recurrent = own.with(precision: precision) }
    return copy
  }

  /// Reads steps and scores the keys of each next one.
  ///
  /// - Parameters:
  ///   - x: `[T, B, K + 1]`, ones for keys that sound, or for the mark.
  ///   - lengths: of the pieces; nil where all are full.
  ///   - style: what moves all inputs of a piece, `[B, K + 1]`; nil for nothing.
  ///   - state: of B pieces; nil for the beginning.
  ///   - mode: training for dropout.
  /// - Returns: scores `[T, B, K]` and the state after the last step.
  public func callAsFunction(
    _ x: Tensor, lengths: [Int]? = nil, style: Tensor? = nil, state: State? = nil, mode: Mode = .inference
  ) -> (scores: Tensor, state: State) {
    let input = style.map { x + $0.reshaped(to: [1, $0.shape[0], $0.shape[1]]) } ?? x
    let (outputs, next) = recurrent(
      SequenceBatch(input, lengths: lengths), state: state?.recurrent, mode: mode.child(0))
    let scores = head(Dropout(rate: dropoutRate)(outputs, mode: mode.child(1)))
    guard let keys else { return (scores, State(recurrent: next, keys: nil)) }
    let (own, nextOfKeys) = keys(input, lengths: lengths, state: state?.keys, mode: mode.child(2))
    return (scores + own, State(recurrent: next, keys: nextOfKeys))
  }
}
