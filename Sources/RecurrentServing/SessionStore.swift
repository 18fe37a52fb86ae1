import RecurrentFormats
import RecurrentTasks

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The sessions of a server by their names: in memory while they are used, on disk when they are not.
///
/// A file of a session is what `--save-state` writes, with the name, the position and the last answer of the session as texts
/// beside it, so that nothing is read again and a request that was repeated over a restart is still answered with the same rows.
struct SessionStore {
  /// What is known of a session.
  final class Record {
    let model: String
    /// Its place in the table of the model; nil where it is on disk.
    var slot: Int?
    /// Lines, or tokens of a text, that it has read.
    var position = 0
    /// Where the last answered request began, how many lines it had, and its rows.
    var last: (start: Int, count: Int, rows: StoredRows)?
    /// Seconds that it stays in memory without being used.
    let idleSeconds: Double
    var lastUse: Double
    /// When it was written last; nil where that is not what it is now.
    var written: Double?
    /// When it was written last, as it was then.
    var lastWriting: Double
    /// Whether lines of it are read in this turn, or a completion goes on in it.
    var isBusy = false
    /// The turn in which a request of it was taken last.
    var turn = 0
    /// Numbers of its state.
    var elementCount = 0
    /// Whether it is a sequence of the Open Inference Protocol, which is not kept on disk.
    var isSequence = false

    fileprivate init(model: String, slot: Int?, idleSeconds: Double, now: Double) {
      (self.model, self.slot, self.idleSeconds) = (model, slot, idleSeconds)
      (lastUse, lastWriting) = (now, now)
    }
  }

  private(set) var records: [String: Record] = [:]
  /// Sessions in memory.
  private(set) var inMemory = 0
  /// Sessions that were unused longest when they were looked for, the one unused longest last.
  private var unused: [(id: String, lastUse: Double)] = []
  /// Where sessions are kept that nobody uses; nil for nowhere.
  let directory: String?
  private let limits: ServingLimits
  private let metrics: ServingMetrics
  /// What writes files beside.
  let writer: SessionWriter
  /// States that may wait for the disk; more sessions leave memory only when those have.
  private static let mostWaiting = 4096

  init(directory: String?, limits: ServingLimits, metrics: ServingMetrics) {
    (self.directory, self.limits, self.metrics) = (directory, limits, metrics)
    writer = SessionWriter(metrics: metrics)
  }

  subscript(_ id: String) -> Record? { records[id] }

  /// Whether text may be the name of a session: 1 to 64 letters, digits, `.`, `_` and `-`, the first no point.
  static func isName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: ".")
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  private func path(_ id: String) -> String? { directory.map { "\($0)/\(id).session" } }

  // MARK: Memory

  /// Begins a session in memory, where there is room or another one can be written to disk.
  ///
  /// - Parameter origin: the place of the session that it goes on from; nil for the beginning of a sequence.
  @discardableResult mutating func open(
    _ id: String, model: String, from origin: Int? = nil, idleSeconds: Double?, now: Double,
    in hosts: inout [String: ModelHost]
  ) throws -> Record {
    try makeRoom(now: now, in: &hosts)
    guard
      let slot = try hosts[model]?.withTable({ table in
        origin.map { table.fork($0) } ?? table.open()
      })
    else {
      throw ServingError(.unknown, "there is no model \"\(model)\"", parameter: "model")
    }
    let record = Record(model: model, slot: slot, idleSeconds: idleSeconds ?? limits.idleSeconds, now: now)
    records[id] = record
    inMemory += 1
    return record
  }

  /// Whether the disk keeps up.
  private var canLeave: Bool { !writer.isFailing && writer.count < SessionStore.mostWaiting }

  private mutating func makeRoom(now: Double, in hosts: inout [String: ModelHost]) throws {
    guard inMemory >= limits.sessions else { return }
    guard directory != nil, canLeave, let id = longestUnused() else {
      metrics.add(.rejected, 1, [("reason", "sessions")])
      throw ServingError(
        .busy, "\(limits.sessions) sessions are in memory, which is the most", retryAfter: 1)
    }
    try writeAndClose(id, now: now, in: &hosts)
    metrics.add(.evicted, 1, [("to", "disk")])
  }

  /// A session that can leave memory and was not used for longer than others. All of them are looked through for the next few
  /// hundred times together.
  private mutating func longestUnused() -> String? {
    for isFresh in [false, true] {
      if isFresh {
        let all = records.compactMap { id, own in
          own.slot != nil && !own.isBusy && !own.isSequence ? (id: id, lastUse: own.lastUse) : nil
        }
        unused = all.sorted { ($0.lastUse, $0.id) < ($1.lastUse, $1.id) }.prefix(256).reversed()
      }
      while let (id, lastUse) = unused.popLast() {
        // since then it may have been used, or have ended
        if let own = records[id], own.slot != nil, !own.isBusy, own.lastUse == lastUse { return id }
      }
    }
    return nil
  }

  /// Brings a session into memory.
  ///
  /// - Throws: ``ServingError`` of the kind `unknown` where there is none of the name, and what reading its file throws.
  mutating func wake(_ id: String, now: Double, in hosts: inout [String: ModelHost]) throws -> Record {
    guard let record = records[id] else {
      throw ServingError(.unknown, "there is no session \"\(id)\"", parameter: "session")
    }
    record.lastUse = now
    if record.slot == nil, let path = path(id), let hash = hosts[record.model]?.hash {
      try makeRoom(now: now, in: &hosts)
      let state = try writer.pending(path) ?? SessionState(path: path, model: hash)
      record.slot = try hosts[record.model]?.withTable { table in
        let slot = table.open()
        do { try table.restore(slot, state) } catch {
          table.close(slot)
          throw error
        }
        return slot
      }
      inMemory += 1
      record.elementCount = state.elementCount
      record.written = now
      take(state.texts, of: id)
    }
    return record
  }

  /// Forgets a session, in memory and on disk.
  mutating func close(_ id: String, in hosts: inout [String: ModelHost]) throws {
    guard let record = records.removeValue(forKey: id) else {
      throw ServingError(.unknown, "there is no session \"\(id)\"", parameter: "session")
    }
    if let slot = record.slot {
      inMemory -= 1
      try hosts[record.model]?.withTable { $0.close(slot) }
    }
    if !record.isSequence, let path = path(id) { writer.remove(path) }
  }

  // MARK: Disk

  /// The state of a session with what a server keeps of it.
  func state(_ id: String, in hosts: [String: ModelHost]) throws -> SessionState {
    guard let record = records[id], let slot = record.slot, let host = hosts[record.model] else {
      throw ServingError(.unknown, "there is no session \"\(id)\"", parameter: "session")
    }
    var state = try host.table().state(slot)
    state.texts["served.id"] = id
    state.texts["served.model"] = record.model
    state.texts["served.position"] = "\(record.position)"
    state.texts["served.idle"] = "\(record.idleSeconds)"
    if let last = record.last {
      state.texts["served.last"] = "\(last.start) \(last.count)"
      state.texts["served.rows"] = String(decoding: last.rows.node.bytes, as: UTF8.self)
    }
    return state
  }

  /// Takes over what a server has kept beside a state.
  mutating func take(_ texts: [String: String], of id: String) {
    guard let record = records[id] else { return }
    if let position = texts["served.position"].flatMap({ Int($0) }), position >= 0 {
      record.position = position
    }
    let last = (texts["served.last"] ?? "").split(separator: " ").compactMap { Int($0) }
    if last.count == 2, let rows = texts["served.rows"] {
      record.last = (last[0], last[1], .text(Array(rows.utf8)))
    }
  }

  /// Has a session written to disk, which stays in memory.
  mutating func write(_ id: String, now: Double, in hosts: [String: ModelHost]) throws {
    guard let path = path(id), let record = records[id], let host = hosts[record.model] else { return }
    writer.write(try state(id, in: hosts), model: host.hash, to: path)
    (record.written, record.lastWriting) = (now, now)
  }

  private mutating func writeAndClose(
    _ id: String, now: Double, in hosts: inout [String: ModelHost]
  ) throws {
    if records[id]?.written == nil { try write(id, now: now, in: hosts) }
    guard let record = records[id], let slot = record.slot else { return }
    try hosts[record.model]?.withTable { $0.close(slot) }
    // the file has the last answer as well
    (record.slot, record.last) = (nil, nil)
    inMemory -= 1
  }

  /// Finds the sessions that another run has left on disk.
  mutating func find(in hosts: [String: ModelHost], now: Double) throws {
    guard let directory else { return }
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    where name.hasSuffix(".session") {
      let path = "\(directory)/\(name)"
      guard let file = try? SafetensorsFile(path: path), let model = file.metadata["served.model"],
        let id = file.metadata["served.id"], SessionStore.isName(id), "\(id).session" == name,
        let host = hosts[model], host.hash == file.metadata["model"]
      else { continue }
      let idle = file.metadata["served.idle"].flatMap { Double($0) } ?? limits.idleSeconds
      let record = Record(model: model, slot: nil, idleSeconds: idle, now: now)
      records[id] = record
      take(file.metadata, of: id)
      (record.written, record.last) = (now, nil)
    }
  }

  /// Sends away what is idle, and has written what has changed and was not written for long, the oldest first and no more than the
  /// disk keeps up with.
  ///
  /// - Parameter evicted: called with where a session went, `disk` or `nowhere`.
  mutating func sweep(
    now: Double, in hosts: inout [String: ModelHost], evicted: (String) -> Void
  ) throws {
    var due: [(time: Double, id: String)] = []
    for (id, record) in records where !record.isBusy {
      let idle = now - record.lastUse
      if record.slot == nil {
        if idle > limits.diskSeconds {
          try close(id, in: &hosts)
          evicted("nowhere")
        }
      } else if idle > record.idleSeconds {
        if directory == nil || record.isSequence {
          try close(id, in: &hosts)
          evicted("nowhere")
        } else if canLeave || record.written != nil {
          try writeAndClose(id, now: now, in: &hosts)
          evicted("disk")
        }
      } else if directory != nil, !record.isSequence, record.written == nil, limits.stateSeconds > 0,
        now - record.lastWriting >= limits.stateSeconds
      {
        due.append((record.lastWriting, id))
      }
    }
    guard canLeave, !due.isEmpty else { return }
    for own in due.sorted(by: { ($0.time, $0.id) < ($1.time, $1.id) }).prefix(1024) {
      try write(own.id, now: now, in: hosts)
    }
  }
}
