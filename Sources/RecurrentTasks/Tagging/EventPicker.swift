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

  /// A rule.
  public init(
    threshold: Double = 0.5, minimumDuration: Double = 0, minimumGap: Double = 0, hasExtent: Bool
  ) {
    self.threshold = threshold
    self.minimumDuration = minimumDuration
    self.minimumGap = minimumGap
    self.hasExtent = hasExtent
  }

  /// The events of a sequence.
  ///
  /// - Parameters:
  ///   - probabilities: step by step of all labels, the background first.
  ///   - labels: their names.
  ///   - rate: steps a second.
  ///   - start: the time of the first step.
  public func events(
    _ probabilities: [[Float]], labels: [String], rate: Double, start: Double = 0
  ) -> [LabelledEvent] {
    var events: [(event: LabelledEvent, weight: Double)] = []
    var step = 0
    while step < probabilities.count {
      guard isOn(probabilities[step]) else {
        step += 1
        continue
      }
      var end = step + 1
      let first = EventPicker.best(probabilities[step])
      while end < probabilities.count, isOn(probabilities[end]),
        !hasExtent || EventPicker.best(probabilities[end]) == first
      { end += 1 }
      events.append(event(probabilities, step..<end, labels, rate, start))
      step = end
    }
    return joined(events).filter { !hasExtent || $0.end - $0.start >= minimumDuration }
  }

  func isOn(_ probabilities: [Float]) -> Bool { Double(1 - probabilities[0]) > threshold }

  /// The likeliest label but the background.
  private static func best(_ probabilities: [Float]) -> Int {
    probabilities.indices.dropFirst().reduce(1) { probabilities[$1] > probabilities[$0] ? $1 : $0 }
  }

  private func event(
    _ probabilities: [[Float]], _ steps: Range<Int>, _ labels: [String], _ rate: Double, _ start: Double
  ) -> (event: LabelledEvent, weight: Double) {
    var sums = [Double](repeating: 0, count: labels.count)
    var (moment, weight) = (0.0, 0.0)
    for step in steps {
      for label in 1..<labels.count { sums[label] += Double(probabilities[step][label]) }
      let own = Double(1 - probabilities[step][0])
      moment += own * Double(step)
      weight += own
    }
    let label = labels[sums.indices.dropFirst().reduce(1) { sums[$1] > sums[$0] ? $1 : $0 }]
    if hasExtent {
      return (
        LabelledEvent(
          label: label, start: start + Double(steps.lowerBound) / rate,
          end: start + Double(steps.upperBound) / rate),
        weight
      )
    }
    return (LabelledEvent(label: label, start: start + moment / weight / rate), weight)
  }

  private func joined(_ events: [(event: LabelledEvent, weight: Double)]) -> [LabelledEvent] {
    var kept: [(event: LabelledEvent, weight: Double)] = []
    for next in events {
      guard let last = kept.last, next.event.start - last.event.end < minimumGap,
        !hasExtent || last.event.label == next.event.label
      else {
        kept.append(next)
        continue
      }
      if hasExtent {
        kept[kept.count - 1].event.end = next.event.end
      } else if next.weight > last.weight {
        kept[kept.count - 1] = next
      }
    }
    return kept.map(\.event)
  }
}
