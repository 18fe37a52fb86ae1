/// From the probabilities of labels at each step to events.
///
/// Something happens where the probability of the background falls below one minus the threshold. What happens without
/// pause is one event of the label with the largest sum; events with an extent are cut where another label becomes likelier.
public struct EventPicker: Sendable, Equatable, Codable {
  /// How likely it must be that something happens.
  public var threshold: Double
  /// Shorter events are left out, in seconds.
  public var minimumDuration: Double
  /// Events of one label with less between them become one, in seconds; of events without extent the likelier stays.
  public var minimumGap: Double
  /// Whether events have an extent.
  public var hasExtent: Bool
  /// How long before an event its probability is to rise: what is found are then warnings, each so long, and while one lasts
  /// there is no other; nil where events themselves are found.
  public var ahead: Double?

  /// A rule.
  public init(
    threshold: Double = 0.5, minimumDuration: Double = 0, minimumGap: Double = 0, hasExtent: Bool,
    ahead: Double? = nil
  ) {
    (self.threshold, self.minimumDuration) = (threshold, minimumDuration)
    (self.minimumGap, self.hasExtent, self.ahead) = (minimumGap, hasExtent, ahead)
  }

  /// The events of a sequence.
  ///
  /// - Parameters:
  ///   - probabilities: step by step of all labels, the background first.
  ///   - labels: their names.
  ///   - rate: steps a second.
  ///   - start: the time of the first step.
  ///   - delay: how long behind an event the steps are that speak of it. None is found before the first step.
  public func events(
    _ probabilities: [[Float]], labels: [String], rate: Double, start: Double = 0, delay: Double = 0
  ) -> [LabelledEvent] {
    var tracker = EventTracker(self, labels: labels, rate: rate, start: start, delay: delay)
    var events: [LabelledEvent] = []
    for own in probabilities {
      tracker.push(own.map { Double($0) })
      events += tracker.events
    }
    tracker.finish()
    return events + tracker.events
  }

  /// Whether something happens where the background has a probability.
  func isOn(background: Float) -> Bool { Double(1 - background) > threshold }
}
