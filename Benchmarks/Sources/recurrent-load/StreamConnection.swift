import NIOCore

/// A stream over WebSocket: messages of steps as float32, each answered by one message.
final class StreamConnection: Connection, @unchecked Sendable {
  private var planned: [Int64] = []
  private var first = 0
  private var hasBegun = false
  /// Called when the session is there.
  var ready: (() -> Void)?
  /// What is sent each time.
  var message = ByteBuffer()

  /// A frame of random numbers, masked by zero.
  static func frame(_ settings: Settings) -> ByteBuffer {
    let count = settings.steps * settings.size
    var frame = ByteBuffer(bytes: [0x82])
    let bytes = count * 4
    switch bytes {
    case 0..<126: frame.writeInteger(UInt8(0x80 | bytes))
    case 126..<65536:
      frame.writeInteger(UInt8(0xFE))
      frame.writeInteger(UInt16(bytes))
    default:
      frame.writeInteger(UInt8(0xFF))
      frame.writeInteger(UInt64(bytes))
    }
    frame.writeInteger(UInt32(0))
    for _ in 0..<count {
      frame.writeInteger(Float.random(in: -1...1).bitPattern, endianness: .little)
    }
    return frame
  }

  override func begin() {
    write(
      ByteBuffer(
        "GET", "/v1/stream?model=\(run.settings.model)&answers=binary",
        fields:
          "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
      ))
  }

  override func send(planned time: Int64) {
    planned.append(time)
    write(message)
  }

  override func parse() {
    if !hasBegun {
      guard let end = buffer.end(of: "\r\n\r\n") else { return }
      buffer.moveReaderIndex(forwardBy: end)
      hasBegun = true
    }
    while let (opcode, length) = head() {
      buffer.moveReaderIndex(forwardBy: length)
      switch opcode {
      case 1:
        ready?()
        ready = nil
      case 2:
        guard first < planned.count else { continue }
        run.note(planned[first], status: 101, units: run.settings.steps)
        first += 1
        if first == 4096 {
          planned.removeFirst(first)
          first = 0
        }
      case 9: write(ByteBuffer(bytes: [0x8A, 0x80, 0, 0, 0, 0]))
      default: run.note(status: opcode == 8 ? 0 : 400)
      }
    }
  }

  /// The head of a frame that is there as a whole.
  private func head() -> (opcode: UInt8, length: Int)? {
    let start = buffer.readerIndex
    guard let opcode = buffer.getInteger(at: start, as: UInt8.self),
      let short = buffer.getInteger(at: start + 1, as: UInt8.self)
    else { return nil }
    var (head, length) = (2, Int(short & 127))
    if length == 126 {
      guard let own = buffer.getInteger(at: start + 2, as: UInt16.self) else { return nil }
      (head, length) = (4, Int(own))
    } else if length == 127 {
      guard let own = buffer.getInteger(at: start + 2, as: UInt64.self) else { return nil }
      (head, length) = (10, Int(own))
    }
    guard buffer.readableBytes >= head + length else { return nil }
    return (opcode & 15, head + length)
  }
}
