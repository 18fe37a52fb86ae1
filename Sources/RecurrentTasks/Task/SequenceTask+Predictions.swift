extension SequenceTask {
  /// The prediction for each of many examples, in their order.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - examples: any number; each is read when it is its turn.
  ///   - progress: called with the completed fraction, 0 to 1.
  /// - Returns: the predictions, and the examples without their input.
  /// - Throws: what reading the examples, or `progress`, throws.
  public func allPredictions(
    _ model: Model, to examples: ExampleSource<Example>, progress: (Double) throws -> Void = { _ in }
  ) throws -> (predictions: [Prediction], examples: [Example]) {
    try allPredictions(packed: packed(model), to: examples, progress: progress)
  }

  /// The prediction for each of many examples, by a model whose weights are packed.
  private func allPredictions(
    packed model: Model, to examples: ExampleSource<Example>, progress: (Double) throws -> Void
  ) throws -> (predictions: [Prediction], examples: [Example]) {
    let task = self
    let source = examples.kept(in: ExampleMemory(bytes: 1 << 26)) { task.memory(of: $0) }
    var all = [(prediction: Prediction, example: Example)?](repeating: nil, count: source.count)
    var done = 0
    for batch in BatchedExamples.batches(of: try source.costs { cost(of: $0) }) {
      let own = try batch.map { try source[$0] }
      for (place, prediction) in predictions(model, to: own).enumerated() {
        all[batch[place]] = (prediction, withoutInput(own[place]))
      }
      done += batch.count
      try progress(Double(done) / Double(source.count))
    }
    let found = all.compactMap { $0 }
    return (found.map(\.prediction), found.map(\.example))
  }

  /// The prediction for each of many examples in memory, in their order.
  public func allPredictions(_ model: Model, to examples: [Example]) -> [Prediction] {
    batchedPredictions(packed(model), to: examples)
  }

  /// The prediction for each of many examples in memory, by a model whose weights are packed.
  func batchedPredictions(_ packed: Model, to examples: [Example]) -> [Prediction] {
    guard let all = try? allPredictions(packed: packed, to: ExampleSource(examples), progress: { _ in })
    else {
      fatalError("allPredictions: examples in memory are read without errors")
    }
    return all.predictions
  }
}

/// Batches of examples that are not trained on.
enum BatchedExamples {
  /// Batches of nearly equal costs that keep memory small.
  static func batches(of costs: [Int], rows: Int = 64, steps: Int = 1 << 14) -> [[Int]] {
    var batches: [[Int]] = []
    var current: [Int] = []
    for index in costs.indices.sorted(by: { (costs[$0], $0) < (costs[$1], $1) }) {
      if !current.isEmpty, current.count == rows || (current.count + 1) * costs[index] > steps {
        batches.append(current)
        current = []
      }
      current.append(index)
    }
    if !current.isEmpty { batches.append(current) }
    return batches
  }
}
