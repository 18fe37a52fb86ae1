import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct ForecastingTaskTests {
  static let kinds: [(ForecastKind, ForecastOutput)] = [
    (.segments, .quantiles), (.segments, .median), (.segments, .studentT), (.autoregressive, .gaussian),
    (.autoregressive, .studentT),
  ]
  private let key = RandomKey(seed: 6)

  private func series(missing: Bool = true) -> [TimeSeries] {
    [
      ForecastExamples.wave(steps: 40, missing: missing, id: "a"),
      ForecastExamples.wave(steps: 40, missing: missing, id: "b", phase: 0.4),
    ]
  }

  @Test(arguments: kinds)
  func gradients(_ kind: ForecastKind, _ output: ForecastOutput) throws {
    let task = try ForecastExamples.task(series(), kind, output: output)
    let windows = try ForecastExamples.windows(task, series())
    let model = moved(task.makeModel(key: key))
    try mirrorCheck(model)
    #expect(model.parameterCount == task.parameterCount)
    var tolerance = GradientTolerance()
    (tolerance.elements, tolerance.smallTensor) = (2, 2)
    try checkGradient(of: model, tolerance: tolerance) { model, _ in
      task.loss(model, windows, mode: .training(key)).mean
    }
  }

  /// Away from the zeros that some parameters begin with.
  private func moved(_ model: ForecastNetwork) -> ForecastNetwork {
    model.mappingParameters { name, value in
      value
        + Tensor.random(value.shape, bound: 0.05, key: key.child(name.utf8.reduce(0) { $0 &* 31 &+ Int($1) }))
    }
  }

  @Test(arguments: kinds)
  func promisesHold(_ kind: ForecastKind, _ output: ForecastOutput) throws {
    let series = [ForecastExamples.wave(steps: 40)]
    // the scale of a single row is that of the training part
    let task = try ForecastExamples.task(series, kind, output: output, normalization: .last)
    try checkTask(
      task, examples: try ForecastExamples.windows(task, series, [1, 5, 14, 30]),
      gradientsAt: moved(task.makeModel(key: key)))
  }

  @Test func countsHaveGradients() throws {
    var one = ForecastExamples.wave(steps: 40, targets: 1)
    one.values = one.values.map { ($0 * 2).rounded() }
    let task = try ForecastExamples.task(
      [one], .autoregressive, output: .negativeBinomial, normalization: .meanSize)
    let windows = try ForecastExamples.windows(task, [one])
    let model = moved(task.makeModel(key: key))
    try checkGradient(of: model) { model, _ in task.loss(model, windows, mode: .inference).mean }
    for forecast in task.predictions(model, to: windows) {
      // draws are counts
      #expect(forecast.quantiles[0].allSatisfy { $0.allSatisfy { $0 >= 0 } })
    }
  }

  /// A window gets the prediction that it gets alone, on any number of threads and with any instructions.
  @Test(arguments: kinds)
  func sameBits(_ kind: ForecastKind, _ output: ForecastOutput) throws {
    let task = try ForecastExamples.task(series(), kind, output: output)
    let windows = try ForecastExamples.windows(task, series(), [1, 5, 14, 30])
    let model = task.makeModel(key: key)
    let together = task.predictions(model, to: windows)
    for (window, prediction) in zip(windows, together) {
      #expect(task.predictions(model, to: [window]) == [prediction])
      #expect(task.predictions(task.packed(model), to: [window]) == [prediction])
    }
    try checkSameBits("\(kind) \(output)") {
      let model = task.makeModel(key: key)
      return task.predictions(model, to: windows).map { forecast in
        Tensor(forecast.quantiles.flatMap { $0.flatMap { $0.map { Float($0) } } })
      }
    }
  }

  @Test(arguments: kinds)
  func sessionIsTheWhole(_ kind: ForecastKind, _ output: ForecastOutput) throws {
    let task = try ForecastExamples.task(series(), kind, output: output)
    let model = task.makeModel(key: key)
    for window in try ForecastExamples.windows(task, series()) {
      let beginning = try #require(task.session(model))
      var session = beginning
      for (index, step) in task.steps(of: window).enumerated() {
        // kept and gone on with
        if index == 3 {
          let kept = session.state
          session = beginning
          try session.restore(kept)
        }
        session.read(step)
      }
      #expect([session.prediction] == task.predictions(model, to: [window]))
    }
  }

  @Test func sessionGoesOn() throws {
    let all = series(missing: false)
    let task = try ForecastExamples.task(all, .segments, output: .quantiles)
    let model = task.makeModel(key: key)
    let prepared = try task.featurizer(all[0], ahead: 20)
    // more rows than are looked back over
    let whole = ForecastWindow(series: prepared, origin: 36)
    var session = try #require(task.session(model))
    for origin in [12, 24, 36] {
      for step in task.steps(of: ForecastWindow(series: prepared, origin: origin)) { session.read(step) }
    }
    #expect([session.prediction] == task.predictions(model, to: [whole]))
  }

  @Test func pathsAreDrawnAgain() throws {
    let task = try ForecastExamples.task(series(), .autoregressive, output: .studentT)
    let windows = try ForecastExamples.windows(task, series())
    let model = task.makeModel(key: key)
    var other = task
    other.seed = 2
    #expect(task.predictions(model, to: windows) == task.predictions(model, to: windows))
    #expect(task.predictions(model, to: windows) != other.predictions(model, to: windows))
  }

  @Test func missingTruthsDoNotCount() throws {
    var one = ForecastExamples.wave(steps: 40, targets: 1)
    let task = try ForecastExamples.task([one], .segments, output: .quantiles)
    let model = task.makeModel(key: key)
    let (whole, weight) = task.loss(model, try ForecastExamples.windows(task, [one], [20]), mode: .inference)
    #expect(weight == 5)
    one.values[22] = .nan
    let (mean, rest) = task.loss(model, try ForecastExamples.windows(task, [one], [20]), mode: .inference)
    #expect(rest == 4 && mean.scalar.isFinite && mean.scalar != whole.scalar)
    for step in 20..<25 { one.values[step] = .nan }
    #expect(
      task.loss(model, try ForecastExamples.windows(task, [one], [20]), mode: .inference).mean.scalar == 0)
  }

  @Test func placesVary() throws {
    let one = ForecastExamples.wave(steps: 40)
    let task = try ForecastExamples.task([one], .segments, output: .quantiles)
    var window = try ForecastExamples.windows(task, [one], [20])[0]
    #expect(task.augmented(window, key: key).origin == 20)
    window.slack = 3
    let origins = Set((0..<60).map { task.augmented(window, key: key.child($0)).origin })
    #expect(origins == [20, 21, 22, 23])
  }

  @Test func isWrittenAndRead() throws {
    var task = try ForecastExamples.task(series(), .segments, output: .quantiles)
    let windows = try ForecastExamples.windows(task, series())
    try task.calibrate(task.makeModel(key: key), on: ExampleSource(windows))
    #expect(task.calibration != nil)
    let data = try JSONEncoder().encode(task)
    #expect(try JSONDecoder().decode(ForecastingTask.self, from: data) == task)
  }

  /// A window of another level and size gets the same forecast on its own scale.
  @Test(arguments: [WindowNormalization.lastAndDeviation, .meanAndDeviation, .lastAndVolatility])
  func scaleDoesNotMatter(_ normalization: WindowNormalization) throws {
    let one = ForecastExamples.wave(steps: 40, targets: 1)
    let task = try ForecastExamples.task([one], .segments, output: .quantiles, normalization: normalization)
    let model = task.makeModel(key: key)
    var other = one
    other.values = one.values.map { $0 * 64 + 1024 }
    let first = task.predictions(model, to: try ForecastExamples.windows(task, [one], [30]))[0]
    let second = task.predictions(model, to: try ForecastExamples.windows(task, [other], [30]))[0]
    for (a, b) in zip(first.means[0], second.means[0]) { #expect(abs(a * 64 + 1024 - b) < 1e-3) }
  }

  @Test func impossibleSizesAreRefused() throws {
    var task = try ForecastExamples.task(series(), .segments, output: .quantiles)
    task.network.hiddenSize = 1 << 40
    #expect(task.parameterCount == -1)
    (task.network.hiddenSize, task.network.segment) = (8, 5)
    #expect(task.network.issue == "12 steps are no whole number of segments of 5")
  }
}
