#if Server
import Recurrent
import RecurrentServing
import Testing

@testable import RecurrentServer

/// Clients that mean harm or know no better: each is refused by itself, and a session beside goes on.
@Suite(.serialized) struct HostileTests {
  /// Whether a session that somebody else uses is undisturbed.
  private func check(_ port: Int, _ position: Int, _ name: String) throws {
    let answer = try RawClient(port: port).ask(
      "POST", "/v1/sessions/a/steps", #"{"steps":[[1,2,3]],"position":\#(position)}"#)
    #expect(answer.body.hasPrefix(#"{"position":\#(position + 1),"#), "after \(name): \(answer)")
  }

  private func post(_ path: String, _ body: [UInt8], _ fields: String = "") -> [UInt8] {
    Array(
      "POST \(path) HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: \(body.count)\r\n\(fields)\r\n"
        .utf8) + body
  }

  @Test func requests() throws {
    try Loopback.serving { _, port in
      _ = try RawClient(port: port).ask("POST", "/v1/sessions", #"{"model":"layers","id":"a"}"#)
      let json =
        #"{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","parameters":{"binary_data_size":12}}]}"#
      func binary(_ bytes: Int, header: String? = nil, json text: String? = nil) -> [UInt8] {
        let text = text ?? json
        return post(
          "/v2/models/layers/infer", Array(text.utf8) + [UInt8](repeating: 0, count: bytes),
          "inference-header-content-length: \(header ?? "\(text.utf8.count)")\r\n")
      }
      func tensor(_ text: String) -> [UInt8] {
        post("/v2/models/layers/infer", Array(#"{"inputs":[\#(text)]}"#.utf8))
      }
      let deep = String(repeating: "[", count: 100_000)
      let cases: [(String, [UInt8], Int)] = [
        ("no UTF-8", post("/v1/sessions", [0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D]), 400),
        ("deep JSON", post("/v1/sessions", Array((#"{"model":"# + deep).utf8)), 400),
        ("a member twice", post("/v1/sessions", Array(#"{"model":"layers","model":"text"}"#.utf8)), 400),
        ("a huge number", post("/v1/sessions/a/steps", Array(#"{"steps":[[1e999,0,0]]}"#.utf8)), 400),
        (
          "a number beyond float32", post("/v1/sessions/a/steps", Array(#"{"steps":[[1e300,0,0]]}"#.utf8)),
          400
        ),
        (
          "a position that is none",
          post("/v1/sessions/a/steps", Array(#"{"steps":[[1,2,3]],"position":1e40}"#.utf8)), 400
        ),
        ("a name with a path", post("/v1/sessions", Array(#"{"model":"layers","id":"../../x"}"#.utf8)), 400),
        ("a state by another method", post("/v1/sessions/a/state?model=layers", [1, 2, 3]), 405),
        ("a method that is none", Array("BREW / HTTP/1.1\r\nconnection: close\r\n\r\n".utf8), 400),
        ("gzip", post("/v1/sessions", [1], "content-encoding: gzip\r\n"), 415),
        ("too few bytes of a tensor", binary(11), 400), ("too many", binary(13), 400),
        ("a header beyond the body", binary(12, header: "9999999"), 400),
        ("a negative header", binary(12, header: "-1"), 400),
        ("a header of words", binary(12, header: "x"), 400),
        ("a size beyond all", binary(12, json: json.replacing(":12}", with: ":1e18}")), 400),
        (
          "a shape beyond all",
          tensor(#"{"name":"x","shape":[2147483647,2147483647,2147483647],"datatype":"FP32","data":[1]}"#),
          400
        ),
        ("a negative shape", tensor(#"{"name":"x","shape":[-1],"datatype":"FP32","data":[1]}"#), 400),
        (
          "a text cut off",
          binary(3, json: json.replacing("FP32", with: "BYTES").replacing(":12}", with: ":3}")), 400
        ),
        (
          "a negative sequence",
          tensor(
            #"{"name":"sequence_id","shape":[1],"datatype":"INT64","data":[-1]},{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}"#
          ), 400
        ),
        (
          "a sequence beyond all",
          tensor(
            #"{"name":"sequence_id","shape":[1],"datatype":"FP64","data":[1e300]},{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}"#
          ), 400
        ),
        (
          "tokens that are none", post("/v1/completions", Array(#"{"model":"text","prompt":[-1]}"#.utf8)), 400
        ),
        (
          "a bias of no token",
          post("/v1/completions", Array(#"{"model":"text","logit_bias":{"999999":1}}"#.utf8)), 400
        ),
      ]
      for (position, own) in cases.enumerated() {
        let client = try RawClient(port: port)
        client.send(own.1)
        let answer = client.readAll()
        #expect(answer.hasPrefix("HTTP/1.1 \(own.2) "), "\(own.0): \(answer.prefix(300))")
        try check(port, position, own.0)
      }
    }
  }

  /// Connections that break the rules of the network below.
  @Test func connections() throws {
    try Loopback.serving {
      $0.limits.headSeconds = 0.5
    } _: { server, port in
      _ = try RawClient(port: port).ask("POST", "/v1/sessions", #"{"model":"layers","id":"a"}"#)
      // thousands of requests in one piece are answered in their order
      let many = try RawClient(port: port)
      many.send(String(repeating: "GET /health HTTP/1.1\r\nhost: a\r\n\r\n", count: 5000))
      for _ in 0..<5000 { #expect(try many.answer().body == #"{"status":"ok"}"#) }
      try check(port, 0, "many requests")
      let half = try RawClient(port: port)
      half.send("POST /v1/completions HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{")
      half.endSending()
      #expect(half.readAll() == "")
      try check(port, 1, "half a request")
      let noise = try RawClient(port: port)
      noise.send((0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7 + 128) })
      #expect(!noise.readAll().hasPrefix("HTTP/1.1 2"))
      let lengths = try RawClient(port: port)
      lengths.send(
        "POST /v1/sessions HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n")
      #expect(!lengths.readAll().hasPrefix("HTTP/1.1 2"))
      // byte by byte, too slow
      let slow = (0..<50).compactMap { _ in try? RawClient(port: port) }
      for _ in 0..<10 {
        for own in slow { own.send("G") }
        PlainThread.sleep(milliseconds: 20)
      }
      try check(port, 2, "slow ones beside")
      for own in slow { _ = own.readAll() }
      // opened and left, by the thousand
      for _ in 0..<2000 { _ = try RawClient(port: port) }
      let gone = try RawClient(port: port)
      gone.send(
        "POST /v1/completions HTTP/1.1\r\nhost: a\r\ncontent-length: 36\r\n\r\n{\"model\":\"text\",\"max_tokens\":65536 }"
      )
      while server.metrics.value(.tokens, [("model", "text")]) == 0 { PlainThread.sleep(milliseconds: 1) }
      gone.endSending()
      _ = gone.readAll()
      while server.metrics.value(.cancelled) == 0 { PlainThread.sleep(milliseconds: 1) }
      try check(port, 3, "one that went away")
      var tries = 0
      while server.metrics.value(.connections) > 1, tries < 1000 {
        PlainThread.sleep(milliseconds: 5)
        tries += 1
      }
      #expect(server.metrics.value(.connections) <= 1)
    }
  }
}
#endif
