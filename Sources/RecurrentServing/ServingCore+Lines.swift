import RecurrentTasks

/// Lines that are read in this turn for a request.
struct PendingPush {
  let request: ServingRequest
  let model: String
  let slot: Int
  let lines: SessionLines
  /// The session; nil for a sequence of this request alone, which is forgotten behind it.
  let record: SessionStore.Record?
  /// The name of a sequence that ends with it.
  var ending: String?
}

extension ServingCore {
  /// Lines of a session, unless they were read before.
  func beginPush(
    _ request: ServingRequest, _ id: String, _ lines: SessionLines, _ position: Int?, now: Double
  ) throws -> PendingPush? {
    try check(lines)
    let record = try store.wake(id, now: now, in: &hosts)
    if let position, position != record.position {
      guard let last = record.last, last.start == position, last.count == lines.count else {
        throw ServingError(
          .conflict, "the session has read \(record.position) lines, the request begins behind \(position)",
          parameter: "position")
      }
      request.reply(.rows(last.rows, position: position + lines.count))
      return nil
    }
    guard let slot = record.slot else { return nil }
    // whoever comes in this turn must not send it to disk before it is read
    record.isBusy = true
    return PendingPush(request: request, model: record.model, slot: slot, lines: lines, record: record)
  }

  /// Lines of a sequence of the Open Inference Protocol, or of none.
  func beginInference(
    _ request: ServingRequest, _ model: String, _ sequence: InferenceSequence?, key: String?,
    _ lines: SessionLines, now: Double
  ) throws -> PendingPush? {
    try check(lines)
    guard hosts[model] != nil else {
      throw ServingError(.unknown, "there is no model \"\(model)\"", parameter: "model")
    }
    guard let sequence, let key else {
      guard let slot = try hosts[model]?.withTable({ $0.open() }) else { return nil }
      return PendingPush(request: request, model: model, slot: slot, lines: lines, record: nil)
    }
    if sequence.isStart {
      if store[key] != nil { try store.close(key, in: &hosts) }
      try store.open(key, model: model, idleSeconds: nil, now: now, in: &hosts)
      store[key]?.isSequence = true
    } else if store[key] == nil {
      throw ServingError(
        .unknown,
        "there is no sequence \"\(sequence.id)\" of model \"\(model)\"; it begins with sequence_start",
        parameter: "sequence_id")
    }
    let record = try store.wake(key, now: now, in: &hosts)
    guard let slot = record.slot else { return nil }
    record.isBusy = true
    return PendingPush(
      request: request, model: model, slot: slot, lines: lines, record: record,
      ending: sequence.isEnd ? key : nil)
  }

  private func check(_ lines: SessionLines) throws {
    guard lines.count <= limits.steps else {
      metrics.add(.rejected, 1, [("reason", "steps")])
      throw ServingError(
        .tooLarge, "the request has \(lines.count) steps, at most \(limits.steps) are taken",
        parameter: "steps")
    }
    let strange =
      switch lines {
      case .values(let values): ServingCore.beyondFloat(.list(values))
      case .numbers(let numbers, _): numbers.firstIndex(notBelow: ServingCore.beyond).map { numbers[$0] }
      }
    if let strange {
      throw ServingError(
        .malformed, "a step has the number \(strange), expected one within the range of 32 bits",
        parameter: "steps")
    }
  }

  /// A number that would be infinite to the network; nil where there is none.
  private static func beyondFloat(_ value: JSONValue) -> Double? {
    switch value {
    case .number(let number): return abs(number) < beyond ? nil : number
    case .list(let values):
      for value in values { if let strange = beyondFloat(value) { return strange } }
      return nil
    case .object(let members):
      for value in members.values { if let strange = beyondFloat(value) { return strange } }
      return nil
    default: return nil
    }
  }

  /// The least number that is rounded to an infinite one of 32 bits.
  private static let beyond =
    Double(Float.greatestFiniteMagnitude) + Double(Float.greatestFiniteMagnitude.ulp) / 2

  /// Reads the lines of requests, those of one model together.
  ///
  /// - Returns: how many.
  func read(_ pushes: [PendingPush], now: Double) -> Int {
    var count = 0
    for (model, own) in Dictionary(grouping: pushes, by: \.model).sorted(by: { $0.key < $1.key }) {
      let figures = figures[model]
      figures?.batchRows.observe(Double(own.count))
      for push in own { figures?.queueWait.observe(now - push.request.time) }
      do {
        let (work, start) = (own.map { SlotLines(slot: $0.slot, lines: $0.lines) }, clock())
        let results = try hosts[model]?.withTable { $0.push(work) } ?? []
        figures?.computeTime.observe(clock() - start, times: own.count)
        var (steps, failures) = (0, 0)
        for (push, result) in zip(own, results) {
          steps += push.lines.count
          if case .failure = result { failures += 1 }
          answer(push, result)
        }
        count += steps
        figures?.steps.add(Double(steps))
        figures?.successes.add(Double(own.count - failures))
        if failures > 0 { figures?.failures.add(Double(failures)) }
      } catch {
        figures?.failures.add(Double(own.count))
        for push in own { push.request.reply(.failure(.wrapping(error))) }
      }
      end(own, model)
    }
    return count
  }

  private func answer(_ push: PendingPush, _ result: Result<[[Field]], any Error>) {
    switch result {
    case .failure(let error): push.request.reply(.failure(ServingError(ofSteps: error)))
    case .success(let rows):
      var position = push.lines.count
      if let record = push.record {
        let start = record.position
        position += start
        (record.position, record.last, record.written) = (
          position, (start, push.lines.count, .rows(rows)), nil
        )
      }
      push.request.reply(.rows(.rows(rows), position: position))
    }
  }

  /// Ends what ends with requests of a model.
  private func end(_ pushes: [PendingPush], _ model: String) {
    release(cost: pushes.reduce(0) { $0 + $1.request.cost })
    for push in pushes {
      push.record?.isBusy = false
      if let key = push.ending { try? store.close(key, in: &hosts) }
    }
    let alone = pushes.filter { $0.record == nil }
    guard !alone.isEmpty else { return }
    try? hosts[model]?.withTable { table in for push in alone { table.close(push.slot) } }
  }

  // MARK: Files

  /// The state of a session, as a file.
  func file(of id: String) throws -> [UInt8] {
    guard let record = store[id], let hash = hosts[record.model]?.hash else {
      throw ServingError(.unknown, "there is no session \"\(id)\"", parameter: "session")
    }
    return try store.state(id, in: hosts).bytes(model: hash)
  }

  /// Goes on from the state of a file.
  func restore(_ id: String, model: String?, _ file: [UInt8], now: Double) throws {
    guard SessionStore.isName(id) else {
      throw ServingError(
        .malformed, "the name of a session is 1 to 64 letters, digits, \".\", \"_\" and \"-\"",
        parameter: "id")
    }
    guard let own = store[id]?.model ?? model ?? (hosts.count == 1 ? hosts.keys.first : nil) else {
      throw ServingError(.malformed, "the request names no model", parameter: "model")
    }
    guard let hash = hosts[own]?.hash else {
      throw ServingError(.unknown, "there is no model \"\(own)\"", parameter: "model")
    }
    let state: SessionState
    do {
      state = try SessionState(bytes: file, model: hash)
    } catch InterchangeError.otherModel(_, let expected, let found) {
      throw ServingError(
        .conflict, "the state is of the model \(found), expected one of \(expected)", parameter: "model")
    } catch {
      throw ServingError(.malformed, "the file is no state of a session: \(error)")
    }
    let isNew = store[id] == nil
    if isNew { try store.open(id, model: own, idleSeconds: nil, now: now, in: &hosts) }
    do {
      guard let slot = try store.wake(id, now: now, in: &hosts).slot else { return }
      try hosts[own]?.withTable { try $0.restore(slot, state) }
    } catch {
      if isNew { try store.close(id, in: &hosts) }
      throw error
    }
    store[id]?.position = 0
    store[id]?.last = nil
    store[id]?.written = nil
    store.take(state.texts, of: id)
    measure(id)
  }
}
