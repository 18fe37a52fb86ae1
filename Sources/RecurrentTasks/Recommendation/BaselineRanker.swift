/// Ranks items as the baselines do.
struct BaselineRanker {
  private let baselines: ItemBaselines
  private let counts: [Int]
  /// By a count, how many items are more frequent and how many as frequent.
  private let places: [Int: (above: Int, equal: Int)]
  private var sums: [Int32]

  /// - Parameters:
  ///   - baselines: the tables.
  ///   - counts: how often each item occurs.
  init(_ baselines: ItemBaselines, counts: [Int]) {
    (self.baselines, self.counts) = (baselines, counts)
    var places: [Int: (above: Int, equal: Int)] = [:]
    for (place, count) in counts.sorted(by: >).enumerated() {
      places[count, default: (place, 0)].equal += 1
    }
    self.places = places
    sums = [Int32](repeating: 0, count: counts.count)
  }

  /// The rank of an item behind those of a session; of what is alike in all, the worst.
  mutating func rank(_ kind: ItemBaselines.Kind, of target: Int32, after session: ArraySlice<Int32>)
    -> ItemRank
  {
    var touched: [Int32] = []
    func add(_ item: Int32, _ count: Int32) {
      if sums[Int(item)] == 0 { touched.append(item) }
      sums[Int(item)] += count
    }
    switch kind {
    case .popularity: break
    case .lastItemMarkov:
      if let last = session.last { baselines.forEachFollower(of: last, add) }
    case .coOccurrence: baselines.forEachCompanion(of: session, add)
    case .alreadySeen:
      for (place, item) in session.enumerated() { add(item, Int32(place + 1) - sums[Int(item)]) }
    }
    let (own, count) = (sums[Int(target)], counts[Int(target)])
    var rank = ItemRank(above: 0, equal: 0)
    if own == 0 {
      // behind all that the table knows, then by frequency
      let place = places[count] ?? (0, counts.count)
      rank.above = touched.count + place.above - touched.count { counts[Int($0)] > count }
      rank.equal = place.equal - 1 - touched.count { counts[Int($0)] == count }
    } else {
      for item in touched where item != target {
        let (sum, other) = (sums[Int(item)], counts[Int(item)])
        if sum > own || sum == own && other > count {
          rank.above += 1
        } else if sum == own, other == count {
          rank.equal += 1
        }
      }
    }
    for item in touched { sums[Int(item)] = 0 }
    return rank
  }
}
