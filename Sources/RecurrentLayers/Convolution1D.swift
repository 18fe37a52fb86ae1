/// A convolution over time.
///
///     y_t = b + sum_k W_k x_{s t + d k - p}
///
/// Steps beyond the ends of a row are zeros. `same` padding keeps the number of steps and looks to both sides, `causal`
/// keeps it and looks back alone, so that streaming is possible.
public struct Convolution1D: Module {
  /// What stands beyond the ends.
  public enum Padding: String, Sendable, Codable, CaseIterable {
    /// As many zeros on both sides as keep the length.
    case same
    /// Zeros before the first step, and of those that look ahead as many fewer and behind the last one.
    case causal
    /// Nothing: the result is shorter.
    case valid
  }

  /// `[O, K * F]`, the earliest step first.
  public var weight: Tensor
  /// `[O]`.
  public var bias: Tensor
  /// K.
  public let width: Int
  /// s.
  public let stride: Int
  /// d.
  public let dilation: Int
  /// What stands beyond the ends.
  public let padding: Padding
  /// Of a causal convolution the steps behind its own that it sees all the same, up to its reach.
  public let lookahead: Int

  /// A convolution of `inputSize` features to `outputSize`; everything uniform in ± 1 / sqrt(K F).
  public init(
    inputSize: Int, outputSize: Int, width: Int, stride: Int = 1, dilation: Int = 1, padding: Padding = .same,
    lookahead: Int = 0, key: RandomKey
  ) {
    trapUnless(
      width >= 1 && stride >= 1 && dilation >= 1,
      "Convolution1D: expected a width, stride and dilation of at least 1, received \(width), \(stride), \(dilation)"
    )
    trapUnless(
      lookahead == 0 || padding == .causal && (0...(width - 1) * dilation).contains(lookahead),
      "Convolution1D: expected to look ahead 0 to \((width - 1) * dilation) steps of a causal convolution, received \(lookahead)"
    )
    let count = clampedProduct(width, inputSize)
    let initializer = Initializer.uniform(bound: 1 / Float(count).squareRoot())
    weight = initializer.matrix(rows: outputSize, columns: count, key: key.child(0))
    bias = initializer.matrix(rows: 1, columns: outputSize, key: key.child(1)).reshaped(to: [outputSize])
    self.width = width
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
    self.lookahead = lookahead
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("weight", &weight)
    visitor.visit("bias", &bias)
  }

  /// Steps from the first that it sees to the last.
  package var reach: Int { (width - 1) * dilation }

  /// Zeros before the first step.
  package var before: Int {
    switch padding {
    case .same: reach / 2
    case .causal: reach - lookahead
    case .valid: 0
    }
  }

  /// The steps that come out of so many.
  public func outputCount(_ steps: Int) -> Int {
    let padded = padding == .valid ? steps : steps + reach
    return padded <= reach ? 0 : (padded - reach - 1) / stride + 1
  }

  /// Reads a batch: `[T, B, F]` to `[T', B, O]`, zero beyond the new lengths.
  public func callAsFunction(_ batch: SequenceBatch) -> SequenceBatch {
    let (steps, rows, features) = (batch.stepCount, batch.batchSize, batch.featureCount)
    trapUnless(
      width * features == weight.shape[1],
      "Convolution1D: expected \(weight.shape[1] / width) features, received \(features)")
    let lengths = batch.lengths ?? [Int](repeating: steps, count: rows)
    let count = outputCount(steps)
    // the last row of the table is that of the zeros
    let table = concatenate([
      batch.values.reshaped(to: [steps * rows, features]),
      batch.values.backend.filled(0, shape: [1, features]),
    ])
    var places: [Int32] = []
    places.reserveCapacity(count * rows * width)
    for step in 0..<count {
      for row in 0..<rows {
        for tap in 0..<width {
          let at = step * stride + tap * dilation - before
          places.append(Int32((0..<lengths[row]).contains(at) ? at * rows + row : steps * rows))
        }
      }
    }
    let windows = gather(table, rows: Indices(places)).reshaped(to: [count, rows, width * features])
    let sums = matmul(windows, weight, transposeB: true, bias: bias)
    let newLengths = lengths.map { min(count, outputCount($0)) }
    guard batch.lengths != nil else { return SequenceBatch(sums) }
    return SequenceBatch(sums * lengthMask(newLengths, stepCount: count, like: sums), lengths: newLengths)
  }
}
