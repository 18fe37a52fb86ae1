import ArgumentParser
import Recurrent

extension EvaluateCommand {
  /// Throws where options of adaptation are given with what they do not go with.
  func checkAdaptation() throws {
    try adaptation.check(adapt)
    guard adapt != nil || tuneAdaptation else { return }
    guard adapt == nil || !tuneAdaptation else {
      throw ValidationError(
        "--tune-adaptation chooses numbers by data that must not be scored; give --adapt in a command of its own, "
          + "with other data")
    }
    guard precision == nil, part.shard == nil, !merge, report == nil else {
      throw ValidationError(
        "--adapt and --tune-adaptation read the data one after the other by the model as it was trained; give them without "
          + "--precision, --shard, --merge and --report")
    }
    guard adapt != nil || state.areNone else {
      throw ValidationError("--tune-adaptation keeps no state; give it without --save-state and --load-state")
    }
  }

  /// Chooses how the model goes on learning, and keeps that in the bundle.
  func tune(_ trained: any AnyTrainedTask, _ data: [DataSource], _ settings: Settings) throws {
    defer { Terminal.clearProgress() }
    let (chosen, tuned) = try trained.tuningAdaptation(
      data, settings: settings, notes: Terminal.show, progress: Terminal.progressing("choosing"))
    try chosen.rewriteDescription(in: bundle)
    if json { return try JSONLine.output(tuned) }
    for line in tuned.lines { Terminal.output(line) }
  }
}
