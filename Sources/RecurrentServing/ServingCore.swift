import RecurrentTasks

/// What a server does with its models: sessions are read together, as many as have lines when the last turn is over; completions
/// get a token each. There is no timer and nothing to tune: batches grow with the load, and a request alone is answered at once.
///
/// One thread calls ``turn()``; requests come from any thread by the ``ServingInbox``. Every answer has the bits that the session has
/// alone, whoever else is served.
public final class ServingCore {
  let limits: ServingLimits
  let metrics: ServingMetrics
  let clock: () -> Double
  let inbox: ServingInbox
  private let makeName: () -> String
  var hosts: [String: ModelHost]
  var store: SessionStore
  var jobs: [CompletionJob] = []
  /// States of beginnings of texts.
  var prefixes: PrefixStates<SessionState>
  /// Memory for choosing tokens.
  var workspace = SamplerWorkspace()
  private(set) var waiting: [ServingRequest] = []
  var lastSweep: Double
  /// The number of the turn, from 1.
  private var turnNumber = 0
  /// The longest that a step took in one of the last turns; nil before the first.
  private(set) var secondsPerStep: Double?
  /// What is counted of each model.
  let figures: [String: ModelFigures]

  /// A server that has begun.
  ///
  /// - Parameters:
  ///   - hosts: the models; each with a name of its own.
  ///   - limits: what is taken at most.
  ///   - directory: where sessions are kept that nobody uses; nil for nowhere.
  ///   - inbox: where requests come from.
  ///   - metrics: what is counted.
  ///   - clock: seconds since some moment.
  ///   - makeName: a name for a session, another one each time.
  /// - Throws: where the directory cannot be read.
  public init(
    _ hosts: [ModelHost], limits: ServingLimits, directory: String? = nil, inbox: ServingInbox,
    metrics: ServingMetrics, clock: @escaping () -> Double, makeName: @escaping () -> String
  ) throws {
    (self.limits, self.inbox, self.metrics) = (limits, inbox, metrics)
    (self.clock, self.makeName) = (clock, makeName)
    prefixes = PrefixStates(block: limits.promptChunk, limit: limits.prefixBytes)
    self.hosts = Dictionary(hosts.map { ($0.name, $0) }) { first, _ in first }
    figures = Dictionary(hosts.map { ($0.name, ModelFigures($0.name, in: metrics)) }) { first, _ in first }
    store = SessionStore(directory: directory, limits: limits, metrics: metrics)
    lastSweep = clock()
    try store.find(in: self.hosts, now: lastSweep)
  }

  /// Does what can be done at once.
  ///
  /// - Parameter sweeps: whether sessions that are idle may be looked for, once a second.
  /// - Returns: whether there is more to do; else something has to come first.
  public func turn(sweeps: Bool = true) -> Bool {
    let start = clock()
    waiting += inbox.take()
    let lines = takeRequests(now: start)
    let tokens = write(now: start)
    if lines + tokens > 0 {
      let seconds = clock() - start
      inbox.note(steps: lines + tokens, seconds: seconds)
      // a slow model must not be forgotten for many turns of a quick one, a pause of the processor must
      secondsPerStep = max(seconds / Double(lines + tokens), 0.9 * (secondsPerStep ?? 0))
      metrics.observe(.stepTime, seconds)
      metrics.observe(.batchSteps, Double(lines + tokens))
    }
    if sweeps, start - lastSweep >= 1 { sweep(now: start) }
    // work that waits for a slow reader is no work
    return !waiting.isEmpty || jobs.contains { !$0.client.isBehind || $0.client.isGone }
  }

  /// Whether nothing is being done.
  public var isIdle: Bool { waiting.isEmpty && jobs.isEmpty }

  /// Ends: what waits is refused, completions end where they are, sessions are written to disk.
  public func end() {
    for request in waiting + inbox.take() {
      request.reply(.failure(ServingError(.unavailable, "the server ends", retryAfter: 1)))
      inbox.finish(cost: request.cost)
    }
    waiting = []
    for job in jobs {
      job.reply(.failure(ServingError(.unavailable, "the server ends", retryAfter: 1)))
      end(job)
    }
    jobs = []
    let now = clock()
    for (id, record) in store.records where record.slot != nil && !record.isSequence && record.written == nil
    {
      try? store.write(id, now: now, in: hosts)
    }
    store.writer.flush()
  }

  /// Says that steps are done or given up.
  func release(cost: Int) { inbox.finish(cost: cost) }

  // MARK: Requests

  /// Takes requests in their order: those of one session one after the other.
  ///
  /// - Returns: lines that were read.
  private func takeRequests(now: Double) -> Int {
    guard !waiting.isEmpty else { return 0 }
    turnNumber += 1
    // requests that wait for others of their session, and the names that others in this turn are about
    var (held, taken) = ([ServingRequest](), [String: Int]())
    var pushes: [PendingPush] = []
    var count = 0
    while count < waiting.count, pushes.count < limits.batchSize {
      let request = waiting[count]
      count += 1
      if request.client.isGone {
        metrics.add(.cancelled)
        inbox.finish(cost: request.cost)
        continue
      }
      let key = sessionKey(request.action)
      let record = key.flatMap { store[$0] }
      if let key, record?.isBusy ?? false || record?.turn == turnNumber || taken[key] != nil {
        taken[key, default: 0] += 1
        if taken[key, default: 0] > limits.waitingPerSession {
          metrics.add(.rejected, 1, [("reason", "session")])
          inbox.finish(cost: request.cost)
          request.reply(
            .failure(
              ServingError(
                .busy, "\(limits.waitingPerSession) requests of the session wait, which is the most",
                retryAfter: 1)))
        } else {
          held.append(request)
        }
        continue
      }
      // one that begins or ends has no record before, or behind
      if let record { record.turn = turnNumber }
      if let key, record == nil || !request.isPush { taken[key] = 0 }
      do {
        if let push = try begin(request, key: key, now: now) {
          pushes.append(push)
        } else if !request.isCompletion {
          inbox.finish(cost: request.cost)
        }
      } catch {
        inbox.finish(cost: request.cost)
        request.stepModel(record).flatMap { figures[$0] }?.failures.add()
        request.reply(.failure(.wrapping(error)))
      }
    }
    // what was not looked at stays as it is, however much it is
    waiting.replaceSubrange(..<count, with: held)
    return read(pushes, now: now)
  }

  /// The name of the session that a request is about.
  func sessionKey(_ action: ServingRequest.Action) -> String? {
    switch action {
    case .open(_, let id, _): id
    case .listen(let id, _, _), .push(let id, _, _), .reset(let id), .fork(let id, _), .describe(let id),
      .save(let id),
      .restore(let id, _, _), .close(let id):
      id
    case .infer(let model, let sequence, _): sequence.map { ServingCore.key($0, model) }
    case .complete(let request): request.session
    case .list: nil
    }
  }

  /// The name of a sequence of the Open Inference Protocol, which no session can have.
  static func key(_ sequence: InferenceSequence, _ model: String) -> String {
    "sequence:\(model):\(sequence.id)"
  }

  /// Does what a request asks for, or says which lines are to be read for it.
  private func begin(_ request: ServingRequest, key: String?, now: Double) throws -> PendingPush? {
    switch request.action {
    case .push(let id, let lines, let position):
      return try beginPush(request, id, lines, position, now: now)
    case .infer(let model, let sequence, let lines):
      return try beginInference(request, model, sequence, key: key, lines, now: now)
    case .complete(let completion):
      try begin(completion, of: request, now: now)
    case .open(let model, let id, let idle):
      let name = try newName(id)
      try store.open(name, model: model, idleSeconds: idle, now: now, in: &hosts)
      measure(name)
      request.reply(.session(try info(name)))
    case .listen(let id, let model, let rate):
      let record = try store.open(id, model: model, idleSeconds: nil, now: now, in: &hosts)
      record.isSequence = true
      if let rate, let slot = record.slot {
        do { try hosts[model]?.withTable { try $0.resample(slot, from: rate) } } catch {
          try store.close(id, in: &hosts)
          throw error
        }
      }
      request.reply(.session(try info(id)))
    case .reset(let id):
      let record = try store.wake(id, now: now, in: &hosts)
      guard let slot = record.slot else { break }
      let rows = try hosts[record.model]?.withTable { $0.finish(slot) } ?? []
      store[id]?.position = 0
      store[id]?.last = nil
      store[id]?.written = nil
      request.reply(.rows(.rows(rows), position: 0))
    case .fork(let id, let other):
      let name = try newName(other)
      let record = try store.wake(id, now: now, in: &hosts)
      guard let slot = record.slot else { break }
      // the room for the other one must not be its own
      store[id]?.isBusy = true
      defer { store[id]?.isBusy = false }
      try store.open(
        name, model: record.model, from: slot, idleSeconds: record.idleSeconds, now: now, in: &hosts)
      store[name]?.position = record.position
      store[name]?.elementCount = record.elementCount
      request.reply(.session(try info(name)))
    case .describe(let id): request.reply(.session(try info(id)))
    case .list: request.reply(.sessions(try store.records.keys.sorted().map { try info($0) }))
    case .save(let id):
      _ = try store.wake(id, now: now, in: &hosts)
      request.reply(.state(try file(of: id), position: store[id]?.position ?? 0))
    case .restore(let id, let model, let file):
      try restore(id, model: model, file, now: now)
      request.reply(.session(try info(id)))
    case .close(let id):
      try store.close(id, in: &hosts)
      request.reply(.done)
    }
    return nil
  }

  /// The name for a session that begins.
  private func newName(_ wanted: String?) throws -> String {
    guard let wanted else { return makeName() }
    guard SessionStore.isName(wanted) else {
      throw ServingError(
        .malformed, "the name of a session is 1 to 64 letters, digits, \".\", \"_\" and \"-\"",
        parameter: "id")
    }
    guard store[wanted] == nil else {
      throw ServingError(.conflict, "there is a session \"\(wanted)\" already", parameter: "id")
    }
    return wanted
  }

  /// What is known of a session.
  func info(_ id: String) throws -> SessionInfo {
    guard let record = store[id] else {
      throw ServingError(.unknown, "there is no session \"\(id)\"", parameter: "session")
    }
    return SessionInfo(
      id: id, model: record.model, position: record.position, bytes: 4 * record.elementCount,
      isOnDisk: record.slot == nil)
  }

  /// Takes note of how large the state of a session is.
  func measure(_ id: String) {
    guard let record = store[id], let slot = record.slot, let table = try? hosts[record.model]?.table() else {
      return
    }
    store[id]?.elementCount = table.state(slot).elementCount
  }
}

extension ServingRequest {
  /// Whether it is done step by step.
  fileprivate var isCompletion: Bool { if case .complete = action { true } else { false } }
  /// Whether it reads lines of a session.
  fileprivate var isPush: Bool { if case .push = action { true } else { false } }

  /// The model that is to read steps for it, where there are any.
  fileprivate func stepModel(_ record: SessionStore.Record?) -> String? {
    switch action {
    case .push: record?.model
    case .infer(let model, _, _): model
    default: nil
    }
  }
}
