#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a bundle of a task knows besides its parameters.
public struct TaskDescription<Task: SequenceTask>: Sendable, Codable {
  /// The task, fitted.
  public var task: Task
  /// How it was trained.
  public var settings: TaskSettings
  /// What it was trained on.
  public var sources: [TaskSource]
  /// What was found in the data and assumed about them.
  public var notes: [DataNote]
  /// How the training went.
  public var results: TaskResults

  /// A description.
  public init(
    task: Task, settings: TaskSettings, sources: [TaskSource], notes: [DataNote], results: TaskResults
  ) {
    (self.task, self.settings, self.sources) = (task, settings, sources)
    (self.notes, self.results) = (notes, results)
  }

  /// Reads a description, of this layout or of an earlier one.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard container.contains(.task) else {
      self = try Task.earlierDescription(from: decoder)
      return
    }
    task = try container.decode(Task.self, forKey: .task)
    settings = try container.decode(TaskSettings.self, forKey: .settings)
    sources = try container.decode([TaskSource].self, forKey: .sources)
    notes = try container.decode([DataNote].self, forKey: .notes)
    results = try container.decode(TaskResults.self, forKey: .results)
  }

  private enum CodingKeys: CodingKey {
    case task, settings, sources, notes, results
  }
}

/// A file or a folder that a task was trained on.
public struct TaskSource: Sendable, Equatable, Codable {
  /// Its name without folders.
  public var name: String
  /// What it was for.
  public var role: String
  /// Of a file the hash of its bytes, of a folder that of the hashes of its files by name.
  public var sha256: String

  /// A source.
  public init(name: String, role: String, sha256: String) {
    (self.name, self.role, self.sha256) = (name, role, sha256)
  }
}

/// How the training of a task went.
public struct TaskResults: Sendable, Equatable, Codable {
  /// How it ended.
  public var end: TrainingEnd
  /// Epochs done.
  public var epochs: Int
  /// The epoch whose parameters were kept, from 1; nil without validation.
  public var bestEpoch: Int?
  /// The smoothed loss at the end.
  public var trainingLoss: Double
  /// The least validation loss.
  public var validationLoss: Double?
  /// Key figures by name: of the validation part, and of the test part.
  public var figures: [String: Double]
  /// Trained numbers.
  public var parameterCount: Int
  /// Seconds of training.
  public var seconds: Double

  /// Results.
  public init(
    end: TrainingEnd, epochs: Int, bestEpoch: Int?, trainingLoss: Double, validationLoss: Double?,
    figures: [String: Double], parameterCount: Int, seconds: Double
  ) {
    (self.end, self.epochs, self.bestEpoch) = (end, epochs, bestEpoch)
    (self.trainingLoss, self.validationLoss, self.figures) = (trainingLoss, validationLoss, figures)
    (self.parameterCount, self.seconds) = (parameterCount, seconds)
  }
}

extension TaskSource {
  /// All that a training reads, with the hashes of the files.
  ///
  /// - Throws: a format error.
  static func all(of request: TaskRequest) throws -> [TaskSource] {
    let roles = [
      (request.data, "training"), (request.validationData, "validation"), (request.testData, "test"),
    ]
    return try roles.flatMap { sources, role in
      try sources.map { source in
        TaskSource(
          name: source.name.split(separator: "/").last.map(String.init) ?? source.name, role: role,
          sha256: try source.hash())
      }
    }
  }
}
