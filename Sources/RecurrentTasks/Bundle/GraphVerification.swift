/// A model and the graph that it was exported as, on the same random inputs.
public struct GraphVerification: Sendable {
  /// What both are given, by name.
  public let inputs: [String: GraphValue]
  /// What the model gives, by the names of the outputs of the graph.
  public let expected: [(name: String, value: Tensor)]

  /// Runs `model` on random inputs of several rows, ragged where the options ask for lengths, from random states where
  /// they ask for streaming. Nil for a graph that was taken over: it is the model.
  public init?(_ model: AnyModel, _ options: GraphOptions) {
    let (steps, batch) = (9, 3)
    let key = RandomKey(seed: 20)
    let network: RecurrentLayer<AnyCell>
    var inputs: [String: GraphValue] = [:]
    let vectors: Tensor
    switch model {
    case .graph: return nil
    case .layers(let layers):
      network = layers.layer
      vectors = Tensor(uniformIn: -1...1, shape: [steps, batch, network.inputSize], key: key)
      inputs["input"] = GraphValue(vectors)
    case .task(let task):
      guard let trained = task as? TrainedTask<LanguageModelTask> else { return nil }
      network = trained.model.recurrent
      let count = Float(trained.model.vocabularySize)
      let ids = key.uniforms(steps * batch).map { Int32(min(Float($0) * count, count - 1)) }
      inputs["tokens"] = GraphValue(integers: ids.map { Int64($0) }, shape: [steps, batch])
      vectors = trained.model.embedding(Indices(ids, shape: [steps, batch]))
    }
    var lengths: [Int]?
    if options.takesLengths {
      lengths = [steps, 1, 4]
      inputs["lengths"] = GraphValue(integers: [Int64(steps), 1, 4], shape: [batch], elementType: .i32)
    }
    var state = network.initialState(batch: batch)
    if options.isStreaming {
      for index in state.cells.indices {
        state.cells[index].tensors = state.cells[index].tensors.enumerated().map { part, tensor in
          Tensor(uniformIn: 0.1...1, shape: tensor.shape, key: key.child(index).child(part))
        }
      }
      for (name, value) in network.named(state) { inputs[name + "_in"] = GraphValue(value) }
    }
    let (outputs, end) = network(SequenceBatch(vectors, lengths: lengths), state: state)
    switch model {
    case .graph: return nil
    case .layers:
      expected = [(name: "output", value: outputs)] + GraphVerification.ends(network, end, options)
    case .task(let task):
      guard let trained = task as? TrainedTask<LanguageModelTask> else { return nil }
      let logits = trained.model.scores(trained.model.projection?(outputs) ?? outputs)
      expected = [(name: "logits", value: logits)] + GraphVerification.ends(network, end, options)
    }
    self.inputs = inputs
  }

  private static func ends(
    _ network: RecurrentLayer<AnyCell>, _ end: RecurrentLayer<AnyCell>.State, _ options: GraphOptions
  ) -> [(name: String, value: Tensor)] {
    guard options.isStreaming else { return [] }
    return network.named(end).map { (name: $0.name + "_out", value: $0.value) }
  }

  /// The largest difference between an output of the model and that of `results`; infinite where one is missing or is of
  /// another shape.
  public func largestDifference(from results: [String: GraphValue]) -> Float {
    expected.reduce(0) { largest, output in
      guard let found = results[output.name], found.shape == output.value.shape else { return .infinity }
      return zip(found.tensor.scalars, output.value.scalars).reduce(largest) { largest, pair in
        let difference = abs(pair.0 - pair.1)
        return difference.isNaN ? .infinity : max(largest, difference)
      }
    }
  }
}
