import RecurrentTestSupport
import Testing

/// Files that are no checkpoint of the training are refused with a reason.
@Suite struct CheckpointTests {
  private let folder: ScratchFolder
  private let path: String

  init() throws {
    folder = try ScratchFolder()
    path = folder.path + "/c.safetensors"
    var trainer = CheckpointTests.trainer(hidden: 4, Adam())
    trainer.checkpointPath = path
    trainer.checkpointNotes = ["who": "a test"]
    _ = try trainer.run(shouldStop: { true })
  }

  private static func trainer(
    hidden: Int, _ optimizer: any Optimizer, averageDecay: Double? = nil
  ) -> Trainer<LanguageModelProblem> {
    var configuration = LanguageModelConfiguration.standard(unit: .character, tokenCount: 50)
    (configuration.hiddenSize, configuration.embeddingSize, configuration.layerCount) = (hidden, 3, 1)
    configuration.sequenceLength = 5
    var settings = TaskSettings.short(batchSize: 2, epochs: 40)
    settings.training.averageDecay = averageDecay
    guard
      let problem = try? LanguageModelProblem(
        training: (0..<50).map { Int32($0 % 5) }, validation: [], configuration: configuration,
        settings: settings)
    else { preconditionFailure("fifty tokens are enough") }
    return Trainer(
      problem: problem, model: LanguageModel(configuration, vocabularySize: 5, key: RandomKey(seed: 1)),
      optimizer: optimizer, settings: settings.training)
  }

  @Test func notesAreKept() throws {
    #expect(try SafetensorsFile(path: path).metadata["who"] == "a test")
  }

  @Test func otherModelsOptimizersAndAverages() throws {
    let path = path
    var same = CheckpointTests.trainer(hidden: 4, Adam())
    try same.restore(from: path)
    #expect(same.progress.stepCount == 1)
    let others = [
      CheckpointTests.trainer(hidden: 5, Adam()), CheckpointTests.trainer(hidden: 4, Adam(isAMSGrad: true)),
      CheckpointTests.trainer(hidden: 4, SGD()),
      CheckpointTests.trainer(hidden: 4, Adam(), averageDecay: 0.9),
    ]
    for other in others {
      var trainer = other
      let before = trainer.model.parameters.map(\.value.scalars)
      #expect(throws: ParameterError.self) { try trainer.restore(from: path) }
      #expect(trainer.model.parameters.map(\.value.scalars) == before)
    }
  }

  @Test func truncatedAndForeignFiles() throws {
    let bytes = try MappedFile(path: path).withBytes { Array($0) }
    for count in [0, 7, 100, bytes.count / 2, bytes.count - 1] {
      let cut = try folder.file("cut.safetensors", Array(bytes.prefix(count)))
      var trainer = CheckpointTests.trainer(hidden: 4, Adam())
      #expect(throws: FormatError.self) { try trainer.restore(from: cut) }
    }
    let file = try SafetensorsFile(path: path)
    let entries = try file.tensors.map {
      ArrayEntry(name: $0.name, shape: $0.shape, floats: try file.floats(named: $0.name))
    }
    for changes in [
      ["progress": nil], ["progress": "{}"], ["optimizer_steps": nil], ["optimizer_steps": "many"],
      ["optimizer_steps": "-4"],
    ] as [[String: String?]] {
      var metadata = file.metadata
      for (name, value) in changes { metadata[name] = value }
      let other = folder.path + "/other.safetensors"
      try SafetensorsWriter.write(entries, metadata: metadata, to: other)
      var trainer = CheckpointTests.trainer(hidden: 4, Adam())
      #expect(throws: ParameterError.self, "\(changes)") { try trainer.restore(from: other) }
    }
  }
}
