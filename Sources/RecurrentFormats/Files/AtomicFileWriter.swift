#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Takes the bytes of a file that ``AtomicFile/write(to:_:)`` is writing.
///
/// Small pieces are gathered into larger ones before they reach the system.
public struct AtomicFileWriter: ~Copyable {
  private let descriptor: Int32
  private let path: String
  private var pending: [UInt8] = []
  /// The number of bytes taken so far.
  public private(set) var byteCount = 0

  private static let pendingCapacity = 256 * 1024

  init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Appends `bytes` to the file.
  ///
  /// - Throws: ``FormatError/cannotWrite(path:cause:)``.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(FormatError) {
    byteCount += bytes.count
    if pending.count + bytes.count <= Self.pendingCapacity {
      pending.append(contentsOf: bytes)
      return
    }
    try flush()
    if bytes.count <= Self.pendingCapacity / 2 {
      pending.append(contentsOf: bytes)
    } else {
      try writeThrough(bytes)
    }
  }

  /// Appends `bytes` to the file.
  ///
  /// - Throws: ``FormatError/cannotWrite(path:cause:)``.
  public mutating func write(_ bytes: [UInt8]) throws(FormatError) {
    // The error leaves through a variable because `withUnsafeBytes` cannot carry its type.
    var failure: FormatError?
    bytes.withUnsafeBytes { buffer in
      do throws(FormatError) { try write(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Hands everything to the system and waits until it is on the disk.
  mutating func finish() throws(FormatError) {
    try flush()
    while fsync(descriptor) != 0 {
      if errno == EINTR { continue }
      throw .cannotWrite(path: path, cause: FileCause(errno: errno))
    }
  }

  private mutating func flush() throws(FormatError) {
    var failure: FormatError?
    pending.withUnsafeBytes { buffer in
      do throws(FormatError) { try writeThrough(buffer) } catch { failure = error }
    }
    pending.removeAll(keepingCapacity: true)
    if let failure { throw failure }
  }

  private func writeThrough(_ bytes: UnsafeRawBufferPointer) throws(FormatError) {
    guard let base = bytes.baseAddress else { return }
    var written = 0
    while written < bytes.count {
      let result = unistdWrite(descriptor, base + written, bytes.count - written)
      if result < 0 {
        if errno == EINTR { continue }
        throw .cannotWrite(path: path, cause: FileCause(errno: errno))
      }
      written += result
    }
  }
}

/// The system call, which the methods of the same name hide.
private func unistdWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
