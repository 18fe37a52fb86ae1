import RecurrentTasks

/// Lines that are read in this turn for a request.
struct PendingPush {
  let request: ServingRequest
  let model: String
  let slot: Int
  let lines: [JSONValue]
  /// The session; nil for a sequence of this request alone, which is forgotten behind it.
  let id: String?
  var isEnd = false
}

extension ServingCore {
  /// Lines of a session, unless they were read before.
  func beginPush(
    _ request: ServingRequest, _ id: String, _ lines: [JSONValue], _ position: Int?, now: Double
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
    store[id]?.isBusy = true
    return PendingPush(request: request, model: record.model, slot: slot, lines: lines, id: id)
  }

  /// Lines of a sequence of the Open Inference Protocol, or of none.
  func beginInference(
    _ request: ServingRequest, _ model: String, _ sequence: InferenceSequence?, _ lines: [JSONValue],
    now: Double
  ) throws -> PendingPush? {
    try check(lines)
    guard hosts[model] != nil else {
      throw ServingError(.unknown, "there is no model \"\(model)\"", parameter: "model")
    }
    guard let sequence else {
      guard let slot = try hosts[model]?.withTable({ $0.open() }) else { return nil }
      return PendingPush(request: request, model: model, slot: slot, lines: lines, id: nil)
    }
    let key = ServingCore.key(sequence, model)
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
    guard let slot = try store.wake(key, now: now, in: &hosts).slot else { return nil }
    store[key]?.isBusy = true
    return PendingPush(
      request: request, model: model, slot: slot, lines: lines, id: key, isEnd: sequence.isEnd)
  }

  private func check(_ lines: [JSONValue]) throws {
    guard lines.count <= limits.steps else {
      metrics.add(.rejected, 1, [("reason", "steps")])
      throw ServingError(
        .tooLarge, "the request has \(lines.count) steps, at most \(limits.steps) are taken",
        parameter: "steps")
    }
  }

  /// Reads the lines of requests, those of one model together.
  ///
  /// - Returns: how many.
  func read(_ pushes: [PendingPush], now: Double) -> Int {
    var count = 0
    for (model, own) in Dictionary(grouping: pushes, by: \.model).sorted(by: { $0.key < $1.key }) {
      metrics.observe(.batchRows, Double(own.count))
      do {
        let work = own.map { SlotLines(slot: $0.slot, lines: $0.lines) }
        let results = try hosts[model]?.withTable { $0.push(work) } ?? []
        for (push, result) in zip(own, results) {
          count += push.lines.count
          answer(push, result)
        }
        metrics.add(.steps, Double(work.reduce(0) { $0 + $1.lines.count }), [("model", model)])
      } catch {
        for push in own { push.request.reply(.failure(.wrapping(error))) }
      }
      for push in own { finish(push) }
    }
    return count
  }

  private func answer(_ push: PendingPush, _ result: Result<[[Field]], any Error>) {
    switch result {
    case .failure(let error): push.request.reply(.failure(.wrapping(error)))
    case .success(let rows):
      var position = push.lines.count
      if let id = push.id, let start = store[id]?.position {
        position += start
        store[id]?.position = position
        store[id]?.last = (start, push.lines.count, .rows(rows))
        store[id]?.written = nil
      }
      push.request.reply(.rows(.rows(rows), position: position))
    }
  }

  /// Ends what ends with a request.
  private func finish(_ push: PendingPush) {
    release(cost: push.request.cost)
    if let id = push.id {
      store[id]?.isBusy = false
      if push.isEnd { try? store.close(id, in: &hosts) }
    } else {
      try? hosts[push.model]?.withTable { $0.close(push.slot) }
    }
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
