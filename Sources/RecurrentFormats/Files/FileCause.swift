#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Why the operating system refused an operation on a file.
public enum FileCause: Error, Equatable, Sendable, CustomStringConvertible {
  /// Nothing stands at the path, or a folder on the way to it is missing.
  case notFound
  /// The user running the program may not do this.
  case permissionDenied
  /// The disk or the user's quota is full.
  case noSpace
  /// The file would become larger than the system or the user's limit allows.
  case fileTooLarge
  /// The file system is mounted read-only.
  case readOnlyFileSystem
  /// A folder stands where a file is needed.
  case isFolder
  /// A file stands where a folder is needed.
  case notAFolder
  /// The path names a device, pipe or socket where a regular file is needed.
  case notARegularFile
  /// The path or one of its parts is longer than the file system allows.
  case nameTooLong
  /// The program has too many files open.
  case tooManyOpenFiles
  /// The device reported a failure.
  case deviceFailure
  /// Anything else, with the system's number and text.
  case other(code: Int32, text: String)

  init(errno code: Int32) {
    switch code {
    case ENOENT: self = .notFound
    case EACCES, EPERM: self = .permissionDenied
    case ENOSPC, EDQUOT: self = .noSpace
    case EFBIG: self = .fileTooLarge
    case EROFS: self = .readOnlyFileSystem
    case EISDIR: self = .isFolder
    case ENOTDIR: self = .notAFolder
    case ENAMETOOLONG: self = .nameTooLong
    case EMFILE, ENFILE: self = .tooManyOpenFiles
    case EIO: self = .deviceFailure
    default: self = .other(code: code, text: String(cString: strerror(code)))
    }
  }

  /// The cause and, where there is one, what to do about it.
  public var description: String {
    switch self {
    case .notFound: "no such file or folder; check the spelling and that the folder exists"
    case .permissionDenied: "permission denied; change the permissions or choose another folder"
    case .noSpace: "no space left on the disk or in the quota; free some space or choose another disk"
    case .fileTooLarge: "the file is larger than the system's limit; raise the limit or choose another disk"
    case .readOnlyFileSystem: "the file system is read-only; choose another folder"
    case .isFolder: "a folder stands there; name a file"
    case .notAFolder: "a part of the path is a file, not a folder; check the path"
    case .notARegularFile: "it is a device, pipe or socket; name a regular file"
    case .nameTooLong: "the name is too long for the file system; choose a shorter one"
    case .tooManyOpenFiles: "too many files are open; close some or raise the limit of open files"
    case .deviceFailure: "the device reported an input/output error; check the disk"
    case .other(let code, let text): "\(text) (errno \(code))"
    }
  }
}
