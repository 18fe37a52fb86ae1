import RecurrentReports

/// Which example of data is looked at, and how.
public struct ExplanationRequest: Sendable {
  /// Its number, from 0.
  public var index: Int
  /// The step that is of interest, from 0, where an example is too long to be looked at as a whole.
  public var start: Int
  /// Whether other cells of the same size read the same.
  public var comparesCells: Bool
  /// The name of the model.
  public var name: String

  /// A request.
  public init(_ name: String, index: Int = 0, start: Int = 0, comparesCells: Bool = false) {
    (self.name, self.index, self.start, self.comparesCells) = (name, index, start, comparesCells)
  }
}

extension TrainedTask {
  /// What the network does with an example of data.
  ///
  /// - Throws: ``TaskError/unsupported(_:)`` where the task has no loss of an example or there are not as many; ``DataError`` or
  ///   a format error.
  public func explanation(
    _ data: [DataSource], settings: Settings, _ request: ExplanationRequest
  ) throws -> Explanation {
    let task = try task.predicting(with: settings)
    let (examples, isTold) = try targets(task, data, settings)
    guard (0..<examples.count).contains(request.index) else {
      throw TaskError.unfit(
        paths: data.map(\.name),
        reason: "example \(request.index + 1) is asked for, found \(counted(examples.count, "example"))")
    }
    var example = try examples[request.index]
    let (cost, limit) = (task.cost(of: example), Explanation.stepLimit)
    var first = 0
    let isCut = Task.name != LanguageModelTask.name && cost > limit
    if isCut {
      first = min(max(0, request.start - limit / 2), cost - limit)
      guard let part = task.part(of: example, steps: first..<first + limit) else {
        throw TaskError.unfit(
          paths: data.map(\.name),
          reason:
            "the example has \(grouped(cost)) steps, expected at most \(grouped(limit)): cut a part out of it"
        )
      }
      example = part
    }
    guard var view = try task.view(model, of: example) else {
      throw TaskError.unsupported(
        "a model of \(Task.name) has no loss of a single example, of which a gradient could be shown")
    }
    if isCut {
      view.notes.append(
        "of the \(grouped(cost)) steps of the example \(grouped(first + 1)) to \(grouped(first + limit)) are read, from a fresh state"
      )
      for step in view.steps.indices where view.steps[step].input == "\(step + 1)" {
        view.steps[step].input = "\(first + step + 1)"
      }
    }
    if !isTold {
      view.notes.append("the data tell no target: the loss is that of what is predicted, where there is one")
    }
    let name = examples.name(request.index)
    var explanation = try Explanation(
      request.name, example: name.isEmpty ? "example \(request.index + 1)" : name, model: model, view: view,
      comparesCells: request.comparesCells, settings: Set(Task.allSettings.flatMap(\.settings).map(\.name)))
    explanation.firstStep = first
    return explanation
  }

  /// The examples, with their targets where data have them.
  private func targets(
    _ task: Task, _ data: [DataSource], _ settings: Settings
  ) throws -> (ExampleSource<Task.Example>, Bool) {
    do {
      let told = try task.examples(data, settings: settings, needsTargets: true)
      if told.count > 0 { _ = try told[0] }
      return (told, true)
    } catch {
      // what is wrong with the data themselves is wrong without targets too
      return (try task.examples(data, settings: settings, needsTargets: false), false)
    }
  }
}
