import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Ctrl-C, termination and the end of the terminal: the first asks the work to stop cleanly, a second Ctrl-C or termination
/// ends the process.
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
    // of a terminal that closes come several, which are one wish; under nohup none is heard
    let before = signal(SIGHUP) { _ in
      _ = Interrupt.requests.compareExchange(expected: 0, desired: 1, ordering: .relaxed)
    }
    // batch systems send it some time before they end a job
    signal(SIGUSR1) { _ in
      _ = Interrupt.requests.compareExchange(expected: 0, desired: 1, ordering: .relaxed)
    }
    if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(SIGHUP, SIG_IGN) }
    signal(SIGPIPE, SIG_DFL)
    // a file that grows past the limit of the user is an error to report, not the end of the process
    signal(SIGXFSZ, SIG_IGN)
  }
}
