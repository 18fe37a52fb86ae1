/// How well events were found: one that is known counts as found when one of its kind begins, and where asked for also ends,
/// within a tolerance; each stands for at most one.
public struct EventMetrics: Sendable, Equatable, Codable {
  /// Events that were found and are known.
  public var hits: Int
  /// Events that were found and are not known.
  public var falseAlarms: Int
  /// Events that are known and were not found.
  public var misses: Int
  /// The mean of found time less known time over the hits, in seconds; nil without.
  public var meanDelay: Double?
  /// The mean of the same without its sign.
  public var meanDeviation: Double?

  /// Of what was found the share that is known; nil where nothing was found.
  public var precision: Double? { hits + falseAlarms > 0 ? Double(hits) / Double(hits + falseAlarms) : nil }
  /// Of what is known the share that was found; nil where nothing is known.
  public var recall: Double? { hits + misses > 0 ? Double(hits) / Double(hits + misses) : nil }
  /// The harmonic mean of both.
  public var f1: Double {
    let all = 2 * hits + falseAlarms + misses
    return all > 0 ? 2 * Double(hits) / Double(all) : 0
  }

  /// Compares events.
  ///
  /// - Parameters:
  ///   - found: in any order.
  ///   - known: in any order.
  ///   - tolerance: of the beginnings, in seconds.
  ///   - endTolerance: of the ends; nil to compare the beginnings alone.
  public init(found: [LabelledEvent], known: [LabelledEvent], tolerance: Double, endTolerance: Double? = nil)
  {
    (hits, falseAlarms, misses) = (0, 0, 0)
    var delays: [Double] = []
    for label in Set(found.map(\.label) + known.map(\.label)).sorted() {
      let own = found.filter { $0.label == label }.sorted { $0.start < $1.start }
      let wanted = known.filter { $0.label == label }.sorted { $0.start < $1.start }
      let pairs = EventMetrics.pairs(own, wanted, tolerance, endTolerance)
      hits += pairs.count
      falseAlarms += own.count - pairs.count
      misses += wanted.count - pairs.count
      delays += pairs.map { own[$0.found].start - wanted[$0.known].start }
    }
    meanDelay = delays.isEmpty ? nil : delays.reduce(0, +) / Double(delays.count)
    meanDeviation = delays.isEmpty ? nil : delays.reduce(0) { $0 + abs($1) } / Double(delays.count)
  }

  /// As many pairs as can be, of events sorted by their beginnings: the earliest that fits is right for each in turn, for
  /// tolerances are the same everywhere.
  private static func pairs(
    _ found: [LabelledEvent], _ known: [LabelledEvent], _ tolerance: Double, _ endTolerance: Double?
  ) -> [(found: Int, known: Int)] {
    var pairs: [(found: Int, known: Int)] = []
    var isTaken = [Bool](repeating: false, count: found.count)
    var first = 0
    for (index, event) in known.enumerated() {
      while first < found.count, found[first].start < event.start - tolerance { first += 1 }
      var place = first
      while place < found.count, found[place].start <= event.start + tolerance {
        let ends = endTolerance.map { abs(found[place].end - event.end) <= $0 } ?? true
        if !isTaken[place], ends {
          isTaken[place] = true
          pairs.append((place, index))
          break
        }
        place += 1
      }
    }
    return pairs
  }
}

/// Turns labels of steps into events and back.
public struct EventDecoder: Sendable, Equatable, Codable {
  /// Events that are shorter are left out, in seconds.
  public var minimumDuration: Double
  /// Events of a kind with less between them become one, in seconds.
  public var minimumGap: Double
  /// The label of steps at which nothing happens.
  public var background: String

  /// A rule.
  public init(minimumDuration: Double = 0, minimumGap: Double = 0, background: String = "") {
    self.minimumDuration = minimumDuration
    self.minimumGap = minimumGap
    self.background = background
  }

  /// The events of labels at steps of equal distance.
  ///
  /// - Parameters:
  ///   - labels: of the steps.
  ///   - rate: steps a second.
  ///   - start: the time of the first step.
  public func events(_ labels: [String], rate: Double, start: Double = 0) -> [LabelledEvent] {
    var events: [LabelledEvent] = []
    var index = 0
    while index < labels.count {
      var end = index
      while end < labels.count, labels[end] == labels[index] { end += 1 }
      if labels[index] != background {
        let event = LabelledEvent(
          label: labels[index], start: start + Double(index) / rate, end: start + Double(end) / rate)
        if let last = events.lastIndex(where: { $0.label == event.label }),
          event.start - events[last].end < minimumGap
        {
          events[last].end = event.end
        } else {
          events.append(event)
        }
      }
      index = end
    }
    return events.filter { $0.end - $0.start >= minimumDuration }
  }
}
