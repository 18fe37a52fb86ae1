import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Systems that run free, and drivers with their own actions.
@Suite struct ControlTaskTests {
  @Test(arguments: [0, 2]) func promisesOfSystemsHold(_ warmUp: Int) throws {
    let task = ControlCases.simulation(warmUp: warmUp)
    #expect(task.issue == nil)
    try checkTask(task, examples: ControlCases.examples(task))
  }

  @Test(arguments: [false, true]) func promisesOfDriversHold(_ previous: Bool) throws {
    let task = ControlCases.numbers(previous: previous)
    #expect(task.issue == nil)
    try checkTask(task, examples: ControlCases.examples(task))
  }

  @Test(arguments: [false, true]) func promisesOfMovesHold(_ previous: Bool) throws {
    let task = ControlCases.moves(previous: previous)
    #expect(task.issue == nil)
    try checkTask(task, examples: ControlCases.examples(task))
  }

  // MARK: What is read

  /// Behind the warm-up nothing that was measured changes what is simulated; in it, it does.
  @Test func systemsRunFree() throws {
    let task = ControlCases.simulation()
    let model = task.makeModel(key: RandomKey(seed: 3))
    var example = try ControlCases.examples(task, [9])[0]
    let first = task.predictions(model, to: [example])[0]
    #expect(first.values.count == 7 * 2 && first.spreads.isEmpty)
    for place in 4..<18 { example.outputs[place] = 1e6 }
    #expect(task.predictions(model, to: [example])[0] == first)
    example.outputs[3] += 1
    #expect(task.predictions(model, to: [example])[0] != first)
  }

  /// What is said of the mean of several networks, by hand.
  @Test func membersAnswerTogether() throws {
    var task = ControlCases.simulation()
    let model = task.makeModel(key: RandomKey(seed: 3))
    let example = try ControlCases.examples(task, [5])[0]
    func values(_ members: [Int]) -> [Double] {
      task.members = members
      return task.predictions(model, to: [example])[0].values
    }
    let alone = [0, 2].map { values([$0]) }
    for (place, value) in values([0, 2]).enumerated() {
      #expect(abs(value - (alone[0][place] + alone[1][place]) / 2) < 1e-4 * max(1, abs(value)))
    }
  }

  @Test func theBestOnValidationAreKept() throws {
    var task = ControlCases.simulation()
    let model = task.makeModel(key: RandomKey(seed: 3))
    let examples = try ControlCases.examples(task)
    let losses = model.members.map { task.loss([$0], examples) }
    try task.calibrate(model, on: ExampleSource(examples))
    let worst = try #require(losses.indices.max { losses[$0] < losses[$1] })
    #expect(task.members == [0, 1, 2].filter { $0 != worst })
  }

  @Test func mixturesHaveADecision() throws {
    var task = ControlCases.numbers()
    task.members = [0]
    let model = task.makeModel(key: RandomKey(seed: 4))
    let example = try ControlCases.examples(task, [4])[0]
    let mean = task.predictions(model, to: [example])[0]
    task.actionChoice = .likeliest
    let likeliest = task.predictions(model, to: [example])[0]
    let numbers = model.members[0](task.batch([task.whole(example)]).inputs).numbers.scalars
    let output = DiagonalMixtureOutput(count: 3, size: 2)
    for step in 0..<4 {
      let parameters = output.parameters(numbers[step * 15..<(step + 1) * 15])
      let best = try #require((0..<3).max { parameters[$0] < parameters[$1] })
      for channel in 0..<2 {
        let (scale, center) = (task.scaler.scales[channel], task.scaler.centers[channel])
        let expected = output.mean(parameters)[channel] * scale + center
        #expect(abs(mean.values[step * 2 + channel] - expected) < 1e-9)
        let own = parameters[3 + best * 2 + channel] * scale + center
        #expect(abs(likeliest.values[step * 2 + channel] - own) < 1e-9)
        #expect(mean.spreads[step * 2 + channel] > 0)
      }
    }
  }

  /// The last action of its own is what a driver reads, also of a whole episode; recorded ones only where asked for.
  @Test func ownActionsAreFedBack() throws {
    var task = ControlCases.moves(previous: true)
    let model = task.makeModel(key: RandomKey(seed: 5))
    var example = try ControlCases.examples(task, [30])[0]
    let own = task.predictions(model, to: [example])[0]
    for place in example.outputs.indices { example.outputs[place] = Float(place % 3) }
    #expect(task.predictions(model, to: [example])[0] == own)
    task.feedsRecordedActions = true
    #expect(task.predictions(model, to: [example])[0].spreads != own.spreads)
  }

  // MARK: Training

  private static func plan(
    _ task: ControlTask, _ examples: [ControlTask.Example], batchSize: Int = 2
  ) -> TrainingPlan<ControlTask> {
    TrainingPlan(
      task: task, training: ExampleSource(examples), validation: ExampleSource(Array(examples.prefix(1))),
      test: ExampleSource([]),
      suggested: TaskSettings(
        batchSize: batchSize, learningRate: 1e-2, training: TrainerSettings(epochs: 2, averageDecay: 0.9)),
      settings: Settings(), unitName: "windows")
  }

  /// The state that a window of a driver begins with is that of having read all before it.
  @Test(arguments: [false, true]) func statesAreCarriedFromTheBeginning(_ previous: Bool) throws {
    var task = ControlCases.numbers(previous: previous)
    task.windowLength = 4
    task.noise = 0
    let examples = try ControlCases.examples(task, [6, 3, 14, 9, 1])
    let model = task.makeModel(key: RandomKey(seed: 6))
    let problem = try ControlProblem(task, Self.plan(task, examples))
    let carry = problem.initialCarry(model)
    // windows: two, one, four, three, one
    #expect(carry.tensors.allSatisfy { $0.shape[0] == 11 })
    let starts = [(0, 0), (0, 4), (1, 0), (2, 0), (2, 4), (2, 8), (2, 12), (3, 0), (3, 4), (3, 8), (4, 0)]
    var part = 0
    for member in model.members {
      let count = member.recurrent.initialState(batch: 1).tensors.count
      for (row, (episode, start)) in starts.enumerated() {
        var expected = member.recurrent.initialState(batch: 1)
        if start > 0 {
          let window = ControlWindow(example: examples[episode], steps: 0..<start)
          expected = member(task.batch([window]).inputs).state
        }
        for (index, tensor) in expected.tensors.enumerated() {
          #expect(carry.tensors[part + index].rows([row]).scalars == tensor.scalars, "\(row)")
        }
      }
      part += count
    }
    #expect(part == carry.tensors.count)
  }

  /// A training that is stopped within an epoch goes on with the states that it had.
  @Test func trainingsGoOnWithTheirStates() throws {
    var task = ControlCases.moves()
    task.windowLength = 3
    let plan = Self.plan(task, try ControlCases.examples(task, [9, 7, 8]))
    func trainer() throws -> Trainer<ControlProblem> {
      Trainer(
        problem: try task.problem(plan), model: task.makeModel(key: RandomKey(seed: 7)),
        optimizer: OptimizerCatalog.adamw.make(learningRate: 1e-2, weightDecay: 0),
        settings: plan.settings.training)
    }
    var whole = try trainer()
    _ = try whole.run()
    let folder = try ScratchFolder()
    let path = try folder.file("c.safetensors")
    var first = try trainer()
    first.checkpointPath = path
    var steps = 0
    _ = try first.run(shouldStop: {
      steps += 1
      return steps == 6
    })
    #expect(first.progress.position.step > 0)
    var second = try trainer()
    try second.restore(from: path)
    _ = try second.run()
    #expect(second.model.parameters.map(\.value.scalars) == whole.model.parameters.map(\.value.scalars))
  }

  /// Windows of systems begin anywhere, elsewhere in every epoch, and only what is behind the warm-up counts.
  @Test func windowsOfSystems() throws {
    var task = ControlCases.simulation()
    task.windowLength = 5
    let plan = Self.plan(task, try ControlCases.examples(task, [40, 4]), batchSize: 4)
    let problem = try ControlProblem(task, plan)
    let model = task.makeModel(key: RandomKey(seed: 8))
    #expect(
      problem.stepCount(epoch: 0) == ControlTask.batchesOfEpoch && problem.initialCarry(model).tensors.isEmpty
    )
    func losses(_ epoch: Int) throws -> [Float] {
      try (0..<4).map {
        try problem.loss(
          model, at: StepPosition(epoch: epoch, step: $0), carry: .init(), mode: .inference
        ).loss.scalar
      }
    }
    let (first, second, again) = (try losses(0), try losses(1), try losses(0))
    #expect(Set(first + second).count == 8 && first == again)
  }

  @Test func hiddenActionsAndNoiseAreOfTrainingAlone() throws {
    let task = ControlCases.moves(previous: true)
    let window = task.whole(try ControlCases.examples(task, [40])[0])
    let plain = task.batch([window]).inputs.values.scalars
    #expect(task.batch([window]).inputs.values.scalars == plain)
    let trained = task.batch([window], key: RandomKey(seed: 1)).inputs.values.scalars
    // the mark that an action is there
    let marks = stride(from: task.inputSize - 1, to: plain.count, by: task.inputSize).map {
      (plain[$0], trained[$0])
    }
    #expect(marks[0].0 == 0 && marks.dropFirst().filter { $0.0 == 1 }.count > 30)
    let hidden = marks.count { $0.0 == 1 && $0.1 == 0 }
    #expect(hidden > 8 && hidden < 32 && marks.allSatisfy { $0.0 >= $0.1 })
  }

  // MARK: Sessions

  @Test(.enabled(if: AllocationCount.isAvailable), arguments: [0, 1, 2, 3])
  func steadyStepsAllocateNothing(_ index: Int) throws {
    let task = [
      ControlCases.simulation(), ControlCases.numbers(), ControlCases.numbers(previous: true),
      ControlCases.moves(previous: true),
    ][index]
    var session = try #require(task.session(task.makeModel(key: RandomKey(seed: 9))))
    let steps = task.steps(of: try ControlCases.examples(task, [50])[0])
    for step in steps { session.read(step) }
    var sum = 0.0
    let count = AllocationCount.during {
      // an iterator of structures would allocate
      for index in 0..<steps.count {
        session.read(steps[index])
        session.head.withValues { sum += $0[0] }
      }
    }
    #expect(count == 0 && sum.isFinite, "\(count)")
  }

  @Test func linesOfAStream() throws {
    let task = ControlCases.simulation()
    var reader = try #require(task.stepReader())
    func value(_ text: String) throws -> JSONValue { try JSONValue(text: text.utf8) }
    let first = try reader.push(value(#"{"b": 1, "a": 2, "x": 3, "y": 4}"#), line: 1)
    let direct = try task.step(inputs: [2, 1], outputs: [3, 4])
    #expect(first == [direct])
    let error = #expect(throws: DataError.self) {
      try reader.push(value(#"{"b": 1, "a": 2, "x": 3}"#), line: 2)
    }
    #expect(error.map { "\($0)".contains("line 2") && "\($0)".contains("\"y\"") } ?? false)
    _ = try reader.push(value("[1, 2, 3, 4]"), line: 2)
    // behind the warm-up inputs alone
    let free = try reader.push(value("[5, 6]"), line: 3)
    #expect(free[0].outputs.isEmpty)
    for text in ["[1]", "7", #"{"a": 1}"#, #"{"a": 1, "b": "x"}"#, "null"] {
      #expect(throws: DataError.self, "\(text)") { try reader.push(value(text), line: 4) }
    }
    let made = try JSONSession(task, packed: task.makeModel(key: RandomKey(seed: 1)).packed())
    var session = try #require(made)
    let warm = try session.push(value("[1, 2, 3, 4]"), line: 1)
    #expect(warm == [[Field("step", .integer(1)), Field("warm-up", .integer(1))]])
    _ = try session.push(value("[1, 2, 3, 4]"), line: 2)
    let row = try session.push(value("[1, 2]"), line: 3)
    #expect(row[0].map(\.name) == ["step", "x", "y"] && session.columns == ["step", "warm-up", "x", "y"])
  }

  @Test func impossibleTasksAreSaid() {
    func issue(_ change: (inout ControlTask) -> Void) -> String? {
      var task = ControlCases.simulation()
      change(&task)
      return task.issue
    }
    #expect(issue { _ in } == nil)
    #expect(
      issue { $0.members = [] } != nil && issue { $0.members = [2, 1] } != nil
        && issue { $0.members = [3] } != nil)
    #expect(issue { $0.warmUp = -1 } != nil && issue { $0.moves = ["a"] } != nil)
    #expect(issue { $0.outputs = ["x", "x"] } != nil && issue { $0.mixtureCount = 0 } != nil)
    #expect(issue { $0.linear.weights.removeLast() } != nil && issue { $0.linear.order = 1 << 40 } != nil)
    #expect(issue { $0.configuration.ensembleSize = 4 } != nil && issue { $0.noise = .nan } != nil)
  }

  @Test(arguments: [
    ("imitation", ["warm-up": "3"], "kind simulation"),
    ("simulation", ["previous-action": "true"], "kind imitation"),
    ("simulation", ["system": "x.bundle"], "kind imitation"),
    ("simulation", ["output-kind": "discrete"], "continuous"),
    ("simulation", ["restarts": "2", "ensemble": "3"], "no more than the 2"), ("imitation", [:], ""),
  ])
  func settingsThatDoNotGoTogether(_ kind: String, _ values: [String: String], _ part: String) throws {
    var settings = Settings()
    settings[.controlKind] = ControlKind(rawValue: kind)
    for (name, value) in values {
      let setting = try #require(ControlTask.allSettings.flatMap(\.settings).first { $0.name == name })
      try settings.set(setting, to: value)
    }
    let issue = ControlTask.issue(of: settings)
    #expect(part.isEmpty ? issue == nil : issue?.contains(part) ?? false, "\(issue ?? "none")")
    let names = ControlTask.allSettings.flatMap(\.settings).map(\.name)
    #expect(Set(names).count == names.count)
  }
}
