#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Everything that a training needs to go on: one safetensors file with a checksum, written beside and renamed.
///
/// Tensors: `model.*`, `optimizer.<parameter>.<n>`, `carry.<n>`, and `best.*`, `average.*` when there are any. The
/// metadata holds the progress as JSON and what the caller adds, the configuration for example.
public struct Checkpoint<Problem: TrainingProblem>: Sendable {
  /// The parameters.
  public var model: Problem.Model
  /// The optimiser's memory.
  public var optimizer: OptimizerState
  /// What the next step begins with.
  public var carry: Problem.Carry
  /// The parameters with the least validation loss.
  public var best: Problem.Model?
  /// The running average of the parameters.
  public var average: Problem.Model?
  /// Where the training stands.
  public var progress: TrainingProgress

  /// From its parts.
  public init(
    model: Problem.Model, optimizer: OptimizerState, carry: Problem.Carry, best: Problem.Model?,
    average: Problem.Model?, progress: TrainingProgress
  ) {
    self.model = model
    self.optimizer = optimizer
    self.carry = carry
    self.best = best
    self.average = average
    self.progress = progress
  }

  /// Writes the checkpoint; `notes` go into the metadata.
  public func write(to path: String, notes: [String: String]) throws {
    var entries = model.entries(prefix: "model.")
    for (name, statistics) in optimizer.statistics {
      for (index, tensor) in statistics.enumerated() {
        entries.append(tensor.entry(named: "optimizer.\(name).\(index)"))
      }
    }
    for (index, tensor) in carry.tensors.enumerated() {
      entries.append(tensor.entry(named: "carry.\(index)"))
    }
    if let best { entries += best.entries(prefix: "best.") }
    if let average { entries += average.entries(prefix: "average.") }
    var metadata = notes
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    metadata["progress"] = String(decoding: try encoder.encode(progress), as: UTF8.self)
    metadata["optimizer_steps"] = "\(optimizer.stepCount)"
    try SafetensorsWriter.write(entries, metadata: metadata, to: path, isChecked: true)
  }

  /// Reads a checkpoint into the shapes of `model` and `carry`.
  ///
  /// - Throws: a format error, also where the file is not that which was written, or ``ParameterError`` when the file
  ///   belongs to another model.
  public init(path: String, model: Problem.Model, carry: Problem.Carry) throws {
    let file = try SafetensorsFile(path: path)
    guard
      let text = file.metadata["progress"],
      let progress = try? JSONDecoder().decode(TrainingProgress.self, from: Data(text.utf8)),
      let steps = file.metadata["optimizer_steps"].flatMap({ Int($0) }), steps >= 0
    else { throw ParameterError.missing(path: path, name: "progress") }
    self.progress = progress
    self.model = model
    try self.model.load(from: file, prefix: "model.")
    optimizer = OptimizerState()
    optimizer.stepCount = steps
    for parameter in model.parameters {
      var statistics: [Tensor] = []
      while file.info(named: "optimizer.\(parameter.name).\(statistics.count)") != nil {
        statistics.append(
          try file.tensor(
            named: "optimizer.\(parameter.name).\(statistics.count)", shape: parameter.value.shape))
      }
      optimizer.statistics[parameter.name] = statistics
    }
    var tensors: [Tensor] = []
    for (index, expected) in carry.tensors.enumerated() {
      tensors.append(try file.tensor(named: "carry.\(index)", shape: expected.shape))
    }
    self.carry = Problem.Carry(tensors: tensors)
    best = nil
    average = nil
    if file.names.contains(where: { $0.hasPrefix("best.") }) {
      var best = model
      try best.load(from: file, prefix: "best.")
      self.best = best
    }
    if file.names.contains(where: { $0.hasPrefix("average.") }) {
      var average = model
      try average.load(from: file, prefix: "average.")
      self.average = average
    }
    // last, for what is missing or of another model is said more precisely before
    try file.verifyChecksum()
  }
}
