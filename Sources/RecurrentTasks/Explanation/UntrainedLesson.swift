/// Why gates: the same random sequence through cells with fresh parameters, one loss at its end. Each cell has the parameters
/// that people give it who want it to remember, and beside these others.
public enum UntrainedLesson {
  /// The width of the random vectors.
  static let inputSize = 8

  /// Looks at cells of `hiddenSize` units that read `stepCount` random vectors; the loss is a random projection of the last
  /// output.
  ///
  /// - Throws: ``TaskError/settings(_:)`` where a cell cannot have so many units, or there are fewer than two steps.
  public static func explanations(
    _ cells: [CellCatalog], hiddenSize: Int, stepCount: Int, seed: UInt64
  ) throws -> [Explanation] {
    guard (1...1024).contains(hiddenSize), stepCount > 1 else {
      throw TaskError.settings(
        "there are \(hiddenSize) units and \(stepCount) steps, expected 1 to 1024 units and at least 2 steps")
    }
    let key = RandomKey(seed: seed)
    let input = Tensor(uniformIn: -1...1, shape: [stepCount, 1, inputSize], key: key.child(0))
    let values = input.scalars
    let signals =
      [StepSignal.position(stepCount)]
      + (0..<inputSize).map { column in
        StepSignal("input \(column + 1)", (0..<stepCount).map { values[$0 * inputSize + column] })
      }
    return try cells.map { cell in
      if let issue = CellChoice(cell).issue(hiddenSize: hiddenSize) {
        throw TaskError.settings(issue)
      }
      let variants = CellVariant.all(of: cell, stepCount: stepCount)
      let own = variants[variants.count - 1]
      let network = LayerNetwork(
        layer: RecurrentLayer(inputSize: inputSize, key: key.child(1)) {
          own.make(inputSize: $0, hiddenSize: hiddenSize, key: $1)
        })
      let direction = Tensor(uniformIn: -1...1, shape: [1, network.layer.outputSize], key: key.child(2))
      let view = ExampleView<LayerNetwork>(
        steps: (0..<stepCount).map { StepView(input: "\($0 + 1)") }, signals: signals
      ) { network, mode in
        (network.layer(SequenceBatch(input), mode: mode).outputs[stepCount - 1] * direction).sum()
      }
      var explanation = try Explanation(
        cell.rawValue, example: "random vectors", model: network, view: view)
      explanation.initialization = own.words
      explanation.comparisons = variants.dropLast().map {
        ($0.name, CellComparison.reach(of: $0, hiddenSize: hiddenSize, over: input, key: key.child(1)))
      }
      return explanation
    }
  }
}
