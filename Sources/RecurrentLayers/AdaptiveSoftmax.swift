/// A softmax over many classes that spends its work where the probability is (Grave et al. 2017, arXiv:1609.04309;
/// PyTorch's `AdaptiveLogSoftmaxWithLoss`, with its parameters under its names).
///
/// Classes are numbered by falling frequency. Those below the first cutoff, the shortlist, and one entry for each
/// cluster of the others share the head; a cluster has a narrow softmax of its own:
///
///     p(c | x) = softmax(W_h x + b_h)_c                                               c in the shortlist
///     p(c | x) = softmax(W_h x + b_h)_(S + i) softmax(W_i P_i x)_(c - cutoff_i)       c in cluster i
///
/// P_i maps H to H / division^(i + 1), rounded down, but to at least 1. The loss computes a cluster only for the rows whose label lies in it.
public struct AdaptiveSoftmax: Module {
  /// `[S + C, H]`: the shortlist, then the clusters.
  public var head: Linear
  /// One for each cluster.
  public var clusters: [Cluster]
  /// The first class of each cluster, rising.
  public let cutoffs: [Int]
  /// V.
  public let classCount: Int

  /// The softmax of rare classes.
  public struct Cluster: Sendable {
    /// P, `[H / division^(i + 1), H]`.
    public var projection: Linear
    /// W, one row a class.
    public var output: Linear
  }

  /// An adaptive softmax with fresh parameters. Traps unless cutoffs rise within 0 < cutoff < V and the division is at
  /// least 1.
  ///
  /// - Parameters:
  ///   - inputSize: H.
  ///   - classCount: V.
  ///   - cutoffs: the first class of each cluster.
  ///   - division: how much narrower each cluster is than the one before; PyTorch's `div_value`.
  ///   - hasHeadBias: whether the head has b_h.
  ///   - key: of the parameters.
  public init(
    inputSize: Int, classCount: Int, cutoffs: [Int], division: Double = 4, hasHeadBias: Bool = false,
    key: RandomKey
  ) {
    trapUnless(
      AdaptiveSoftmax.isValid(cutoffs: cutoffs, classCount: classCount),
      "AdaptiveSoftmax: expected cutoffs that rise within 0 < cutoff < \(classCount), received \(cutoffs)")
    trapUnless(division >= 1, "AdaptiveSoftmax: expected a division of at least 1, received \(division)")
    let widths = AdaptiveSoftmax.widths(
      inputSize: inputSize, clusterCount: cutoffs.count, division: division)
    self.cutoffs = cutoffs
    self.classCount = classCount
    head = Linear(
      inputSize: inputSize, outputSize: cutoffs[0] + cutoffs.count, hasBias: hasHeadBias, key: key.child(0))
    let ends = cutoffs.dropFirst() + [classCount]
    clusters = zip(zip(cutoffs, ends), widths).enumerated().map { index, cluster in
      let ((start, end), width) = cluster
      let key = key.child(index + 1)
      return Cluster(
        projection: Linear(inputSize: inputSize, outputSize: width, hasBias: false, key: key.child(0)),
        output: Linear(inputSize: width, outputSize: end - start, hasBias: false, key: key.child(1)))
    }
  }

  /// Whether cutoffs rise within 0 < cutoff < V and there is one.
  public static func isValid(cutoffs: [Int], classCount: Int) -> Bool {
    guard let first = cutoffs.first, first > 0 else { return false }
    return zip(cutoffs, cutoffs.dropFirst() + [classCount]).allSatisfy(<)
  }

  /// The widths of the clusters: H / division^(i + 1), rounded down, but at least 1.
  public static func widths(inputSize: Int, clusterCount: Int, division: Double) -> [Int] {
    var divisor = 1.0
    return (0..<clusterCount).map { _ in
      divisor *= division
      return max(1, Int(Double(inputSize) / divisor))
    }
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("head", &head)
    for index in clusters.indices {
      visitor.visit("tail.\(index).0", &clusters[index].projection)
      visitor.visit("tail.\(index).1", &clusters[index].output)
    }
  }

  /// The same layer with its weights in the form that kernels read, for many short calls with fixed weights.
  public func packed() -> AdaptiveSoftmax {
    var copy = self
    copy.head = head.packed()
    copy.clusters = clusters.map { cluster in
      Cluster(projection: cluster.projection.packed(), output: cluster.output.packed())
    }
    return copy
  }

  /// The mean of -log p of the true classes, in nats.
  ///
  /// - Parameters:
  ///   - x: `[..., H]`.
  ///   - labels: the shape of x without H, each in 0 ..< V or `ignoredLabel`.
  ///   - ignoredLabel: rows with this label count for nothing.
  ///   - lengths: for x `[T, B, H]`, how many steps of each row count; nil for all.
  /// - Returns: the mean, of shape [].
  public func loss(
    _ x: Tensor, _ labels: Indices, ignoredLabel: Int32 = -100, lengths: [Int]? = nil
  ) -> Tensor { losses(x, labels, ignoredLabel: ignoredLabel, lengths: lengths).mean }

  /// The mean of ``loss(_:_:ignoredLabel:lengths:)`` with the -log p of each row that counts, in their order and off the
  /// tape. `neglected` as in
  /// ``linearCrossEntropies(_:weight:bias:_:classWeights:labelSmoothing:ignoredLabel:lengths:neglected:)``, of each softmax by itself.
  public func losses(
    _ x: Tensor, _ labels: Indices, ignoredLabel: Int32 = -100, lengths: [Int]? = nil, neglected: Float = 0
  ) -> (mean: Tensor, rows: Tensor) {
    let counted = CountedLabels(
      labels, rows: Array(x.shape.dropLast()), classes: classCount, classWeights: nil, labelSmoothing: 0,
      ignoredLabel: ignoredLabel, lengths: lengths, "AdaptiveSoftmax")
    let (hidden, values) = counted.rows(of: x)
    var headLabels = values
    var members = clusters.map { _ in (rows: [Int32](), labels: [Int32]()) }
    for (row, label) in values.enumerated() {
      guard let cluster = cutoffs.lastIndex(where: { $0 <= Int(label) }) else { continue }
      headLabels[row] = Int32(cutoffs[0] + cluster)
      members[cluster].rows.append(Int32(row))
      members[cluster].labels.append(label - Int32(cutoffs[cluster]))
    }
    var (total, top) = linearCrossEntropySum(
      hidden, weight: head.weight, bias: head.bias, labels: headLabels, scale: counted.scale,
      neglected: neglected)
    var rows = top.scalars
    for (cluster, member) in zip(clusters, members) where !member.rows.isEmpty {
      let part = cluster.projection(gather(hidden, rows: Indices(member.rows)))
      let (sum, own) = linearCrossEntropySum(
        part, weight: cluster.output.weight, bias: nil, labels: member.labels, scale: counted.scale,
        neglected: neglected)
      total = total + sum
      for (row, loss) in zip(member.rows, own.scalars) { rows[Int(row)] += loss }
    }
    return (total, top.backend.tensor(rows, shape: top.shape))
  }

  /// log p of every class.
  ///
  /// - Parameter x: `[..., H]`.
  /// - Returns: `[..., V]`.
  public func logProbabilities(_ x: Tensor) -> Tensor {
    let rows = x.reshaped(to: x.asMatrix.shape)
    let top = logSoftmax(head(rows))
    var parts = [top.sliced(axis: 1, 0..<cutoffs[0])]
    for (index, cluster) in clusters.enumerated() {
      let own = top.sliced(axis: 1, cutoffs[0] + index..<cutoffs[0] + index + 1)
      parts.append(logSoftmax(cluster.output(cluster.projection(rows))) + own)
    }
    return concatenate(parts, axis: 1).reshaped(to: x.shape.dropLast() + [classCount])
  }
}
