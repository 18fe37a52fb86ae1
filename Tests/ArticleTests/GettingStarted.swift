import Recurrent
import RecurrentTestSupport
import Testing

@Test func gettingStarted() throws {
  // article: begin
  /// Texts that begin as a bundle has read it, one for each seed.
  func texts(bundle path: String, after prompt: String, seeds: Range<UInt64>) throws -> [String] {
    let trained = try TrainedTask<LanguageModelTask>(bundle: path)
    var session = LanguageModelSession(model: trained.model, vocabulary: trained.task.vocabulary)
    session.push(Array(trained.task.vocabulary.encode(prompt).ids))
    return seeds.map { seed in
      TextGenerator(session, sampler: Sampler(temperature: 0.8), length: 80, key: RandomKey(seed: seed))
        .joined()
    }
  }
  // article: end

  // article: begin
  struct Classifier: Module {
    var layer: RecurrentLayer<LSTM>
    var head: Linear

    init(key: RandomKey) {
      layer = RecurrentLayer(inputSize: 5, key: key.child(0)) { LSTM(inputSize: $0, hiddenSize: 16, key: $1) }
      head = Linear(inputSize: 16, outputSize: 3, key: key.child(1))
    }

    mutating func walk(_ visitor: inout some ParameterVisitor) {
      visitor.visit("layer", &layer)
      visitor.visit("head", &head)
    }

    /// Scores `[B, 3]`.
    func callAsFunction(_ batch: SequenceBatch) -> Tensor {
      let (_, state) = layer(batch)
      return head(state.cells[0].hidden)  // after the last real step of each row
    }
  }

  let key = RandomKey(seed: 1)
  var model = Classifier(key: key.child(0))
  var optimizer = Adam(learningRate: 1e-2)
  let batch = SequenceBatch(
    Tensor(uniformIn: -1...1, shape: [7, 4, 5], key: key.child(1)), lengths: [7, 3, 5, 1])
  let labels = Indices([0, 2, 1, 2])
  for _ in 0..<30 {
    let (loss, gradient) = valueAndGradient(of: model) { crossEntropy($0(batch), labels) }
    optimizer.update(&model, gradient.clipped(norm: 1))
    if optimizer.state.stepCount == 30 { precondition(loss.scalar < 0.9) }  // from 1.1
  }
  // article: end

  var settings = Settings()
  settings[.epochs] = 1
  settings[.hidden] = 4
  let folder = try ScratchFolder()
  let path = try folder.file("started.bundle")
  let text = DataSource(text: String(repeating: "ROMEO: But soft. ", count: 40), name: "play")
  let output = TrainingOutput(path, overwrites: true)
  _ = try TaskTraining<LanguageModelTask>(TaskRequest([text], settings: settings), output: output).run()
  let written = try texts(bundle: path, after: "ROMEO:", seeds: 0..<3)
  #expect(Set(written).count == 3 && written.allSatisfy { $0.count == 80 })
}
