import RecurrentReports

/// Which example of data is looked at, and how.
public struct ExplanationRequest: Sendable {
  /// Its number, from 0.
  public var index: Int
  /// Whether other cells of the same size read the same.
  public var comparesCells: Bool
  /// The name of the model.
  public var name: String

  /// A request.
  public init(_ name: String, index: Int = 0, comparesCells: Bool = false) {
    (self.name, self.index, self.comparesCells) = (name, index, comparesCells)
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
    let example = try examples[request.index]
    let cost = task.cost(of: example)
    guard Task.name == LanguageModelTask.name || cost <= Explanation.stepLimit else {
      throw TaskError.unfit(
        paths: data.map(\.name),
        reason:
          "the example has \(grouped(cost)) steps, expected at most \(grouped(Explanation.stepLimit)): cut a part out of it"
      )
    }
    guard var view = try task.view(model, of: example) else {
      throw TaskError.unsupported(
        "a model of \(Task.name) has no loss of a single example, of which a gradient could be shown")
    }
    if !isTold {
      view.notes.append("the data tell no target: the loss is that of what is predicted, where there is one")
    }
    let name = examples.name(request.index)
    return try Explanation(
      request.name, example: name.isEmpty ? "example \(request.index + 1)" : name, model: model, view: view,
      comparesCells: request.comparesCells)
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
