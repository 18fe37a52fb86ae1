/// xLSTM's mLSTM (Beck et al. 2024, arXiv:2405.04517): each head of d = H / heads units remembers in a matrix.
///
///     q, v, o = W x + b,   k = (W_k x + b_k) / sqrt(d)      for each head
///     i, f = w x + b                                        one number a head
///     m' = max(log sigmoid f + m, i)
///     i' = e^(i - m'),   f' = e^(log sigmoid f + m - m')
///     C' = f' C + i' k v^T
///     n' = f' n + i' k
///     h  = sigmoid o * (q^T C') / max(|n' . q|, e^-m')
///
/// No gate sees the state: the products over the input are one for all steps. The memory then goes step by step, so that
/// streaming, pieces and the whole sequence give the same bits; training keeps it every sqrt(T) steps and computes it
/// again between. A step costs about 4 d H multiply-adds a row beside the products: take more heads for less.
///
/// Parameters: `weight_ih [4H, I]`, `bias_ih [4H]`, blocks q k v o of H rows; `weight_gate [2 heads, I]`,
/// `bias_gate [2 heads]`, i then f.
public struct MLSTM: ScanCell {
  /// The state of an mLSTM.
  public struct State: RecurrentState {
    /// C, `[B, heads, d, d]`, a row for each unit of the key, in units of e^m.
    public var memory: Tensor
    /// n, `[B, heads, d]`, in units of e^m.
    public var normalizer: Tensor
    /// m, `[B, heads]`.
    public var stabilizer: Tensor

    /// C, n and m.
    public var tensors: [Tensor] { [memory, normalizer, stabilizer] }

    /// From C, n and m.
    public init(tensors: [Tensor]) {
      (memory, normalizer, stabilizer) = (tensors[0], tensors[1], tensors[2])
    }
  }

  package var projection: InputProjection
  /// `[2 heads, I]`, i then f.
  public var weightGate: Tensor
  /// `[2 heads]`, i then f.
  public var biasGate: Tensor
  /// The number of heads.
  public let headCount: Int

  /// A cell of `hiddenSize` units over `inputSize` inputs.
  ///
  /// Weights are uniform in ± 1 / sqrt(I). As in the paper the gates begin without weights, with biases that rise from 3
  /// to 6 along the heads for the forget gate and are zero for the input gate; the other biases are zero.
  ///
  /// - Parameters:
  ///   - inputSize: I.
  ///   - hiddenSize: H, a multiple of the number of heads.
  ///   - headCount: the number of heads.
  ///   - initializer: for the weights.
  ///   - key: of the random numbers.
  public init(
    inputSize: Int, hiddenSize: Int, headCount: Int = 4, initializer: Initializer? = nil, key: RandomKey
  ) {
    _ = headSize(hiddenSize, headCount)
    projection = InputProjection(
      gates: 4, inputSize: inputSize, hiddenSize: hiddenSize, hasBias: false, initializer: initializer,
      key: key)
    projection.bias = Tensor(zeros: [clampedProduct(4, hiddenSize)])
    weightGate = Tensor(zeros: [clampedProduct(2, headCount), inputSize])
    biasGate = Tensor(shape: [clampedProduct(2, headCount)]) {
      [Float](repeating: 0, count: headCount) + (0..<headCount).map { forgetBias($0, of: headCount) }
    }
    self.headCount = headCount
  }

  /// The width of the output.
  public var outputSize: Int { projection.outputSize / 4 }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    projection.walk(&visitor)
    visitor.visit("weight_gate", &weightGate)
    visitor.visit("bias_gate", &biasGate)
  }

  /// The state of `batch` rows that have read nothing: zeros, and a stabiliser below everything, so that the first step
  /// counts in full.
  public func initialState(batch: Int) -> State {
    let size = outputSize / headCount
    return State(tensors: [
      projection.zeros([batch, headCount, size, size]), projection.zeros([batch, headCount, size]),
      projection.zeros([batch, headCount]) + emptyStabilizer,
    ])
  }

  package var scanKind: ScanKind { .mLSTM(headCount: headCount) }

  package func preactivations(_ x: Tensor, _ state: State, _ plan: SequencePlan) -> [Tensor] {
    let rows = plan.realRows(of: x)
    return [projection(rows), matmul(rows, weightGate, transposeB: true, bias: biasGate)]
  }

  private func exponentialGates(_ preactivations: [Tensor], _ states: [Tensor]) -> ExponentialGates {
    ExponentialGates(
      input: preactivations[1].block(0, width: headCount),
      forget: preactivations[1].block(1, width: headCount), stabilizer: states[2])
  }

  /// One number a head of the input and forget gates, H of the output gate.
  package func gates(
    _ preactivations: [Tensor], _ states: [Tensor]
  ) -> [(name: String, values: Tensor)] {
    let gates = exponentialGates(preactivations, states)
    return [
      ("input", gates.input), ("forget", gates.forget),
      ("output", sigmoid(preactivations[0].block(3, width: outputSize))),
    ]
  }

  package func composedStep(
    _ preactivations: [Tensor], _ states: [Tensor]
  ) -> (output: Tensor, states: [Tensor]) {
    let (rows, heads, size) = (preactivations[0].shape[0], headCount, outputSize / headCount)
    func block(_ index: Int) -> Tensor {
      preactivations[0].block(index, width: outputSize).reshaped(to: [rows, heads, size])
    }
    let (q, k) = (block(0), block(1) * (1 / Float(size).squareRoot()))
    let gates = exponentialGates(preactivations, states)
    let input = gates.input.reshaped(to: [rows, heads, 1]) * k
    let memory =
      gates.forget.reshaped(to: [rows, heads, 1, 1]) * states[0]
      + input.reshaped(to: [rows, heads, size, 1]) * block(2).reshaped(to: [rows, heads, 1, size])
    let normalizer = gates.forget.reshaped(to: [rows, heads, 1]) * states[1] + input
    let read = (q.reshaped(to: [rows, heads, size, 1]) * memory).sum(axis: 2)
    // the bound keeps what is divided by it a number
    let least = exp(minimum(-gates.stabilizer, gates.stabilizer.constant(80)))
    let divisor = maximum(abs((q * normalizer).sum(axis: 2)), least).reshaped(to: [rows, heads, 1])
    let output = (sigmoid(block(3)) * (read / divisor)).reshaped(to: [rows, outputSize])
    return (output, [memory, normalizer, gates.stabilizer])
  }
}
