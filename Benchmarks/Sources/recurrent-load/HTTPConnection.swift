import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One request at a time, the others wait; an answer has a length, or is a stream of events.
final class HTTPConnection: Connection, @unchecked Sendable {
  /// The next request.
  var request: () -> ByteBuffer = { ByteBuffer() }
  /// Steps or tokens of an answer.
  var units = 1
  /// Whether the next request follows its answer, not a plan.
  var isClosedLoop = false

  private var waiting: [Int64] = []
  private var first = 0
  private var planned: Int64?
  private var body: Int?
  private var isStream = false
  private var status = 0
  private var lastToken: Int64?

  override func send(planned time: Int64) {
    guard planned == nil else { return waiting.append(time) }
    planned = time
    write(request())
  }

  override func parse() {
    while planned != nil {
      if isStream { guard parseEvents() else { return } } else { guard parseAnswer() else { return } }
    }
  }

  private func finish(units: Int) {
    if let planned { run.note(planned, status: status, units: units) }
    (planned, body, isStream, lastToken) = (nil, nil, false, nil)
    if isClosedLoop, !run.isOver { return send(planned: Clock.now) }
    if first < waiting.count {
      let time = waiting[first]
      first += 1
      if first == 4096 {
        waiting.removeFirst(first)
        first = 0
      }
      send(planned: time)
    }
  }

  private func parseAnswer() -> Bool {
    if body == nil {
      guard let end = buffer.end(of: "\r\n\r\n") else { return false }
      status = buffer.number(at: 9)
      isStream = buffer.end(of: "chunked", within: end) != nil
      if !isStream {
        let place =
          buffer.end(of: "\ncontent-length:", within: end) ?? buffer.end(of: "\nContent-Length:", within: end)
        body = place.map { buffer.number(at: $0) } ?? 0
      }
      buffer.moveReaderIndex(forwardBy: end)
      if isStream { return true }
    }
    guard let body, buffer.readableBytes >= body else { return false }
    buffer.moveReaderIndex(forwardBy: body)
    finish(units: units)
    return true
  }

  /// Events stand in chunks; what matters are their ends and the end of all.
  private func parseEvents() -> Bool {
    guard let end = buffer.end(of: "\n\n") else { return false }
    guard buffer.end(of: "data: [DONE]", within: end) != nil else {
      if buffer.end(of: "data: ", within: end) != nil,
        buffer.end(of: "\"choices\":[]", within: end) == nil
      {
        let now = Clock.now
        if lastToken == nil, let planned { run.noteFirst(planned) }
        run.noteToken(after: lastToken, now)
        lastToken = now
      }
      buffer.moveReaderIndex(forwardBy: end)
      return true
    }
    // the last chunk is an empty one
    guard let rest = buffer.end(of: "\r\n0\r\n\r\n") else { return false }
    buffer.moveReaderIndex(forwardBy: rest)
    finish(units: 0)
    return true
  }
}

extension ByteBuffer {
  /// Bytes up to the end of a text, which ends within the first `limit` bytes.
  func end(of text: StaticString, within limit: Int = .max) -> Int? {
    withUnsafeReadableBytes { bytes in
      guard let start = bytes.baseAddress else { return nil }
      let (length, first) = (text.utf8CodeUnitCount, Int32(text.utf8Start.pointee))
      var place = 0
      while true {
        let rest = min(bytes.count, limit) - length + 1 - place
        guard rest > 0, let found = memchr(start + place, first, rest) else { return nil }
        place = UnsafeRawPointer(found) - start
        if memcmp(start + place, text.utf8Start, length) == 0 { return place + length }
        place += 1
      }
    }
  }

  /// The number whose digits stand, after spaces, so many bytes on.
  func number(at offset: Int) -> Int {
    withUnsafeReadableBytes { bytes in
      var (place, number) = (offset, 0)
      while place < bytes.count, bytes[place] == UInt8(ascii: " ") { place += 1 }
      while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) {
        number = number * 10 + Int(bytes[place] - UInt8(ascii: "0"))
        place += 1
      }
      return number
    }
  }

  /// A request of HTTP.
  init(_ method: String, _ path: String, fields: String = "", body: ByteBuffer = ByteBuffer()) {
    self.init(
      string:
        "\(method) \(path) HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: \(body.readableBytes)\r\n\(fields)\r\n"
    )
    writeImmutableBuffer(body)
  }
}
