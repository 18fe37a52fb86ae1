import RecurrentTasks
import RecurrentTestSupport

/// Small series and tasks for the tests of forecasts.
enum ForecastExamples {
  /// A daily wave with noise, some values missing on request.
  static func wave(
    steps: Int, targets: Int = 2, missing: Bool = false, id: String = "", phase: Double = 0,
    noise: Float = 0.2, past: Int = 0
  ) -> TimeSeries {
    let key = RandomKey(seed: 77)
    let noises = key.uniforms(steps * targets)
    let gaps = key.child(1).uniforms(steps * targets)
    var values: [Double] = []
    for place in 0..<steps * targets {
      let (step, target) = (place / targets, place % targets)
      let wave = NormalWave.value(Double(step) / 24 + phase + 0.2 * Double(target))
      let value = Double(target + 1) * (wave + Double(noise * (noises[place] - 0.5))) + 3
      values.append(missing && gaps[place] < 0.1 ? .nan : value)
    }
    return TimeSeries(
      id: id, start: 0, frequency: .seconds(3600), targets: (0..<targets).map { "y\($0)" }, values: values,
      known: ["known"], knownValues: (0..<steps + 40).map { Double($0 % 5) },
      past: (0..<past).map { "p\($0)" },
      pastValues: key.child(2).uniforms(steps * past).enumerated().map { place, number in
        missing && place % 6 == 2 ? .nan : 3 * Double(number) + Double(past > 0 ? place % past : 0)
      },
      statics: ["kind": id.isEmpty ? "a" : id])
  }

  /// A triangle of period 1 in ± 1.
  private enum NormalWave {
    static func value(_ x: Double) -> Double { 4 * abs(x - (x + 0.5).rounded(.down)) - 1 }
  }

  /// A task of one kind over series, with small sizes.
  static func task(
    _ series: [TimeSeries], _ kind: ForecastKind, output: ForecastOutput, horizon: Int = 5,
    normalization: WindowNormalization = .lastAndDeviation
  ) throws -> ForecastingTask {
    let featurizer = try ForecastFeaturizer.fit(
      series, training: series.map { 0..<$0.stepCount }, calendar: [.hourOfDay], transform: .none,
      normalization: normalization)
    let levels = [0.1, 0.5, 0.9]
    let isStepwise = kind == .autoregressive
    var network = ForecastNetworkConfiguration(
      kind, context: isStepwise ? 6 : 12, horizon: horizon, targetCount: featurizer.targets.count,
      output: output)
    network.covariateCount = featurizer.covariateCount
    network.pastCount = featurizer.pastCount
    network.staticCount = featurizer.staticCount
    network.marksMissing = featurizer.marksMissing
    if isStepwise {
      (network.lags, network.hiddenSize, network.layerCount, network.pathCount) = ([4], 5, 1, 9)
    } else {
      (network.segment, network.hiddenSize, network.dropoutRate) = (3, 7, 0.2)
      network.levels = levels
    }
    return ForecastingTask(
      columns: SeriesColumns(targets: featurizer.targets), featurizer: featurizer, network: network,
      output: output, levels: levels, seasonLength: 24)
  }

  /// Windows at places of series, one before the look-back is whole.
  static func windows(_ task: ForecastingTask, _ series: [TimeSeries], _ origins: [Int] = [5, 14, 30]) throws
    -> [ForecastWindow]
  {
    try series.flatMap { one in
      let prepared = try task.featurizer(one, ahead: 20)
      return origins.map { ForecastWindow(series: prepared, origin: $0) }
    }
  }
}
