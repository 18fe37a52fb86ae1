import RecurrentReports

/// What comes out of a system or a driver while an episode comes in, with the bits that the whole gives.
public struct ControlHead: SessionHead {
  private let task: ControlTask
  private var values: [Double]
  private var spreads: [Double]
  /// Whether the values are those of the last step, and the episode has not ended.
  private var isAtStep = false
  /// Steps so far.
  public private(set) var stepCount = 0

  init(_ task: ControlTask) {
    self.task = task
    values = [Double](repeating: 0, count: task.outputSize)
    spreads = [Double](repeating: 0, count: task.output.spreadCount)
  }

  /// Takes what came out at a step.
  public mutating func read(_ step: ControlStep, _ stepper: ControlStepper, row: Int) {
    stepCount = stepper.stepCount(row: row)
    isAtStep = stepCount > task.firstStep
    stepper.withValues(row: row) { own, beside in
      for place in own.indices { values[place] = own[place] }
      for place in beside.indices { spreads[place] = beside[place] }
    }
  }

  /// Nothing waits.
  public mutating func end() { isAtStep = false }

  /// What came out at the last step; nothing in a warm-up and at the end.
  public var outputs: [ControlTask.Prediction] {
    isAtStep ? [ControlTask.Prediction(values: values, spreads: spreads)] : []
  }

  /// Calls `body` with the D outputs of the last step, of moves the number of one: without allocation, unlike ``outputs``.
  public func withValues<R>(_ body: (UnsafeBufferPointer<Double>) throws -> R) rethrows -> R {
    try values.withUnsafeBufferPointer(body)
  }

  /// What is kept: nothing beside the stepper's.
  public var state: SessionState { SessionState() }

  /// Goes on from what was kept.
  public mutating func restore(_ state: SessionState) throws {
    (stepCount, isAtStep) = (try state.integers("steps", count: 1, in: 0...1 << 42)[0], false)
  }
}

/// An episode that comes step by step.
public typealias ControlSession = SteppedSession<ControlHead>

extension ControlTask {
  /// The beginning of an episode; each output is what comes out at a step behind the warm-up.
  public func session(_ model: ControlModel) -> ControlSession? {
    SteppedSession(ControlStepper(packed: model.packed(), self, rowCount: 1), ControlHead(self))
  }

  /// The steps, with their outputs as far as a warm-up reads them.
  public func steps(of example: Example) -> [ControlStep] {
    (0..<example.stepCount).map { step in
      ControlStep(
        features: example.features.part(step..<step + 1),
        outputs: step < firstStep ? Array(example.outputs[step * outputSize..<(step + 1) * outputSize]) : [])
    }
  }

  /// All steps, one after the other.
  public func prediction(of outputs: [Prediction]) -> Prediction {
    Prediction(values: outputs.flatMap(\.values), spreads: outputs.flatMap(\.spreads))
  }

  /// A step of numbers.
  ///
  /// - Parameters:
  ///   - inputs: what goes in, `[I]`.
  ///   - outputs: what was measured to come out, `[D]`, where it is a step of a warm-up.
  /// - Throws: ``DataError`` for other numbers of inputs.
  public func step(inputs: [Float], outputs: [Float] = []) throws -> ControlStep {
    ControlStep(
      features: try featurizer(Record(.series(NumericSeries(channels: inputNames, values: inputs)))),
      outputs: outputs)
  }

  /// The names of the inputs.
  public var inputNames: [String] {
    if case .series(let own) = featurizer { own.channels } else { [] }
  }

  /// Steps as JSON.
  public func stepReader() -> ControlStepReader? { ControlStepReader(self) }

  /// What comes out at the step that was read; in a warm-up how many steps are left of it.
  public func rows(of session: ControlSession, at moment: SessionMoment) -> [[Field]] {
    guard moment == .step else { return [] }
    let count = session.head.stepCount
    let step = Field("step", .integer(count))
    guard let own = session.outputs.first else {
      return [[step, Field("warm-up", .integer(firstStep - count))]]
    }
    return [[step] + fields(own.values[...], own.spreads[...])]
  }

  /// A warm-up has other fields.
  public var streamColumns: [String]? {
    guard firstStep > 0 else { return nil }
    return ["step", "warm-up"] + outputs
  }
}

/// Reads steps, each a value of JSON: an object by the names of the columns, or a list of all inputs in their order, behind them in a
/// warm-up the outputs; a number where there is one input.
public struct ControlStepReader: TaskStepReader {
  private let task: ControlTask
  /// Steps so far, up to the end of the warm-up.
  private var count = 0

  init(_ task: ControlTask) { self.task = task }

  /// The step of a line.
  public mutating func push(_ value: JSONValue, line: Int) throws(DataError) -> [ControlStep] {
    let names = task.inputNames
    let isWarmUp = count < task.firstStep
    func malformed(_ expected: String, _ found: String) -> DataError {
      .malformed(path: "<stream>", place: .line(line), expected: expected, found: found)
    }
    func number(_ value: JSONValue?, _ name: String) throws(DataError) -> Float {
      guard case .number(let number)? = value, Float(number).isFinite else {
        throw malformed(
          "a finite number as \"\(name)\""
            + (isWarmUp && task.outputs.contains(name)
              ? ": the first \(task.firstStep) steps have what was measured" : ""),
          value.map { $0.field ?? "a list or an object" } ?? "nothing")
      }
      return Float(number)
    }
    let wanted = names + (isWarmUp ? task.outputs : [])
    var numbers: [Float] = []
    switch value {
    case .object(let members):
      for name in wanted { numbers.append(try number(members[name], name)) }
    case .list(let list):
      guard list.count == wanted.count || list.count == names.count + task.outputs.count else {
        throw malformed("the numbers of \(wanted.joined(separator: ", "))", "\(list.count) values")
      }
      for (name, value) in zip(wanted, list) { numbers.append(try number(value, name)) }
    default:
      guard wanted.count == 1 else {
        throw malformed("an object or a list with \(wanted.joined(separator: ", "))", "another value")
      }
      numbers.append(try number(value, wanted[0]))
    }
    do {
      let step = try task.step(
        inputs: Array(numbers.prefix(names.count)), outputs: Array(numbers.dropFirst(names.count)))
      if isWarmUp { count += 1 }
      return [step]
    } catch {
      throw malformed("the inputs of the model", "others")
    }
  }

  /// Steps so far, up to the end of the warm-up.
  public var stored: [Int64] { [Int64(count)] }

  /// Takes over what was kept.
  public mutating func restore(_ stored: [Int64]) -> Bool {
    guard stored.count == 1, stored[0] >= 0, stored[0] <= Int64(task.firstStep) else { return false }
    count = Int(stored[0])
    return true
  }
}
