import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Ctrl-C and termination: the first asks the work to stop cleanly, the second ends the process.
enum Interrupt {
  private static let requests = Atomic<Int>(0)

  /// Whether the work was asked to stop.
  static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

  /// Listens from now on.
  static func install() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        if Interrupt.requests.add(1, ordering: .relaxed).oldValue > 0 { _exit(130) }
      }
    }
    signal(SIGPIPE, SIG_DFL)
    // a file that grows past the limit of the user is an error to report, not the end of the process
    signal(SIGXFSZ, SIG_IGN)
  }
}
