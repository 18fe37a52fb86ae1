#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Keeps other processes away from the checkpoint of a training: a file in its folder that is locked for as long as this
/// process lives, and says who that is.
///
/// The system gives the lock back when the process ends, however it ends; where the file system knows no locks, the process
/// that the file names is looked for.
final class TrainingLock {
  private let path: String
  private let descriptor: Int32

  /// Takes the lock at `path`; its folder must exist.
  ///
  /// - Throws: ``TaskError/inUse(path:holder:)`` where another process has it, or a format error.
  init(path: String) throws {
    self.path = path
    descriptor = try TrainingLock.locked(path)
    let text = Array("\(try Holder.current.text())\n".utf8)
    // what stands in the file helps people; the lock holds without it
    if ftruncate(descriptor, 0) == 0 {
      _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }
  }

  /// Removes the file and gives the lock back.
  func release() {
    _ = unlink(path)
    _ = close(descriptor)
  }

  private static func locked(_ path: String) throws -> Int32 {
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else {
        throw BundleError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
      }
      let holder = Holder(path)
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        let code = errno
        guard code != EINTR else {
          _ = close(descriptor)
          continue
        }
        guard code == EWOULDBLOCK || holder?.isRunning ?? false else { return descriptor }
        _ = close(descriptor)
        throw TaskError.inUse(path: path, holder: holder?.description ?? "another process")
      }
      // one that was released in between has no name any more
      var (own, named) = (stat(), stat())
      if fstat(descriptor, &own) == 0, stat(path, &named) == 0, own.st_ino == named.st_ino,
        own.st_dev == named.st_dev
      {
        return descriptor
      }
      _ = close(descriptor)
    }
  }
}

extension TrainingLock {
  /// The process that has a lock.
  struct Holder: Codable, CustomStringConvertible {
    let process: Int32
    let host: String
    /// When it started, as the system counts; tells it from a later one with its number. Nil where that is not known.
    let start: String?

    /// This process.
    static var current: Holder {
      var name = [CChar](repeating: 0, count: 256)
      _ = gethostname(&name, name.count - 1)
      let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      return Holder(
        process: getpid(), host: String(decoding: bytes, as: UTF8.self), start: startTime(of: getpid()))
    }

    private init(process: Int32, host: String, start: String?) {
      (self.process, self.host, self.start) = (process, host, start)
    }

    /// The one that a file names; nil where it names none.
    init?(_ path: String) {
      guard let data = FileManager.default.contents(atPath: path),
        let holder = try? JSONDecoder().decode(Holder.self, from: data)
      else { return nil }
      self = holder
    }

    func text() throws -> String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    var description: String { "process \(process) on \(host)" }

    /// Whether it still runs; of a process on another machine nobody knows, and it counts as running.
    var isRunning: Bool {
      guard host == Holder.current.host else { return true }
      guard kill(process, 0) == 0 || errno == EPERM else { return false }
      return start == nil || start == Holder.startTime(of: process)
    }

    /// The start of a process in ticks since that of the system; nil where the system does not say.
    private static func startTime(of process: Int32) -> String? {
      guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return nil }
      // the name of the program, in brackets, may hold spaces
      let fields =
        String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
      return fields.count > 19 ? String(fields[19]) : nil
    }
  }
}
