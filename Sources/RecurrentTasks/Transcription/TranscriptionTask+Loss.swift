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
  /// whatever their lengths are. In a training with ``wordTimes`` plus their loss; of a network that looks back alone and writes words of the alignments
  /// alone that say them in time.
  public func loss(
    _ model: SequenceTagger, _ examples: [Example], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let own = examples.filter(isFeasible)
    guard !own.isEmpty else { return (logits(model, examples).values.sum() * 0, 0) }
    let (outputs, lengths) = model.outputs(FeatureBatch(own.map(\.features)), mode: mode)
    let (logits, counts) = (frames(model.head(outputs)), lengths.map { $0 * upsampling })
    var untimely: Tensor?
    if case .training = mode { untimely = timePenalties(own, counts, shape: logits.shape) }
    let (targets, blank) = (own.map(\.targets), Int32(units.blank))
    var loss =
      untimely.map {
        WordTimeAlignment.loss(logits, targets, lengths: counts, blank: blank, penalties: $0)
      } ?? ctcLoss(logits, targets, lengths: counts, blank: blank)
    if case .training = mode, let wordTimes, let head = model.auxiliaryHead {
      let units = own.reduce(0) { $0 + $1.targets.count }
      // so that it counts about as much as that of the transcripts
      let times = wordTimes.loss(
        head, outputs, lengths, own.map { ($0.words, $0.duration) },
        weight: wordTimes.weight * Double(units) / Double(own.count))
      if let times { loss = loss + times }
    }
    return (loss, Double(own.count))
  }

  /// What keeps words from being said at other times than theirs; nil where these do not count.
  private func timePenalties(_ examples: [Example], _ counts: [Int], shape: [Int]) -> Tensor? {
    guard let wordTimes, isCausal, units.kind == .word, examples.contains(where: { $0.words != nil }) else {
      return nil
    }
    let frames = zip(examples, counts).map { example, count -> [ClosedRange<Int>]? in
      guard let words = example.words, example.duration > 0 else { return nil }
      let events = words.flatMap { word in
        units.outputs(of: word.label).map {
          (unit: $0, start: word.start + wordTimes.delay, end: word.end + wordTimes.delay)
        }
      }
      return WordTimeAlignment.frames(example.targets, events, count: count) {
        Int(min(max($0 * Double(count) / example.duration, 0), Double(count)))
      }
    }
    return WordTimeAlignment.penalties(examples.map(\.targets), frames, shape: shape)
  }
}
