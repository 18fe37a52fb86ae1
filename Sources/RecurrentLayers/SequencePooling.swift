/// One vector for a sequence of them.
public enum SequencePooling: String, Sendable, Codable, CaseIterable {
  /// The mean of all steps.
  case mean
  /// The largest number of each feature over all steps.
  case max
  /// What comes out last; of two directions the last of the first and the first of the second.
  case last
  /// A mean with trained weights; see ``AttentionPooling``.
  case attention

  /// Pools outputs without parameters; a row has the bits that it has alone.
  ///
  /// - Parameters:
  ///   - outputs: `[T, B, H]`; what stands beyond the lengths counts for nothing.
  ///   - lengths: of the rows; nil where all are full. A row without steps gives zeros.
  ///   - isBidirectional: whether the second half of H was read backwards.
  /// - Returns: `[B, H]`.
  /// - Precondition: it is not `attention`.
  public func callAsFunction(_ outputs: Tensor, lengths: [Int]?, isBidirectional: Bool) -> Tensor {
    let (steps, batch, width) = (outputs.shape[0], outputs.shape[1], outputs.shape[2])
    let lengths = lengths ?? [Int](repeating: steps, count: batch)
    switch self {
    case .mean:
      let shares = lengths.map { 1 / Float(Swift.max($0, 1)) }
      return sumOverSteps(masked(outputs, lengths)) * Tensor(shares, shape: [batch, 1], like: outputs)
    case .max:
      // beyond the end stands what is smaller than everything
      let isBeyond = 1 - lengthMask(lengths, stepCount: steps, like: outputs)
      return (outputs + isBeyond * Float(-1e30)).max(axis: 0) * rowMask(lengths, like: outputs)
    case .last:
      let rows = outputs.reshaped(to: [steps * batch, width])
      let places = lengths.enumerated().map { row, length in Int32(Swift.max(length - 1, 0) * batch + row) }
      var last = gather(rows, rows: Indices(places))
      if isBidirectional {
        let first = rows.sliced(axis: 0, 0..<batch)
        last = concatenate(
          [last.sliced(axis: 1, 0..<width / 2), first.sliced(axis: 1, width / 2..<width)], axis: 1)
      }
      guard lengths.contains(0) else { return last }
      return last * rowMask(lengths, like: outputs)
    case .attention: fatalError("SequencePooling.attention has parameters; use AttentionPooling")
    }
  }
}

/// `[T, B, F]` with zeros beyond the lengths.
private func masked(_ x: Tensor, _ lengths: [Int]) -> Tensor {
  let steps = x.shape[0]
  return lengths.contains { $0 < steps } ? x * lengthMask(lengths, stepCount: steps, like: x) : x
}

/// The sum of `[T, B, F]` over T, of each row in the same order whatever stands beside it.
///
/// - Returns: `[B, F]`.
public func sumOverSteps(_ x: Tensor) -> Tensor {
  guard x.shape[1] * x.shape[2] == 1 else { return x.sum(axis: 0) }
  // the numbers of a single column follow each other in memory, and such are added in another order
  return (x * Tensor([1, 1], shape: [1, 1, 2], like: x)).sum(axis: 0).sliced(axis: 1, 0..<1)
}

/// A weighted mean over the steps of a sequence, the weights from the steps themselves (Yang et al. 2016, hierarchical
/// attention networks).
///
///     a_t = softmax over t of v . tanh(W h_t + b),   y = sum_t a_t h_t
public struct AttentionPooling: Module {
  /// H to A.
  public var inner: Linear
  /// v, `[1, A]`.
  public var query: Linear

  /// Attention over vectors of `inputSize` numbers.
  public init(inputSize: Int, size: Int, key: RandomKey) {
    inner = Linear(inputSize: inputSize, outputSize: size, key: key.child(0))
    query = Linear(inputSize: size, outputSize: 1, hasBias: false, key: key.child(1))
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("inner", &inner)
    visitor.visit("query", &query)
  }

  /// The mean and its weights.
  ///
  /// - Parameters:
  ///   - outputs: `[T, B, H]`; what stands beyond the lengths counts for nothing.
  ///   - lengths: of the rows; nil where all are full. A row without steps gives zeros.
  /// - Returns: `[B, H]`, and the weights `[T, B]`.
  public func callAsFunction(_ outputs: Tensor, lengths: [Int]?) -> (pooled: Tensor, weights: Tensor) {
    let (steps, batch) = (outputs.shape[0], outputs.shape[1])
    let lengths = lengths ?? [Int](repeating: steps, count: batch)
    let mask = lengthMask(lengths, stepCount: steps, like: outputs)
    let scores = query(tanh(inner(outputs))) + (mask - 1) * 1e30
    let powers = exp(scores - scores.detached.max(axis: 0)) * mask
    let isEmpty = 1 - rowMask(lengths, like: outputs)
    let weights = powers / (sumOverSteps(powers) + isEmpty)
    return (sumOverSteps(outputs * weights), weights.reshaped(to: [steps, batch]))
  }
}
