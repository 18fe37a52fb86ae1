import Recurrent

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The folder beside a bundle that holds the unfinished training: `book.bundle.checkpoint`.
struct CheckpointFolder {
  /// The folder.
  let path: String

  /// The folder for the bundle at `output`.
  init(output: String) {
    var output = output
    while output.count > 1, output.hasSuffix("/") { output.removeLast() }
    path = output + ".checkpoint"
  }

  /// The file in it.
  var file: String { path + "/checkpoint.safetensors" }

  /// Whether there is a training to go on with.
  var hasCheckpoint: Bool { FileManager.default.fileExists(atPath: file) }

  /// Makes the folder and proves that files can be written there.
  ///
  /// - Throws: ``BundleError`` or a format error.
  func prepare() throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw BundleError.cannotWrite(path: path, reason: "the folder cannot be made; choose another --output")
    }
    removeLeftovers()
    try AtomicFile.checkWritable(directory: path)
  }

  /// Removes the checkpoint, and the folder unless somebody put something else there.
  func remove() {
    try? FileManager.default.removeItem(atPath: file)
    removeLeftovers()
    removeIfEmpty()
  }

  /// Removes a folder that holds nothing.
  func removeIfEmpty() {
    if (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty ?? false {
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  /// Removes what a process that was killed while it wrote has left.
  private func removeLeftovers() {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where name.hasPrefix(".recurrent-") && name.hasSuffix(".tmp") {
      try? FileManager.default.removeItem(atPath: path + "/" + name)
    }
  }
}
