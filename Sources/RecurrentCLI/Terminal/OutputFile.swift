import ArgumentParser
import Recurrent

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that a flag asks a command to write.
enum OutputFile {
  /// Verifies that a file to be written is none that the command reads, or one of a bundle that it reads: what somebody has
  /// is not to be lost by a slip of the pen.
  ///
  /// - Parameters:
  ///   - path: the file; nil for none.
  ///   - flag: names it.
  ///   - inputs: files, or folders of bundles.
  /// - Throws: `ValidationError`.
  static func check(_ path: String?, flag: String, apartFrom inputs: [String]) throws {
    guard let path, let own = identity(path) else { return }
    for input in inputs {
      let files = [input] + ["task.json", "model.safetensors", "model.onnx"].map { "\(input)/\($0)" }
      if let file = files.first(where: { identity($0).map { $0 == own } ?? false }) {
        throw ValidationError("\(flag) is \(path), which is \(file) and is read; name another file")
      }
    }
  }

  /// Whether anything stands at a path.
  static func exists(_ path: String) -> Bool { identity(path) != nil }

  /// Whether a file stands at a path, and no folder.
  static func isFile(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
  }

  /// What tells a file from every other; nil where there is none.
  private static func identity(_ path: String) -> [UInt64]? {
    var information = stat()
    guard stat(path, &information) == 0 else { return nil }
    return [UInt64(truncatingIfNeeded: information.st_dev), UInt64(truncatingIfNeeded: information.st_ino)]
  }
}
