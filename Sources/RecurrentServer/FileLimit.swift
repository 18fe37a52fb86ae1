#if Server
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How many files this process may have open, connections among them.
enum FileLimit {
  /// Files beside the connections: the listener, the event loop, sessions on their way to disk.
  private static let others = 64

  /// Raises the limit as far as the system lets it.
  ///
  /// - Returns: the connections that there can be.
  static func connections(atLeast count: Int) -> Int {
    #if canImport(Glibc)
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
    let resource = RLIMIT_NOFILE
    #endif
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return count }
    let wanted = rlim_t(count + others)
    if limit.rlim_cur < wanted {
      let before = limit.rlim_cur
      limit.rlim_cur = min(wanted, limit.rlim_max)
      if setrlimit(resource, &limit) != 0 { limit.rlim_cur = before }
    }
    return limit.rlim_cur >= wanted ? count : Int(limit.rlim_cur) - others
  }
}
#endif
