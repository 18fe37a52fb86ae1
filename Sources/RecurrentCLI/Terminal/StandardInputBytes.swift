#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The bytes of the standard input as they come. Ends at the end of the input, and where somebody asks to stop.
struct StandardInputBytes {
  /// The bytes that have come, at most `count`, at least one; nil at the end.
  mutating func next(atMost count: Int) -> [UInt8]? {
    while true {
      var event = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      // a signal may come just before the wait: it does not last
      let ready = poll(&event, 1, 100)
      if Interrupt.isRequested { return nil }
      guard ready > 0 else { continue }
      var part = [UInt8](repeating: 0, count: count)
      let size = read(STDIN_FILENO, &part, count)
      if size < 0, errno == EINTR || errno == EAGAIN { continue }
      return size > 0 ? Array(part[..<size]) : nil
    }
  }
}
