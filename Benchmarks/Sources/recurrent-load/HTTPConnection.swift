import NIOCore

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
      guard let end = buffer.end(of: "\r\n\r\n"),
        let head = buffer.readString(length: end)?.lowercased()
      else { return false }
      status = Int(head.dropFirst(9).prefix(3)) ?? 0
      if head.contains("text/event-stream") {
        isStream = true
        return true
      }
      let field = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
      body = field.flatMap { Int($0.dropFirst(15).filter { $0 != " " }) } ?? 0
    }
    guard let body, buffer.readableBytes >= body else { return false }
    buffer.moveReaderIndex(forwardBy: body)
    finish(units: units)
    return true
  }

  /// Events stand in chunks; what matters are their ends and the end of all.
  private func parseEvents() -> Bool {
    guard let end = buffer.end(of: "\n\n") else { return false }
    guard let text = buffer.readString(length: end) else { return false }
    guard text.contains("data: [DONE]") else {
      if text.contains("data: "), !text.contains("\"choices\":[]") {
        let now = Clock.now
        if lastToken == nil, let planned { run.noteFirst(planned) }
        run.noteToken(after: lastToken, now)
        lastToken = now
      }
      return true
    }
    // the last chunk is an empty one
    guard let rest = buffer.end(of: "0\r\n\r\n") else {
      buffer.moveReaderIndex(to: buffer.readerIndex - end)
      return false
    }
    buffer.moveReaderIndex(forwardBy: rest)
    finish(units: 0)
    return true
  }
}

extension ByteBuffer {
  /// Bytes up to the end of a text.
  func end(of text: String) -> Int? {
    let mark = Array(text.utf8)
    return withUnsafeReadableBytes { bytes in
      guard bytes.count >= mark.count else { return nil }
      var start = 0
      while start + mark.count <= bytes.count {
        if bytes[start] == mark[0], (1..<mark.count).allSatisfy({ bytes[start + $0] == mark[$0] }) {
          return start + mark.count
        }
        start += 1
      }
      return nil
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
