extension TaggingTask {
  /// What bases are that no feature covers.
  static let noFeature = "other"
  /// The most bases of a sequence, which all have a label.
  static let mostBases = 1 << 40
  /// The most bases that are read at once where sequences are longer, so that memory does not grow with these.
  static let mostBasesAtOnce = 1 << 18

  /// For each label that of the same feature on the opposite strand: of `CDS+` it is `CDS-`; of others the label itself.
  var oppositeLabels: [Int] {
    labels.enumerated().map { place, label in
      guard let strand = label.last, strand == "+" || strand == "-" else { return place }
      return labels.firstIndex(of: String(label.dropLast()) + (strand == "+" ? "-" : "+")) ?? place
    }
  }

  /// An example with its features changed as the augmentation says; of its opposite strand with the labels of that.
  public func augmented(_ example: Example, key: RandomKey) -> Example {
    var own = changed(example, key: key)
    guard drawsOppositeStrand(key) else { return own }
    let opposite = oppositeLabels
    own.labels = example.labels.reversed().map { $0 < 0 ? $0 : Int32(opposite[Int($0)]) }
    return own
  }

  /// The scores of both strands `[T', B, L]`, the mean of those of each base: the features of each row are read in both orders.
  ///
  /// - Parameters:
  ///   - scores: of the strand that is there.
  ///   - lengths: of the rows, in steps of the output.
  ///   - strands: makes the opposite strand.
  func averaged(
    _ scores: Tensor, lengths: [Int], _ model: SequenceTagger, _ examples: [Example],
    _ strands: TextFeaturizer
  ) -> Tensor {
    let others = model(FeatureBatch(examples.map { strands.oppositeStrand($0.features) })).scores.scalars
    let (own, opposite, batch, count) = (scores.scalars, oppositeLabels, examples.count, labels.count)
    var mean = own
    for (row, length) in lengths.enumerated() {
      for step in 0..<length {
        let (place, other) = ((step * batch + row) * count, ((length - 1 - step) * batch + row) * count)
        for label in 0..<count {
          mean[place + label] = 0.5 * (own[place + label] + others[other + opposite[label]])
        }
      }
    }
    return Tensor(mean, shape: scores.shape)
  }
}
