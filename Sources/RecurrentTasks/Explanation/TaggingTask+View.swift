extension TaggingTask {
  /// Some steps with their labels.
  public func part(of example: Example, steps: Range<Int>) -> Example? {
    var own = example
    own.features = example.features.part(steps)
    own.labels = Array(example.labels.dropFirst(steps.lowerBound).prefix(steps.count))
    own.clock = example.clock?.part(steps)
    return own
  }

  /// The loss of a sequence, with the label of each step; without known labels that of the predicted ones.
  public func view(_ model: SequenceTagger, of example: Example) throws -> ExampleView<SequenceTagger>? {
    var example = example
    let prediction = predictions(model, to: [example])[0]
    let isTold = example.labels.contains { $0 >= 0 }
    if !isTold {
      // so that the step of the output asks for what it says
      example.labels = (0..<example.features.stepCount).map { step in
        let place = (step + delay) / network.stride
        return prediction.labels.indices.contains(place) ? Int32(prediction.labels[place]) : -100
      }
    }
    let told = example
    var (steps, signals) = featurizer.views(of: example.features)
    let targets = targets(example, count: prediction.labels.count)
    // where the network reads several steps at once it says one thing about them
    for step in steps.indices {
      let place = step / network.stride
      guard prediction.labels.indices.contains(place) else { break }
      let probabilities = scaling.probabilities(prediction.scores[place])
      let (label, target) = (prediction.labels[place], Int(targets[place]))
      (steps[step].prediction, steps[step].confidence) = (labels[label], probabilities[label])
      guard isTold, labels.indices.contains(target) else { continue }
      (steps[step].target, steps[step].targetProbability) = (labels[target], probabilities[target])
    }
    for (index, label) in labels.enumerated() where isTold && !targets.isEmpty {
      signals.append(
        StepSignal("label \(label)", targets.map { Int($0) == index ? 1 : 0 }))
    }
    return ExampleView(
      steps: steps, signals: signals,
      prediction: picker == nil ? "" : text(of: prediction, to: example)
    ) { model, mode in loss(model, [told], mode: mode).mean }
  }
}
