import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

struct SequenceRegressionTaskTests {
  private static func task(isCausal: Bool, marksMissing: Bool = false) -> SequenceRegressionTask {
    let featurizer = SeriesFeaturizer(
      channels: ["a", "b"], scaler: ChannelScaler(method: .none, fitting: [[0, 1], [0, 1]]),
      missing: MissingValues(marksMissing: marksMissing))
    let network = SequenceNetworkConfiguration(
      featureCount: featurizer.featureCount, convolutions: [.init(size: 3, width: 2)], isCausal: isCausal,
      cell: isCausal ? .lstm : .gru, hiddenSize: 3)
    return SequenceRegressionTask(
      featurizer: .series(featurizer), targets: ["x", "y", "z"], network: network,
      scaler: ChannelScaler(method: .standard, fitting: [[1, 3], [-7, 9], [1000, 1001]]), noise: 0.1)
  }

  @Test(arguments: [true, false]) func promisesHold(_ isCausal: Bool) throws {
    let task = Self.task(isCausal: isCausal)
    #expect(task.issue == nil)
    let examples = [6, 3, 9, 5, 1, 0].enumerated().map { index, steps in
      var targets = Tensor.random([steps * 3], key: RandomKey(seed: UInt64(index + 50))).scalars
      for place in targets.indices {
        let target = place % 3
        targets[place] =
          Float(task.scaler.centers[target]) + targets[place] * Float(task.scaler.scales[target])
        // nobody says anything of some
        if (place + index) % 4 == 0 { targets[place] = .nan }
      }
      return SequenceRegressionTask.Example(
        features: FeatureSequence(
          featureCount: 2, values: Tensor.random([steps * 2], key: RandomKey(seed: UInt64(index))).scalars),
        targets: targets)
    }
    try checkTask(task, examples: examples)
  }

  /// Gaps are marked in the graph too, and what it gives is on the scale of the data.
  @Test(arguments: [GraphOptions(), GraphOptions(takesLengths: true), GraphOptions(isStreaming: true)])
  func graphsOfGaps(_ options: GraphOptions) throws {
    var task = Self.task(isCausal: true, marksMissing: true)
    task.halfWidths = [0.5, 2, 1e-3]
    try checkGraph(task, task.makeModel(key: RandomKey(seed: 2)), options, most: 1e-6)
  }

  // MARK: Data

  private static func source(_ text: String, _ name: String = "t.csv") -> DataSource {
    DataSource(bytes: Array(text.utf8), name: name)
  }

  /// Rows of two inputs and two targets, some of which are missing.
  private static func table(_ steps: Int = 40, from first: Int = 0) -> String {
    let rows = (first..<first + steps).map { step in
      "\(step),\(step % 5),\(step % 3 == 1 ? "" : "\(step * 10)"),\(step % 7),\(step * 100)"
    }
    return "t,a,x,b,y\n" + rows.joined(separator: "\n") + "\n"
  }

  private static func plan(
    _ text: String, validation: String? = nil, test: String? = nil,
    _ set: (inout Settings) -> Void = { $0[.target] = ["y", "x"] }
  ) throws -> TrainingPlan<SequenceRegressionTask> {
    var settings = Settings()
    settings[.hidden] = 4
    set(&settings)
    return try SequenceRegressionTask.plan(
      TaskRequest(
        [source(text)], validationData: validation.map { [source($0, "v.csv")] } ?? [],
        testData: test.map { [source($0, "e.csv")] } ?? [], settings: settings), progress: { _, _ in })
  }

  @Test func targetsAreTakenByNameAndNotRead() throws {
    let plan = try Self.plan(Self.table())
    #expect(plan.task.targets == ["y", "x"])
    guard case .series(let own) = plan.task.featurizer else { return }
    #expect(own.channels == ["a", "b"])
    // one sequence of 40 steps is cut by time; what comes before a part is its context
    let parts = try [plan.training, plan.validation, plan.test].map { try $0.all() }
    #expect(parts.map { $0.map(\.features.stepCount) } == [[32], [36], [40]])
    let validation = plan.task.known(0, of: parts[1][0])
    #expect(validation.map(\.value) == [3200, 3300, 3400, 3500])
    #expect(parts[2][0].targets.firstIndex { $0.isFinite } == 72)
    #expect(parts[2][0].targets[72] == 3600 && parts[2][0].targets[73] == 360)
    #expect(parts[2][0].targets[75].isNaN && parts[2][0].targets[79] == 390)
    // the scale is that of what is known in the training part
    #expect(plan.task.scaler.centers[0] == 1550)
    let known = (0..<32).filter { $0 % 3 != 1 }
    #expect(abs(plan.task.scaler.centers[1] - Double(known.reduce(0, +) * 10) / Double(known.count)) < 1e-9)
    #expect(plan.notes.contains { $0.text == "17.2 % of the targets are missing; they count for nothing" })
  }

  @Test func windowsCountEachStepOnce() throws {
    let plan = try Self.plan(Self.table(300)) {
      $0[.target] = ["y"]
      $0[.windowSteps] = 20
      $0[.split] = [1, 0, 0]
    }
    let windows = try plan.training.all()
    #expect(windows.allSatisfy { $0.features.stepCount <= 20 } && plan.validation.count == 0)
    #expect(windows.flatMap { $0.targets.filter(\.isFinite) } == (0..<300).map { Float($0 * 100) })
    #expect(windows[1].targets.prefix(10).allSatisfy(\.isNaN) && windows[1].targets[10] == 2000)
  }

  @Test func otherDataLeaveMoreToTrainOn() throws {
    let plan = try Self.plan(Self.table(90), test: Self.table(7, from: 100))
    #expect(try plan.training.all().count > 0 && plan.test.all().map(\.features.stepCount) == [7])
    // of 0.8 and 0.1 that are left
    let validation = plan.task.known(0, of: try plan.validation[0])
    #expect(validation.map(\.step) == Array(80..<90) && validation.first?.value == 8000)
    let all = try Self.plan(Self.table(50), validation: Self.table(6), test: Self.table(7))
    #expect(try all.training.all().map(\.features.stepCount) == [50])
    #expect(try all.validation.all().map(\.features.stepCount) == [6])
  }

  @Test func severalSequences() throws {
    let rows = (0..<60).map { "\($0 / 6),\($0 % 6),\(($0 * 7) % 11),\($0)" }
    let text = "trial,step,force,angle\n" + rows.joined(separator: "\n")
    let plan = try Self.plan(text) {
      $0[.target] = ["angle"]
      $0[.idColumn] = "trial"
      $0[.split] = [0.6, 0.2, 0.2]
    }
    #expect(plan.training.count == 6 && plan.validation.count == 2 && plan.test.count == 2)
    let all = try plan.training.all() + plan.validation.all() + plan.test.all()
    #expect(all.allSatisfy { $0.features.stepCount == 6 && $0.features.featureCount == 1 })
    #expect(Set(all.flatMap(\.targets)).count == 60)
    // read alike, also without targets
    let more = try plan.task.examples(
      [Self.source("trial,step,force\n1,1,3\n1,2,4\n2,1,5\n")], settings: Settings(), needsTargets: false)
    #expect(try more.all().map(\.features.stepCount) == [2, 1])
    #expect(try more[0].targets.allSatisfy(\.isNaN))
    #expect(more.name(1).contains("t.csv:4"))
  }

  @Test(arguments: [
    (["z"], "target", "\"z\"; "), ([], "target", "\"a\", \"x\", \"b\", \"y\""),
    (["x", "x"], "each once", "x,x"),
    (["a", "x", "b", "y"], "beside the targets", "none"),
  ])
  func wrongColumnsAreSaid(_ targets: [String], _ part: String, _ other: String) {
    let error = #expect(throws: DataError.self) {
      try Self.plan(Self.table()) { if !targets.isEmpty { $0[.target] = targets } }
    }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains(part) && text.contains(other.replacing("; ", with: "")), "\(text)")
  }

  @Test func dataWithoutTargetsAreNotEvaluated() throws {
    let task = try Self.plan(Self.table()).task
    let data = Self.source("t,b,a,x\n1,2,3,4\n", "new.csv")
    let error = #expect(throws: DataError.self) {
      try task.examples([data], settings: Settings(), needsTargets: true).all()
    }
    #expect(error == .noColumn(path: "new.csv", name: "y", available: ["b", "a", "x"]))
    let own = try task.examples([data], settings: Settings(), needsTargets: false)[0]
    let same = try task.examples(
      [Self.source("a,b\n3,2\n")], settings: Settings(), needsTargets: false)[0]
    #expect(own.features == same.features)
    // without names their places count
    let listed = DataSource(.list([.list([.number(3), .number(2)])]), name: "value")
    #expect(
      try task.examples([listed], settings: Settings(), needsTargets: false)[0].features == own.features)
  }

  @Test func stridesAreRefused() {
    var settings = Settings()
    settings[.convolutions] = ["8x3", "16x5/2"]
    #expect(SequenceRegressionTask.issue(of: settings)?.contains("16x5/2") ?? false)
    settings[.convolutions] = ["8x3"]
    #expect(SequenceRegressionTask.issue(of: settings) == nil)
    var task = Self.task(isCausal: true)
    task.network.convolutions[0].stride = 2
    #expect(task.issue?.contains("network.stride is 2") ?? false)
  }

  // MARK: Training

  /// A tank that leaks, in a program: the model keeps in mind what has flown in.
  @Test func learnsASystem() throws {
    var level: Float = 0
    let rows = RandomKey(seed: 5).uniforms(400).map { inflow in
      level = 0.8 * level + inflow
      return "\(inflow),\(level)"
    }
    var settings = Settings()
    settings[.target] = ["level"]
    settings[.causal] = true
    settings[.hidden] = 8
    settings[.epochs] = 400
    let request = TaskRequest(
      [Self.source("inflow,level\n" + rows.joined(separator: "\n"))], settings: settings)
    guard
      case .finished(_, _, let test?, _) = try TaskTraining<SequenceRegressionTask>(request).run()
    else {
      Issue.record("the training did not finish")
      return
    }
    #expect(test.metrics.first { $0.key == "r2" }.map { $0.value > 0.8 } ?? false, "\(test.lines)")
  }

  // MARK: Metrics

  @Test func metricsAreThoseByHand() throws {
    var task = Self.task(isCausal: true)
    (task.targets, task.halfWidths) = (["x", "y"], [1, 10])
    task.scaler = ChannelScaler(method: .standard, fitting: [[1, 3], [0, 20]])
    let nan = Float.nan
    let examples = [
      SequenceRegressionTask.Example(
        features: FeatureSequence(tokens: []), targets: [1, 10, 3, nan, 5, nan]),
      SequenceRegressionTask.Example(features: FeatureSequence(tokens: []), targets: [3, nan]),
    ]
    let predictions = [[2.0, 4, 3, 0, 8, 0], [3, 0]].map {
      SequenceRegressionTask.Prediction(values: $0, halfWidths: task.halfWidths)
    }
    let own = SequenceRegressionMetrics(task, predictions, to: examples)
    let (x, y) = (own.targets[0], own.targets[1])
    // errors 1, 0, 3, 0 of the targets 1, 3, 5, 3, whose variance is 2
    #expect(x.model.count == 4 && x.model.mae == 1 && x.model.rmse == 2.5.squareRoot())
    #expect(x.model.r2 == -0.25 && abs((x.model.nrmse ?? 0) - 1.25.squareRoot()) < 1e-12)
    #expect(x.mean.rmse == 3.0.squareRoot() && x.mean.r2 == -0.5)
    // the first steps of both sequences have none before them
    #expect(x.persistence?.count == 2 && x.persistence?.rmse == 2)
    #expect(x.coverage == 0.75 && x.width == 2)
    #expect(y.model.count == 1 && y.model.rmse == 6 && y.model.r2 == nil && y.persistence == nil)
    #expect(y.coverage == 1)
    let evaluation = task.evaluation(of: predictions, to: examples)
    let metrics = Dictionary(uniqueKeysWithValues: evaluation.metrics.map { ($0.key, $0.value) })
    #expect(metrics["meanAbsoluteError"] == 3.5 && metrics["r2"] == -0.25)
    #expect(metrics["rootMeanSquaredErrorY"] == 6)
    #expect(evaluation.warnings.count == 1)
    #expect(task.plot(predictions, of: examples)?.contains("x, predicted") ?? false)
  }

  /// Nine of ten distances of the part, the rank of split conformal prediction.
  @Test func boundsAreConformal() throws {
    var task = Self.task(isCausal: true)
    let model = task.makeModel(key: RandomKey(seed: 3))
    let features = FeatureSequence(featureCount: 2, values: [Float](repeating: 0.5, count: 38))
    let values = task.predictions(model, to: [.init(features: features, targets: [])])[0].values
    let targets = values.enumerated().map { index, value -> Float in
      index % 3 == 0 ? Float(value) + Float(index / 3 + 1) : .nan
    }
    let before = task.halfWidths
    try task.calibrate(model, on: ExampleSource([.init(features: features, targets: targets)]))
    #expect(abs(task.halfWidths[0] - 18) < 1e-4 && task.halfWidths[1] == before[1])
  }
}
