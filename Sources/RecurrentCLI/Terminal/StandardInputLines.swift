/// The lines of the standard input as they come. Ends at the end of the input, and where somebody asks to stop.
struct StandardInputLines {
  private var buffer: [UInt8] = []
  private var isAtEnd = false
  private static let longest = 1 << 24

  /// The lines that have come, at least one unless the input has ended or somebody asks to stop.
  mutating func waiting(atMost most: Int) throws -> [[UInt8]] {
    guard let first = try next() else { return [] }
    var lines = [first]
    var start = 0
    while lines.count < most, let end = buffer[start...].firstIndex(of: 0x0A) {
      lines.append(Array(buffer[start..<end]))
      start = end + 1
    }
    buffer.removeSubrange(..<start)
    return lines
  }

  /// The next line without its end; nil behind the last.
  mutating func next() throws -> [UInt8]? {
    while true {
      if let end = buffer.firstIndex(of: 0x0A) {
        let line = Array(buffer[..<end])
        buffer.removeSubrange(...end)
        return line
      }
      if isAtEnd {
        defer { buffer = [] }
        return buffer.isEmpty ? nil : buffer
      }
      guard buffer.count < StandardInputLines.longest else {
        throw RunError.stream("<stream>: a line has more than \(StandardInputLines.longest) bytes")
      }
      guard let part = StandardInput.bytes(atMost: 1 << 16) else {
        if Interrupt.isRequested { return nil }
        isAtEnd = true
        continue
      }
      buffer += part
    }
  }
}
