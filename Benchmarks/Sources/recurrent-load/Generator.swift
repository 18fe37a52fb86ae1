import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Opens the connections of a scenario, loads them, and says what was found.
final class Generator: @unchecked Sendable {
  private let run: Run
  private let group: MultiThreadedEventLoopGroup
  private var settings: Settings { run.settings }

  init(_ run: Run, _ group: MultiThreadedEventLoopGroup) { (self.run, self.group) = (run, group) }

  private func connect<C: Connection>(_ type: C.Type, _ count: Int) throws -> [C] {
    var connections: [C] = []
    // no more at once than the queue of a listener holds
    for start in stride(from: 0, to: count, by: 128) {
      let own = (start..<min(start + 128, count)).map { _ in C(run) }
      let futures = own.map { connection in
        ClientBootstrap(group: group).channelOption(.tcpOption(.tcp_nodelay), value: 1)
          .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 16384))
          .channelInitializer { $0.pipeline.addHandler(connection) }
          .connect(host: settings.host, port: settings.port)
      }
      for future in futures { _ = try future.wait() }
      connections += own
    }
    return connections
  }

  /// Runs work in the loop.
  private func inLoop(_ body: @escaping @Sendable () -> Void) throws {
    try group.next().submit(body).wait()
  }

  private func sleep(_ seconds: Double) { usleep(UInt32(seconds * 1e6)) }

  /// Warms up, measures, ends.
  private func measure(_ schedules: [Schedule]) throws {
    sleep(settings.warm)
    try inLoop { self.run.isMeasuring = true }
    sleep(settings.seconds)
    try inLoop {
      self.run.isMeasuring = false
      self.run.isOver = true
      for schedule in schedules { schedule.stop() }
    }
  }

  private func schedule(_ connections: [Connection], rate: Double) -> Schedule {
    Schedule(group.next(), rate: rate) { number, time in
      connections[number % connections.count].send(planned: time)
    }
  }

  func measure(_ scenario: Load.Scenario) throws {
    switch scenario {
    case .streams:
      let streams = try connect(StreamConnection.self, settings.connections)
      // made before it is measured: numbers for a thousand streams take longer than their steps
      let message = StreamConnection.frame(settings)
      try inLoop { for stream in streams { stream.message = message } }
      sleep(1 + Double(settings.connections) / 10_000)
      try measure([schedule(streams, rate: settings.rate)])
    case .infer:
      let own = try connect(HTTPConnection.self, settings.connections)
      try inLoop {
        let (settings, request) = (self.settings, Requests.infer(self.settings))
        for (place, connection) in own.enumerated() {
          connection.units = settings.steps
          guard settings.hasSequences else {
            connection.request = { request }
            continue
          }
          var first: ByteBuffer? = Requests.infer(settings, sequence: place + 1, isStart: true)
          let further = Requests.infer(settings, sequence: place + 1)
          connection.request = {
            defer { first = nil }
            return first ?? further
          }
        }
      }
      try measure([schedule(own, rate: settings.rate)])
    case .sessions: try measureSessions()
    case .text, .events: try measureTexts(isStream: scenario == .events)
    case .first: try measureFirst()
    }
  }

  /// Each session is asked for once, when it is on disk.
  private func measureSessions() throws {
    let count = Int(settings.rate * (settings.seconds + settings.warm)) + 64
    let own = try connect(HTTPConnection.self, 1)[0]
    let (model, line) = (settings.model, Requests.step(settings))
    let isText = settings.size == 0
    try inLoop {
      own.request = {
        let place = self.run.nextNumber()
        if place < count {
          return ByteBuffer(
            "POST", "/v1/sessions",
            body: ByteBuffer(string: "{\"model\":\"\(model)\",\"id\":\"load-\(place)\",\"ttl\":0.5}"))
        }
        return ByteBuffer(
          "POST", "/v1/sessions/load-\(place % count)/steps",
          body: ByteBuffer(string: "{\"steps\":[\(isText ? "\"a\"" : line)]}"))
      }
      for _ in 0..<2 * count { own.send(planned: Clock.now) }
    }
    // all have begun and read a line; then they are idle, and go to disk
    sleep(4 + Double(count) / 2000)
    try measure([schedule([own], rate: settings.rate)])
  }

  private func measureTexts(isStream: Bool) throws {
    let (own, settings) = (try connect(HTTPConnection.self, settings.connections), settings)
    try inLoop {
      for connection in own {
        connection.isClosedLoop = true
        connection.units = settings.tokens
        connection.request = {
          Requests.text(
            settings, seed: self.run.nextNumber(), tokens: settings.tokens, prompt: "A", isStream: isStream)
        }
        connection.send(planned: Clock.now)
      }
    }
    try measure([])
  }

  private func measureFirst() throws {
    let (own, settings) = (try connect(HTTPConnection.self, settings.connections), settings)
    let probes = try connect(HTTPConnection.self, 16)
    let prompt = String(repeating: "the hart ", count: settings.prompt / 9 + 1).prefix(settings.prompt)
    try inLoop {
      @Sendable func request(_ tokens: Int, _ prompt: String, _ isStream: Bool) -> ByteBuffer {
        Requests.text(
          settings, seed: self.run.nextNumber(), tokens: tokens, prompt: prompt, isStream: isStream)
      }
      for connection in own {
        connection.units = settings.tokens
        connection.request = { request(settings.tokens, "A", false) }
      }
      for probe in probes { probe.request = { request(2, String(prompt), true) } }
    }
    try measure([schedule(own, rate: settings.rate), schedule(probes, rate: settings.probes)])
  }

  /// What was found, as JSON.
  func report(_ scenario: Load.Scenario) -> String {
    let found = run.findings
    func text(_ number: Double) -> String { number.isFinite ? "\((number * 1000).rounded() / 1000)" : "null" }
    func quantiles(_ name: String, _ own: Latencies) -> String {
      let values = zip(["p50", "p99", "p999"], own.quantiles([0.5, 0.99, 0.999])).map {
        "\"\($0)\":\(text($1))"
      }
      return "\"\(name)\":{\"count\":\(own.count),\(values.joined(separator: ","))}"
    }
    let statuses = found.statuses.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
    return
      "{\"scenario\":\"\(scenario)\",\"connections\":\(settings.connections),\"rate\":\(text(settings.rate)),"
      + "\"perSecond\":\(text(Double(found.units) / settings.seconds)),\"statuses\":{\(statuses.joined(separator: ","))},"
      + [
        quantiles("answers", found.latencies), quantiles("refused", found.refused),
        quantiles("gaps", found.gaps), quantiles("first", found.first),
      ].joined(separator: ",") + "}"
  }
}

/// Lets the process have so many files.
func raiseFileLimit(_ count: Int) {
  var limit = rlimit()
  getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  limit.rlim_cur = min(limit.rlim_max, max(limit.rlim_cur, rlim_t(count)))
  setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
