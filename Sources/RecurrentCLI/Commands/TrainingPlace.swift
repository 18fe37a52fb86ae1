import ArgumentParser
import Recurrent

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a training puts its bundle, and the checkpoint until then.
struct TrainingPlace {
  let output: String
  let resumes: Bool
  let overwrites: Bool

  /// Where the checkpoint stands.
  var folder: CheckpointFolder { CheckpointFolder(output: output) }

  /// Calls `body` with whether there is a training to go on with, when no other process trains to this output.
  ///
  /// - Parameters:
  ///   - prepare: reads the data; fails before anything is made or removed. Where a checkpoint stands, it is already locked.
  ///   - body: trains; the lock is held until it returns.
  /// - Throws: an error when something stands in the way, and what `prepare` and `body` throw.
  func holding<Prepared>(_ prepare: () throws -> Prepared, _ body: (Prepared, Bool) throws -> Void) throws {
    var lock = try folder.isThere ? folder.lock() : nil
    defer { folder.release(lock) }
    var isGoingOn = try check()
    let data = try prepare()
    if lock == nil {
      lock = try folder.lock()
      // another training may have come and gone meanwhile
      isGoingOn = try check()
    }
    if resumes, !isGoingOn, !mayBeDone {
      Terminal.error("nothing to resume in \(folder.path): starting anew")
    }
    try body(data, isGoingOn)
  }

  /// A process that was killed at the very end leaves the finished bundle, with or without the checkpoint.
  private var mayBeDone: Bool {
    resumes && !overwrites && FileManager.default.fileExists(atPath: output)
  }

  /// Whether there is a training to go on with. Throws when something stands in the way.
  private func check() throws -> Bool {
    let isGoingOn = resumes && folder.hasCheckpoint
    if !(isGoingOn || mayBeDone) || overwrites { try checkBundle() }
    if folder.hasCheckpoint, !resumes, !overwrites { throw RunError.unfinished(path: folder.path) }
    return isGoingOn
  }

  /// Throws where the bundle cannot be written.
  func checkBundle() throws {
    try ModelBundle<[String]>.checkPlace(output, overwrites: overwrites)
  }

  /// Says, before the error itself, what is left of a training that failed.
  func explain(_ error: any Error) {
    guard folder.hasCheckpoint, !(error is ExitCode) else { return }
    if error is TrainingError {
      Terminal.error(
        "the training up to its last checkpoint is kept in \(folder.path), but going on with the same settings would "
          + "end here again; change them and add --overwrite to start anew")
    } else {
      Terminal.error(
        "the training up to its last checkpoint is kept in \(folder.path); when the cause is gone, repeat the command "
          + "with --resume to go on")
    }
  }

  /// Says that a training was asked to stop and how it goes on.
  func sayInterrupted(_ progress: TrainingProgress, isJSON: Bool) throws -> ExitCode {
    Terminal.clearProgress()
    let position = progress.position
    if isJSON { try JSONLine.output(InterruptedLine(epoch: position.epoch + 1, step: position.step)) }
    Terminal.error(
      "interrupted in epoch \(position.epoch + 1) after step \(position.step); everything is saved: repeat the command "
        + "with --resume to go on")
    return .interrupted
  }

  private struct InterruptedLine: Encodable {
    let event = "interrupted"
    let epoch, step: Int
  }
}
