import RecurrentReports

extension ForecastingTask {
  /// The loss of a window, and the means that are predicted behind it.
  public func view(_ model: ForecastNetwork, of example: ForecastWindow) throws -> ExampleView<
    ForecastNetwork
  >? {
    let means = predictions(model, to: [example])[0].means
    let texts = zip(featurizer.targets, means).map { target, means in
      "\(target) " + means.map { significant($0, 4) }.joined(separator: ", ")
    }
    return ExampleView(prediction: texts.joined(separator: "; ")) { model, mode in
      loss(model, [example], mode: mode).mean
    }
  }
}
