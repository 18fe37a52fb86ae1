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

/// The folder beside a bundle that holds the unfinished training: `book.bundle.checkpoint`.
public struct CheckpointFolder: Sendable {
  /// The folder.
  public let path: String

  /// The folder for the bundle at `output`.
  init(output: String) {
    var output = output
    while output.count > 1, output.hasSuffix("/") { output.removeLast() }
    path = output + ".checkpoint"
  }

  /// The file in it.
  var file: String { path + "/checkpoint.safetensors" }

  /// The lock of the training that writes here.
  var lockFile: String { path + "/lock" }

  /// Whether the folder exists.
  var exists: Bool { FileManager.default.fileExists(atPath: path) }

  /// Whether there is a training to go on with.
  public var hasCheckpoint: Bool { FileManager.default.fileExists(atPath: file) }

  /// Makes the folder, takes its lock, and proves that files can be written there.
  ///
  /// - Throws: ``TaskError/inUse(path:holder:)``, ``BundleError`` or a format error.
  func lock() throws -> TrainingLock {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw BundleError.cannotWrite(path: path, reason: "the folder cannot be made; choose another output")
    }
    do {
      try AtomicFile.checkWritable(directory: path)
      let lock = try TrainingLock(path: lockFile)
      removeLeftovers()
      return lock
    } catch {
      removeIfEmpty()
      throw error
    }
  }

  /// Gives the lock back, and removes the folder when nothing is left in it.
  func release(_ lock: TrainingLock?) {
    lock?.release()
    removeIfEmpty()
  }

  /// Removes the checkpoint.
  func remove() {
    try? FileManager.default.removeItem(atPath: file)
    removeLeftovers()
  }

  /// Removes a folder that holds nothing.
  private func removeIfEmpty() {
    _ = rmdir(path)
  }

  /// Removes what a process that was killed while it wrote has left.
  private func removeLeftovers() {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where name.hasPrefix(".recurrent-") && name.hasSuffix(".tmp") {
      try? FileManager.default.removeItem(atPath: path + "/" + name)
    }
  }
}
