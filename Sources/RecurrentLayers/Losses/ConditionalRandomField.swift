/// A linear-chain conditional random field (Lafferty et al. 2001): scores of steps and of which label may follow which, the
/// probability of a whole sequence of labels.
///
///     score(y) = sum_t e_t[y_t] + sum_t A[y_{t-1}, y_t] + start[y_1] + end[y_T]
///     loss = log sum over all y' of exp(score(y')) - score(y)
public struct ConditionalRandomField: Module {
  /// A, `[L, L]`, from a row to a column.
  public var transitions: Tensor
  /// `[L]`.
  public var start: Tensor
  /// `[L]`.
  public var end: Tensor

  /// A field over `labelCount` labels; everything uniform in ± 0.1.
  public init(labelCount: Int, key: RandomKey) {
    let initializer = Initializer.uniform(bound: 0.1)
    transitions = initializer.matrix(rows: labelCount, columns: labelCount, key: key.child(0))
    start = initializer.matrix(rows: 1, columns: labelCount, key: key.child(1)).reshaped(to: [labelCount])
    end = initializer.matrix(rows: 1, columns: labelCount, key: key.child(2)).reshaped(to: [labelCount])
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("transitions", &transitions)
    visitor.visit("start", &start)
    visitor.visit("end", &end)
  }

  private var labelCount: Int { start.shape[0] }

  /// The mean negative log-likelihood of a step, in nats.
  ///
  /// - Parameters:
  ///   - scores: e, `[T, B, L]`.
  ///   - labels: `[T, B]`, each in 0 ..< L within the lengths.
  ///   - lengths: of the rows; nil where all are full.
  public func loss(_ scores: Tensor, _ labels: Indices, lengths: [Int]? = nil) -> Tensor {
    let (steps, batch, count) = (scores.shape[0], scores.shape[1], labelCount)
    let lengths = lengths ?? [Int](repeating: steps, count: batch)
    let total = lengths.reduce(0, +)
    guard total > 0 else { return scores.sum() * 0 }
    func label(_ step: Int, _ row: Int) -> Int {
      let label = Int(labels.values[step * batch + row])
      trapUnless(
        (0..<count).contains(label),
        "ConditionalRandomField.loss: the label \(label) is outside 0 ..< \(count)")
      return label
    }
    // the score of the labels themselves
    var own = [Tensor]()
    let flat = scores.reshaped(to: [steps * batch * count, 1])
    let moves = transitions.reshaped(to: [count * count, 1])
    var (emitted, moved, begun, ended) = ([Int32](), [Int32](), [Int32](), [Int32]())
    for row in 0..<batch where lengths[row] > 0 {
      begun.append(Int32(label(0, row)))
      ended.append(Int32(label(lengths[row] - 1, row)))
      for step in 0..<lengths[row] {
        emitted.append(Int32((step * batch + row) * count + label(step, row)))
        if step > 0 { moved.append(Int32(label(step - 1, row) * count + label(step, row))) }
      }
    }
    own.append(gather(flat, rows: Indices(emitted)).sum())
    if !moved.isEmpty { own.append(gather(moves, rows: Indices(moved)).sum()) }
    own.append(gather(start.reshaped(to: [count, 1]), rows: Indices(begun)).sum())
    own.append(gather(end.reshaped(to: [count, 1]), rows: Indices(ended)).sum())
    // the sum over all sequences of labels, forwards
    let mask = lengthMask(lengths, stepCount: steps, like: scores)
    var alpha = scores[0] + start
    for step in 1..<Swift.max(steps, 1) {
      let next = logSumOver(alpha.reshaped(to: [batch, count, 1]) + transitions) + scores[step]
      alpha = mask[step] * next + (1 - mask[step]) * alpha
    }
    let hasSteps = rowMask(lengths, like: scores).reshaped(to: [batch])
    let norms = logSumOver((alpha + end).reshaped(to: [batch, count, 1])).reshaped(to: [batch])
    let score = own.dropFirst().reduce(own[0]) { $0 + $1 }
    return ((norms * hasSteps).sum() - score) * (1 / Float(total))
  }

  /// log sum exp over the middle axis of `[B, L, M]`.
  private func logSumOver(_ x: Tensor) -> Tensor {
    let top = x.detached.max(axis: 1)
    let shape = [x.shape[0], 1, x.shape[2]]
    return log(exp(x - top.reshaped(to: shape)).sum(axis: 1)) + top
  }

  /// The likeliest labels of each row (Viterbi 1967).
  ///
  /// - Returns: for each row as many labels as it is long.
  public func decode(_ scores: Tensor, lengths: [Int]? = nil) -> [[Int]] {
    let (steps, batch, count) = (scores.shape[0], scores.shape[1], labelCount)
    let lengths = lengths ?? [Int](repeating: steps, count: batch)
    let values = scores.scalars
    return (0..<batch).map { row in
      var decoder = Decoder(self, limit: nil)
      for step in 0..<lengths[row] {
        let first = (step * batch + row) * count
        decoder.push(Array(values[first..<first + count]))
      }
      return decoder.finish()
    }
  }
}
