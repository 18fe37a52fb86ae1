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
  trapUnless(
    Array(logits.shape.dropLast()) == labels.shape,
    "crossEntropy: expected labels of shape \(logits.shape.dropLast()), received \(labels.shape)")
  trapUnless(
    classWeights == nil || classWeights?.shape == [classes],
    "crossEntropy: expected class weights of shape [\(classes)], received \(classWeights?.shape ?? [])")
  trapUnless(
    labelSmoothing >= 0 && labelSmoothing < 1,
    "crossEntropy: expected label smoothing in 0 ..< 1, received \(labelSmoothing)")
  var values = labels.values
  if let lengths {
    trapUnless(
      logits.rank == 3 && lengths.count == logits.shape[1],
      "crossEntropy: lengths need logits [T, B, V] with \(lengths.count) rows, received shape \(logits.shape)"
    )
    for step in 0..<logits.shape[0] {
      for (row, length) in lengths.enumerated() where step >= length {
        values[step * lengths.count + row] = ignoredLabel
      }
    }
  }
  let weights = classWeights?.scalars
  var total: Double = 0
  for label in values where label != ignoredLabel {
    trapUnless(label >= 0 && label < classes, "crossEntropy: label \(label) is outside 0 ..< \(classes)")
    total += Double(weights?[Int(label)] ?? 1)
  }
  return crossEntropySum(
    logits: logits.reshaped(to: [values.count, classes]), labels: Indices(values), classWeights: classWeights,
    labelSmoothing: labelSmoothing, ignoredLabel: ignoredLabel, scale: total > 0 ? Float(1 / total) : 0)
}
