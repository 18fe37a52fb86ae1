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
    /// Where in the recording it is, in units of time.
    public var time: Double
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

  /// The words that have become certain, those that may change, and the time in the recording.
  public func rows(of session: SteppedSession<TranscriptionHead>, at moment: SessionMoment) -> [[Field]] {
    guard moment != .line else { return [] }
    let joiner = makeSearch().units.joiner
    return session.outputs.map { update in
      let stable = update.hypotheses?.first?.words ?? update.stable
      return [
        Field("stable", .text(stable.map(\.text).joined(separator: joiner))),
        Field("partial", .text(update.partial.map(\.text).joined(separator: joiner))),
        Field("time", .number((update.time * 1000).rounded() / 1000)),
      ]
    }
  }
}
