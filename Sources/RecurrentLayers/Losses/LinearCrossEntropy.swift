/// The mean cross-entropy of softmax over a linear map with the true labels, in nats:
/// ``crossEntropy(_:_:classWeights:labelSmoothing:ignoredLabel:lengths:)`` of the logits x W^T + b, with the same bits.
///
/// For many classes use this: logits exist for a few rows at a time, and the three gradients are made from them at once.
///
/// - Parameters:
///   - x: `[..., H]`.
///   - weight: `[V, H]`, W.
///   - bias: `[V]`, b; nil for none.
///   - labels: the shape of x without H, each in 0 ..< V or `ignoredLabel`.
///   - classWeights: `[V]`, w; nil for ones.
///   - labelSmoothing: s in 0 ..< 1 (Szegedy et al. 2016, arXiv:1512.00567).
///   - ignoredLabel: rows with this label count for nothing and cost nothing.
///   - lengths: for x `[T, B, H]`, how many steps of each row count; nil for all.
/// - Returns: the mean, of shape [].
public func linearCrossEntropy(
  _ x: Tensor, weight: Tensor, bias: Tensor? = nil, _ labels: Indices, classWeights: Tensor? = nil,
  labelSmoothing: Float = 0, ignoredLabel: Int32 = -100, lengths: [Int]? = nil
) -> Tensor {
  linearCrossEntropies(
    x, weight: weight, bias: bias, labels, classWeights: classWeights, labelSmoothing: labelSmoothing,
    ignoredLabel: ignoredLabel, lengths: lengths
  ).mean
}

/// ``linearCrossEntropy(_:weight:bias:_:classWeights:labelSmoothing:ignoredLabel:lengths:)`` with the loss of each row that
/// counts, in their order and off the tape: what each step was worth, beside what is learnt from.
///
/// For whoever learns from few rows at a time, again and again, `neglected` says which classes get no gradient of their weights: with p
/// the probabilities, those with |p - [c is the label]| below it at each row. Their gradient takes no time then. It counts where there
/// are neither class weights nor smoothing, and all logits fit into 64 MiB; zero neglects nothing.
public func linearCrossEntropies(
  _ x: Tensor, weight: Tensor, bias: Tensor? = nil, _ labels: Indices, classWeights: Tensor? = nil,
  labelSmoothing: Float = 0, ignoredLabel: Int32 = -100, lengths: [Int]? = nil, neglected: Float = 0
) -> (mean: Tensor, rows: Tensor) {
  let (classes, width) = (weight.shape.first ?? 0, x.shape.last ?? 0)
  trapUnless(
    weight.shape == [classes, width],
    "linearCrossEntropy: expected a weight of shape [V, \(width)], received \(weight.shape)")
  trapUnless(
    bias == nil || bias?.shape == [classes],
    "linearCrossEntropy: expected a bias of shape [\(classes)], received \(bias?.shape ?? [])")
  let rows = CountedLabels(
    labels, rows: Array(x.shape.dropLast()), classes: classes, classWeights: classWeights,
    labelSmoothing: labelSmoothing, ignoredLabel: ignoredLabel, lengths: lengths, "linearCrossEntropy")
  let (hidden, values) = rows.rows(of: x)
  if classWeights == nil, labelSmoothing == 0 {
    let (mean, losses) = linearCrossEntropySum(
      hidden, weight: weight, bias: bias, labels: values, scale: rows.scale, neglected: neglected)
    return (mean, losses)
  }
  let (mean, losses) = linearCrossEntropySum(
    hidden: hidden, weight: weight, bias: bias, labels: Indices(values), classWeights: classWeights,
    labelSmoothing: labelSmoothing, ignoredLabel: ignoredLabel, scale: rows.scale)
  return (mean, losses)
}

/// The sum of the losses of rows that all count, where it is worth it without the gradients of classes that are unlikely at each.
func linearCrossEntropySum(
  _ hidden: Tensor, weight: Tensor, bias: Tensor?, labels: [Int32], scale: Float, neglected: Float
) -> (sum: Tensor, losses: Tensor) {
  let mostLogits = 1 << 24
  if neglected > 0, hidden.node != nil || weight.node != nil, labels.count * weight.shape[0] <= mostLogits {
    return linearCrossEntropySum(
      hidden: hidden, weight: weight, bias: bias, labels: Indices(labels), neglected: neglected, scale: scale)
  }
  return linearCrossEntropySum(
    hidden: hidden, weight: weight, bias: bias, labels: Indices(labels), scale: scale)
}
