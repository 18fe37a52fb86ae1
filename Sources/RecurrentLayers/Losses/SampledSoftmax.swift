/// The mean cross-entropy of softmax over a linear map with the true labels, estimated from some of the classes, in nats.
///
///     logits_c = x · W_c + b_c - log q_c
///
/// where q_c is how likely class c is among those that were drawn: so the loss has its least where that over all classes has it
/// (Jean et al. 2015, arXiv:1412.2007).
///
/// - Parameters:
///   - x: `[..., H]`.
///   - weight: `[V, H]`, W.
///   - bias: `[V]`, b.
///   - sampled: the classes, with the labels in the shape of x without H.
/// - Returns: the mean over labels that are not ignored, of shape [].
public func sampledSoftmax(_ x: Tensor, weight: Tensor, bias: Tensor, _ sampled: SampledClasses) -> Tensor {
  let (own, shifts) = sampledRows(weight: weight, bias: bias, sampled, "sampledSoftmax")
  let corrections = Tensor(sampled.logProbabilities, shape: [sampled.classes.count], like: weight)
  return linearCrossEntropy(x, weight: own, bias: shifts - corrections, sampled.labels)
}

/// BPR-max (Hidasi and Karatzoglou 2018, arXiv:1706.03847): the score of the label is to be above those of the other classes, the
/// highest above all, and these are to stay small.
///
///     loss = -log sum over j of s_j sigmoid(y - y_j)  +  reg sum over j of s_j y_j²,   s = softmax over the other classes
///
/// - Parameters:
///   - x: `[..., H]`.
///   - weight: `[V, H]`.
///   - bias: `[V]`.
///   - sampled: the classes, at least two, with the labels in the shape of x without H.
///   - regularization: reg.
/// - Returns: the mean over labels that are not ignored, of shape []; 0 when all are.
public func bprMax(
  _ x: Tensor, weight: Tensor, bias: Tensor, _ sampled: SampledClasses, regularization: Float
) -> Tensor {
  let (own, shifts) = sampledRows(weight: weight, bias: bias, sampled, "bprMax")
  let counted = CountedLabels(
    sampled.labels, rows: Array(x.shape.dropLast()), classes: sampled.classes.count, classWeights: nil,
    labelSmoothing: 0, ignoredLabel: -100, lengths: nil, "bprMax")
  let (rows, labels) = counted.rows(of: x)
  let count = sampled.classes.count
  trapUnless(count > 1, "bprMax: expected at least two classes, received \(count)")
  guard !labels.isEmpty else { return (x * 0).sum() }
  let scores = matmul(rows, own, transposeB: true, bias: shifts)  // [N, C]
  var (chosen, hidden) = ([Float](repeating: 0, count: labels.count * count), [Float]())
  hidden = chosen
  for (row, label) in labels.enumerated() {
    chosen[row * count + Int(label)] = 1
    hidden[row * count + Int(label)] = -1e9
  }
  let shape = [labels.count, count]
  // the score of the label, which is none of the others
  let mask = Tensor(chosen, shape: shape, like: x)
  let label = (scores * mask).sum(axis: 1).reshaped(to: [labels.count, 1])
  let weights = softmax(scores + Tensor(hidden, shape: shape, like: x))
  let above = (weights * sigmoid(label - scores)).sum(axis: 1)
  let size = (weights * square(scores)).sum(axis: 1)
  return (size * regularization - log(above + 1e-24)).sum() * counted.scale
}

/// The rows of the weight and the numbers of the bias that belong to sampled classes.
private func sampledRows(
  weight: Tensor, bias: Tensor, _ sampled: SampledClasses, _ name: String
) -> (weight: Tensor, bias: Tensor) {
  let classes = weight.shape.first ?? 0
  trapUnless(
    weight.rank == 2 && bias.shape == [classes],
    "\(name): expected a weight [V, H] and a bias [V], received \(weight.shape) and \(bias.shape)")
  let count = sampled.classes.count
  return (
    gather(weight, rows: sampled.classes),
    gather(bias.reshaped(to: [classes, 1]), rows: sampled.classes).reshaped(to: [count])
  )
}
