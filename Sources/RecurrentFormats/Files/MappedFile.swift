import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A regular file of any size, seen as read-only memory; the system loads the parts that are touched.
///
/// A file that is replaced by renaming, as ``AtomicFile`` does, leaves existing mappings intact. A file that
/// another program shortens in place while it is mapped does not: reading the lost part then ends the
/// process, which no library can prevent.
public final class MappedFile: Sendable {
  /// The path as the caller gave it.
  public let path: String
  /// The size of the file in bytes when it was opened.
  public let count: Int
  // The mapping is never written to and lives exactly as long as this object.
  nonisolated(unsafe) private let base: UnsafeMutableRawPointer?
  private let readBytes = Atomic(0)

  private static let mostRead = 8 << 20

  /// Opens and maps the file at `path`.
  ///
  /// - Throws: ``FormatError/cannotRead(path:cause:)``.
  public convenience init(path: String) throws(FormatError) { try self.init(path: path, opening: path) }

  /// Opens and maps the file at `place`, which errors call `path`: the same without symbolic links, for example.
  ///
  /// - Throws: ``FormatError/cannotRead(path:cause:)``.
  init(path: String, opening place: String) throws(FormatError) {
    // Without O_NONBLOCK, opening a pipe would wait for a writer.
    let descriptor = open(place, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .cannotRead(path: path, cause: FileCause(errno: errno)) }
    defer { _ = close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else {
      throw .cannotRead(path: path, cause: FileCause(errno: errno))
    }
    switch information.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .cannotRead(path: path, cause: .isFolder)
    default: throw .cannotRead(path: path, cause: .notARegularFile)
    }
    self.path = path
    count = Int(information.st_size)
    if count == 0 {
      base = nil
    } else {
      let mapping = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
      guard let mapping, mapping != MAP_FAILED else {
        throw .cannotRead(path: path, cause: FileCause(errno: errno))
      }
      base = mapping
    }
  }

  deinit {
    if let base { _ = munmap(base, count) }
  }

  /// Gives back the memory of what was touched. The bytes stay: the system loads them again where they are touched again.
  public func releaseMemory() {
    readBytes.store(0, ordering: .relaxed)
    if let base { _ = madvise(base, count, MADV_DONTNEED) }
  }

  /// Counts bytes that were read, and gives back the memory of what was touched after every 8 MB of them: of a file that is read
  /// from its beginning to its end, no more than that stays.
  public func didRead(_ bytes: Int) {
    if readBytes.add(bytes, ordering: .relaxed).newValue >= MappedFile.mostRead { releaseMemory() }
  }

  /// Calls `body` with the bytes of the file; the pointer is valid until `body` returns.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(start: base, count: count))
  }
}
