#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a training writes its bundle, and its checkpoints until then.
public struct TrainingOutput: Sendable {
  /// The folder of the bundle.
  public let path: String
  /// Whether an interrupted training is gone on with.
  public var resumes: Bool
  /// Whether a bundle or an unfinished training that stands there is replaced.
  public var overwrites: Bool
  /// Seconds between checkpoints.
  public var checkpointInterval: Double

  /// An output.
  public init(
    _ path: String, resumes: Bool = false, overwrites: Bool = false, checkpointInterval: Double = 30
  ) {
    (self.path, self.resumes) = (path, resumes)
    (self.overwrites, self.checkpointInterval) = (overwrites, checkpointInterval)
  }

  /// Where the checkpoint stands.
  public var folder: CheckpointFolder { CheckpointFolder(output: path) }

  /// Calls `body` with whether there is a training to go on with, when no other process trains to this output.
  ///
  /// - Parameters:
  ///   - load: reads the data; fails before anything is made or removed. Where a checkpoint stands, it is already locked.
  ///   - body: trains; the lock is held until it returns.
  /// - Throws: ``TaskError`` or ``BundleError`` where something stands in the way, and what `load` and `body` throw.
  func holding<Data, Result>(
    _ load: () throws -> Data, _ body: (Data, _ resumes: Bool) throws -> Result
  ) throws -> Result {
    var lock = try folder.exists ? folder.lock() : nil
    defer { folder.release(lock) }
    var isResuming = try check()
    let data = try load()
    if lock == nil {
      lock = try folder.lock()
      // another training may have come and gone meanwhile
      isResuming = try check()
    }
    return try body(data, isResuming)
  }

  /// Whether the bundle may be that of the training itself: a process that was killed at the very end leaves it finished, with
  /// or without the checkpoint.
  var mayBeDone: Bool { resumes && !overwrites && FileManager.default.fileExists(atPath: path) }

  /// Whether there is a training to go on with.
  ///
  /// - Throws: ``TaskError`` or ``BundleError`` where something stands in the way.
  private func check() throws -> Bool {
    let isResuming = resumes && folder.hasCheckpoint
    if !(isResuming || mayBeDone) || overwrites { try checkBundle() }
    if folder.hasCheckpoint, !resumes, !overwrites { throw TaskError.unfinished(path: folder.path) }
    return isResuming
  }

  /// Throws where the bundle cannot be written.
  func checkBundle() throws(BundleError) {
    try ModelBundle<[String]>.checkPlace(path, overwrites: overwrites)
  }
}
