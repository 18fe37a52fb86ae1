/// The largest few of many numbers, by falling number and then rising index; the memory is kept.
struct RankedHeap: Sendable {
  /// A number and whose it is.
  struct Item: Sendable {
    var key: Double
    var index: Int32

    /// Whether this one stands after another.
    @inline(__always)
    func isAfter(_ other: Item) -> Bool {
      key < other.key || key == other.key && index > other.index
    }
  }

  /// As a heap whose first is the last in order; in order after ``sort()``.
  private(set) var items: [Item] = []
  private var limit = 0

  /// Begins anew with room for so many.
  mutating func clear(limit: Int) {
    items.removeAll(keepingCapacity: true)
    self.limit = limit
  }

  /// The number that another one must exceed to get in; nil while there is room.
  var bound: Double? { items.count < limit ? nil : items[0].key }

  /// Takes a number in where it is among the largest.
  @inline(__always)
  mutating func offer(_ key: Double, _ index: Int32) {
    let item = Item(key: key, index: index)
    if items.count < limit {
      items.append(item)
      var child = items.count - 1
      while child > 0 {
        let parent = (child - 1) / 2
        guard items[child].isAfter(items[parent]) else { break }
        items.swapAt(child, parent)
        child = parent
      }
    } else if limit > 0, items[0].isAfter(item) {
      items[0] = item
      sink(0, items.count)
    }
  }

  /// Puts the largest first.
  mutating func sort() {
    var end = items.count
    while end > 1 {
      end -= 1
      items.swapAt(0, end)
      sink(0, end)
    }
  }

  private mutating func sink(_ start: Int, _ end: Int) {
    var parent = start
    while true {
      var child = 2 * parent + 1
      guard child < end else { return }
      if child + 1 < end, items[child + 1].isAfter(items[child]) { child += 1 }
      guard items[child].isAfter(items[parent]) else { return }
      items.swapAt(child, parent)
      parent = child
    }
  }
}
