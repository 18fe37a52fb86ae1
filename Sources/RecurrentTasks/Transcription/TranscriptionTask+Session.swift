import RecurrentData
import RecurrentReports

extension TranscriptionTask {
  /// What becomes known of a text while a recording comes in.
  public struct Update: Sendable, Equatable {
    /// Words that are certain, after those of the updates before.
    public var stable: [DecodedWord]
    /// Words that follow them so far, and may change.
    public var partial: [DecodedWord]
    /// At the end what follows all that was certain, the best hypothesis first; nil before.
    public var hypotheses: [DecodedHypothesis]?
    /// The last frame of the word before these; nil where there is none.
    public var previous: Int?
    /// Where in the recording it is, in units of time.
    public var time: Double
    /// How long the recording is so far, in units of time.
    public var duration: Double
  }

  /// The beginning of a recording.
  public func session(_ model: SequenceTagger) -> SteppedSession<TranscriptionHead>? {
    SequenceNetworkStepper(model.network, heads: [model.head]).map {
      SteppedSession($0, TranscriptionHead(self))
    }
  }

  /// The hypotheses at the end, with the words that were certain before.
  public func prediction(of outputs: [Update]) -> Prediction {
    let stable = outputs.flatMap(\.stable)
    let joiner = makeSearch().units.joiner
    let hypotheses = (outputs.last?.hypotheses ?? []).map { own in
      var whole = own
      whole.words = stable + own.words
      whole.text = whole.words.map(\.text).joined(separator: joiner)
      return whole
    }
    return Prediction(hypotheses: hypotheses)
  }

  /// The features of the steps.
  public func stepReader() -> FeatureStream? { featurizer.stream(readsTimes: false) }

  /// The words that have become certain, with the times and confidences that they have; those that may change; and the time in the
  /// recording.
  public func rows(of session: SteppedSession<TranscriptionHead>, at moment: SessionMoment) -> [[Field]] {
    guard moment != .line else { return [] }
    let joiner = makeSearch().units.joiner
    return session.outputs.map { update in
      let stable = update.hypotheses?.first?.words ?? update.stable
      let times = times(of: stable, in: update)
      func rounded(_ time: Double) -> Double { (time * 1000).rounded() / 1000 }
      return [
        Field("stable", .text(stable.map(\.text).joined(separator: joiner))),
        Field("partial", .text(update.partial.map(\.text).joined(separator: joiner))),
        Field("time", .number(rounded(update.time))),
        Field("words", .texts(stable.map(\.text))),
        Field("starts", .numbers(times.map { rounded($0.start) })),
        Field("ends", .numbers(times.map { rounded($0.end) })),
        Field("confidences", .numbers(stable.map { rounded($0.confidence) })),
      ]
    }
  }

  /// The times of words that have become certain: between the word before them and the one that follows so far.
  private func times(of words: [DecodedWord], in update: Update) -> [TimedWord] {
    guard !words.isEmpty else { return [] }
    let before = update.previous.map {
      DecodedWord(text: "", firstFrame: $0, lastFrame: $0, confidence: 1, meanLogProbability: 0)
    }
    let all = (before.map { [$0] } ?? []) + words + update.partial.prefix(1)
    return Array(timed(all, duration: update.duration).dropFirst(before == nil ? 0 : 1).prefix(words.count))
  }
}
