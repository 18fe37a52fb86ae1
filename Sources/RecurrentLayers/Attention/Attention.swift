/// A look at places of a memory, each as much as it fits a query.
///
///     e_i = score(q, k_i),   a = softmax(e) over the places of the row,   c = sum over i of a_i m_i
///
/// The score is
///
///     additive   v . tanh(W_q q + W_k m_i + b)      Bahdanau et al. 2015, arXiv:1409.0473
///     general    q . W_k m_i                        Luong et al. 2015, arXiv:1508.04025
///     dot        q . m_i / sqrt(Q)                  Luong et al. 2015, scaled as by Vaswani et al. 2017, arXiv:1706.03762
///
/// Keys, W_k m_i + b, are made once for a memory:
///
///     let memory = attention.memory(encoded, lengths: lengths)      // [S, B, M]
///     let (context, weights) = attention(query, over: memory)        // [B, Q] -> [B, M], [B, S]
///
/// A row has the bits that it has alone.
public struct Attention: Module {
  /// How well a place fits a query.
  public enum Score: String, Sendable, Codable, CaseIterable {
    /// By a layer of tanh over query and place.
    case additive
    /// By the product of the query with the mapped place.
    case general
    /// By the scaled product of query and place, which are equally wide.
    case dot
  }

  /// How places are scored.
  public let score: Score
  /// `[A, Q]` without bias, of the additive score.
  public var query: Linear?
  /// `[A, M]`, with a bias of the additive score; of the general one A is Q.
  public var key: Linear?
  /// `[A]`: v of the additive score.
  public var vector: Tensor?
  private let querySize: Int

  /// An attention with fresh parameters, initialised like ``Linear``.
  ///
  /// - Parameters:
  ///   - score: how places are scored.
  ///   - querySize: Q.
  ///   - memorySize: M; of the dot score equal to Q.
  ///   - size: A of the additive score; nil for Q.
  ///   - key: of the random numbers.
  public init(
    _ score: Score = .additive, querySize: Int, memorySize: Int, size: Int? = nil, key: RandomKey
  ) {
    self.score = score
    self.querySize = querySize
    switch score {
    case .additive:
      let width = size ?? querySize
      query = Linear(inputSize: querySize, outputSize: width, hasBias: false, key: key.child(0))
      self.key = Linear(inputSize: memorySize, outputSize: width, key: key.child(1))
      let bound = 1 / Float(width).squareRoot()
      vector = Tensor(uniformIn: -bound...bound, shape: [width], key: key.child(2))
    case .general:
      self.key = Linear(inputSize: memorySize, outputSize: querySize, hasBias: false, key: key.child(1))
    case .dot:
      trapUnless(
        querySize == memorySize,
        "Attention: the dot score needs queries as wide as the memory, received \(querySize) and \(memorySize)"
      )
    }
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("query", &query)
    visitor.visit("key", &key)
    visitor.visit("vector", &vector)
  }

  /// The same attention with its weights in the form that kernels read, for many short calls with fixed weights.
  public func packed() -> Attention {
    var copy = self
    (copy.query, copy.key) = (query?.packed(), key?.packed())
    return copy
  }

  /// A memory with its keys.
  ///
  /// - Parameters:
  ///   - values: `[S, B, M]`.
  ///   - lengths: the places of each row; nil where all are real.
  public func memory(_ values: Tensor, lengths: [Int]? = nil) -> AttentionMemory {
    AttentionMemory(values: values, keys: key.map { $0(values) } ?? values, lengths: lengths)
  }

  /// Looks at a memory.
  ///
  /// - Parameters:
  ///   - query: `[B, Q]`.
  ///   - memory: of B rows, made by ``memory(_:lengths:)``.
  /// - Returns: what is seen, `[B, M]`, and how much of it each place is, `[B, S]`: zero beyond the lengths.
  public func callAsFunction(
    _ query: Tensor, over memory: AttentionMemory
  ) -> (context: Tensor, weights: Tensor) {
    trapUnless(
      query.shape == [memory.rowCount, querySize],
      "Attention: expected queries [\(memory.rowCount), \(querySize)], received shape \(query.shape)")
    let weights = normalized(energies(query, memory), memory)
    let (places, rows) = (memory.placeCount, memory.rowCount)
    let weighted = memory.values * weights.reshaped(to: [places, rows, 1])
    return (sumOverSteps(weighted), weights.transposed)
  }

  /// The scores of all places, `[S, B]`.
  private func energies(_ query: Tensor, _ memory: AttentionMemory) -> Tensor {
    if let map = self.query, let vector {
      return (tanh(memory.keys + map(query)) * vector).sum(axis: 2)
    }
    let scale = score == .dot ? 1 / Float(querySize).squareRoot() : 1
    return (memory.keys * (query * scale)).sum(axis: 2)
  }

  /// Softmax over the places of each row, `[S, B]`.
  private func normalized(_ energies: Tensor, _ memory: AttentionMemory) -> Tensor {
    let (places, rows) = (memory.placeCount, memory.rowCount)
    guard places > 0 else { return energies }
    var energies = energies
    var mask: Tensor?
    if !memory.isFull {
      let own = lengthMask(memory.lengths, stepCount: places, like: energies).reshaped(to: [places, rows])
      // beyond the end stands what is smaller than everything
      energies = energies * own + (own - 1) * Float(1e30)
      mask = own
    }
    var weights = exp(energies - energies.detached.max(axis: 0))
    if let mask { weights = weights * mask }
    var sums = sumOverSteps(weights.reshaped(to: [places, rows, 1])).reshaped(to: [rows])
    if memory.lengths.contains(0) {
      sums = sums + (1 - rowMask(memory.lengths, like: sums).reshaped(to: [rows]))
    }
    return weights / sums
  }
}
