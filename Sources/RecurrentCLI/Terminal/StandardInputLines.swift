#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The lines of the standard input as they come. Ends at the end of the input, and where somebody asks to stop.
struct StandardInputLines {
  private var buffer: [UInt8] = []
  private var isAtEnd = false
  private static let longest = 1 << 24

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
      var event = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let count = poll(&event, 1, 100)
      if Interrupt.isRequested { return nil }
      guard count > 0 else { continue }
      var part = [UInt8](repeating: 0, count: 1 << 16)
      let size = read(STDIN_FILENO, &part, part.count)
      if size < 0, errno == EINTR || errno == EAGAIN { continue }
      if size <= 0 { isAtEnd = true } else { buffer += part[..<size] }
    }
  }
}
