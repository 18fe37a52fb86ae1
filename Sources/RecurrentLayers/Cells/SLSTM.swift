/// xLSTM's sLSTM (Beck et al. 2024, arXiv:2405.04517): an LSTM with an exponential input gate, a normaliser, a stabiliser
/// and heads that do not see each other.
///
///     i, f, z, o = W x + b + R h        R block-diagonal: units of a head see the units of that head
///     m' = max(log sigmoid f + m, i)
///     i' = e^(i - m'),   f' = e^(log sigmoid f + m - m')
///     c' = f' * c + i' * tanh z
///     n' = f' * n + i'
///     h' = sigmoid o * c' / n'
///
/// The stabiliser m changes no output, only the scale of c and n, so that nothing overflows. The product over the input
/// is one for all steps; the recurrence goes step by step.
///
/// Parameters: `weight_ih [4H, I]`, `bias_ih [4H]`, `weight_hh [4H, H / heads]`, gates i f z o in blocks of H rows.
public struct SLSTM: ScanCell {
  /// The state of an sLSTM.
  public struct State: RecurrentState {
    /// h, `[B, H]`.
    public var hidden: Tensor
    /// c, `[B, H]`, in units of e^m.
    public var cell: Tensor
    /// n, `[B, H]`, in units of e^m; positive after the first step.
    public var normalizer: Tensor
    /// m, `[B, H]`.
    public var stabilizer: Tensor

    /// h, c, n and m.
    public var tensors: [Tensor] { [hidden, cell, normalizer, stabilizer] }

    /// From h, c, n and m.
    public init(tensors: [Tensor]) {
      (hidden, cell, normalizer, stabilizer) = (tensors[0], tensors[1], tensors[2], tensors[3])
    }
  }

  package var projection: InputProjection
  /// R, `[4H, H / heads]`.
  public var weightHiddenHidden: Tensor
  /// The number of heads.
  public let headCount: Int

  /// A cell of `hiddenSize` units over `inputSize` inputs.
  ///
  /// Weights are uniform in ± 1 / sqrt(I) and ± 1 / sqrt(H / heads). The biases are zero but those of the forget gate,
  /// which rise from 3 to 6 along the units of each head: memories of different lengths.
  ///
  /// - Parameters:
  ///   - inputSize: I.
  ///   - hiddenSize: H, a multiple of the number of heads.
  ///   - headCount: the number of heads.
  ///   - initializer: for the weights of the input.
  ///   - key: of the random numbers.
  public init(
    inputSize: Int, hiddenSize: Int, headCount: Int = 4, initializer: Initializer? = nil, key: RandomKey
  ) {
    let size = headSize(hiddenSize, headCount)
    projection = InputProjection(
      gates: 4, inputSize: inputSize, hiddenSize: hiddenSize, hasBias: false, initializer: initializer,
      key: key)
    projection.bias = Tensor(shape: [clampedProduct(4, hiddenSize)]) {
      let none = [Float](repeating: 0, count: hiddenSize)
      return none + (0..<hiddenSize).map { forgetBias($0 % size, of: size) } + none + none
    }
    weightHiddenHidden = Initializer.uniform(bound: 1 / Float(size).squareRoot()).gates(
      4, hiddenSize: hiddenSize, inputSize: size, key: key.child(2))
    self.headCount = headCount
  }

  /// The width of the output.
  public var outputSize: Int { projection.outputSize / 4 }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    projection.walk(&visitor)
    visitor.visit("weight_hh", &weightHiddenHidden)
  }

  /// The state of `batch` rows that have read nothing: zeros, and a stabiliser below everything, so that the first step
  /// counts in full.
  public func initialState(batch: Int) -> State {
    let zero = projection.zeros([batch, outputSize])
    return State(tensors: [zero, zero, zero, zero + emptyStabilizer])
  }

  package var scanKind: ScanKind { .sLSTM(headCount: headCount) }
  package var scanParameters: [Tensor] { [weightHiddenHidden] }

  /// Whether the output is h: yes.
  public var outputsState: Bool { true }

  package var shownState: Int? { 1 }

  private func parts(
    _ preactivations: [Tensor], _ states: [Tensor]
  ) -> (exponential: ExponentialGates, candidate: Tensor, output: Tensor) {
    let (width, size) = (outputSize, outputSize / headCount)
    func sums(_ gate: Int) -> Tensor {
      let heads = (0..<headCount).map { head in
        let first = gate * width + head * size
        let weight = weightHiddenHidden.sliced(axis: 0, first..<first + size)
        return matmul(states[0].block(head, width: size), weight, transposeB: true)
      }
      return preactivations[0].block(gate, width: width) + concatenate(heads, axis: 1)
    }
    let exponential = ExponentialGates(input: sums(0), forget: sums(1), stabilizer: states[3])
    return (exponential, tanh(sums(2)), sigmoid(sums(3)))
  }

  package func composedStep(
    _ preactivations: [Tensor], _ states: [Tensor]
  ) -> (output: Tensor, states: [Tensor]) {
    let (gates, candidate, output) = parts(preactivations, states)
    let cell = gates.forget * states[1] + gates.input * candidate
    let normalizer = gates.forget * states[2] + gates.input
    let hidden = output * (cell / normalizer)
    return (hidden, [hidden, cell, normalizer, gates.stabilizer])
  }

  package func gates(
    _ preactivations: [Tensor], _ states: [Tensor]
  ) -> [(name: String, values: Tensor)] {
    let (gates, candidate, output) = parts(preactivations, states)
    return [
      ("input", gates.input), ("forget", gates.forget), ("candidate", candidate), ("output", output),
    ]
  }
}

/// The stabiliser before the first step.
let emptyStabilizer: Float = -1e9

/// The units of a head. Traps when the heads do not divide the units.
func headSize(_ hiddenSize: Int, _ headCount: Int) -> Int {
  trapUnless(
    headCount > 0 && hiddenSize % headCount == 0,
    "a cell with heads: \(hiddenSize) units cannot be shared out to \(headCount) heads")
  return hiddenSize / headCount
}

/// The bias of forget gate `index` of `count`: from 3 to 6.
func forgetBias(_ index: Int, of count: Int) -> Float {
  count > 1 ? 3 + 3 * Float(index) / Float(count - 1) : 3
}

/// The gates of an xLSTM step, made so that none overflows.
struct ExponentialGates {
  let input: Tensor
  let forget: Tensor
  let stabilizer: Tensor

  /// From the sums of both gates and the stabiliser before.
  init(input: Tensor, forget: Tensor, stabilizer: Tensor) {
    let kept = stabilizer - softplus(-forget)
    self.stabilizer = maximum(kept, input)
    self.input = exp(input - self.stabilizer)
    self.forget = exp(kept - self.stabilizer)
  }
}
