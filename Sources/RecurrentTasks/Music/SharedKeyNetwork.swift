/// A recurrent network that each key has by itself, all with the same weights: what it says of a key is the same when all music is moved by
/// semitones, but for where the key stands (the tied parallel networks of Johnson 2017).
///
///     scores_(t,k) = w · d(h_(t,k)),   h_k = recurrent(v_k),   v_(t,k) = what key k sees of step t,   d = dropout
///
/// So what is learnt of one key is known of all, from a few hundred pieces as from many.
public struct SharedKeyNetwork: Module {
  /// V in, H out.
  public var recurrent: RecurrentLayer<AnyCell>
  /// H in, 1 out, without bias.
  public var head: Linear
  /// The dropout rate before the head.
  public let dropoutRate: Float
  let view: KeyView

  /// A network of H units for each of K keys.
  init(_ configuration: MusicConfiguration, hiddenSize: Int, keyCount: Int, key: RandomKey) {
    recurrent = RecurrentLayer(layerCount: 1, inputSize: KeyView.size, key: key.child(0)) { inputSize, key in
      configuration.cell.make(
        inputSize: inputSize, hiddenSize: hiddenSize, options: configuration.cellOptions ?? CellOptions(),
        initialization: .uniform, key: key)
    }
    .with(precision: configuration.precision)
    head = Linear(inputSize: recurrent.outputSize, outputSize: 1, hasBias: false, key: key.child(1))
    dropoutRate = configuration.keyDropoutRate ?? 0
    view = KeyView(keyCount: keyCount)
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("recurrent", &recurrent)
    visitor.visit("head", &head)
  }

  /// The network with its weights packed for the kernels.
  func packed() -> SharedKeyNetwork {
    var copy = self
    (copy.recurrent, copy.head) = (recurrent.packed(), head.packed())
    return copy
  }

  /// Reads steps and scores all keys of each next one.
  ///
  /// - Parameters:
  ///   - x: `[T, B, K + 1]`.
  ///   - lengths: of the pieces; nil where all are full.
  ///   - state: of B K rows, those of a piece beside each other; nil for the beginning.
  ///   - mode: training for dropout.
  /// - Returns: scores `[T, B, K]` and the state after the last step.
  func callAsFunction(
    _ x: Tensor, lengths: [Int]?, state: RecurrentLayer<AnyCell>.State?, mode: Mode
  ) -> (scores: Tensor, state: RecurrentLayer<AnyCell>.State) {
    let (steps, rows, keys) = (x.shape[0], x.shape[1], view.keyCount)
    let seen = view(x.reshaped(to: [steps * rows, keys + 1]))
    let batch = SequenceBatch(
      seen.reshaped(to: [steps, rows * keys, KeyView.size]),
      lengths: lengths.map { $0.flatMap { Array(repeating: $0, count: keys) } })
    let (hidden, next) = recurrent(batch, state: state, mode: mode.child(0))
    let scores = head(Dropout(rate: dropoutRate)(hidden, mode: mode.child(1)))
    return (scores.reshaped(to: [steps, rows, keys]), next)
  }
}
