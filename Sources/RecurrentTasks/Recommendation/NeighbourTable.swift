/// For each item the items that go with it, and how often, the most frequent first.
struct NeighbourTable: Sendable, Equatable {
  /// Where those of each item begin, and their number.
  private(set) var starts: [Int] = [0]
  /// The neighbours.
  private(set) var items: [Int32] = []
  /// How often each goes with the item.
  private(set) var counts: [Int32] = []

  /// Neighbours that are kept of an item.
  static let limit = 100
  /// The largest count, so that sums of many fit.
  static let countLimit: Int32 = (1 << 24) - 1

  /// No items.
  init() {}

  /// The neighbours of an item.
  func neighbours(_ item: Int32) -> Range<Int> {
    Int(item) + 1 < starts.count ? starts[Int(item)]..<starts[Int(item) + 1] : 0..<0
  }

  /// Adds the neighbours of the next item.
  ///
  /// - Parameters:
  ///   - counts: how often each item goes with it.
  ///   - touched: the items of which that is above 0.
  private mutating func append(_ counts: [Int32], _ touched: [Int32]) {
    let best = touched.sorted {
      counts[Int($0)] != counts[Int($1)] ? counts[Int($0)] > counts[Int($1)] : $0 < $1
    }
    for item in best.prefix(NeighbourTable.limit) {
      items.append(item)
      self.counts.append(min(counts[Int(item)], NeighbourTable.countLimit))
    }
    starts.append(items.count)
  }

  /// Counts, for every item of sessions, others near it.
  ///
  /// - Parameters:
  ///   - sessions: of known items.
  ///   - itemCount: V.
  ///   - near: the places of the others, for one place of a session.
  ///   - isOnce: whether two items count once in a session however often they stand there.
  init(
    _ sessions: SessionSequences, itemCount: Int, isOnce: Bool,
    near: (_ place: Int, _ session: Range<Int>) -> Range<Int>
  ) {
    var first = [Int](repeating: 0, count: itemCount + 1)
    for item in sessions.items { first[Int(item) + 1] += 1 }
    for item in 0..<itemCount { first[item + 1] += first[item] }
    var (ends, places) = (first, [Int](repeating: 0, count: sessions.items.count))
    var sessionOfPlace = [Int32](repeating: 0, count: sessions.items.count)
    for session in 0..<sessions.count {
      for place in sessions.starts[session]..<sessions.starts[session + 1] {
        let item = Int(sessions.items[place])
        places[ends[item]] = place
        ends[item] += 1
        sessionOfPlace[place] = Int32(session)
      }
    }
    var counts = [Int32](repeating: 0, count: itemCount)
    var met = [Int32](repeating: -1, count: isOnce ? itemCount : 0)
    for item in 0..<itemCount {
      var touched: [Int32] = []
      for place in places[first[item]..<first[item + 1]] {
        let session = sessionOfPlace[place]
        let range = sessions.starts[Int(session)]..<sessions.starts[Int(session) + 1]
        for other in near(place, range) {
          let neighbour = sessions.items[other]
          if isOnce {
            guard Int(neighbour) != item, met[Int(neighbour)] != session else { continue }
            met[Int(neighbour)] = session
          }
          if counts[Int(neighbour)] == 0 { touched.append(neighbour) }
          counts[Int(neighbour)] += 1
        }
      }
      append(counts, touched)
      for neighbour in touched {
        counts[Int(neighbour)] = 0
        if isOnce { met[Int(neighbour)] = -1 }
      }
    }
  }
}

extension NeighbourTable {
  /// The file: of each item how many neighbours it has, then all neighbours, then their counts; numbers of 4 bytes, little-endian.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * (starts.count + 2 * items.count))
    func add(_ number: Int) {
      for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
    for place in 0..<starts.count - 1 { add(starts[place + 1] - starts[place]) }
    for item in items { add(Int(item)) }
    for count in counts { add(Int(count)) }
    return bytes
  }

  /// Reads the file of so many items from a place on, which moves behind it.
  ///
  /// - Throws: ``BundleError/damaged(path:reason:)``.
  init(bytes: [UInt8], at index: inout Int, itemCount: Int, path: String) throws(BundleError) {
    let cut = BundleError.damaged(path: path, reason: "it is cut, or has numbers that cannot be")
    var place = index
    func numbers(_ count: Int, below limit: Int) throws(BundleError) -> [Int32] {
      guard count <= (bytes.count - place) / 4 else { throw cut }
      var numbers: [Int32] = []
      numbers.reserveCapacity(count)
      for _ in 0..<count {
        let number = (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
        guard number < limit else { throw cut }
        numbers.append(Int32(number))
        place += 4
      }
      return numbers
    }
    for length in try numbers(itemCount, below: NeighbourTable.limit + 1) {
      starts.append(starts[starts.count - 1] + Int(length))
    }
    items = try numbers(starts[itemCount], below: itemCount)
    counts = try numbers(starts[itemCount], below: Int(NeighbourTable.countLimit) + 1)
    index = place
  }
}
