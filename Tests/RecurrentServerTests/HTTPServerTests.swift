#if Server
import Recurrent
import RecurrentServing
import RecurrentTestSupport
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@testable import RecurrentServer

/// The server over the loopback of this machine.
@Suite(.serialized) struct HTTPServerTests {
  @Test func requestsOneAfterTheOther() throws {
    try Loopback.serving { _, port in
      let client = try RawClient(port: port)
      #expect(try client.ask("GET", "/health").body == #"{"status":"ok"}"#)
      #expect(
        try client.ask("POST", "/v1/sessions", #"{"model":"layers","id":"a"}"#).head.hasPrefix("HTTP/1.1 201")
      )
      for position in 0..<3 {
        let answer = try client.ask(
          "POST", "/v1/sessions/a/steps", #"{"steps":[[1,2,3]],"position":\#(position)}"#)
        #expect(answer.body.hasPrefix(#"{"position":\#(position + 1),"outputs":"#))
      }
      #expect(try client.ask("GET", "/nothing").head.hasPrefix("HTTP/1.1 404"))
      // several requests at once are answered in their order
      client.send("GET /v2/health/live HTTP/1.1\r\nhost: a\r\n\r\nGET /health HTTP/1.1\r\nhost: a\r\n\r\n")
      #expect(try client.answer().body.hasPrefix(#"{"live""#))
      #expect(try client.answer().body.hasPrefix(#"{"status""#))
      let metrics = try client.ask("GET", "/metrics").body
      #expect(metrics.contains("rnn_requests_total{route=\"/v1/sessions\",code=\"200\"} 3.0"))
      #expect(metrics.contains("rnn_connections 1.0"))
    }
  }

  @Test func streamsOfText() throws {
    try Loopback.serving { _, port in
      let client = try RawClient(port: port)
      let body = #"{"model":"text","prompt":"abc","max_tokens":9,"seed":3"#
      let whole = try client.ask("POST", "/v1/completions", body + "}").body
      client.send(
        "POST /v1/completions HTTP/1.1\r\nhost: a\r\ncontent-length: \(body.utf8.count + 55)\r\n\r\n\(body),\"stream\":true,\"stream_options\":{\"include_usage\":true}}"
      )
      #expect(try client.read(until: "\r\n\r\n").contains("text/event-stream"))
      // the ends of chunks are one letter to a text of Swift
      let events = try client.read(until: "\r\n0\r\n\r\n").replacing("\r\n", with: "\n").split(
        separator: "\n"
      ).filter { $0.hasPrefix("data: ") }
      var text = ""
      for event in events.dropLast(2) {
        guard case .object(let members) = try JSONValue(text: Array(event.dropFirst(6).utf8)),
          case .list(let choices)? = members["choices"], case .object(let choice)? = choices.first,
          case .text(let piece)? = choice["text"]
        else { throw RawClient.Failure(reason: "\(event)") }
        text += piece
      }
      #expect(text.count == 9)
      #expect(whole.contains("\"text\":\"\(text.replacing("\n", with: "\\n"))\""))
      #expect(events.dropLast().last?.contains(#""completion_tokens":9"#) == true)
      #expect(events.last.map { $0.hasPrefix("data: [DONE]") } == true)
      #expect(try client.ask("GET", "/health").body == #"{"status":"ok"}"#)
    }
  }

  @Test func streamsOfSteps() throws {
    try Loopback.serving { server, port in
      let client = try RawClient.stream(port, "model=layers&answers=binary")
      #expect(String(decoding: try client.frame().bytes, as: UTF8.self).hasPrefix(#"{"session":"rnn-"#))
      client.frame(1, Array(#"{"step":[0.5,-1,2]}"#.utf8))
      let text = String(decoding: try client.frame().bytes, as: UTF8.self)
      #expect(text.hasPrefix(#"{"position":1,"answer":{"output":["#))
      client.frame(1, Array(#"{"reset":true}"#.utf8))
      _ = try client.frame()
      client.frame(2, [0, 0, 0, 0x3F, 0, 0, 0x80, 0xBF, 0, 0, 0, 0x40])
      let (opcode, bytes) = try client.frame()
      #expect(opcode == 2 && bytes.count == 20)
      let first = Float(bitPattern: bytes[..<4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
      #expect(text.contains("[\(first),"))
      client.frame(1, Array(#"{"steps":1}"#.utf8))
      #expect(String(decoding: try client.frame().bytes, as: UTF8.self).hasPrefix(#"{"error""#))
      client.frame(9, [7, 8])
      #expect(try client.frame() == (10, [7, 8]))
      client.frame(1, Array(#"{"end":true}"#.utf8))
      #expect(try client.frame() == (8, [3, 232]))
      // what no client may do ends the stream with its own code
      let wrong: [(bytes: [UInt8], isMasked: Bool, code: [UInt8])] = [
        ([0xFF, 0xFE], true, [3, 239]), ([1], false, [3, 234]),
      ]
      for (bytes, isMasked, code) in wrong {
        let other = try RawClient.stream(port, "model=layers")
        _ = try other.frame()
        other.frame(1, bytes, isMasked: isMasked)
        #expect(try other.frame() == (8, code))
      }
      let none = try RawClient.stream(port, "model=none")
      _ = try none.frame()
      #expect(try none.frame() == (8, [3, 240]))
    }
  }

  @Test func limits() throws {
    try Loopback.serving {
      $0.limits.bodyBytes = 100
      $0.limits.headerBytes = 1000
      $0.limits.headSeconds = 0.2
      $0.limits.messageBytes = 50
      $0.limits.connections = 8
    } _: { server, port in
      #expect(
        try RawClient(port: port).ask("POST", "/v1/sessions", String(repeating: " ", count: 101)).head
          .hasPrefix("HTTP/1.1 413"))
      let chunked = try RawClient(port: port)
      chunked.send(
        "POST /v1/sessions HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n65\r\n"
          + String(repeating: " ", count: 101))
      #expect(chunked.readAll().hasPrefix("HTTP/1.1 413"))
      let long = try RawClient(port: port)
      long.send("GET / HTTP/1.1\r\nhost: a\r\nx: " + String(repeating: "x", count: 2000) + "\r\n\r\n")
      #expect(!long.readAll().hasPrefix("HTTP/1.1 200"))
      let slow = try RawClient(port: port)
      slow.send("GET / HT")
      #expect(slow.readAll() == "")
      let wide = try RawClient.stream(port, "model=layers")
      _ = try wide.frame()
      wide.frame(1, Array(String(repeating: " ", count: 60).utf8))
      #expect(try wide.frame() == (8, [3, 241]))
      let open = try (0..<12).map { _ in try RawClient(port: port) }
      let answers = open.map { client in
        client.send("GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        return client.readAll()
      }
      #expect(answers.filter { $0.hasPrefix("HTTP/1.1 200") }.count >= 1)
      #expect(answers.contains(""))
      #expect(server.metrics.value(.rejected, [("reason", "connections")]) > 0)
      #expect(server.metrics.value(.rejected, [("reason", "body")]) == 2)
    }
  }

  /// What was begun is finished, streams are told, sessions are kept.
  @Test func drain() throws {
    let folder = try ScratchFolder()
    var configuration = HTTPServerConfiguration()
    (configuration.port, configuration.directory) = (0, folder.path)
    let server = HTTPServer(try Loopback.hosts(), configuration, created: 7)
    let port = try server.start()
    let client = try RawClient(port: port)
    _ = try client.ask("POST", "/v1/sessions", #"{"model":"layers","id":"a"}"#)
    _ = try client.ask("POST", "/v1/sessions/a/steps", #"{"steps":[[1,2,3]]}"#)
    let wide = try RawClient.stream(port, "model=layers")
    _ = try wide.frame()
    let body = #"{"model":"text","max_tokens":300}"#
    client.send(
      "POST /v1/completions HTTP/1.1\r\nhost: a\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
    while server.metrics.value(.tokens, [("model", "text")]) == 0 { PlainThread.sleep(milliseconds: 1) }
    server.drain()
    #expect(try client.answer().body.contains(#""completion_tokens":300"#))
    #expect(String(decoding: try wide.frame().bytes, as: UTF8.self) == #"{"draining":true}"#)
    #expect(try wide.frame() == (8, [3, 233]))
    #expect(throws: RawClient.Failure.self) { try RawClient(port: port) }
    #expect(FileManager.default.fileExists(atPath: folder.path + "/a.session"))
  }
}
#endif
