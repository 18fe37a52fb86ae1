import RecurrentReports

/// A system that a driver is tried on: the bundle of a simulation.
public final class ControlSystem: Sendable, Equatable {
  let task: ControlTask
  /// Its weights packed.
  let model: ControlModel
  /// The bundle.
  let path: String

  /// Opens a bundle.
  ///
  /// - Throws: ``BundleError``, ``ParameterError`` or a format error; ``DataError`` where it is no simulation.
  init(bundle path: String) throws {
    let trained = try TrainedTask<ControlTask>(bundle: path)
    guard trained.task.kind == .simulation else {
      throw DataError.invalidSetting(
        name: "system", expected: "the bundle of a model of the kind simulation", found: "another driver")
    }
    (task, model, self.path) = (trained.task, trained.model.packed(), path)
  }

  /// Whether both are of one bundle.
  public static func == (a: ControlSystem, b: ControlSystem) -> Bool { a === b || a.path == b.path }
}

/// A driver and a system that answer each other: what the driver does goes into the system, and what comes out of that is what the driver
/// observes at the next step.
struct ControlLoop {
  private let driver: ControlTask
  private let system: ControlSystem
  /// Where each output of the system stands among what the driver observes.
  private let observed: [Int]
  /// Where each input of the system stands: among what the driver does, or among what it observes.
  private let fed: [(isAction: Bool, place: Int)]

  /// - Throws: ``DataError`` where the names of the two do not fit each other.
  init(_ driver: ControlTask, _ system: ControlSystem) throws(DataError) {
    (self.driver, self.system) = (driver, system)
    func missing(_ names: String, _ found: [String]) -> DataError {
      .invalidSetting(
        name: "system", expected: "a system whose \(names) the driver has, by their names",
        found: found.joined(separator: ", "))
    }
    let places = system.task.outputs.map { driver.inputNames.firstIndex(of: $0) }
    observed = places.compactMap { $0 }
    guard observed.count == places.count else { throw missing("outputs", system.task.outputs) }
    let sources = system.task.inputNames.map { name -> (isAction: Bool, place: Int)? in
      if let place = driver.outputs.firstIndex(of: name) { return (true, place) }
      return driver.inputNames.firstIndex(of: name).map { (false, $0) }
    }
    fed = sources.compactMap { $0 }
    guard fed.count == sources.count, driver.moves.isEmpty, fed.contains(where: \.isAction) else {
      throw missing("inputs", system.task.inputNames)
    }
  }

  /// What comes out of the system in an episode: as it was recorded in the warm-up, then by what the driver does.
  ///
  /// - Returns: what was measured and what came out from the end of the warm-up on, `[T - N][D]` each.
  /// - Throws: ``DataError``.
  func run(
    _ model: ControlModel, _ example: ControlTask.Example
  ) throws -> (measured: [[Double]], said: [[Double]]) {
    guard var driving = driver.session(model), var answering = system.task.session(system.model) else {
      return ([], [])
    }
    let (width, size, warmUp) = (driver.inputNames.count, driver.outputs.count, system.task.warmUp)
    var (measured, said) = ([[Double]](), [[Double]]())
    for step in 0..<example.stepCount {
      let recorded = Array(example.inputs[step * width..<(step + 1) * width])
      var inputs = recorded
      if let last = said.last {
        for (channel, place) in observed.enumerated() { inputs[place] = Float(last[channel]) }
      }
      driving.read(try driver.step(inputs: inputs))
      var actions = driving.head.withValues { $0.map { Float($0) } }
      if step < warmUp { actions = Array(example.outputs[step * size..<(step + 1) * size]) }
      let own = fed.map { $0.isAction ? actions[$0.place] : inputs[$0.place] }
      answering.read(
        try system.task.step(inputs: own, outputs: step < warmUp ? observed.map { recorded[$0] } : []))
      guard step >= warmUp else { continue }
      measured.append(observed.map { Double(recorded[$0]) })
      said.append(answering.head.withValues { Array($0) })
    }
    return (measured, said)
  }
}

extension ControlTask {
  /// Adds to an evaluation how a system answers a driver, where one is given.
  ///
  /// - Throws: ``DataError`` where the two do not fit each other.
  func closeLoop(
    _ evaluation: inout TaskEvaluation, _ packed: ControlModel, _ examples: [Example]
  ) throws {
    guard let system else { return }
    let loop = try ControlLoop(self, system)
    let runs = try examples.map { try loop.run(packed, $0) }
    for (channel, name) in system.task.outputs.enumerated() {
      let pairs = runs.flatMap { run in
        zip(run.measured, run.said).map { (measured: $0[channel], said: $1[channel]) }
      }
      guard let errors = ControlMetrics.Errors(pairs) else { continue }
      let range = (pairs.map(\.measured).max() ?? 0) - (pairs.map(\.measured).min() ?? 0)
      let share = range > 0 ? 100 * errors.rootMeanSquaredError / range : 0
      let suffix = system.task.outputs.count > 1 ? ", \(name)" : ""
      evaluation.metrics.append(
        .init("closed loop root mean squared error\(suffix)", errors.rootMeanSquaredError))
      evaluation.metrics.append(.init("closed loop error in percent of the range\(suffix)", share))
      evaluation.lines.append(
        "closed loop with \(system.path), \(name): RMSE \(significant(errors.rootMeanSquaredError)), \(rounded(share, 2)) % of the range"
      )
    }
  }
}
