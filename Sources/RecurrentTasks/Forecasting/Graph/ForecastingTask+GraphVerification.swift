extension ForecastingTask {
  /// Random windows for the graph with their forecasts, or random steps with the distributions of the next ones.
  ///
  /// - Throws: ``DataError`` where the featurizer cannot read the windows.
  public func graphVerification(
    _ model: ForecastNetwork, _ options: GraphOptions
  ) throws -> GraphVerification {
    if let own = model.autoregressive { return steps(own, options) }
    let lengths = GraphVerification.lengths(options, lookBack).map { min($0, lookBack) }
    let series = lengths.enumerated().map { randomSeries($1, RandomKey(seed: 20).child($0)) }
    let windows = try series.map {
      ForecastWindow(series: try featurizer($0, ahead: horizon), origin: $0.stepCount)
    }
    var inputs = ["history": history(series, featurizer.targets.count, \.values)]
    if options.takesLengths {
      inputs["lengths"] = GraphVerification.value(of: lengths, in: 0..<lookBack)
    }
    if featurizer.knownCount > 0 { inputs["covariates"] = covariates(series, windows) }
    if featurizer.pastCount > 0 {
      inputs["past"] = history(series, featurizer.pastCount, \.pastValues)
    }
    if featurizer.staticCount > 0 {
      let values = series.flatMap { series in
        featurizer.statics.flatMap { column -> [Double] in
          let field = series.statics[column.name] ?? ""
          return column.words.isEmpty ? [Double(field) ?? 0] : column.words.map { $0 == field ? 1 : 0 }
        }
      }
      inputs["statics"] = wide(values, [windows.count, featurizer.staticCount])
    }
    let expected = output.isDistribution ? distributions(model, windows) : points(model, windows)
    return GraphVerification(parts: [.init(inputs: inputs, expected: expected)])
  }

  private func wide(_ values: [Double], _ shape: [Int]) -> GraphValue {
    GraphValue(doubles: values, shape: shape, elementType: .f64)
  }

  // MARK: Windows

  /// A random series around the centres of the training part.
  private func randomSeries(_ count: Int, _ key: RandomKey) -> TimeSeries {
    func around(_ scaler: ChannelScaler, _ count: Int, _ child: Int) -> [Double] {
      let width = scaler.centers.count
      return key.child(child).uniforms(count * width).enumerated().map { index, number in
        scaler.centers[index % width] + (4 * Double(number) - 2) * scaler.scales[index % width]
      }
    }
    let gaps = key.child(2).uniforms(count * featurizer.targets.count)
    let values = around(featurizer.targetScaler, count, 0).enumerated().map { index, value in
      featurizer.marksMissing && gaps[index] < 0.2 ? .nan : featurizer.transform.undone(value)
    }
    let statics = featurizer.statics.enumerated().map { index, column in
      let number = Double(key.child(3).uniforms(index + 1)[index])
      return (
        column.name,
        column.words.isEmpty
          ? "\(column.center + number * column.scale)"
          : column.words[Int(number * Double(column.words.count))]
      )
    }
    return TimeSeries(
      id: "", start: 0, frequency: featurizer.frequency, targets: featurizer.targets, values: values,
      known: featurizer.known, knownValues: around(featurizer.knownScaler, count + horizon, 1),
      past: featurizer.past?.names ?? [],
      pastValues: featurizer.past.map { around($0.scaler, count, 4) } ?? [],
      statics: Dictionary(statics) { $1 })
  }

  /// `[B, L, count]`, NaN before the beginning.
  private func history(
    _ series: [TimeSeries], _ count: Int, _ numbers: KeyPath<TimeSeries, [Double]>
  ) -> GraphValue {
    let values = series.flatMap { one in
      [Double](repeating: .nan, count: (lookBack - one.stepCount) * count) + one[keyPath: numbers]
    }
    return wide(values, [series.count, lookBack, count])
  }

  /// `[B, H, V - P]`: the calendar as it is read, and the columns that are known as they stand in the data.
  private func covariates(_ series: [TimeSeries], _ windows: [ForecastWindow]) -> GraphValue {
    let (width, known) = (featurizer.covariateCount, featurizer.known.count)
    var values: [Double] = []
    for (series, window) in zip(series, windows) {
      for step in window.origin..<window.origin + horizon {
        let calendar = step * width..<step * width + featurizer.knownCount - known
        values += window.series.covariates[calendar].map { Double($0) }
        values += series.knownValues[step * known..<(step + 1) * known]
      }
    }
    return wide(values, [windows.count, horizon, featurizer.knownCount])
  }

  private func points(_ model: ForecastNetwork, _ windows: [ForecastWindow]) -> [String: GraphValue] {
    let forecasts = predictions(model, to: windows)
    let shape = [windows.count, horizon, featurizer.targets.count]
    func all(_ values: (Forecast, Int, Int) -> [Double]) -> [Double] {
      forecasts.flatMap { forecast in
        (0..<horizon).flatMap { step in
          (0..<featurizer.targets.count).flatMap { values(forecast, $0, step) }
        }
      }
    }
    return [
      "mean": wide(all { [$0.means[$1][$2]] }, shape),
      "quantiles": wide(all { $0.quantiles[$1][$2] }, shape + [levels.count]),
    ]
  }

  private func distributions(
    _ model: ForecastNetwork, _ windows: [ForecastWindow]
  ) -> [String: GraphValue] {
    guard let network = model.segments, let distribution = output.distribution else { return [:] }
    let (batch, count, size) = (batch(windows), featurizer.targets.count, distribution.parameters.count)
    let numbers = network(batch, mixingWeight: mixingWeight).scalars
    var values = distribution.parameters.map { _ in [Double]() }
    for window in windows.indices {
      for step in 0..<horizon {
        for target in 0..<count {
          let row = window * count + target
          let start = (row * horizon + step) * size
          let scale = batch.scales[row]
          for (index, value) in distribution.parameters(numbers[start..<start + size]).enumerated() {
            let parameter = distribution.parameters[index]
            values[index].append(parameter.restored(value, size: scale.size, offset: scale.offset))
          }
        }
      }
    }
    return Dictionary(
      zip(distribution.parameters.map(\.name), values.map { wide($0, [windows.count, horizon, count]) })
    ) { $1 }
  }

  // MARK: Steps

  private func steps(_ network: AutoregressiveForecaster, _ options: GraphOptions) -> GraphVerification {
    let shape = [
      GraphVerification.stepCount, GraphVerification.batchSize, network.configuration.inputSize,
    ]
    let vectors = Tensor(uniformIn: -1...1, shape: shape, key: RandomKey(seed: 20))
    return GraphVerification(network.recurrent, vectors: vectors, options) { steps in
      ["inputs": GraphValue(vectors.sliced(axis: 0, steps))]
    } outputs: { outputs in
      let values = output.distribution.map { $0.parameters(network.head(outputs)) } ?? []
      return ["parameters": concatenate(values, axis: 2)]
    }
  }
}
