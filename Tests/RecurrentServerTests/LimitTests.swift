#if Server
import Recurrent
import Testing

@testable import RecurrentServer
@testable import RecurrentServing

/// Each limit is crossed by one: the right status, the right counter, and the next request is answered.
@Suite(.serialized) struct LimitTests {
  /// A request, a status, and the reason that is counted; nil where a wrong value is no refusal of load.
  private struct Crossing: Sendable {
    let name: String
    let limits: @Sendable (inout ServingLimits) -> Void
    let method: String
    let path: String
    let body: String
    let status: Int
    let reason: String?
  }

  private static let crossings = [
    Crossing(
      name: "steps", limits: { $0.steps = 2 }, method: "POST", path: "/v1/sessions/a/steps",
      body: #"{"steps":[[1,2,3],[1,2,3],[1,2,3]]}"#, status: 413, reason: "steps"),
    Crossing(
      name: "tokens", limits: { $0.tokens = 10 }, method: "POST", path: "/v1/completions",
      body: #"{"model":"text","max_tokens":11}"#, status: 400, reason: nil),
    Crossing(
      name: "choices", limits: { $0.choices = 2 }, method: "POST", path: "/v1/completions",
      body: #"{"model":"text","n":3}"#, status: 400, reason: nil),
    Crossing(
      name: "sessions", limits: { $0.sessions = 1 }, method: "POST", path: "/v1/sessions",
      body: #"{"model":"layers"}"#, status: 429, reason: "sessions"),
    Crossing(
      name: "predictions", limits: { $0.predictions = 0 }, method: "POST", path: "/v1/predict/text",
      body: #"{"record":{"text":"abc"}}"#, status: 429, reason: "predictions"),
    Crossing(
      name: "body", limits: { $0.bodyBytes = 50 }, method: "POST", path: "/v1/sessions",
      body: String(repeating: " ", count: 51), status: 413, reason: "body"),
    Crossing(
      name: "header", limits: { $0.headerBytes = 300 }, method: "GET",
      path: "/health?" + String(repeating: "x", count: 301), body: "", status: 431, reason: "header"),
    Crossing(
      name: "header fields", limits: { $0.headerFields = 5 }, method: "GET",
      path: "/health HTTP/1.1\r\na: 1\r\nb: 1\r\nc: 1\r\nd: 1\r\nx:", body: "", status: 431, reason: "header"),
  ]

  @Test func requests() throws {
    for own in LimitTests.crossings {
      try Loopback.serving {
        own.limits(&$0.limits)
      } _: { server, port in
        let client = try RawClient(port: port)
        #expect(
          try client.ask("POST", "/v1/sessions", #"{"model":"layers","id":"a"}"#).head.contains(" 201 "))
        let head = try client.ask(own.method, own.path, own.body).head
        #expect(head.hasPrefix("HTTP/1.1 \(own.status) "), "\(own.name): \(head)")
        #expect(head.contains("retry-after") == (own.status == 429), "\(own.name)")
        if let reason = own.reason {
          #expect(server.metrics.value(.rejected, [("reason", reason)]) == 1, "\(own.name)")
        }
        #expect(try RawClient(port: port).ask("GET", "/v1/sessions/a").head.contains(" 200 "), "\(own.name)")
      }
    }
  }

  /// What is not taken is refused by its head; its body is passed over, and the connection goes on.
  @Test func queue() throws {
    try Loopback.serving {
      $0.limits.bodyBytes = 100_000
    } _: { server, port in
      let client = try RawClient(port: port)
      let body = String(repeating: " ", count: 90_000)
      server.inbox.finish(cost: -1_000_000_000)
      for (path, start) in [("/v2/models/layers/infer?x", #"{"error":""#), ("/v1/sessions", #"{"error":{"#)] {
        let answer = try client.ask("POST", path, body)
        #expect(answer.head.contains(" 429 ") && answer.head.contains("retry-after: "))
        #expect(answer.body.hasPrefix(start))
      }
      #expect(try client.ask("GET", "/health").head.contains(" 200 "))
      #expect(server.metrics.value(.rejected, [("reason", "queue")]) == 2)
      #expect(try RawClient(port: port).ask("POST", "/v1/sessions", body + body).head.contains(" 413 "))
      server.inbox.finish(cost: 1_000_000_000)
      #expect(try client.ask("POST", "/v1/sessions", #"{"model":"layers"}"#).head.contains(" 201 "))
    }
  }

  /// What does not come in time: a head, a body, another request.
  @Test func times() throws {
    try Loopback.serving {
      ($0.limits.headSeconds, $0.limits.bodySeconds, $0.limits.keepAliveSeconds) = (0.3, 0.2, 0.1)
    } _: { server, port in
      let body = try RawClient(port: port)
      body.send("POST /v1/sessions HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n12")
      #expect(body.readAll().hasPrefix("HTTP/1.1 408"))
      let head = try RawClient(port: port)
      head.send("GET /health HTTP/1.1\r\nx: ")
      #expect(head.readAll() == "")
      #expect(server.metrics.value(.rejected, [("reason", "timeout")]) == 2)
      let idle = try RawClient(port: port)
      #expect(try idle.ask("GET", "/health").head.contains(" 200 "))
      #expect(idle.readAll() == "")
      #expect(server.metrics.value(.rejected, [("reason", "timeout")]) == 2)
    }
  }

  /// A silent stream says that it is there.
  @Test func silence() throws {
    try Loopback.serving {
      $0.limits.silenceSeconds = 0.05
      $0.limits.unsentBytes = 2000
    } _: { server, port in
      let client = try RawClient(port: port, room: 1 << 16)
      let body = #"{"model":"text","max_tokens":30000,"stream":true,"seed":1}"#
      client.send(
        "POST /v1/completions HTTP/1.1\r\nhost: a\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
      _ = try client.read(until: "\n\n")
      // who reads nothing is not written for: the buffers of the system fill, then tokens stop
      var (before, now) = (-1.0, 0.0)
      while before != now {
        before = now
        PlainThread.sleep(milliseconds: 300)
        now = server.metrics.value(.tokens, [("model", "text")])
      }
      #expect(now < 30000)
      #expect(try RawClient(port: port).ask("GET", "/health").head.contains(" 200 "))
      let text = try client.read(until: "data: [DONE]")
      #expect(text.contains(": keepalive\n\n"))
      #expect(server.metrics.value(.tokens, [("model", "text")]) == 30000)
    }
  }

  /// What is not done when the drain is over is ended, and says so.
  @Test func drains() throws {
    var configuration = HTTPServerConfiguration()
    (configuration.port, configuration.limits.drainSeconds) = (0, 0.2)
    let server = HTTPServer(try Loopback.hosts(), configuration, created: 7)
    let client = try RawClient(port: try server.start())
    let body = #"{"model":"text","max_tokens":65536,"n":16}"#
    client.send(
      "POST /v1/completions HTTP/1.1\r\nhost: a\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
    while server.metrics.value(.tokens, [("model", "text")]) == 0 { PlainThread.sleep(milliseconds: 1) }
    let start = ContinuousClock.now
    server.drain()
    #expect(start.duration(to: .now) < .seconds(5))
    #expect(try client.answer().head.hasPrefix("HTTP/1.1 503 "))
  }
}
#endif
