import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The files beside an ONNX model in which tensors of it stand: each is opened once, and none lies outside of the model's
/// folder, wherever names and symbolic links lead.
final class ONNXExternalFiles: Sendable {
  private let folder: String?
  private let known = Mutex<[String: (file: MappedFile, taken: Int)]>([:])

  /// - Parameter folder: that of the model; nil where it has none.
  init(folder: String?) { self.folder = folder }

  /// The file that the model at `model` calls `location`.
  ///
  /// - Throws: ``FormatError``.
  func file(_ location: String, tensor: String, model: String) throws(FormatError) -> MappedFile {
    if let file = known.withLock({ $0[location]?.file }) { return file }
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    guard let folder, !location.isEmpty, !parts.contains(where: { $0.isEmpty || $0 == ".." }) else {
      throw .unsupported(
        path: model, what: "the tensor \"\(tensor)\" is said to stand in \"\(location)\"",
        remedy: "put its file beside the model")
    }
    let path = "\(folder)/\(location)"
    if let real = resolved(path), let home = resolved(folder) {
      guard real.hasPrefix(home == "/" ? "/" : home + "/") else {
        throw .unsupported(
          path: path, what: "it leads out of the folder of \(model) by a symbolic link, to \(real)",
          remedy: "put the file itself beside the model")
      }
      // what was checked is opened, not what the link is by now
      let file = try MappedFile(path: path, opening: real)
      known.withLock { $0[location] = (file, 0) }
      return file
    }
    // there is no such file, which the system says best
    let file = try MappedFile(path: path)
    known.withLock { $0[location] = (file, 0) }
    return file
  }

  /// Counts what tensors take of a file: many may stand at the same place, and must not become all memory.
  ///
  /// - Throws: ``FormatError``.
  func take(_ count: Int, of file: MappedFile, tensor: String, model: String) throws(FormatError) {
    let limit = ExpansionLimit.bytes(of: file.count)
    let sum = known.withLock { known in
      guard let location = known.first(where: { $0.value.file === file })?.key else { return count }
      let sum = (known[location]?.taken ?? 0) &+ count
      known[location]?.taken = sum
      return sum
    }
    guard sum >= 0, sum <= limit else {
      throw .unsupported(
        path: model,
        what:
          "its tensors show the \(file.count) bytes of \(file.path) as more than \(limit), with \"\(tensor)\"",
        remedy: ExpansionLimit.remedy)
    }
  }

  private func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
