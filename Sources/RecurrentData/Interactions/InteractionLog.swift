/// What visitors did, one after the other: of each session or user the items in the order of their times.
///
/// Kept are four bytes of an event for its item and eight for its time, and each name once.
public struct InteractionLog: Sendable, Equatable {
  /// The name of each session, in the order in which they begin; of equal times, and without times, in that of the rows.
  public internal(set) var sessions: [String] = []
  /// The different items, in the order of their first rows.
  public internal(set) var itemNames: [String] = []
  /// Where each session begins among the events, and their number.
  public internal(set) var starts: [Int] = [0]
  /// The items of all events, session by session, as numbers in ``itemNames``.
  public internal(set) var items: [Int32] = []
  /// The times of all events, in seconds; empty where the data have none.
  public internal(set) var times: [Double] = []
  /// Whether rows belong to users, without sessions.
  public internal(set) var isOfUsers = false
  /// The columns that were read.
  public internal(set) var columns = InteractionColumns()
  /// What was found and assumed.
  public internal(set) var notes: [DataNote] = []

  /// No events.
  public init() {}

  /// Sessions.
  public var count: Int { sessions.count }

  /// Whether events have times.
  public var hasTimes: Bool { !times.isEmpty }

  /// The places of the events of a session.
  public func events(_ session: Int) -> Range<Int> { starts[session]..<starts[session + 1] }

  /// The time at which a session begins; nil without times. A session has at least one event.
  public func beginning(_ session: Int) -> Double? { hasTimes ? times[starts[session]] : nil }
}

extension InteractionLog {
  /// Some sessions, each with a part of its events, in the order that is given; a session without events is left out.
  public func selecting(_ parts: [(session: Int, events: Range<Int>)]) -> InteractionLog {
    var log = self
    (log.sessions, log.starts, log.items, log.times) = ([], [0], [], [])
    for (session, events) in parts where !events.isEmpty {
      log.sessions.append(sessions[session])
      log.items += items[events]
      if hasTimes { log.times += times[events] }
      log.starts.append(log.items.count)
    }
    return log
  }

  /// The events that are wanted; sessions that keep fewer than `least` go.
  func filtered(least: Int, _ isWanted: (_ event: Int, _ session: Range<Int>) -> Bool) -> InteractionLog {
    var log = self
    (log.sessions, log.starts, log.items, log.times) = ([], [0], [], [])
    for session in 0..<count {
      let own = events(session)
      let begin = log.items.count
      for event in own where isWanted(event, own) {
        log.items.append(items[event])
        if hasTimes { log.times.append(times[event]) }
      }
      if log.items.count - begin < max(least, 1) {
        log.items.removeSubrange(begin...)
        if hasTimes { log.times.removeSubrange(begin...) }
      } else {
        log.sessions.append(sessions[session])
        log.starts.append(log.items.count)
      }
    }
    return log
  }

  /// The log with an item that comes several times in a row counted once.
  public var mergingRepeats: InteractionLog {
    filtered(least: 1) { event, session in
      event == session.lowerBound || items[event] != items[event - 1]
    }
  }

  /// The log without items of fewer than `itemCount` events and without sessions of fewer than `length` events, until all
  /// that is left has as many.
  public func reduced(itemCount: Int, length: Int) -> InteractionLog {
    var log = self
    while true {
      var counts = [Int](repeating: 0, count: itemNames.count)
      for item in log.items { counts[Int(item)] += 1 }
      let next = log.filtered(least: length) { event, _ in counts[Int(log.items[event])] >= itemCount }
      if next.items.count == log.items.count { return next }
      log = next
    }
  }
}

/// Gathers events in whatever order and sorts them.
struct InteractionEvents {
  private var sessions = InternedColumn()
  private var items = InternedColumn()
  private var times: [Double] = []

  /// Adds an event. Either all have a time or none.
  mutating func append(session: String, item: String, time: Double?) {
    sessions.append(session)
    items.append(item)
    if let time { times.append(time) }
  }

  /// Events so far.
  var count: Int { sessions.count }

  /// The events of each session in the order of their times, those of equal times in the order in which they came.
  func log() -> InteractionLog {
    var log = InteractionLog()
    let isTimed = !times.isEmpty
    var starts = [Int](repeating: 0, count: sessions.names.count + 1)
    for row in 0..<count { starts[sessions.code(row) + 1] += 1 }
    for session in sessions.names.indices { starts[session + 1] += starts[session] }
    var places = starts
    var order = [Int](repeating: 0, count: count)
    for row in 0..<count {
      let session = sessions.code(row)
      order[places[session]] = row
      places[session] += 1
    }
    if isTimed {
      for session in sessions.names.indices {
        let own = starts[session]..<starts[session + 1]
        let isSorted = own.dropFirst().allSatisfy { times[order[$0 - 1]] <= times[order[$0]] }
        if !isSorted {
          order[own].sort { times[$0] != times[$1] ? times[$0] < times[$1] : $0 < $1 }
        }
      }
    }
    var sequence = Array(sessions.names.indices)
    if isTimed {
      sequence.sort {
        let (a, b) = (times[order[starts[$0]]], times[order[starts[$1]]])
        return a != b ? a < b : $0 < $1
      }
    }
    log.itemNames = items.names
    log.sessions = sequence.map { sessions.names[$0] }
    log.items.reserveCapacity(count)
    if isTimed { log.times.reserveCapacity(count) }
    for session in sequence {
      for place in starts[session]..<starts[session + 1] {
        log.items.append(Int32(items.code(order[place])))
        if isTimed { log.times.append(times[order[place]]) }
      }
      log.starts.append(log.items.count)
    }
    return log
  }
}
