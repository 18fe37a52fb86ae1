import RecurrentTasks
import RecurrentTestSupport
import Testing

/// Models and the graphs that they are exported as; bundles of what was imported.
@Suite struct ModelGraphTests {
  private func languageModel(_ change: (inout LanguageModelConfiguration) -> Void = { _ in }) throws
    -> AnyModel
  {
    let vocabulary = try TextVocabulary.fit(unit: .character, texts: ["abcdefgh \n"])
    var configuration = LanguageModelConfiguration.standard(unit: .character, tokenCount: 1000)
    configuration.hiddenSize = 12
    configuration.layerCount = 2
    configuration.embeddingSize = 6
    change(&configuration)
    let resolved = try configuration.resolved(vocabularySize: vocabulary.count)
    let model = LanguageModel(resolved, vocabularySize: vocabulary.count, key: RandomKey(seed: 1))
    return .task(
      TrainedTask<LanguageModelTask>(
        LanguageModelTask(configuration: resolved, vocabulary: vocabulary), model))
  }

  private func check(_ model: AnyModel, _ options: GraphOptions, most: Float = 1e-5) throws {
    let verification = try #require(try model.graphVerification(options))
    let graph = try model.graph(options)
    let program = try GraphProgram(ONNXReader.read(bytes: ONNXWriter.encode(graph)))
    let difference = try verification.largestDifference(in: graph) { try program.run($0) }
    #expect(difference < most, "\(difference)")
  }

  static let options = [
    GraphOptions(), GraphOptions(isStreaming: true), GraphOptions(takesLengths: true),
    GraphOptions(isStreaming: true, takesLengths: true),
  ]

  @Test(arguments: 0..<options.count) func languageModels(_ number: Int) throws {
    let options = ModelGraphTests.options[number]
    try check(languageModel(), options)
    try check(languageModel { $0.tiesEmbeddings = true }, options)
    try check(languageModel { $0.cell = .slstm }, options)
    try check(
      languageModel { $0.adaptiveSoftmax = AdaptiveSoftmaxConfiguration(cutoffs: [3, 6], division: 2) },
      options)
  }

  /// ONNX Runtime gives zeros as the state behind a row without steps, and ours does not: the graph keeps the state itself.
  @Test func rowsWithoutStepsKeepTheirState() throws {
    let graph = try languageModel().graph(GraphOptions(isStreaming: true, takesLengths: true))
    #expect(graph.graph.nodes.count { $0.operatorType == "Where" } == 4)
  }

  @Test func quantizedWeightsAreNearlyTheSame() throws {
    try check(languageModel(), GraphOptions(isQuantized: true), most: 0.02)
    let graph = try languageModel().graph(GraphOptions(isQuantized: true))
    #expect(graph.graph.nodes.contains { $0.operatorType == "DynamicQuantizeLSTM" })
  }

  @Test func layersAreTheSameFromTheirBundle() throws {
    let folder = try ScratchFolder()
    let file = try TorchFile(bytes: fixture("interchange_pytorch.pt"), path: "f")
    let layers = try ImportedLayers(from: file, prefix: "projected-2-bi.state", unsaid: StoredLayers.Unsaid())
    try layers.write(to: folder.path + "/l.bundle", overwrites: false)
    guard case .layers(let read) = try AnyModel(path: folder.path + "/l.bundle") else {
      Issue.record("the bundle does not hold layers")
      return
    }
    #expect(read.layer.parameters.map(\.name) == layers.layer.parameters.map(\.name))
    #expect(read.layer.parameters.map(\.value.scalars) == layers.layer.parameters.map(\.value.scalars))
    try check(.layers(read), GraphOptions(takesLengths: true))
    #expect(throws: InterchangeError.self) {
      try AnyModel.layers(read).graph(GraphOptions(isStreaming: true))
    }
  }

  @Test func graphsAreTheSameFromTheirBundle() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/m.onnx"
    try ONNXWriter.write(languageModel().graph(), to: path)
    try ImportedGraph(file: path).write(to: folder.path + "/g.bundle", overwrites: false)
    guard case .graph(let read) = try AnyModel(path: folder.path + "/g.bundle") else {
      Issue.record("the bundle does not hold a graph")
      return
    }
    #expect(read.description.inputs == ["tokens"] && read.description.outputs == ["logits"])
    #expect(try ONNXWriter.encode(read.model) == ONNXWriter.encode(ONNXReader.read(path)))
  }
}
