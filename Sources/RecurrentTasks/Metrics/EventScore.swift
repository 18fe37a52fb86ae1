/// What found events are compared with known ones by.
public enum EventScore: String, Sendable, Codable, CaseIterable {
  /// Their beginnings, within a tolerance.
  case onset
  /// Their beginnings and ends, each within the tolerance.
  case both
  /// What they cover: at least half of what both cover together must be covered by each (an intersection over union of 0.5).
  case iou

  /// The rule in a few words, with the tolerance as a text.
  func rule(_ tolerance: String) -> String {
    switch self {
    case .onset: "beginnings within \(tolerance)"
    case .both: "beginnings and ends within \(tolerance)"
    case .iou: "half of what both cover in common"
    }
  }

  /// What programs are told.
  var comparedName: String {
    switch self {
    case .onset: "onsets"
    case .both: "onsetsAndEnds"
    case .iou: "overlaps"
    }
  }
}

extension EventMetrics {
  /// Compares the events of several recordings by a rule; the tolerance does not matter for overlaps.
  public init(
    recordings found: [[LabelledEvent]], known: [[LabelledEvent]], by score: EventScore, tolerance: Double
  ) {
    self.init(
      zip(found, known).map {
        EventMetrics(
          EventMetrics.byLabel(found: $0, known: $1, by: score, tolerance: tolerance)
            .sorted { $0.key < $1.key }.map(\.value))
      })
  }

  /// Compares events of one recording by a rule, each label for itself.
  public static func byLabel(
    found: [LabelledEvent], known: [LabelledEvent], by score: EventScore, tolerance: Double
  ) -> [String: EventMetrics] {
    switch score {
    case .onset: return byLabel(found: found, known: known, tolerance: tolerance)
    case .both: return byLabel(found: found, known: known, tolerance: tolerance, endTolerance: tolerance)
    case .iou:
      let (own, other) = (Dictionary(grouping: found, by: \.label), Dictionary(grouping: known, by: \.label))
      var result: [String: EventMetrics] = [:]
      for label in Set(own.keys).union(other.keys) {
        let (found, known) = (own[label] ?? [], other[label] ?? [])
        result[label] = EventMetrics(found, known, pairs: overlaps(found, known))
      }
      return result
    }
  }

  /// Pairs of events that have half of what both cover in common, those with more first.
  private static func overlaps(
    _ found: [LabelledEvent], _ known: [LabelledEvent]
  ) -> [(found: Int, known: Int)] {
    let order = found.indices.sorted { found[$0].start < found[$1].start }
    let longest = found.map { $0.end - $0.start }.max() ?? 0
    var all: [(share: Double, found: Int, known: Int)] = []
    for (index, event) in known.enumerated() {
      var (low, high) = (0, order.count)
      while low < high {
        let middle = (low + high) / 2
        if found[order[middle]].start < event.start - longest { low = middle + 1 } else { high = middle }
      }
      for place in order[low...].prefix(while: { found[$0].start <= event.end }) {
        let other = found[place]
        let common = min(event.end, other.end) - max(event.start, other.start)
        let covered = max(event.end, other.end) - min(event.start, other.start)
        // times are quotients: just half may be off in the last digits
        if covered > 0, common / covered >= 0.5 - 1e-9 { all.append((common / covered, place, index)) }
      }
    }
    all.sort { ($1.share, $0.found, $0.known) < ($0.share, $1.found, $1.known) }
    var (taken, matched) = (Set<Int>(), Set<Int>())
    return all.filter { pair in
      guard !taken.contains(pair.found), !matched.contains(pair.known) else { return false }
      taken.insert(pair.found)
      matched.insert(pair.known)
      return true
    }.map { (found: $0.found, known: $0.known) }.sorted { $0.known < $1.known }
  }
}
