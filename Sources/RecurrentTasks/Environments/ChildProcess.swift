#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import Synchronization

/// A process of the shell that is spoken to in lines; it is ended with the last reference.
final class ChildProcess: Sendable {
  /// The longest line that is read.
  private static let lineLimit = 1 << 24

  private let id: pid_t
  /// One end of a pair of sockets, of which the process has the other as standard input and output: a write to a process that has
  /// ended is an error and no signal.
  private let socket: Int32
  /// What was read behind the last line.
  private let rest = Mutex<[UInt8]>([])
  /// Whether its end was taken note of, so that its number may be that of another process.
  private let isGone = Mutex(false)

  /// Starts a command in a group of processes of its own.
  ///
  /// - Throws: ``EnvironmentFault`` where the system refuses.
  init(command: String) throws(EnvironmentFault) {
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, ChildProcess.socketKind, 0, &ends) == 0 else {
      throw EnvironmentFault("the system gives no sockets: \(String(cString: strerror(errno)))")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    #if canImport(Darwin)
    var one: Int32 = 1
    _ = setsockopt(ends[0], SOL_SOCKET, SO_NOSIGPIPE, &one, socklen_t(MemoryLayout<Int32>.size))
    #endif
    let launch = ProcessLaunch()
    launch.hand(ends[1], as: 0)
    launch.hand(ends[1], as: 1)
    launch.beginsGroup()
    let (id, code) = launch.start(["/bin/sh", "-c", command])
    _ = close(ends[1])
    guard code == 0 else {
      _ = close(ends[0])
      throw EnvironmentFault("the system starts no process: \(String(cString: strerror(code)))")
    }
    (self.id, socket) = (id, ends[0])
  }

  #if canImport(Glibc)
  private static let socketKind = Int32(SOCK_STREAM.rawValue)
  #else
  private static let socketKind = SOCK_STREAM
  #endif

  /// An error and no signal where the process has ended; none waits here.
  private static var sendFlags: Int32 {
    #if canImport(Darwin)
    Int32(MSG_DONTWAIT)
    #else
    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    #endif
  }

  deinit {
    _ = close(socket)
    if isGone.withLock({ $0 }) { return }
    // all that it has started, too
    _ = kill(-id, SIGKILL)
    var status: Int32 = 0
    _ = waitpid(id, &status, 0)
  }

  /// Sends bytes.
  ///
  /// - Throws: ``EnvironmentFault`` where the process has ended, or reads nothing for too long.
  func write(_ bytes: [UInt8], within timeout: Double) throws(EnvironmentFault) {
    var sent = 0
    let deadline = ChildProcess.seconds() + timeout
    while sent < bytes.count {
      try wait(for: Int16(POLLOUT), until: deadline, timeout)
      let count = bytes.withUnsafeBytes { own in
        send(socket, own.baseAddress.map { $0 + sent }, own.count - sent, ChildProcess.sendFlags)
      }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count > 0 else { throw ended() }
      sent += count
    }
  }

  /// Reads a line, without its end.
  ///
  /// - Throws: ``EnvironmentFault`` where the process has ended, or says nothing for too long.
  func line(within timeout: Double) throws(EnvironmentFault) -> [UInt8] {
    let deadline = ChildProcess.seconds() + timeout
    var line = rest.withLock { own in
      defer { own = [] }
      return own
    }
    var searched = 0
    while true {
      if let end = line[searched...].firstIndex(of: 0x0a) {
        let behind = Array(line[(end + 1)...])
        rest.withLock { $0 = behind }
        line.removeSubrange(end...)
        return line
      }
      searched = line.count
      guard searched < ChildProcess.lineLimit else {
        throw EnvironmentFault("its line is longer than \(ChildProcess.lineLimit) bytes")
      }
      try wait(for: Int16(POLLIN), until: deadline, timeout)
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      let count = piece.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count > 0 else { throw ended() }
      line += piece[..<count]
    }
  }

  private func wait(for events: Int16, until deadline: Double, _ timeout: Double) throws(EnvironmentFault) {
    while true {
      let left = deadline - ChildProcess.seconds()
      guard left > 0 else { throw EnvironmentFault("it has not answered within \(timeout) s") }
      var request = pollfd(fd: socket, events: events, revents: 0)
      let found = poll(&request, 1, Int32(min(left * 1000 + 1, 1e9)))
      if found > 0 { return }
      guard found == 0 || errno == EINTR else { throw ended() }
    }
  }

  /// That the process has ended, and how.
  private func ended() -> EnvironmentFault {
    var status: Int32 = 0
    // its output may be closed a moment before its end
    for _ in 0..<50 {
      let found = waitpid(id, &status, WNOHANG)
      if found == id {
        isGone.withLock { $0 = true }
        // a shell says by its exit code which signal ended its command
        let code = status >> 8 & 0xff
        let signal = code > 128 ? code - 128 : status & 0x7f
        return EnvironmentFault(
          signal == 0 ? "it ended with exit code \(code)" : "it was ended by signal \(signal)")
      }
      if found < 0 { break }
      usleep(2000)
    }
    return EnvironmentFault("it closed its output")
  }

  private static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
