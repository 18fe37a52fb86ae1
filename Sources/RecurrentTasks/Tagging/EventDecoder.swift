/// Turns labels of steps into events and back.
public struct EventDecoder: Sendable, Equatable, Codable {
  /// Events that are shorter are left out, in seconds.
  public var minimumDuration: Double
  /// Events of a kind with less between them become one, in seconds, whatever lies between; what is short is
  /// left out after that.
  public var minimumGap: Double
  /// The label of steps at which nothing happens.
  public var background: String

  /// A rule.
  public init(minimumDuration: Double = 0, minimumGap: Double = 0, background: String = "") {
    self.minimumDuration = minimumDuration
    self.minimumGap = minimumGap
    self.background = background
  }

  /// Times are quotients; durations that are equal differ by less than this part of a step.
  private static let slack = 1e-6

  /// The events of labels at steps of equal distance, by their beginnings.
  ///
  /// - Parameters:
  ///   - labels: of the steps.
  ///   - rate: steps a second.
  ///   - start: the time of the first step.
  public func events(_ labels: [String], rate: Double, start: Double = 0) -> [LabelledEvent] {
    trapUnless(rate > 0, "EventDecoder: expected a positive rate, received \(rate)")
    var events: [LabelledEvent] = []
    // the place of the last event of each kind
    var last: [String: Int] = [:]
    var index = 0
    while index < labels.count {
      var end = index
      while end < labels.count, labels[end] == labels[index] { end += 1 }
      let label = labels[index]
      if label != background {
        let event = LabelledEvent(
          label: label, start: start + Double(index) / rate, end: start + Double(end) / rate)
        if let place = last[label],
          (event.start - events[place].end) * rate < minimumGap * rate - EventDecoder.slack
        {
          events[place].end = event.end
        } else {
          last[label] = events.count
          events.append(event)
        }
      }
      index = end
    }
    return events.filter { ($0.end - $0.start) * rate >= minimumDuration * rate - EventDecoder.slack }
  }

  /// The labels of steps of equal distance: a step has the label of the event that it lies in, of several the
  /// last; an event without extent takes the step nearest to it.
  ///
  /// - Parameters:
  ///   - events: in any order.
  ///   - count: steps.
  ///   - rate: steps a second.
  ///   - start: the time of the first step.
  public func labels(
    _ events: [LabelledEvent], count: Int, rate: Double, start: Double = 0
  ) -> [String] {
    trapUnless(rate > 0, "EventDecoder: expected a positive rate, received \(rate)")
    var labels = [String](repeating: background, count: count)
    func step(_ time: Double) -> Int {
      // bounds first: an integer has no place for infinities
      Int(min(max(((time - start) * rate).rounded(), -1), Double(count)))
    }
    for event in events where !event.start.isNaN && !event.end.isNaN {
      let first = step(event.start)
      let end = max(first + 1, step(event.end))
      for index in max(0, first)..<max(0, min(end, count), first) { labels[index] = event.label }
    }
    return labels
  }
}
