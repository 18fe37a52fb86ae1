/// What a regression has to beat, from the training part.
struct RegressionBaselines: Sendable {
  /// The linear map, and its deviation from the targets, both on their scale; nil where steps are no numbers or too wide.
  private(set) var linear: (reading: LinearReading, deviation: Double)?
  /// Of the parts to validate and to test.
  private(set) var neighbours: [NeighbourErrors] = []

  /// Reads the sequences and fits what there is to fit.
  ///
  /// - Parameters:
  ///   - training: sequences with their targets.
  ///   - validation: those that choose.
  ///   - test: those that the nearest neighbours are asked about too.
  ///   - center: the mean of the targets.
  ///   - scale: their deviation.
  /// - Throws: what reading the sequences throws.
  init(
    _ training: ExampleSource<RegressionTask.Example>, validation: ExampleSource<RegressionTask.Example>,
    test: ExampleSource<RegressionTask.Example>, center: Double, scale: Double
  ) throws {
    guard training.count > 2 else { return }
    let first = try training[0].features
    guard first.tokens.isEmpty else { return }
    // ragged sequences have their longest among the first ones, or nearly so
    let longest = try (0..<min(training.count, 200)).map { try training[$0].features.stepCount }.max() ?? 1
    guard let zero = LinearReading.zero(featureCount: first.featureCount, longest: longest) else { return }
    func numbers(_ part: ExampleSource<RegressionTask.Example>, most: Int) throws -> LinearExamples {
      var result = LinearExamples(width: zero.weights.count - 1)
      let distance = max(1, (part.count + most - 1) / most)
      for index in stride(from: 0, to: part.count, by: distance) {
        let example = try part[index]
        result.add(example.features, (example.target - center) / scale, zero)
      }
      return result
    }
    let own = try numbers(training, most: zero.mostExamples)
    let chosen = try numbers(validation, most: 1_000)
    if let fit = zero.fitted(to: own, validation: chosen) {
      linear = (fit.reading, max(fit.error.squareRoot(), 1e-6))
    }
    let nearest = NearestNeighbours(
      try numbers(training, most: NearestNeighbours.mostExamples), validation: chosen)
    for part in [validation, test] where part.count > 0 && part.count <= 5_000 {
      let all = try numbers(part, most: part.count)
      let predictions = (0..<all.count).map { nearest.value(all.row($0)) * scale + center }
      neighbours.append(
        NeighbourErrors(
          predictions, try (0..<part.count).map { try part[$0].target }, neighbours: nearest.count))
    }
  }
}
