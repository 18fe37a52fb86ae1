/// The course of a training in a folder: an event file for TensorBoard, and the numbers of every step in `metrics.csv`.
///
/// Both grow while the training runs; a process that is killed loses nothing. When a training is gone on with, what an
/// earlier run wrote beyond the checkpoint is taken back.
public final class TrainingLog {
  private let board: TensorBoardWriter
  private let table: AppendedFile
  private var stepCount: Int

  private static let columns =
    "step,epoch,loss,smoothed_loss,gradient_norm,learning_rate,units_per_second,validation_loss"

  /// Begins a log in `folder`, which is made where it is missing.
  ///
  /// - Parameters:
  ///   - folder: of one training.
  ///   - stepCount: steps that were taken before; what stands in the folder is gone on with after them.
  /// - Throws: ``FormatError``.
  public init(folder: String, stepCount: Int = 0) throws(FormatError) {
    let path = folder + "/metrics.csv"
    try TrainingLog.check(path)
    board = try TensorBoardWriter(folder: folder)
    self.stepCount = stepCount
    var kept = [TrainingLog.columns]
    if stepCount > 0 {
      try board.restart(step: stepCount + 1)
      kept += TrainingLog.rows(of: path, upTo: stepCount)
    }
    table = try AppendedFile(path: path, beginning: kept.map { $0 + "\n" }.joined())
  }

  /// Verifies that a table which would be replaced is one of a training.
  private static func check(_ path: String) throws(FormatError) {
    guard let beginning = try? MappedFile(path: path).withBytes({ Array($0.prefix(columns.utf8.count)) }),
      !beginning.isEmpty, !beginning.elementsEqual(columns.utf8)
    else { return }
    throw .unexpected(
      path: path, offset: 0, what: "the table that would be replaced", expected: "one of a training",
      found: "another; choose another folder")
  }

  /// The rows of an earlier run, as far as they stand at or before a step.
  private static func rows(of path: String, upTo step: Int) -> [String] {
    guard let file = try? MappedFile(path: path) else { return [] }
    let text = file.withBytes { String(decoding: $0, as: UTF8.self) }
    let lines = text.split(separator: "\n")
    guard lines.first == TrainingLog.columns[...] else { return [] }
    return lines.dropFirst().filter { line in
      line.split(separator: ",", maxSplits: 1).first.flatMap { Int($0) }.map { $0 <= step } ?? false
    }.map(String.init)
  }

  /// Writes an event down.
  ///
  /// - Throws: ``FormatError``.
  public func record(_ event: TrainingEvent) throws(FormatError) {
    switch event {
    case .step(let step):
      stepCount = step.stepCount
      try board.scalar("loss/training", Float(step.loss), step: stepCount)
      try board.scalar("loss/training_smoothed", Float(step.smoothedLoss), step: stepCount)
      try board.scalar("gradient_norm", Float(step.gradientNorm), step: stepCount)
      try board.scalar("learning_rate", Float(step.learningRate), step: stepCount)
      try board.scalar("units_per_second", Float(step.unitsPerSecond), step: stepCount)
      let fraction =
        Double(step.position.epoch) + Double(step.position.step + 1) / Double(max(step.stepsInEpoch, 1))
      try table.append(
        "\(stepCount),\(fraction),\(step.loss),\(step.smoothedLoss),\(step.gradientNorm),\(step.learningRate),"
          + "\(step.unitsPerSecond),\n")
    case .epoch(let epoch):
      try board.scalar("loss/epoch", Float(epoch.trainingLoss), step: stepCount)
      if let validation = epoch.validation {
        try board.scalar("loss/validation", Float(validation.loss), step: stepCount)
        try table.append("\(stepCount),\(epoch.epoch + 1),,,,,,\(validation.loss)\n")
      }
    case .checkpoint: break
    }
  }

  /// Writes a number down as a point of the curve with a name, at the last step.
  ///
  /// - Throws: ``FormatError``.
  public func scalar(_ tag: String, _ value: Float) throws(FormatError) {
    try board.scalar(tag, value, step: stepCount)
  }

  /// Writes down how many numbers lie where, at the last step.
  ///
  /// - Throws: ``FormatError``.
  public func histogram(_ tag: String, _ numbers: some Sequence<Float>) throws(FormatError) {
    try board.histogram(tag, TensorBoardHistogram(numbers), step: stepCount)
  }

  /// Writes a text down, a sample of what the model generates.
  ///
  /// - Throws: ``FormatError``.
  public func text(_ tag: String, _ text: String) throws(FormatError) {
    try board.text(tag, text, step: stepCount)
  }
}

/// The parameters and the gradient of the last step of each epoch, as histograms.
extension TrainingLog: Probe {
  /// Whether the step is the last one of its epoch.
  public func wantsStep(at position: StepPosition, of stepsInEpoch: Int) -> Bool {
    position.step + 1 == stepsInEpoch
  }

  /// Writes the histograms down.
  ///
  /// - Throws: ``FormatError``.
  public func see<M: Module>(_ step: StepReport, model: M, gradient: M) throws {
    for (group, values) in [("weights", model), ("gradients", gradient)] {
      for (name, value) in values.parameters {
        try histogram("\(group)/\(name)", value.scalars)
      }
    }
  }
}
