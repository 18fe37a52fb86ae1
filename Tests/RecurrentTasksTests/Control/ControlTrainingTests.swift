import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// From logs to models of systems and drivers.
@Suite struct ControlTrainingTests {
  /// A system of the first order behind a bend: y' = 0.9 y + 0.4 tanh(2 u).
  static func log(_ steps: Int, seed: UInt64, episodes: Int = 1) -> DataSource {
    let draws = RandomKey(seed: seed).uniforms(steps * episodes)
    var rows = "run,t,u,y\n"
    for episode in 0..<episodes {
      var (u, y) = (Float(0), Float(episode % 3))
      for step in 0..<steps {
        if step % 5 == 0 { u = 2 * draws[episode * steps + step] - 1 }
        rows += "\(episode),\(Float(step) / 4),\(u),\(5 + 3 * y)\n"
        y = 0.9 * y + 0.4 * (2 * u > 0 ? min(2 * u, 1) : max(2 * u, -1))
      }
    }
    return DataSource(bytes: Array(rows.utf8), name: "log.csv")
  }

  private static func request(
    _ data: DataSource, test: DataSource? = nil, _ set: (inout Settings) -> Void = { _ in }
  ) -> TaskRequest {
    var settings = Settings()
    (settings[.inputs], settings[.outputs], settings[.episode]) = (["u"], ["y"], "run")
    (settings[.hidden], settings[.restarts], settings[.ensemble]) = (8, 2, 1)
    (settings[.warmUpSamples], settings[.windowSteps], settings[.epochs]) = (8, 40, 6)
    set(&settings)
    return TaskRequest([data], testData: test.map { [$0] } ?? [], settings: settings)
  }

  @Test func oneEpisodeIsCutByTime() throws {
    let plan = try ControlTask.plan(Self.request(Self.log(200, seed: 1)), progress: { _, _ in })
    let parts = try [plan.training, plan.validation, plan.test].map { try $0.all()[0] }
    #expect(parts.map(\.stepCount) == [140, 38, 38] && parts.map(\.contextCount) == [0, 8, 8])
    #expect(plan.task.interval == 0.25 && plan.task.warmUp == 8 && plan.task.inputNames == ["u"])
    // the scale is that of the training part alone
    let known = parts[0].outputs.map { Double($0) }
    #expect(abs(plan.task.scaler.centers[0] - known.reduce(0, +) / 140) < 1e-5)
    #expect(plan.notes.contains { $0.text.contains("70 %, 15 %, 15 %") })
    // not the steps of the learning rate
    #expect(plan.settings.training.schedule.warmUpSteps == 50)
    let driver = try ControlTask.plan(
      Self.request(Self.log(200, seed: 1)) {
        ($0[.controlKind], $0[.warmUpSamples]) = (.imitation, nil)
      }, progress: { _, _ in })
    // its state comes from the beginning
    #expect(try driver.test.all()[0].stepCount == 200 && driver.test.all()[0].contextCount == 170)
  }

  @Test func episodesAreDealtOutAndShortOnesLeftOut() throws {
    let plan = try ControlTask.plan(
      Self.request(Self.log(30, seed: 2, episodes: 10)) { $0[.split] = [0.6, 0.2, 0.2] },
      progress: { _, _ in })
    #expect([plan.training.count, plan.validation.count, plan.test.count] == [6, 2, 2])
    let short = Self.request(Self.log(8, seed: 2, episodes: 10))
    let error = #expect(throws: DataError.self) { try ControlTask.plan(short, progress: { _, _ in }) }
    #expect(error.map { "\($0)".contains("lower `warm-up`") } ?? false)
  }

  @Test func aSystemIsIdentified() throws {
    let request = Self.request(Self.log(600, seed: 3), test: Self.log(150, seed: 4)) { $0[.epochs] = 120 }
    let outcome = try TaskTraining<ControlTask>(request).run()
    guard case .finished(let trained, _, let test?, _) = outcome else { throw CheckFailure("no model") }
    let metrics = Dictionary(uniqueKeysWithValues: test.metrics.map { ($0.name, $0.value) })
    let own = try #require(metrics["root mean squared error"])
    let linear = try #require(metrics["linear ARX root mean squared error"])
    let oneStep = try #require(metrics["one step root mean squared error"])
    #expect(own < 0.6 * linear && oneStep < 0.8 * linear, "\(metrics)")
    #expect(try #require(metrics["fit"]) > 90, "\(metrics)")
    #expect(trained.task.members.count == 1)
    try checkedMarkup(test.report)
    for part in ["free run", "one step", "Autocorrelation", "Residual", "Error by amplitude"] {
      #expect(test.report.contains(part), "\(part)")
    }
    // simulated from inputs, with outputs for the warm-up alone
    let rows = (0..<20).map { "\(Double($0) / 4),0.5,\($0 < 8 ? "5" : "")" }.joined(separator: "\n")
    let examples = try trained.task.examples(
      [DataSource(bytes: Array("t,u,y\n\(rows)\n".utf8), name: "x.csv")], settings: Settings(),
      needsTargets: false)
    #expect(trained.predictions(to: try examples.all())[0].values.count == 12)
  }

  /// Another distance of steps than in training is refused.
  @Test func otherDistancesAreRefused() throws {
    let plan = try ControlTask.plan(Self.request(Self.log(200, seed: 1)), progress: { _, _ in })
    let other = DataSource(bytes: Array("run,t,u,y\n0,0,1,2\n0,1,1,2\n".utf8), name: "other.csv")
    let error = #expect(throws: DataError.self) {
      try plan.task.examples([other], settings: Settings(), needsTargets: true)
    }
    #expect(error.map { "\($0)".contains("other.csv") && "\($0)".contains("resample") } ?? false)
  }

  /// Moves that need memory: what was seen three steps before.
  static func drives(_ steps: Int, seed: UInt64) -> DataSource {
    let draws = RandomKey(seed: seed).uniforms(steps)
    var rows = "s,move\n"
    for step in 0..<steps {
      let past = step < 3 ? 0 : draws[step - 3]
      rows += "\(draws[step]),\(past < 0.3 ? "left" : past < 0.7 ? "straight" : "right")\n"
    }
    return DataSource(bytes: Array(rows.utf8), name: "drives.csv")
  }

  /// A controller is learnt as it is, over long windows; who chooses among moves is learnt with noise, over short ones.
  @Test func driversHaveDefaultsByTheirActions() throws {
    func plan(_ data: DataSource, _ output: String, _ set: (inout Settings) -> Void = { _ in }) throws
      -> ControlTask
    {
      var settings = Settings()
      (settings[.controlKind], settings[.outputs], settings[.episode]) = (.imitation, [output], nil)
      set(&settings)
      return try ControlTask.plan(TaskRequest([data], settings: settings), progress: { _, _ in }).task
    }
    let numbers = try plan(Self.log(600, seed: 1), "y")
    #expect(numbers.mixtureCount == 1 && numbers.noise == 0 && numbers.windowLength == 256)
    #expect(numbers.configuration.dropoutRate == 0)
    let moves = try plan(Self.drives(600, seed: 1), "move")
    #expect(moves.noise == 0.01 && moves.windowLength == 64 && moves.configuration.dropoutRate == 0.1)
    let other = try plan(Self.log(600, seed: 1), "y") {
      ($0[.noise], $0[.dropout], $0[.windowSteps], $0[.actionMixtures]) = (0.02, 0.3, 50, 4)
    }
    #expect(other.mixtureCount == 4 && other.noise == 0.02 && other.windowLength == 50)
    #expect(other.configuration.dropoutRate == 0.3)
  }

  @Test func aDriverRemembers() throws {
    var settings = Settings()
    (settings[.controlKind], settings[.outputs], settings[.hidden]) = (.imitation, ["move"], 16)
    (settings[.restarts], settings[.windowSteps], settings[.epochs], settings[.noise]) = (1, 30, 200, 0)
    let outcome = try TaskTraining<ControlTask>(
      TaskRequest([Self.drives(1500, seed: 5)], settings: settings)
    ).run()
    guard case .finished(_, _, let test?, _) = outcome else { throw CheckFailure("no model") }
    let metrics = Dictionary(uniqueKeysWithValues: test.metrics.map { ($0.name, $0.value) })
    #expect(try #require(metrics["accuracy"]) > 0.9, "\(metrics)")
    #expect(try #require(metrics["held move accuracy"]) < 0.5)
    #expect(metrics["linear with memory accuracy"] != nil)
    try checkedMarkup(test.report)
    #expect(test.report.contains("Baselines") && test.report.contains("straight"))
  }

  /// A driver that reads its last action is warned about, and measured with its own.
  @Test func copycatsAreWarnedAbout() throws {
    let request = Self.request(Self.log(300, seed: 6)) {
      ($0[.controlKind], $0[.warmUpSamples], $0[.previousAction], $0[.epochs]) = (.imitation, nil, true, 2)
    }
    let plan = try ControlTask.plan(request, progress: { _, _ in })
    #expect(plan.notes.contains { $0.kind == .warning && $0.setting == "previous-action" })
    let model = plan.task.makeModel(key: RandomKey(seed: 1))
    let evaluation = try plan.task.evaluation(model, on: plan.test) { _ in }
    let names = evaluation.metrics.map(\.name)
    #expect(
      names.contains("error with own last actions") && names.contains("error with recorded last actions"))
    #expect(names.contains("held action root mean squared error") && names.contains("R2"))
  }
}
