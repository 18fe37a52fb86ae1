#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

import ArgumentParser

/// The standard input as it comes.
enum StandardInput {
  /// The bytes that have come, at most `count`, at least one; nil at the end, and where somebody asks to stop.
  static func bytes(atMost count: Int) -> [UInt8]? {
    while true {
      var event = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      // somebody may ask just before the wait: it is short
      let ready = poll(&event, 1, 100)
      if Interrupt.isRequested { return nil }
      guard ready > 0 else { continue }
      var size = 0
      let part = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        size = read(STDIN_FILENO, buffer.baseAddress, count)
        filled = max(size, 0)
      }
      if size < 0, errno == EINTR || errno == EAGAIN { continue }
      return size > 0 ? part : nil
    }
  }

  /// All bytes up to the end.
  ///
  /// - Throws: ``ExitCode`` where somebody asks to stop.
  static func all() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let part = StandardInput.bytes(atMost: 1 << 16) { bytes += part }
    if Interrupt.isRequested { throw ExitCode.interrupted }
    return bytes
  }
}
