/// How well events were found: one that is known counts as found when one of its kind begins, and where asked
/// for also ends, within a tolerance; each stands for at most one.
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

  /// Compares events of one recording.
  ///
  /// - Parameters:
  ///   - found: in any order.
  ///   - known: in any order.
  ///   - tolerance: of the beginnings, in seconds.
  ///   - endTolerance: of the ends; nil to compare the beginnings alone.
  public init(found: [LabelledEvent], known: [LabelledEvent], tolerance: Double, endTolerance: Double? = nil)
  {
    let byLabel = EventMetrics.byLabel(
      found: found, known: known, tolerance: tolerance, endTolerance: endTolerance)
    // sums depend on their order
    self.init(byLabel.sorted { $0.key < $1.key }.map(\.value))
  }

  /// Compares the events of several recordings; the other parameters are those of one.
  public init(
    recordings found: [[LabelledEvent]], known: [[LabelledEvent]], tolerance: Double,
    endTolerance: Double? = nil
  ) {
    self.init(
      zip(found, known).map {
        EventMetrics(found: $0, known: $1, tolerance: tolerance, endTolerance: endTolerance)
      })
  }

  /// All of several recordings or labels together.
  public init(_ parts: some Sequence<EventMetrics>) {
    (hits, falseAlarms, misses) = (0, 0, 0)
    var (delay, deviation) = (0.0, 0.0)
    for part in parts {
      hits += part.hits
      falseAlarms += part.falseAlarms
      misses += part.misses
      delay += (part.meanDelay ?? 0) * Double(part.hits)
      deviation += (part.meanDeviation ?? 0) * Double(part.hits)
    }
    meanDelay = hits > 0 ? delay / Double(hits) : nil
    meanDeviation = hits > 0 ? deviation / Double(hits) : nil
  }

  /// Compares events of one recording, each label for itself; the parameters are those of the initialiser.
  public static func byLabel(
    found: [LabelledEvent], known: [LabelledEvent], tolerance: Double, endTolerance: Double? = nil
  ) -> [String: EventMetrics] {
    let (foundByLabel, knownByLabel) = (
      Dictionary(grouping: found, by: \.label), Dictionary(grouping: known, by: \.label)
    )
    var result: [String: EventMetrics] = [:]
    for label in Set(foundByLabel.keys).union(knownByLabel.keys) {
      result[label] = EventMetrics(
        ownFound: foundByLabel[label] ?? [], ownKnown: knownByLabel[label] ?? [], tolerance, endTolerance)
    }
    return result
  }

  /// Events of one label.
  private init(
    ownFound: [LabelledEvent], ownKnown: [LabelledEvent], _ tolerance: Double, _ endTolerance: Double?
  ) {
    let pairs = EventMatching(
      found: ownFound, known: ownKnown, tolerance: tolerance, endTolerance: endTolerance
    ).pairs
    self.init(ownFound, ownKnown, pairs: pairs)
  }

  /// Events of one label, by which found one stands for which known one.
  init(_ ownFound: [LabelledEvent], _ ownKnown: [LabelledEvent], pairs: [(found: Int, known: Int)]) {
    hits = pairs.count
    falseAlarms = ownFound.count - pairs.count
    misses = ownKnown.count - pairs.count
    let delays = pairs.map { ownFound[$0.found].start - ownKnown[$0.known].start }
    meanDelay = delays.isEmpty ? nil : delays.reduce(0, +) / Double(delays.count)
    meanDeviation = delays.isEmpty ? nil : delays.reduce(0) { $0 + abs($1) } / Double(delays.count)
  }
}
