/// A model that reads tokens by their vectors and scores, behind each, what comes next.
protocol NextTokenModel: Module {
  /// `[V, E]`.
  var embedding: Embedding { get }
  /// E in, H out.
  var recurrent: RecurrentLayer<AnyCell> { get }
  /// What the scores are computed from; nil for the outputs of the layers.
  var projection: Linear? { get }

  /// Scores `[..., V]`.
  func scores(_ hidden: Tensor) -> Tensor
}

extension NextTokenModel {
  /// Scores of the outputs of the layers.
  fileprivate func scores(ofOutputs outputs: Tensor) -> Tensor { scores(projection?(outputs) ?? outputs) }
}

extension LanguageModel: NextTokenModel {}
extension RecommendationModel: NextTokenModel {}

extension GraphBuilder {
  /// Appends a model that reads the tokens of an input, int64 `[time, batch]`, and scores what follows each, `[time, batch, V]`.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - input: the name of the input, with what it holds.
  ///   - output: the name of the scores, with what they are.
  ///   - options: of the graph.
  ///   - moved: appends what changes the vectors of the tokens before the layers read them.
  /// - Throws: ``InterchangeError``.
  mutating func append(
    _ model: some NextTokenModel, reading input: (name: String, meaning: String),
    as output: (name: String, meaning: String), _ options: GraphOptions,
    moved: (_ vectors: String, inout GraphBuilder) -> String = { vectors, _ in vectors }
  ) throws {
    self.input(input.name, .i64, [.named("time"), .named("batch")], input.meaning)
    let lengths = lengths(options)
    let table = constant("embedding.weight", model.embedding.weight)
    let vectors = moved(node("Gather", [table, input.name], ["axis": .integer(0)]), &self)
    let hidden = try model.recurrent.append(to: &self, reading: vectors, lengths: lengths, options)
    let scores = try mapRows(
      of: hidden, width: model.recurrent.outputSize, model, prefix: "", what: "the output of the model"
    ) { $0.scores(ofOutputs: $1) }
    let count = Int64(model.embedding.weight.shape[0])
    self.output(
      scores, as: output.name, .f32, [.named("time"), .named("batch"), .fixed(count)], output.meaning)
  }
}

extension GraphVerification {
  /// Random tokens for such a graph with the scores that the model gives for them.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - input: the name of the input.
  ///   - output: the name of the scores.
  ///   - options: of the graph.
  ///   - given: further inputs, the same for all parts.
  ///   - moved: what is added to the vectors of the tokens; nil for nothing.
  init(
    _ model: some NextTokenModel, reading input: String, as output: String, _ options: GraphOptions,
    given: [String: GraphValue] = [:], moved: Tensor? = nil
  ) {
    let (steps, batch) = (GraphVerification.stepCount, GraphVerification.batchSize)
    let count = Float(model.embedding.weight.shape[0])
    let ids = RandomKey(seed: 20).uniforms(steps * batch).map { Int32(min($0 * count, count - 1)) }
    var vectors = model.embedding(Indices(ids, shape: [steps, batch]))
    if let moved { vectors = vectors + moved }
    self.init(model.recurrent, vectors: vectors, options) { part in
      let own = ids[part.lowerBound * batch..<part.upperBound * batch].map { Int64($0) }
      return given.merging([input: GraphValue(integers: own, shape: [part.count, batch])]) { $1 }
    } outputs: {
      [output: model.scores(ofOutputs: $0)]
    }
  }
}
