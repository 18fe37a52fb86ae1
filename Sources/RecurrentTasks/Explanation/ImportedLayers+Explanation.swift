import RecurrentReports

extension ImportedLayers {
  /// What the layers do with random vectors: they have no task, and so neither data nor a loss of their own.
  ///
  /// - Parameters:
  ///   - name: what they are called.
  ///   - stepCount: steps, at least 2.
  ///   - seed: of the vectors, and of the direction of the gradient at the last step.
  /// - Throws: what ``Explanation/init(_:example:model:view:comparesCells:settings:)`` throws.
  public func explanation(_ name: String, stepCount: Int, seed: UInt64 = 1) throws -> Explanation {
    let key = RandomKey(seed: seed)
    let count = max(stepCount, 2)
    let input = Tensor(uniformIn: -1...1, shape: [count, 1, layer.inputSize], key: key.child(0))
    let direction = Tensor(uniformIn: -1...1, shape: [1, layer.outputSize], key: key.child(1))
    let isBidirectional = layer.isBidirectional
    let view = ExampleView<LayerNetwork>(
      steps: (0..<count).map { StepView(input: "\($0 + 1)") }, signals: [.position(count)],
      notes: [
        "these layers belong to no task: they read random vectors, and the loss is a random projection of the output "
          + (isBidirectional
            ? "behind the last step of each direction: forwards the last, backwards the first"
            : "behind the last step")
      ]
    ) { network, mode in
      let outputs = network.layer(SequenceBatch(input), mode: mode).outputs
      // of both directions the end, as a classifier takes them
      let ends = SequencePooling.last(outputs, lengths: nil, isBidirectional: isBidirectional)
      return (ends * direction).sum()
    }
    return try Explanation(
      name, example: "random vectors", model: LayerNetwork(layer: layer), view: view, settings: [])
  }
}

/// A recurrent layer and nothing else.
struct LayerNetwork: Module {
  var layer: RecurrentLayer<AnyCell>
  /// Shows every parameter to `visitor`.
  mutating func walk(_ visitor: inout some ParameterVisitor) { visitor.visit("layer", &layer) }
}
