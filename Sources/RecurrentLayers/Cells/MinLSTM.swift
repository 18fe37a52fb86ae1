/// The minimal LSTM (Feng et al. 2024, "Were RNNs all we needed?", arXiv:2410.01201): an LSTM whose gates do not see the
/// state and share out one whole between what is kept and what is new.
///
///     f = sigmoid(W_f x + b_f),   i = sigmoid(W_i x + b_i)
///     n = g(W_n x + b_n),   g(a) = a, or with positive candidates a + 1/2 where a >= 0 and sigmoid a below
///     h' = f / (f + i) * h + i / (f + i) * n
///
/// The products are one for all steps; what is left is a recurrence for each unit, taken in order, so that streaming,
/// pieces and the whole sequence give the same bits.
///
/// Parameters: `weight_ih [3H, I]`, `bias_ih [3H]`, gates f i n. The state is h, `[B, H]`.
public struct MinLSTM: ScanCell {
  /// One value a unit.
  public typealias State = Tensor
  /// The function of the candidate.
  public typealias Candidate = MinimalCandidate

  package var projection: InputProjection
  /// The function of the candidate.
  public let candidate: Candidate

  /// A cell of `hiddenSize` units over `inputSize` inputs; everything uniform in ± 1 / sqrt(I) unless `initializer` says
  /// otherwise for the weights.
  public init(
    inputSize: Int, hiddenSize: Int, candidate: Candidate = .linear, hasBias: Bool = true,
    initializer: Initializer? = nil, key: RandomKey
  ) {
    projection = InputProjection(
      gates: 3, inputSize: inputSize, hiddenSize: hiddenSize, hasBias: hasBias, initializer: initializer,
      key: key)
    self.candidate = candidate
  }

  /// The width of the output.
  public var outputSize: Int { projection.outputSize / 3 }

  package var scanKind: ScanKind { .minLSTM(isPositive: candidate == .positive) }

  /// Whether the output is the state: yes.
  public var outputsState: Bool { true }

  private func parts(_ preactivations: [Tensor]) -> (f: Tensor, i: Tensor, n: Tensor) {
    let (sums, width) = (preactivations[0], outputSize)
    return (
      sigmoid(sums.block(0, width: width)), sigmoid(sums.block(1, width: width)),
      candidate(sums.block(2, width: width))
    )
  }

  package func composedStep(
    _ preactivations: [Tensor], _ states: [Tensor]
  ) -> (output: Tensor, states: [Tensor]) {
    let (f, i, n) = parts(preactivations)
    let next = (f * states[0] + i * n) / (f + i)
    return (next, [next])
  }

  /// The shares of what is kept and of what is new, which make one.
  package func gates(
    _ preactivations: [Tensor], _ states: [Tensor]
  ) -> [(name: String, values: Tensor)] {
    let (f, i, n) = parts(preactivations)
    return [("forget", f / (f + i)), ("input", i / (f + i)), ("candidate", n)]
  }
}
