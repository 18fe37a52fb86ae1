#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension LanguageModelTask {
  /// What bundles of version 0.1.0 hold: the configuration and the course of the training in one.
  private struct Earlier: Decodable {
    struct Source: Decodable {
      var name, sha256, role: String
    }

    struct Results: Decodable {
      var end: TrainingEnd
      var epochs: Int
      var bestEpoch: Int?
      var trainingLoss: Double
      var validation, test: LanguageModelEvaluation?
      var parameterCount: Int
      var seconds: Double
    }

    var configuration: LanguageModelConfiguration
    var settings: TaskSettings
    var vocabulary: TextVocabulary
    var tokenOrder: [Int32]?
    var sources: [Source]
    var results: Results

    private enum CodingKeys: CodingKey {
      case configuration, vocabulary, tokenOrder, sources, results
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      configuration = try container.decode(LanguageModelConfiguration.self, forKey: .configuration)
      settings = try container.decode(TaskSettings.self, forKey: .configuration)
      vocabulary = try container.decode(TextVocabulary.self, forKey: .vocabulary)
      tokenOrder = try container.decodeIfPresent([Int32].self, forKey: .tokenOrder)
      sources = try container.decode([Source].self, forKey: .sources)
      results = try container.decode(Results.self, forKey: .results)
    }
  }

  /// Reads the description of a bundle of version 0.1.0.
  public static func earlierDescription(
    from decoder: any Decoder
  ) throws -> TaskDescription<LanguageModelTask> {
    let earlier = try Earlier(from: decoder)
    var metrics: [String: Double] = [:]
    for (name, evaluation) in [("validation", earlier.results.validation), ("test", earlier.results.test)] {
      for metric in evaluation?.taskEvaluation.metrics ?? [] {
        metrics["\(name) \(metric.name)"] = metric.value
      }
    }
    return TaskDescription(
      task: LanguageModelTask(
        configuration: earlier.configuration, vocabulary: earlier.vocabulary, tokenOrder: earlier.tokenOrder),
      settings: earlier.settings,
      sources: earlier.sources.map { TaskSource(name: $0.name, role: $0.role, sha256: $0.sha256) }, notes: [],
      results: TaskResults(
        end: earlier.results.end, epochs: earlier.results.epochs, bestEpoch: earlier.results.bestEpoch,
        trainingLoss: earlier.results.trainingLoss, validationLoss: earlier.results.validation?.nats,
        figures: metrics, parameterCount: earlier.results.parameterCount, seconds: earlier.results.seconds))
  }

  /// Whether a checkpoint of version 0.1.0 belongs to a training of a plan: its identity holds the configuration and the
  /// course in one.
  public static func resumes(_ identity: [String: String], _ plan: TrainingPlan<LanguageModelTask>) -> Bool {
    struct Parts: Encodable {
      let configuration: LanguageModelConfiguration
      let settings: TaskSettings
    }
    let parts = Parts(configuration: plan.task.configuration, settings: plan.settings)
    guard let data = try? JSONEncoder().encode(parts) else { return false }
    var own: [String: String] = [:]
    for (path, value) in RunIdentity.leaves(String(decoding: data, as: UTF8.self)) {
      own[path.split(separator: ".").dropFirst().joined(separator: ".")] = value
    }
    var earlier: [String: String] = [:]
    for (path, value) in identity where path.hasPrefix("configuration.") {
      earlier[String(path.dropFirst("configuration.".count))] = value
    }
    earlier["split"] = nil
    return own == earlier
  }
}
