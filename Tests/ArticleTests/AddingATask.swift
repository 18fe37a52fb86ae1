import Foundation
import Recurrent
import RecurrentTestSupport
import Testing

// article: begin
/// How often something happens in a sequence: the network gives the logarithm of the rate of a Poisson distribution.
struct CountTask: PooledTask, Equatable {
  static let name = "count"
  static let summary = "Train a model that says how often something happens: calls of a day, faults of a run."
  static let usages = ["runs.csv --id-column run --target-column faults --output faults.bundle"]
  static var settings: [SettingsGroup] {
    [
      SettingsGroup("Data", [Setting.inputColumn, Setting.targetColumn, Setting.idColumn, Setting.split]),
      SettingsGroup("Model", [Setting.cell, Setting.hidden, Setting.layers, Setting.causal]), .cell,
    ]
  }

  var featurizer: SequenceFeaturizer
  var reader: PooledNetworkConfiguration

  typealias Target = Double

  struct Prediction: Sendable, Equatable {
    var rate: Double
  }
}
// article: end

// article: begin
extension CountTask {
  static func plan(_ request: TaskRequest, progress: (String, Double) -> Void) throws -> TrainingPlan<
    CountTask
  > {
    let settings = request.settings
    let records = try RecordSource.labelled(request, settings.recordColumns(label: .targetColumn))
    let split = DataParts(sizes: try settings.shares(), seed: request.seed).split(records)
    let (featurizer, notes) = try SequenceFeaturizer.fit(
      records.selecting(split.training), labels: nil, classCount: 0
    ) { progress("reading", $0) }
    var network = SequenceNetworkConfiguration(
      vocabularySize: featurizer.vocabularySize, featureCount: featurizer.featureCount, hiddenSize: 24)
    try network.apply(settings, reading: featurizer)
    let task = CountTask(
      featurizer: featurizer,
      reader: PooledNetworkConfiguration(network: network, poolings: [.mean, .last], classCount: 1))
    func examples(_ part: [Int]) -> ExampleSource<TargetExample<Double>> {
      ExampleSource(records.selecting(part)) { try task.example($0, needsTarget: true) }
    }
    return TrainingPlan(
      task: task, training: examples(split.training), validation: examples(split.validation),
      test: examples(split.test), suggested: TaskSettings(training: TrainerSettings(epochs: 30, clipNorm: 1)),
      settings: settings, notes: records.notes + notes, unitName: "sequences")
  }

  func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<TargetExample<Double>> {
    let columns = settings.recordColumns(label: .targetColumn)
    let records = try RecordSource.labelled(data, columns, known: nil, needsTargets: needsTargets)
    return ExampleSource(records) { try example($0, needsTarget: needsTargets) }
  }

  private func example(_ record: Record, needsTarget: Bool) throws -> TargetExample<Double> {
    let count = record.label.flatMap { Double($0) } ?? -1
    guard !needsTarget || count >= 0 && count.isFinite else {
      throw DataError.malformed(
        path: record.origin, place: .record, expected: "a count of 0 or more",
        found: "\"\(record.label ?? "")\"")
    }
    return TargetExample(features: try featurizer(record), target: count)
  }
}
// article: end

// article: begin
extension CountTask {
  var issue: String? { reader.issue(beside: featurizer) }

  /// The mean negative logarithm of the likelihood, but for what does not depend on the rate.
  func loss(
    _ model: PooledNetwork, _ examples: [TargetExample<Double>], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let logRates = model(FeatureBatch(examples.map(\.features)), mode: mode)  // [B, 1]
    let counts = Tensor(examples.map { Float($0.target) }, shape: [examples.count, 1])
    return ((exp(logRates) - counts * logRates).mean(), Double(examples.count))
  }

  /// There is nothing to fit behind the parameters.
  func calibrate(_ model: PooledNetwork, on examples: ExampleSource<TargetExample<Double>>) throws {}

  func prediction(_ logRate: [Float]) -> Prediction { Prediction(rate: exp(Double(logRate[0]))) }

  func evaluation(of predictions: [Prediction], to examples: [TargetExample<Double>]) -> TaskEvaluation {
    let errors = zip(predictions, examples).map { abs($0.rate - $1.target) }
    let error = errors.reduce(0, +) / Double(max(errors.count, 1))
    return TaskEvaluation(
      metrics: [TaskEvaluation.Metric("mean absolute error", error)],
      lines: ["mean absolute error   \(error)"], report: "", details: ["items": errors.count])
  }

  func rows(_ prediction: Prediction, to example: TargetExample<Double>, name: String) -> [[Field]] {
    [[Field("input", .text(name)), Field("rate", .number(prediction.rate))]]
  }
}
// article: end

// article: begin
extension CountTask {
  func rows(of session: SteppedSession<PooledHead<Prediction>>, at moment: SessionMoment) -> [[Field]] {
    moment == .line ? [[Field("rate", .number(session.head.prediction.rate))]] : []
  }
}
// article: end

// article: begin
extension CountTask {
  func graph(_ model: PooledNetwork, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: CountTask.name)
    let logRates = try model.append(to: &builder, reading: featurizer, options)  // [B, 1]
    let rates = builder.node("Exp", [builder.node("Squeeze", [logRates, builder.integers([1])])])
    builder.output(rates, as: "rate", .f32, [.named("batch")], "how often it happens")
    return builder.model(
      task: CountTask.name, metadata: ["recurrent.featurizer": try graphMetadata(featurizer)])
  }

  func graphVerification(_ model: PooledNetwork, _ options: GraphOptions) throws -> GraphVerification {
    try GraphVerification(featurizer, stride: network.stride, options) { rows, _ in
      let rates = predictions(model, to: rows.map { TargetExample(features: $0, target: 0) }).map(\.rate)
      return ["rate": GraphValue(doubles: rates, shape: [rates.count], elementType: .f32)]
    }
  }
}
// article: end

@Test func addingATask() throws {
  let scratch = try ScratchFolder()
  let folder = scratch.path
  // article: begin
  // a run has as many faults as its load goes over one
  let runs = (0..<60).map { run -> Record in
    let load = (0..<12).map { Float(($0 * (run % 4 + 1)) % 7) / 4 }
    return Record(
      .series(NumericSeries(channels: ["load"], values: load)), label: "\(load.count { $0 > 1 })")
  }
  var settings = Settings()
  settings[.hidden] = 8
  settings[.causal] = true
  let output = TrainingOutput(folder + "/faults.bundle", overwrites: true)
  let data = DataSource(runs, name: "runs")
  _ = try TaskTraining<CountTask>(TaskRequest([data], settings: settings), output: output).run()
  let opened = try TrainedTask<CountTask>(bundle: output.path)
  let error = try opened.evaluation([data]).metrics[0].value
  precondition(error < 0.5)
  // article: end
}

@Test func whatIsPromisedForAllTasksHolds() throws {
  for isCausal in [true, false] {
    let records = [1, 3, 5, 3].enumerated().map { index, steps in
      let values = (0..<steps).map { Float(($0 * (index + 2)) % 5) }
      return Record(.series(NumericSeries(channels: ["load"], values: values)), label: "\(index)")
    }
    let (featurizer, _) = try SequenceFeaturizer.fit(RecordSource(records), labels: nil, classCount: 0)
    let task = CountTask(
      featurizer: featurizer,
      reader: PooledNetworkConfiguration(
        network: SequenceNetworkConfiguration(
          featureCount: featurizer.featureCount, isCausal: isCausal, hiddenSize: 3), classCount: 1))
    let examples = try records.enumerated().map {
      TargetExample(features: try featurizer($0.element), target: Double($0.offset))
    }
    try checkTask(task, examples: examples)
  }
}
