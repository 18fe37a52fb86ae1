#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension LanguageModelTask {
  /// The model as a graph: `tokens` (int64 `[time, batch]`) to `logits [time, batch, V]`, with an adaptive softmax
  /// log-probabilities. The vocabulary stands in the metadata as `recurrent.vocabulary`.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: LanguageModel, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: LanguageModelTask.name)
    builder.input("tokens", .i64, [.named("time"), .named("batch")])
    let table = builder.constant("embedding.weight", model.embedding.weight)
    let vectors = builder.node("Gather", [table, "tokens"], ["axis": .integer(0)])
    let hidden = try model.recurrent.append(to: &builder, reading: vectors, options)
    let logits = try scores(of: hidden.value, model, &builder)
    builder.output(
      logits, as: "logits", .f32, [.named("time"), .named("batch"), .fixed(Int64(model.vocabularySize))])
    model.recurrent.declare(hidden.states, in: &builder)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let encoded = try encoder.encode(vocabulary)
    return builder.model(metadata: [
      "recurrent.task": LanguageModelTask.name,
      "recurrent.vocabulary": String(decoding: encoded, as: UTF8.self),
    ])
  }

  private func scores(
    of hidden: String, _ model: LanguageModel, _ builder: inout GraphBuilder
  ) throws -> String {
    let width = model.recurrent.outputSize
    let rows = builder.node("Reshape", [hidden, builder.integers([-1, Int64(width)])])
    let function: RecordedFunction
    do {
      function = try RecordedFunction(model, inputs: [.init(rows, extents: [width])], prefix: "") {
        model, values in
        [model.scores(model.projection?(values[0]) ?? values[0])]
      }
    } catch {
      throw InterchangeError.notExpressible(what: "the output of the model", reason: "\(error)")
    }
    builder.append(function)
    let extents = builder.shape(of: "tokens")
    let classes = builder.integers([Int64(model.vocabularySize)])
    let shape = builder.node("Concat", [extents, classes], ["axis": .integer(0)])
    return builder.node("Reshape", [function.outputs[0], shape])
  }
}
