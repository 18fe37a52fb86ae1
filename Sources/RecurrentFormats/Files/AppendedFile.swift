#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that grows; what is appended goes to the system at once.
public final class AppendedFile {
  /// The path of the file.
  public let path: String
  private let descriptor: Int32

  /// Replaces the file at `path` by one with the text `beginning`, atomically, and goes on behind it.
  ///
  /// - Throws: ``FormatError``.
  public convenience init(path: String, beginning: String) throws(FormatError) {
    try AtomicFile.write(Array(beginning.utf8), to: path)
    try self.init(path: path, flags: O_WRONLY | O_APPEND)
  }

  /// Opens a file with the flags of `open(2)`.
  init(path: String, flags: Int32) throws(FormatError) {
    let descriptor = open(path, flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, cause: FileCause(errno: errno)) }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { _ = close(descriptor) }

  /// Appends a text.
  ///
  /// - Throws: ``FormatError/cannotWrite(path:cause:)``.
  public func append(_ text: String) throws(FormatError) { try append(Array(text.utf8)) }

  /// Appends bytes.
  ///
  /// - Throws: ``FormatError/cannotWrite(path:cause:)``.
  public func append(_ bytes: [UInt8]) throws(FormatError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        write(
          descriptor, UnsafeRawBufferPointer(rebasing: buffer[written...]).baseAddress, bytes.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .cannotWrite(path: path, cause: FileCause(errno: errno))
      }
      written += count
    }
  }
}
