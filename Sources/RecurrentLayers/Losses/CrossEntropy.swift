/// The mean cross-entropy of softmax with the true labels, in nats (PyTorch's `cross_entropy`).
///
///     loss_n = (1 - s) w_y (-log p_y) + s / V * sum over c of w_c (-log p_c),   p = softmax(logits)
///     mean   = sum of loss_n / sum of w_y, over rows that are not ignored; 0 when all are
///
/// - Parameters:
///   - logits: `[..., V]`.
///   - labels: the shape of the logits without V, each in 0 ..< V or `ignoredLabel`.
///   - classWeights: `[V]`, w; nil for ones.
///   - labelSmoothing: s in 0 ..< 1 (Szegedy et al. 2016, arXiv:1512.00567).
///   - ignoredLabel: rows with this label count for nothing.
///   - lengths: for logits `[T, B, V]`, how many steps of each row count; nil for all.
/// - Returns: the mean, of shape [].
public func crossEntropy(
  _ logits: Tensor, _ labels: Indices, classWeights: Tensor? = nil, labelSmoothing: Float = 0,
  ignoredLabel: Int32 = -100, lengths: [Int]? = nil
) -> Tensor {
  let classes = logits.shape.last ?? 0
  let rows = CountedLabels(
    labels, rows: Array(logits.shape.dropLast()), classes: classes, classWeights: classWeights,
    labelSmoothing: labelSmoothing, ignoredLabel: ignoredLabel, lengths: lengths, "crossEntropy")
  return crossEntropySum(
    logits: logits.reshaped(to: [rows.values.count, classes]), labels: Indices(rows.values),
    classWeights: classWeights, labelSmoothing: labelSmoothing, ignoredLabel: ignoredLabel, scale: rows.scale)
}

/// Labels of a classification that have been checked, with those that lengths leave out ignored.
struct CountedLabels {
  /// One a row.
  private(set) var values: [Int32]
  private let ignoredLabel: Int32
  /// 1 / sum of the class weights of the labels that count; 0 when none does.
  let scale: Float

  /// Traps where the arguments of a loss do not fit each other.
  init(
    _ labels: Indices, rows: [Int], classes: Int, classWeights: Tensor?, labelSmoothing: Float,
    ignoredLabel: Int32, lengths: [Int]?, _ name: String
  ) {
    trapUnless(
      rows == labels.shape, "\(name): expected labels of shape \(rows), received \(labels.shape)")
    trapUnless(
      classWeights == nil || classWeights?.shape == [classes],
      "\(name): expected class weights of shape [\(classes)], received \(classWeights?.shape ?? [])")
    trapUnless(
      labelSmoothing >= 0 && labelSmoothing < 1,
      "\(name): expected label smoothing in 0 ..< 1, received \(labelSmoothing)")
    values = labels.values
    self.ignoredLabel = ignoredLabel
    if let lengths {
      trapUnless(
        rows.count == 2 && lengths.count == rows[1],
        "\(name): lengths need labels [T, B] with \(lengths.count) rows, received shape \(rows)")
      for step in 0..<rows[0] {
        for (row, length) in lengths.enumerated() where step >= length {
          values[step * lengths.count + row] = ignoredLabel
        }
      }
    }
    let weights = classWeights?.scalars
    var total: Double = 0
    for label in values where label != ignoredLabel {
      trapUnless(label >= 0 && label < classes, "\(name): label \(label) is outside 0 ..< \(classes)")
      total += Double(weights?[Int(label)] ?? 1)
    }
    scale = total > 0 ? Float(1 / total) : 0
  }

  /// The rows of `x` `[..., H]` that count, as a matrix, and their labels.
  func rows(of x: Tensor) -> (rows: Tensor, labels: [Int32]) {
    let matrix = x.reshaped(to: x.asMatrix.shape)
    let counted = values.indices.filter { values[$0] != ignoredLabel }
    if counted.count == values.count { return (matrix, values) }
    return (gather(matrix, rows: Indices(counted.map { Int32($0) })), counted.map { values[$0] })
  }
}
