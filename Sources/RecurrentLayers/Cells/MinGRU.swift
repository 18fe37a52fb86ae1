/// The minimal gated recurrent unit (Feng et al. 2024, "Were RNNs all we needed?", arXiv:2410.01201): a GRU whose gate
/// and candidate do not see the state.
///
///     z = sigmoid(W_z x + b_z)
///     n = g(W_n x + b_n),   g(a) = a, or with positive candidates a + 1/2 where a >= 0 and sigmoid a below
///     h' = (1 - z) * h + z * n
///
/// The products are one for all steps, so it reads a sequence much faster than a GRU of the same size; what is left is a
/// recurrence for each unit, taken in order, so that streaming, pieces and the whole sequence give the same bits. A
/// layer sees the past only through a weighted mean: stack two or more.
///
/// Parameters: `weight_ih [2H, I]`, `bias_ih [2H]`, gates z n. The state is h, `[B, H]`.
public struct MinGRU: ScanCell {
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
      gates: 2, inputSize: inputSize, hiddenSize: hiddenSize, hasBias: hasBias, initializer: initializer,
      key: key)
    self.candidate = candidate
  }

  /// The width of the output.
  public var outputSize: Int { projection.outputSize / 2 }

  package var scanKind: ScanKind { .minGRU(isPositive: candidate == .positive) }

  /// Whether the output is the state: yes.
  public var outputsState: Bool { true }

  private func parts(_ preactivations: [Tensor]) -> (z: Tensor, n: Tensor) {
    (
      sigmoid(preactivations[0].block(0, width: outputSize)),
      candidate(preactivations[0].block(1, width: outputSize))
    )
  }

  package func composedStep(
    _ preactivations: [Tensor], _ states: [Tensor]
  ) -> (output: Tensor, states: [Tensor]) {
    let (z, n) = parts(preactivations)
    let next = (1 - z) * states[0] + z * n
    return (next, [next])
  }

  package func gates(
    _ preactivations: [Tensor], _ states: [Tensor]
  ) -> [(name: String, values: Tensor)] {
    let (z, n) = parts(preactivations)
    return [("update", z), ("candidate", n)]
  }
}

/// The function of the candidate of ``MinGRU`` and ``MinLSTM``.
public enum MinimalCandidate: String, Sendable, Codable, CaseIterable {
  /// a.
  case linear
  /// a + 1/2 where a >= 0, sigmoid a below: the form that the paper computes through logarithms.
  case positive

  func callAsFunction(_ a: Tensor) -> Tensor {
    self == .linear ? a : relu(a) + sigmoid(-relu(-a))
  }
}
