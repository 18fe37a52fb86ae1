extension TranscriptionTask {
  /// The logits of all frames, `[T', B, V]`, and the frames of each row.
  func logits(_ model: SequenceTagger, _ examples: [Example]) -> (values: Tensor, lengths: [Int]) {
    let (scores, lengths) = model(FeatureBatch(examples.map(\.features)))
    return (frames(scores), lengths.map { $0 * upsampling })
  }

  /// The scores of steps, `[T', B, upsampling * V]`, as those of frames.
  private func frames(_ scores: Tensor) -> Tensor {
    guard upsampling > 1 else { return scores }
    let (steps, rows) = (scores.shape[0], scores.shape[1])
    return scores.reshaped(to: [steps, rows, upsampling, units.count]).permuted([0, 2, 1, 3])
      .reshaped(to: [steps * upsampling, rows, units.count])
  }

  /// The mean negative log-likelihood of the transcripts, in nats, of the examples with frames enough; these count the same
  /// whatever their lengths are. In a training with ``wordTimes`` plus their loss.
  public func loss(
    _ model: SequenceTagger, _ examples: [Example], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let own = examples.filter(isFeasible)
    guard !own.isEmpty else { return (logits(model, examples).values.sum() * 0, 0) }
    let (outputs, lengths) = model.outputs(FeatureBatch(own.map(\.features)), mode: mode)
    var loss = ctcLoss(
      frames(model.head(outputs)), own.map(\.targets), lengths: lengths.map { $0 * upsampling },
      blank: Int32(units.blank))
    if case .training = mode, let times = wordTimeLoss(model, outputs, lengths, own) { loss = loss + times }
    return (loss, Double(own.count))
  }

  /// The loss of the words at their times, in nats for a transcript: the mean of the steps that are labelled times the mean units
  /// of a transcript, so that it counts about as much as that of the transcripts; nil where nothing is labelled.
  private func wordTimeLoss(
    _ model: SequenceTagger, _ outputs: Tensor, _ lengths: [Int], _ examples: [Example]
  ) -> Tensor? {
    guard let wordTimes, let head = model.auxiliaryHead, examples.contains(where: { $0.words != nil }) else {
      return nil
    }
    let (steps, rows) = (outputs.shape[0], examples.count)
    var labels = [Int32](repeating: WordTimeLoss.unknown, count: steps * rows)
    for (row, example) in examples.enumerated() {
      guard let words = example.words else { continue }
      let own = wordTimes.labels(words, duration: example.duration, count: lengths[row])
      for (step, label) in own.enumerated() { labels[step * rows + row] = label }
    }
    let units = examples.reduce(0) { $0 + $1.targets.count }
    return linearCrossEntropy(
      outputs, weight: head.weight, bias: head.bias, Indices(labels, shape: [steps, rows]),
      ignoredLabel: WordTimeLoss.unknown)
      * Float(wordTimes.weight * Double(units) / Double(rows))
  }
}
