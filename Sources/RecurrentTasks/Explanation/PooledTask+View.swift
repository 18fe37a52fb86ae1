import RecurrentReports

extension PooledTask {
  /// Some steps, of which the same is asked.
  public func part(of example: Example, steps: Range<Int>) -> Example? {
    Example(features: example.features.part(steps), target: example.target)
  }

  /// Steps of a sequence whose beginnings are predicted too, at most.
  static var beginningLimit: Int { 256 }

  /// What is predicted for each beginning of a sequence, where the sequence is short enough.
  func beginnings(_ model: PooledNetwork, of features: FeatureSequence) -> [Prediction] {
    let count = features.stepCount
    guard count > 0, count <= Self.beginningLimit else { return [] }
    let network = packed(model)
    return stride(from: 0, to: count, by: 64).flatMap { first -> [Prediction] in
      let parts = (first..<min(count, first + 64)).map { features.part(0..<$0 + 1) }
      let (scores, width) = (network(FeatureBatch(parts)).scalars, reader.classCount)
      return parts.indices.map { prediction(Array(scores[$0 * width..<($0 + 1) * width])) }
    }
  }
}

extension ClassificationTask {
  /// The loss of a sequence, with the class of each of its beginnings; where the class is not known, that of the predicted one.
  public func view(_ model: PooledNetwork, of example: Example) throws -> ExampleView<PooledNetwork>? {
    var told = example
    let whole = predictions(model, to: [example])[0]
    if !labels.indices.contains(example.target) { told.target = whole.best }
    var (steps, signals) = featurizer.views(of: example.features)
    for (step, prediction) in beginnings(model, of: example.features).enumerated() {
      (steps[step].prediction, steps[step].confidence) = (
        labels[prediction.best], prediction.probabilities[prediction.best]
      )
      guard labels.indices.contains(example.target) else { continue }
      steps[step].targetProbability = prediction.probabilities[example.target]
    }
    let target = labels.indices.contains(example.target) ? " (is \(labels[example.target]))" : ""
    return ExampleView(
      steps: steps, signals: signals,
      prediction: labels[whole.best] + target,
      notes: steps.contains { !$0.prediction.isEmpty }
        ? ["the prediction at a step is that for the sequence that ends there"] : []
    ) { [told] model, mode in loss(model, [told], mode: mode).mean }
  }
}

extension RegressionTask {
  /// The loss of a sequence; where its number is not known, what is predicted itself in its place.
  public func view(_ model: PooledNetwork, of example: Example) throws -> ExampleView<PooledNetwork>? {
    var view = batchedView(model, of: example)
    (view.steps, view.signals) = featurizer.views(of: example.features)
    if !example.target.isFinite {
      view.loss = { model, mode in model(FeatureBatch([example.features]), mode: mode).sum() }
    }
    return view
  }
}

extension SequenceRegressionTask {
  /// Some steps with their numbers.
  public func part(of example: Example, steps: Range<Int>) -> Example? {
    let width = targets.count
    return Example(
      features: example.features.part(steps),
      targets: Array(
        example.targets.dropFirst(steps.lowerBound * width).prefix(steps.count * width)))
  }

  /// The loss of a sequence, with the first number of each step; without known numbers the sum of what is predicted at the last
  /// step in its place.
  public func view(_ model: SequenceTagger, of example: Example) throws -> ExampleView<SequenceTagger>? {
    let prediction = predictions(model, to: [example])[0]
    var (steps, signals) = featurizer.views(of: example.features)
    let width = targets.count
    for step in steps.indices where (step + 1) * width <= prediction.values.count {
      steps[step].prediction = significant(prediction.values[step * width], 3)
      let target = example.targets.indices.contains(step * width) ? example.targets[step * width] : .nan
      guard target.isFinite else { continue }
      steps[step].target = significant(Double(target), 3)
      let distance =
        Double(scaler.scaled(target, channel: 0)) - (prediction.values[step * width] - scaler.centers[0])
        / scaler.scales[0]
      steps[step].loss = distance * distance
    }
    for target in 0..<width where example.targets.count == steps.count * width {
      let values = steps.indices.map { example.targets[$0 * width + target] }
      if values.allSatisfy(\.isFinite) { signals.append(StepSignal("target \(target + 1)", values)) }
    }
    let isTold = example.targets.contains { $0.isFinite }
    return ExampleView(steps: steps, signals: signals) { model, mode in
      guard !isTold else { return loss(model, [example], mode: mode).mean }
      let scores = model(FeatureBatch([example.features]), mode: mode).scores
      return scores[scores.shape[0] - 1].sum()
    }
  }
}
