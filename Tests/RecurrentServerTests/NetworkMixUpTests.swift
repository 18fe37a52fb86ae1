#if Server
import Recurrent
import RecurrentTestSupport
import Synchronization
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@testable import RecurrentServer
@testable import RecurrentServing

/// 500 sessions, random operations on them from 64 connections, more sessions than memory has room for; afterwards each is replayed
/// alone and must have given the same bytes.
@Suite(.serialized) struct NetworkMixUpTests {
  /// 50,000; `RECURRENT_MIXUP_OPERATIONS` says otherwise.
  private static let operations =
    ProcessInfo.processInfo.environment["RECURRENT_MIXUP_OPERATIONS"].flatMap { Int($0) } ?? 50_000
  private static let connections = 64
  private static let sessions = 500

  @Test func randomOperations() throws {
    let folder = try ScratchFolder()
    try Loopback.serving {
      $0.directory = folder.path
      $0.eventLoops = 2
      ($0.limits.sessions, $0.limits.idleSeconds, $0.limits.stateSeconds) = (400, 0.5, 0.7)
      // what is refused would have to be asked for again
      $0.limits.waitingSeconds = 1000
    } _: { server, port in
      let results = Mutex<[Result<[String: SessionLog], any Error>]>([])
      for number in 0..<NetworkMixUpTests.connections {
        PlainThread.start {
          let result = Result {
            var user = try MixUpUser(
              port: port, number: number,
              sessions: NetworkMixUpTests.sessions / NetworkMixUpTests.connections + 1)
            for _ in 0..<NetworkMixUpTests.operations / NetworkMixUpTests.connections { try user.act() }
            return user.logs
          }
          results.withLock { $0.append(result) }
        }
      }
      while results.withLock({ $0.count }) < NetworkMixUpTests.connections {
        PlainThread.sleep(milliseconds: 20)
      }
      let alone = try Dictionary(uniqueKeysWithValues: Loopback.hosts().map { ($0.name, $0) })
      var count = 0
      for result in results.withLock({ $0 }) {
        for (id, log) in try result.get() {
          var host = try #require(alone[log.model])
          #expect(try log.replayed(on: &host) == log.answers, "session \(id) of \(log.model)")
          count += 1
        }
      }
      #expect(count > 400)
      #expect(server.metrics.value(.evicted, [("to", "disk")]) > 100)
      #expect(server.metrics.value(.cancelled) + server.metrics.value(.steps, [("model", "layers")]) > 1000)
    }
  }
}

/// What was done to a session, and a digest of all its answers.
struct SessionLog: Sendable {
  enum Step: Sendable {
    case lines(seed: UInt64)
    case reset
  }

  let model: String
  var steps: [Step] = []
  var position = 0
  var answers: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The lines of an operation, as JSON and as values.
  func lines(_ seed: UInt64) -> [String] {
    var generator = SplitMix(seed: seed)
    return (0..<Int.random(in: 1...4, using: &generator)).map { _ in
      if model == "text" {
        return "\"" + String((0..<3).map { _ in "abcdefgh".randomElement(using: &generator) ?? "a" }) + "\""
      }
      return "["
        + (0..<3).map { _ in "\(Float.random(in: -1...1, using: &generator))" }.joined(separator: ",") + "]"
    }
  }

  /// Takes a list of rows (FNV-1a, Fowler, Noll, Vo 1991).
  mutating func take(_ rows: some Sequence<UInt8>) {
    for byte in rows { answers = (answers ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }

  /// The digest where the session is alone.
  func replayed(on host: inout ModelHost) throws -> UInt64 {
    var copy = SessionLog(model: model)
    try host.withTable { table in
      let slot = table.open()
      for step in steps {
        switch step {
        case .lines(let seed):
          let lines = try lines(seed).map { try JSONValue(text: Array($0.utf8)) }
          copy.take(
            StoredRows.rows(try table.push([SlotLines(slot: slot, lines: lines)])[0].get()).node.bytes)
        case .reset: copy.take(StoredRows.rows(table.finish(slot)).node.bytes)
        }
      }
      table.close(slot)
    }
    return copy.answers
  }
}

/// A connection with sessions of its own, which does something at random.
struct MixUpUser {
  private let port: Int
  private let number: Int
  private let most: Int
  private var client: RawClient
  private var generator: SplitMix
  private var names = 0
  private(set) var logs: [String: SessionLog] = [:]

  init(port: Int, number: Int, sessions: Int) throws {
    (self.port, self.number, most) = (port, number, sessions)
    generator = SplitMix(seed: UInt64(number) &* 0x9E37_79B9)
    client = try RawClient(port: port)
  }

  private mutating func newName() -> String {
    names += 1
    return "u\(number)-\(names)"
  }

  private func fail(_ what: String, _ answer: (head: String, body: String)) -> RawClient.Failure {
    RawClient.Failure(reason: "\(what): \(answer)")
  }

  /// One operation.
  mutating func act() throws {
    guard let id = logs.keys.sorted().randomElement(using: &generator) else { return try open() }
    switch Int.random(in: 0..<40, using: &generator) {
    case 0..<6 where logs.count < most: try open()
    case 6 where logs.count < most:
      let name = newName()
      let answer = try client.ask("POST", "/v1/sessions/\(id)/fork", "{\"id\":\"\(name)\"}")
      guard answer.head.contains(" 201 ") else { throw fail("fork", answer) }
      logs[name] = logs[id]
    case 7 where logs.count == most:
      let answer = try client.ask("DELETE", "/v1/sessions/\(id)")
      guard answer.head.contains(" 200 ") else { throw fail("end", answer) }
      logs[id] = nil
    case 8:
      let answer = try client.ask("POST", "/v1/sessions/\(id)/reset")
      logs[id]?.steps.append(.reset)
      logs[id]?.position = 0
      try take(answer, id, "reset")
    case 9: client = try RawClient(port: port)
    case 10, 11: try stream(id)
    case 12: try lose(id)
    case 13: try move(id)
    case 14: try write()
    default: try push(id)
    }
  }

  private mutating func open() throws {
    let (name, model) = (newName(), Bool.random(using: &generator) ? "text" : "layers")
    let answer = try client.ask("POST", "/v1/sessions", "{\"model\":\"\(model)\",\"id\":\"\(name)\"}")
    guard answer.head.contains(" 201 ") else { throw fail("open", answer) }
    logs[name] = SessionLog(model: model)
  }

  /// Takes `{"position":..,"outputs":ROWS}`.
  private mutating func take(_ answer: (head: String, body: String), _ id: String, _ what: String) throws {
    let expected = "{\"position\":\(logs[id]?.position ?? 0),\"outputs\":"
    guard answer.body.hasPrefix(expected) else { throw fail("\(what), expected \(expected)", answer) }
    logs[id]?.take(answer.body.utf8.dropFirst(expected.utf8.count).dropLast())
  }

  /// Lines for a session, and the request that sends them.
  private mutating func draw(_ id: String) -> (body: String, count: Int) {
    let seed = UInt64.random(in: 0 ... .max, using: &generator)
    let lines = logs[id]?.lines(seed) ?? []
    let body = "{\"steps\":[\(lines.joined(separator: ","))],\"position\":\(logs[id]?.position ?? 0)}"
    logs[id]?.steps.append(.lines(seed: seed))
    logs[id]?.position += lines.count
    return (body, lines.count)
  }

  private mutating func push(_ id: String) throws {
    let body = draw(id).body
    try take(try client.ask("POST", "/v1/sessions/\(id)/steps", body), id, "steps")
  }

  /// A request whose answer nobody reads; the same again on another connection.
  private mutating func lose(_ id: String) throws {
    let body = draw(id).body
    client.send(
      "POST /v1/sessions/\(id)/steps HTTP/1.1\r\nhost: a\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
    )
    if Bool.random(using: &generator) { PlainThread.sleep(milliseconds: 1) }
    client = try RawClient(port: port)
    // the first one may be on its way still; it is then before this one
    try take(try client.ask("POST", "/v1/sessions/\(id)/steps", body), id, "again")
  }

  /// A part of a session over WebSocket.
  private mutating func stream(_ id: String) throws {
    let socket = try RawClient.stream(port, "session=\(id)")
    _ = try socket.frame()
    var expected: [(position: Int, count: Int)] = []
    for _ in 0..<Int.random(in: 1...5, using: &generator) {
      let (body, count) = draw(id)
      socket.frame(1, Array(body.utf8))
      expected.append((logs[id]?.position ?? 0, count))
    }
    for own in expected {
      let text = String(decoding: try socket.frame().bytes, as: UTF8.self)
      let (one, several) = (
        "{\"position\":\(own.position),\"answer\":", "{\"position\":\(own.position),\"answers\":"
      )
      if text.hasPrefix(several) {
        logs[id]?.take(text.utf8.dropFirst(several.utf8.count).dropLast())
      } else {
        guard text.hasPrefix(one) else { throw fail("stream, expected \(one)", ("", text)) }
        logs[id]?.take("[".utf8)
        logs[id]?.take(text.utf8.dropFirst(one.utf8.count).dropLast())
        logs[id]?.take("]".utf8)
      }
    }
  }

  /// The state of a session goes to another one, and the first ends.
  private mutating func move(_ id: String) throws {
    guard let log = logs[id] else { return }
    client.send("GET /v1/sessions/\(id)/state HTTP/1.1\r\nhost: a\r\n\r\n")
    let head = try client.read(until: "\r\n\r\n")
    let field = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
    let length = field.flatMap { Int($0.dropFirst(15).filter { $0 != " " }) } ?? 0
    let (file, name) = (try client.read(length), newName())
    client.send(
      "PUT /v1/sessions/\(name)/state?model=\(log.model) HTTP/1.1\r\nhost: a\r\ncontent-length: \(length)\r\n\r\n"
    )
    client.send(file)
    let answer = try client.answer()
    guard answer.head.contains(" 200 ") else { throw fail("restore", answer) }
    logs[name] = log
    _ = try client.ask("DELETE", "/v1/sessions/\(id)")
    logs[id] = nil
  }

  /// A completion beside; its text is that of the generator alone.
  private mutating func write() throws {
    let seed = Int.random(in: 0..<1000, using: &generator)
    let trained = try Loopback.text.get()
    let session = LanguageModelSession(model: trained.model, vocabulary: trained.task.vocabulary)
    let expected = Array(
      TextGenerator(
        session, sampler: Sampler(), length: 8, stop: [], key: RandomKey(seed: UInt64(seed)).child(0))
    ).joined()
    let answer = try client.ask(
      "POST", "/v1/completions", "{\"model\":\"text\",\"max_tokens\":8,\"seed\":\(seed)}")
    guard answer.body.contains("\"text\":\"\(expected.replacing("\n", with: "\\n"))\"") else {
      throw fail("a completion, expected \(expected)", answer)
    }
  }
}
#endif
