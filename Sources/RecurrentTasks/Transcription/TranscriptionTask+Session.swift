import RecurrentReports

extension TranscriptionTask {
  /// What becomes known of a text while a recording comes in.
  public struct Update: Sendable, Equatable {
    /// Words that are certain, after those of the updates before.
    public var stable: [DecodedWord]
    /// Words that follow them so far, and may change.
    public var partial: [DecodedWord]
    /// At the end what follows all that was certain, the best reading first; nil before.
    public var readings: [DecodedHypothesis]?
    /// Where in the recording it is, in units of time.
    public var time: Double
  }

  /// The beginning of a recording.
  public func session(_ model: SequenceTagger) -> SteppedSession<TranscriptionHead>? {
    SequenceNetworkStepper(model.network, heads: [model.head]).map {
      SteppedSession($0, TranscriptionHead(self))
    }
  }

  /// The readings at the end, with the words that were certain before.
  public func prediction(of outputs: [Update]) -> Prediction {
    let stable = outputs.flatMap(\.stable)
    let joiner = units.kind.joiner
    let readings = (outputs.last?.readings ?? []).map { own in
      var reading = own
      reading.words = stable + own.words
      reading.text = reading.words.map(\.text).joined(separator: joiner)
      return reading
    }
    return Prediction(readings: readings)
  }

  /// The features of the steps.
  public func stepReader() -> FeatureStream? { featurizer.stream(readsTimes: false) }

  /// The words that have become certain, those that may change, and the time in the recording.
  public func rows(of session: SteppedSession<TranscriptionHead>, at moment: SessionMoment) -> [[Field]] {
    guard moment != .line else { return [] }
    let joiner = units.kind.joiner
    return session.outputs.map { update in
      let stable = update.readings?.first?.words ?? update.stable
      return [
        Field("stable", .text(stable.map(\.text).joined(separator: joiner))),
        Field("partial", .text(update.partial.map(\.text).joined(separator: joiner))),
        Field("time", .number((update.time * 1000).rounded() / 1000)),
      ]
    }
  }
}

extension TranscriptUnits.Kind {
  /// What stands between words.
  var joiner: String { " " }
}
