#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The three streams that a process begins with.
enum StandardStreams {
  /// Puts `/dev/null` where a stream is closed: the next file that is opened would take its number, and messages for people
  /// would be written into data.
  ///
  /// It is opened the other way round where a failure should show, so that reading a closed input and writing results to
  /// a closed output fail as they would have; what goes to a closed standard error is lost.
  static func occupy() {
    for (descriptor, flags) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY),
    ]
    where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // those below are taken, so that it gets the lowest number that is free: this one
      let opened = open("/dev/null", flags)
      if opened >= 0, opened != descriptor {
        _ = dup2(opened, descriptor)
        _ = close(opened)
      }
    }
  }
}
