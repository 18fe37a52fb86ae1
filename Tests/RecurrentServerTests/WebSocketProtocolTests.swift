#if Server
import Recurrent
import RecurrentServing
import Testing

@testable import RecurrentServer

/// RFC 6455 case by case, as the test suite of Autobahn goes about it: frames, pings, reserved bits and codes, fragments, UTF-8, ends.
/// That suite wants its messages back; here a message is a step, and its answer is known.
@Suite(.serialized) struct WebSocketProtocolTests {
  private static let step = Array(#"{"step":[0.5,-1,2]}"#.utf8)

  /// A stream, behind the first message of the server.
  private func begin(_ port: Int) throws -> RawClient {
    let client = try RawClient.stream(port, "model=layers")
    _ = try client.frame()
    return client
  }

  private func text(_ client: RawClient) throws -> String {
    let (opcode, bytes) = try client.frame()
    guard opcode == 1 else { throw RawClient.Failure(reason: "frame \(opcode): \(bytes)") }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func close(_ code: Int) -> [UInt8] { [UInt8(code >> 8), UInt8(code & 255)] }

  /// Cases 1, 9 and 10: messages of all lengths that have a form of their own, byte by byte too.
  @Test func lengths() throws {
    try Loopback.serving { _, port in
      let client = try begin(port)
      var position = 0
      for length in [19, 125, 126, 127, 128, 65535, 65536, 1 << 20] {
        client.frame(1, WebSocketProtocolTests.step + [UInt8](repeating: 0x20, count: length - 19))
        position += 1
        #expect(try text(client).hasPrefix("{\"position\":\(position),"), "\(length) bytes")
      }
      for byte in RawClient.frame(1, WebSocketProtocolTests.step) {
        client.send([byte])
        PlainThread.sleep(milliseconds: 1)
      }
      #expect(try text(client).hasPrefix("{\"position\":\(position + 1),"))
      client.frame(1, [UInt8](repeating: 0x20, count: 1 << 20 + 1))
      #expect(try client.frame() == (8, close(1009)))
    }
  }

  /// Case 2.
  @Test func pings() throws {
    try Loopback.serving { _, port in
      let client = try begin(port)
      for payload in [[], Array("hello".utf8), [0, 255, 254, 253], [UInt8](repeating: 254, count: 125)] {
        client.frame(9, payload)
        #expect(try client.frame() == (10, payload))
      }
      client.frame(10, [1, 2])
      for number in 0..<10 { client.frame(9, [UInt8(number)]) }
      for number in 0..<10 { #expect(try client.frame() == (10, [UInt8(number)])) }
      client.frame(9, [UInt8](repeating: 1, count: 126))
      #expect(try client.frame() == (8, close(1002)))
    }
  }

  /// Cases 3, 4 and 5: what no client may send.
  @Test func violations() throws {
    try Loopback.serving { server, port in
      let step = WebSocketProtocolTests.step
      var wrong: [(String, [[UInt8]])] = [0x40, 0x20, 0x10, 0x70].map {
        ("reserved bits \($0)", [RawClient.frame(1, step, first: 0x81 | $0)])
      }
      wrong += [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map { ("operation \($0)", [RawClient.frame($0, step)]) }
      wrong += [
        ("a ping in fragments", [RawClient.frame(9, [1], first: 0x09)]),
        ("the end of nothing", [RawClient.frame(0, step)]),
        ("the middle of nothing", [RawClient.frame(0, step, first: 0)]),
        ("a message within another", [RawClient.frame(1, step, first: 1), RawClient.frame(1, step)]),
        ("bits in a fragment", [RawClient.frame(1, step, first: 1), RawClient.frame(0, step, first: 0xC0)]),
        ("no mask", [RawClient.frame(1, step, isMasked: false)]),
        ("no mask of nothing", [RawClient.frame(9, [], isMasked: false)]),
        ("an end of one byte", [RawClient.frame(8, [3])]),
      ]
      wrong += [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535].map {
        ("code \($0)", [RawClient.frame(8, close($0))])
      }
      for (name, frames) in wrong {
        let client = try begin(port)
        for frame in frames { client.send(frame) }
        #expect(try client.frame() == (8, close(1002)), "\(name)")
      }
      #expect(try RawClient(port: port).ask("GET", "/health").head.contains(" 200 "))
    }
  }

  /// Case 5: fragments, with pings between them.
  @Test func fragments() throws {
    try Loopback.serving { _, port in
      let (client, step) = (try begin(port), WebSocketProtocolTests.step)
      client.frame(1, Array(step[..<5]), first: 1)
      client.frame(9, [7])
      #expect(try client.frame() == (10, [7]))
      client.frame(0, Array(step[5..<9]), first: 0)
      client.frame(0, [], first: 0)
      client.frame(0, Array(step[9...]))
      #expect(try text(client).hasPrefix(#"{"position":1,"#))
      for byte in step.dropLast() {
        client.frame(byte == step[0] && byte == 0x7B ? 1 : 0, [byte], first: byte == 0x7B ? 1 : 0)
      }
      client.frame(0, Array(step.suffix(1)))
      #expect(try text(client).hasPrefix(#"{"position":2,"#))
    }
  }

  /// Case 6: UTF-8, whole and cut in its letters.
  @Test func letters() throws {
    try Loopback.serving { _, port in
      let message = Array("{\"step\":\"\u{3BA}\u{1F600}\"}".utf8)
      let client = try begin(port)
      for cut in [10, 12, 13, 14] {
        client.frame(1, Array(message[..<cut]), first: 1)
        client.frame(0, Array(message[cut...]))
        #expect(try text(client).hasPrefix("{\"error\""), "the step is no list of numbers")
      }
      let wrong: [[UInt8]] = [
        [0xCE], [0xCE, 0xBA, 0xE1], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0xAF],
        [0xF8, 0x88, 0x80, 0x80, 0x80],
      ]
      for bytes in wrong {
        let own = try begin(port)
        own.frame(1, bytes)
        #expect(try own.frame() == (8, close(1007)), "\(bytes)")
      }
    }
  }

  /// Case 7: ends.
  @Test func ends() throws {
    try Loopback.serving { _, port in
      for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] {
        let client = try begin(port)
        client.frame(8, close(code) + Array("why \u{1F600}".utf8))
        // what follows the end is not answered
        client.frame(9, [1])
        #expect(try client.frame() == (8, close(code)))
        #expect(client.readAll() == "")
      }
      let (empty, letters) = (try begin(port), try begin(port))
      empty.frame(8, [])
      #expect(try empty.frame() == (8, []))
      letters.frame(8, close(1000) + [0xCE, 0xBA, 0xE1])
      #expect(try letters.frame() == (8, close(1007)))
    }
  }
}
#endif
