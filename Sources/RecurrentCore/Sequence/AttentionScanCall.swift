/// The weights of a decoder of two GRU steps around additive attention, without those of the first cell's input.
public struct AttentionScanWeights: Sendable {
  /// `[3H, H]`, gates r z n.
  public var firstHidden: Tensor
  /// `[3H]`, or nil without biases.
  public var firstHiddenBias: Tensor?
  /// `[A, H]`.
  public var query: Tensor
  /// `[A]`: v.
  public var vector: Tensor
  /// `[3H, M]`, gates r z n.
  public var secondInput: Tensor
  /// `[3H]`, or nil without biases.
  public var secondInputBias: Tensor?
  /// `[3H, H]`, gates r z n.
  public var secondHidden: Tensor
  /// `[3H]`, or nil without biases.
  public var secondHiddenBias: Tensor?

  package init(
    firstHidden: Tensor, firstHiddenBias: Tensor?, query: Tensor, vector: Tensor, secondInput: Tensor,
    secondInputBias: Tensor?, secondHidden: Tensor, secondHiddenBias: Tensor?
  ) {
    (self.firstHidden, self.firstHiddenBias) = (firstHidden, firstHiddenBias)
    (self.query, self.vector) = (query, vector)
    (self.secondInput, self.secondInputBias) = (secondInput, secondInputBias)
    (self.secondHidden, self.secondHiddenBias) = (secondHidden, secondHiddenBias)
  }

  /// H.
  public var hiddenSize: Int { firstHidden.shape[1] }
  /// A.
  public var keySize: Int { query.shape[0] }
  /// M.
  public var memorySize: Int { secondInput.shape[1] }

  /// Every parameter that there is, always in the same order.
  package var tensors: [Tensor] {
    [firstHidden, query, vector, secondInput, secondHidden]
      + [firstHiddenBias, secondInputBias, secondHiddenBias].compactMap { $0 }
  }

  /// The same with `transform` applied to every parameter.
  package func map(_ transform: (Tensor) -> Tensor) -> AttentionScanWeights {
    AttentionScanWeights(
      firstHidden: transform(firstHidden), firstHiddenBias: firstHiddenBias.map(transform),
      query: transform(query), vector: transform(vector), secondInput: transform(secondInput),
      secondInputBias: secondInputBias.map(transform), secondHidden: transform(secondHidden),
      secondHiddenBias: secondHiddenBias.map(transform))
  }
}

/// A decoder over whole targets that looks at a memory in every step. With the state h before a step, the memory m_1 ... m_L
/// of its row and their keys k_1 ... k_L,
///
///     s   = GRU(x; h)                   x are the products of the inputs with the first cell's weights
///     e_i = v . tanh(k_i + W_q s),  a = softmax(e),  c = sum over i of a_i m_i
///     h'  = GRU(W c; s)
///
/// A row without a memory has c = 0.
public struct AttentionScanCall: Sendable {
  /// `[T, B, 3H]`: products of the inputs, gates r z n, with the biases of the inputs.
  public var inputs: Tensor
  /// The state before the first step of each segment, `[segments, H]`.
  public var state: Tensor
  /// `[S, R, M]`; what stands beyond the lengths is not read.
  public var memory: Tensor
  /// `[S, R, A]`: what is looked for.
  public var keys: Tensor
  /// `[R]`: the places of each row of the memory, each in 0 ... S.
  public var lengths: [Int]
  /// For each segment the row of the memory that it looks at. Where gradients are wanted no two look at one.
  public var sources: [Int]
  /// The parameters.
  public var weights: AttentionScanWeights
  /// The parameters in the form that the kernels read, where that was made before.
  public var prepared: PreparedWeights?
  /// Which rows of the inputs are read in which order: forward, without resets.
  public var plan: SequencePlan
  /// In a call of one step, off the tape: which rows are one for several; nil where each has its own.
  public var shared: SharedRows?

  package init(
    inputs: Tensor, state: Tensor, memory: Tensor, keys: Tensor, lengths: [Int], sources: [Int],
    weights: AttentionScanWeights, prepared: PreparedWeights? = nil, plan: SequencePlan,
    shared: SharedRows? = nil
  ) {
    (self.inputs, self.state, self.memory, self.keys) = (inputs, state, memory, keys)
    (self.lengths, self.sources, self.weights) = (lengths, sources, weights)
    (self.prepared, self.plan, self.shared) = (prepared, plan, shared)
  }
}

/// Rows of what goes into a step that several rows of a batch have in common, as the sequences of a search do that go on from the
/// same one or with the same token: what is made of them is made once.
public struct SharedRows: Sendable {
  /// For each row of the batch its row of the inputs.
  public var inputs: [Int]
  /// For each row of the batch its row of the states.
  public var states: [Int]

  /// Rows that fit the inputs and states that they are of.
  public init(inputs: [Int], states: [Int]) { (self.inputs, self.states) = (inputs, states) }
}

/// What a decoder with attention computed.
public struct AttentionScanResult: Sendable {
  /// `[T, B, H + M]`: h' and c, zero where no segment is.
  public var output: Tensor
  /// `[T, B, S]`: a, zero beyond the lengths and where no segment is.
  public var attention: Tensor
  /// The state after the last step of each segment, `[segments, H]`.
  public var state: Tensor
  package var saved: [Tensor]

  package init(output: Tensor, attention: Tensor, state: Tensor, saved: [Tensor] = []) {
    (self.output, self.attention, self.state, self.saved) = (output, attention, state, saved)
  }
}

/// Gradients of everything that went into a decoder with attention, in the shapes of ``AttentionScanCall``.
public struct AttentionScanGradient: Sendable {
  /// Of the products of the inputs, `[T, B, 3H]`; zero where no segment is.
  public var inputs: Tensor
  /// Of the states before the first steps, `[segments, H]`.
  public var state: Tensor
  /// Of the memory as it is blended, `[S, R, M]`; what comes through the keys is not in it.
  public var memory: Tensor
  /// Of the keys, `[S, R, A]`; zero beyond the lengths.
  public var keys: Tensor
  /// Of each parameter, in its shape.
  public var weights: AttentionScanWeights

  package init(
    inputs: Tensor, state: Tensor, memory: Tensor, keys: Tensor, weights: AttentionScanWeights
  ) {
    (self.inputs, self.state, self.memory, self.keys) = (inputs, state, memory, keys)
    self.weights = weights
  }
}
