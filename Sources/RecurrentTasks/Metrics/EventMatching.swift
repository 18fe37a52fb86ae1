/// Which found events stand for which known ones: as many pairs as can be, and among these near ones.
struct EventMatching {
  /// The pairs, by the place of the known event.
  private(set) var pairs: [(found: Int, known: Int)] = []

  private let found, known: [LabelledEvent]
  private let tolerance: Double
  private let endTolerance: Double?
  /// The found events by their beginnings.
  private let order: [Int]
  private let starts: [Double]
  /// The partners, -1 for none.
  private var knownOfFound, foundOfKnown: [Int]

  /// Compares events of one label.
  init(found: [LabelledEvent], known: [LabelledEvent], tolerance: Double, endTolerance: Double?) {
    // times are quotients: a distance of just the tolerance may be off in the last digits
    let slack = 1 + 1e-6
    (self.found, self.known) = (found, known)
    (self.tolerance, self.endTolerance) = (tolerance * slack, endTolerance.map { $0 * slack })
    order = found.indices.filter { !found[$0].start.isNaN }.sorted { found[$0].start < found[$1].start }
    starts = order.map { found[$0].start }
    knownOfFound = [Int](repeating: -1, count: found.count)
    foundOfKnown = [Int](repeating: -1, count: known.count)
    takeNearest()
    var reached = [Int](repeating: -1, count: found.count)
    for start in known.indices where foundOfKnown[start] < 0 { augment(from: start, &reached) }
    for (index, partner) in foundOfKnown.enumerated() where partner >= 0 { pairs.append((partner, index)) }
  }

  /// The found events that may stand for a known one.
  private func candidates(_ index: Int) -> [Int] {
    let event = known[index]
    var (low, high) = (0, starts.count)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] - event.start < -tolerance { low = middle + 1 } else { high = middle }
    }
    var result: [Int] = []
    while low < starts.count, abs(starts[low] - event.start) <= tolerance {
      let place = order[low]
      if endTolerance.map({ abs(found[place].end - event.end) <= $0 }) ?? true { result.append(place) }
      low += 1
    }
    return result
  }

  /// Pairs the nearest events, then the nearest of what is left, and so on.
  private mutating func takeNearest() {
    var all: [(distance: Double, known: Int, found: Int)] = []
    for index in known.indices {
      all += candidates(index).map { (abs(found[$0].start - known[index].start), index, $0) }
    }
    all.sort { $0 < $1 }
    for (_, index, place) in all where foundOfKnown[index] < 0 && knownOfFound[place] < 0 {
      (foundOfKnown[index], knownOfFound[place]) = (place, index)
    }
  }

  /// One pair more, where others can change partners so that one remains for a known event (Berge 1957);
  /// breadth first.
  ///
  /// - Parameter reached: the known event from which each found one was reached, -1 for none; so again
  ///   after the call.
  private mutating func augment(from start: Int, _ reached: inout [Int]) {
    var queue = [start]
    var touched: [Int] = []
    defer { for place in touched { reached[place] = -1 } }
    var next = 0
    while next < queue.count {
      let index = queue[next]
      next += 1
      for place in candidates(index) where reached[place] < 0 {
        reached[place] = index
        touched.append(place)
        if knownOfFound[place] >= 0 {
          queue.append(knownOfFound[place])
          continue
        }
        // back along the path, each known event takes what it was reached from
        var end = place
        while end >= 0 {
          let owner = reached[end]
          (foundOfKnown[owner], knownOfFound[end], end) = (end, owner, foundOfKnown[owner])
        }
        return
      }
    }
  }
}
