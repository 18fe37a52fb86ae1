#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A task whose evaluation is a function of predictions and targets that can be written down, so that it can be made in parts:
/// put together they are evaluated as the whole, to the last bit.
///
/// What is read is not written; an example comes back without it.
public protocol PartedTask: BatchedTask where Example: Codable, Prediction: Codable {}

/// The predictions and targets of a part of the sequences.
struct EvaluationPart<Example: Codable, Prediction: Codable>: Codable {
  /// One sequence.
  struct Item: Codable {
    var example: Example
    var prediction: Prediction
  }

  /// The task, and the hash of its model.
  var task: String
  var model: String
  /// The part, from 0, of how many.
  var part, parts: Int
  /// Sequences of all parts.
  var total: Int
  var items: [Item]
}

extension PartedTask {
  /// Predicts a part of the sequences, and writes down what an evaluation needs, as JSON.
  func evaluationPart(
    _ model: Model, hash: String, on source: ExampleSource<Example>, part: SequencePart,
    progress: (Double) throws -> Void
  ) throws -> [UInt8] {
    let own = source.chosen(Array(part.numbers(of: source.count)))
    let all = try allPredictions(model, to: own, progress: progress)
    let result = EvaluationPart(
      task: Self.name, model: hash, part: part.index, parts: part.count, total: source.count,
      items: zip(all.examples, all.predictions).map { .init(example: $0, prediction: $1) })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try Array(encoder.encode(result)) + [0x0a]
  }

  /// The evaluation of all parts.
  ///
  /// - Parameters:
  ///   - paths: the files of all parts, in any order.
  ///   - hash: of the model.
  /// - Throws: ``TaskError/unfit(paths:reason:)`` where they are not the parts of one evaluation of this model, or a format error.
  func mergedEvaluation(_ paths: [String], hash: String) throws -> TaskEvaluation {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    var parts: [(path: String, part: EvaluationPart<Example, Prediction>)] = []
    for path in paths {
      func refuse(_ reason: String) -> TaskError { .unfit(paths: [path], reason: reason) }
      let data = try MappedFile(path: path).withBytes { Data($0) }
      let part: EvaluationPart<Example, Prediction>
      do { part = try decoder.decode(EvaluationPart<Example, Prediction>.self, from: data) } catch {
        throw refuse(
          "expected a part of an evaluation of a model of \(Self.name), as evaluate --shard writes it")
      }
      guard part.task == Self.name, part.model == hash else {
        throw refuse("it is a part of the evaluation of another model")
      }
      parts.append((path, part))
    }
    parts.sort { ($0.part.part, $0.path) < ($1.part.part, $1.path) }
    guard let count = parts.first?.part.parts, let total = parts.first?.part.total else {
      throw TaskError.settings("merge needs the files of all parts")
    }
    for (path, part) in parts where part.parts != count || part.total != total {
      throw TaskError.unfit(
        paths: [path],
        reason: "it is one of \(part.parts) parts of \(part.total) sequences, others of \(count) of \(total)")
    }
    let found = parts.map(\.part.part)
    guard found == Array(0..<count) else {
      let missing = (0..<count).filter { !found.contains($0) }
      throw TaskError.unfit(
        paths: paths,
        reason: missing.isEmpty
          ? "some parts of \(count) are given more than once"
          : "of \(count) parts these are missing: \(missing.map { "\($0)" }.joined(separator: ", "))")
    }
    let items = parts.flatMap(\.part.items)
    guard items.count == total else {
      throw TaskError.unfit(paths: paths, reason: "they hold \(items.count) sequences of \(total)")
    }
    return evaluation(of: items.map(\.prediction), to: items.map(\.example))
  }
}
