#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Writes files so that a reader sees either the old content or the whole new one, never a part.
///
/// The bytes go to a temporary file in the target's folder, are forced to the disk, and the temporary file is
/// then renamed over the target. On any failure the temporary file is removed and the target stays as it was.
/// Only a process that is killed or a machine that loses power in between can leave a file named
/// `.recurrent-<process>-<number>.tmp` behind; it is safe to delete.
public enum AtomicFile {
  /// Writes what `body` hands to the writer.
  ///
  /// A symbolic link at `path` is followed: the file that it points to is replaced, the link stays. A file
  /// that is replaced passes its permissions on.
  ///
  /// - Throws: ``FormatError/cannotWrite(path:cause:)``, or what `body` throws.
  public static func write(
    to path: String, _ body: (inout AtomicFileWriter) throws(FormatError) -> Void
  ) throws(FormatError) {
    let target = resolvingLinks(path)
    let existing = try mode(of: target, path: path)
    let temporary = try createTemporary(beside: target, path: path)
    do throws(FormatError) {
      var writer = AtomicFileWriter(descriptor: temporary.descriptor, path: path)
      do throws(FormatError) {
        if let existing, fchmod(temporary.descriptor, existing) != 0 {
          throw FormatError.cannotWrite(path: path, cause: FileCause(errno: errno))
        }
        try body(&writer)
        try writer.finish()
      } catch {
        _ = close(temporary.descriptor)
        throw error
      }
      // Some file systems (NFS, quotas) report a lack of space only here.
      guard close(temporary.descriptor) == 0 || errno == EINTR else {
        throw FormatError.cannotWrite(path: path, cause: FileCause(errno: errno))
      }
      guard rename(temporary.name, target) == 0 else {
        throw FormatError.cannotWrite(path: path, cause: FileCause(errno: errno))
      }
    } catch {
      _ = unlink(temporary.name)
      throw error
    }
    synchronise(directory: folder(of: target))
  }

  /// Writes `bytes` as the whole content of the file at `path`.
  ///
  /// - Throws: ``FormatError/cannotWrite(path:cause:)``.
  public static func write(_ bytes: [UInt8], to path: String) throws(FormatError) {
    try write([bytes], to: path)
  }

  /// Writes `chunks`, one after the other, as the whole content of the file at `path`.
  ///
  /// - Throws: ``FormatError/cannotWrite(path:cause:)``.
  public static func write(_ chunks: [[UInt8]], to path: String) throws(FormatError) {
    try write(to: path) { (writer) throws(FormatError) in
      for chunk in chunks { try writer.write(chunk) }
    }
  }

  /// Verifies that a file can be created in `directory`, by creating an empty one and removing it.
  ///
  /// Call this before a long run, so that a missing folder or a lack of permission shows in the first second.
  /// A trial is the only sure way: permission bits say nothing about read-only mounts and access lists.
  ///
  /// - Throws: ``FormatError/folderNotWritable(path:cause:)``.
  public static func checkWritable(directory: String) throws(FormatError) {
    var information = stat()
    guard stat(directory, &information) == 0 else {
      throw .folderNotWritable(path: directory, cause: FileCause(errno: errno))
    }
    guard information.st_mode & S_IFMT == S_IFDIR else {
      throw .folderNotWritable(path: directory, cause: .notAFolder)
    }
    do throws(FormatError) {
      let temporary = try createTemporary(beside: directory + "/.", path: directory)
      _ = close(temporary.descriptor)
      _ = unlink(temporary.name)
    } catch {
      guard case .cannotWrite(_, let cause) = error else { throw error }
      throw .folderNotWritable(path: directory, cause: cause)
    }
  }

  /// The permission bits of the file at `target`, nil where there is none.
  private static func mode(of target: String, path: String) throws(FormatError) -> mode_t? {
    var information = stat()
    guard stat(target, &information) == 0 else { return nil }
    switch information.st_mode & S_IFMT {
    case S_IFREG: return information.st_mode & 0o7777
    case S_IFDIR: throw .cannotWrite(path: path, cause: .isFolder)
    default: throw .cannotWrite(path: path, cause: .notARegularFile)
    }
  }

  private static func createTemporary(
    beside target: String, path: String
  ) throws(FormatError) -> (name: String, descriptor: Int32) {
    let folder = folder(of: target)
    // The name does not contain the target's, which may already be as long as the file system allows.
    for attempt in 0..<10_000 {
      let name = "\(folder)/.recurrent-\(getpid())-\(attempt).tmp"
      let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (name, descriptor) }
      guard errno == EEXIST || errno == EINTR else { break }
    }
    throw .cannotWrite(path: path, cause: FileCause(errno: errno))
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func resolvingLinks(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Makes the rename itself durable. Not every file system can do this for a folder, and the file is
  /// complete either way, so a refusal is no failure.
  private static func synchronise(directory: String) {
    let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    _ = close(descriptor)
  }
}
