import Synchronization

/// Some steps of all rows: at each an item, and the one that follows it.
public struct SessionWindow: Sendable, Equatable {
  /// `[T, B]`.
  public let inputs: Indices
  /// `[T, B]`: what follows each; ``SessionWindows/ignoredTarget`` beyond the lengths.
  public let targets: Indices
  /// `[T * B]`: whether another session begins at a step of a row.
  public let resets: [Bool]
  /// `[B]`: how many steps of each row are real.
  public let lengths: [Int]
  /// Targets.
  public let targetCount: Int
}

/// Deals sessions out to rows that are read side by side (Hidasi et al. 2016, arXiv:1511.06939): a row whose session ends goes on
/// with the next one, and its state begins anew there. Windows cut all rows after the same number of steps, with the state carried
/// from each to the next; a session may lie in several.
///
/// The last item of a session is a target alone. Sessions of one item have no target and are left out.
public struct SessionWindows: Sendable {
  /// The target of what is no step.
  public static let ignoredTarget: Int32 = -100

  /// How the sessions of an epoch follow each other.
  public enum Order: String, Sendable, Codable, CaseIterable {
    /// As they stand, which is that of their beginnings: the newest are learnt last.
    case time
    /// At random, another way every epoch.
    case random
  }

  /// The sessions.
  public let sessions: SessionSequences
  /// B: at most as many as there are sessions with a target.
  public let rowCount: Int
  /// T: steps of a window.
  public let windowLength: Int
  /// How they follow each other.
  public let order: Order
  private let key: RandomKey
  private let cache = LatestRows()

  /// The rows of the epoch that was asked for last.
  private final class LatestRows: Sendable {
    let latest = Mutex<(epoch: Int, rows: SessionRows)?>(nil)
  }

  /// Windows over sessions.
  ///
  /// - Throws: ``DataError`` where a size is not positive, or no session has two items.
  public init(
    _ sessions: SessionSequences, rowCount: Int, windowLength: Int, order: Order, seed: UInt64
  ) throws(DataError) {
    for (name, value) in [("batch size", rowCount), ("window length", windowLength)] where value < 1 {
      throw .invalidSetting(name: name, expected: "at least 1", found: "\(value)")
    }
    let count = (0..<sessions.count).count { sessions.length($0) > 1 }
    guard count > 0 else {
      throw .invalidSetting(
        name: "the training part", expected: "at least one session of two items",
        found: "\(sessions.count) sessions of one")
    }
    (self.sessions, self.windowLength, self.order) = (sessions, windowLength, order)
    self.rowCount = min(rowCount, count)
    key = RandomKey(seed: seed).child(7)
  }

  /// Windows of an epoch.
  public func count(epoch: Int) -> Int { (rows(epoch).longest + windowLength - 1) / windowLength }

  /// Targets of an epoch.
  public var targetCount: Int {
    (0..<sessions.count).reduce(0) { $0 + max(0, sessions.length($1) - 1) }
  }

  /// A window, by its number in the epoch.
  public func window(_ number: Int, epoch: Int) -> SessionWindow {
    rows(epoch).window(sessions, from: number * windowLength, length: windowLength)
  }

  private func rows(_ epoch: Int) -> SessionRows {
    cache.latest.withLock { latest in
      if let latest, latest.epoch == epoch { return latest.rows }
      let rows = SessionRows(sessions, order: sequence(epoch), rowCount: rowCount)
      latest = (epoch, rows)
      return rows
    }
  }

  /// The sessions with a target, in the order of an epoch.
  private func sequence(_ epoch: Int) -> [Int] {
    let all = (0..<sessions.count).filter { sessions.length($0) > 1 }
    guard order == .random else { return all }
    let draws = key.child(epoch).uniforms(all.count)
    return all.indices.sorted { draws[$0] != draws[$1] ? draws[$0] < draws[$1] : $0 < $1 }.map { all[$0] }
  }
}

/// The sessions of each row.
private struct SessionRows: Sendable {
  /// Of each row its sessions.
  private var sessions: [[Int32]]
  /// Of each row the steps before each of its sessions, and all of them.
  private var offsets: [[Int]]
  /// Steps of the longest row.
  let longest: Int

  /// Each session goes to the row that is the first to be free, of several the first one.
  init(_ all: SessionSequences, order: [Int], rowCount: Int) {
    sessions = [[Int32]](repeating: [], count: rowCount)
    offsets = [[Int]](repeating: [0], count: rowCount)
    // a heap of rows by their lengths, then their numbers
    var heap = (0..<rowCount).map { (length: 0, row: $0) }
    for session in order {
      let (length, row) = heap[0]
      let end = length + all.length(session) - 1
      sessions[row].append(Int32(session))
      offsets[row].append(end)
      heap[0].length = end
      var place = 0
      while true {
        var least = place
        for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child] < heap[least] {
          least = child
        }
        if least == place { break }
        heap.swapAt(place, least)
        place = least
      }
    }
    longest = offsets.map { $0[$0.count - 1] }.max() ?? 0
  }

  func window(_ all: SessionSequences, from start: Int, length: Int) -> SessionWindow {
    let steps = min(length, longest - start)
    let rowCount = sessions.count
    var inputs = [Int32](repeating: 0, count: steps * rowCount)
    var targets = [Int32](repeating: SessionWindows.ignoredTarget, count: inputs.count)
    var resets = [Bool](repeating: false, count: inputs.count)
    var lengths = [Int](repeating: 0, count: rowCount)
    for row in 0..<rowCount {
      let own = offsets[row]
      lengths[row] = min(max(own[own.count - 1] - start, 0), steps)
      // the last session that begins at the first step or before
      var (low, high) = (0, own.count - 1)
      while high - low > 1 {
        let middle = (low + high) / 2
        if own[middle] <= start { low = middle } else { high = middle }
      }
      var place = low
      for step in 0..<lengths[row] {
        while own[place + 1] <= start + step { place += 1 }
        let item = all.starts[Int(sessions[row][place])] + start + step - own[place]
        let index = step * rowCount + row
        (inputs[index], targets[index]) = (all.items[item], all.items[item + 1])
        resets[index] = start + step == own[place]
      }
    }
    return SessionWindow(
      inputs: Indices(inputs, shape: [steps, rowCount]), targets: Indices(targets, shape: [steps, rowCount]),
      resets: resets, lengths: lengths, targetCount: lengths.reduce(0, +))
  }
}
