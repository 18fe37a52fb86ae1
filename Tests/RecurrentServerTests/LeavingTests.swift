#if Server
import RecurrentServing
import Testing

@testable import RecurrentServer

/// Of whoever leaves nothing is kept.
@Suite struct LeavingTests {
  private struct Weak: @unchecked Sendable {
    weak var stream: EventStream?
    let wasThere: Bool

    init(_ stream: EventStream?) { (self.stream, wasThere) = (stream, stream != nil) }
  }

  @Test func aStreamThatIsLeftIsForgotten() throws {
    try Loopback.serving { server, port in
      let loop = try #require(server.loops.values.first)
      let own = try {
        let body = #"{"model":"text","max_tokens":60000,"stream":true}"#
        let client = try RawClient(port: port)
        client.send(
          "POST /v1/completions HTTP/1.1\r\nhost: a\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
        _ = try client.read(until: "data: ")
        return try loop.loop.submit {
          Weak(loop.timed.values.lazy.compactMap { $0 as? EventStream }.first)
        }.wait()
      }()
      var milliseconds = 0
      while own.stream != nil, milliseconds < 10_000 {
        PlainThread.sleep(milliseconds: 5)
        milliseconds += 5
      }
      #expect(own.wasThere && own.stream == nil)
      #expect(server.metrics.value(.cancelled) == 1)
    }
  }
}
#endif
