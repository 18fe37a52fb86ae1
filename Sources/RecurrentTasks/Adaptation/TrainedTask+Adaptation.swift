extension TrainedTask {
  /// Evaluates the model as it is beside the same model as it goes on learning from the data.
  public func adaptedEvaluation(
    _ data: [DataSource], settings: Settings, request: AdaptationRequest, states: StateFiles,
    notes: ([DataNote]) -> Void, progress: (Double) throws -> Void
  ) throws -> TaskEvaluation {
    func evaluated<Adaptable: AdaptableTask>(_ task: Adaptable) throws -> TaskEvaluation {
      let (model, read) = (try adaptable(task), data.evaluated)
      let rule = try request.rule(task.adaptation ?? task.standardAdaptation)
      let source = try task.examples(read.data, settings: settings, needsTargets: true)
      notes(read.notes + source.notes)
      return try task.adaptedEvaluation(model, on: source, rule: rule, states: states, progress: progress)
        .evaluation
    }
    guard let task = try task.predicting(with: settings) as? any AdaptableTask else { throw notAdaptable }
    return try evaluated(task)
  }

  /// The same model with numbers of the adaptation that are chosen by data, which must not be scored afterwards.
  public func tuningAdaptation(
    _ data: [DataSource], settings: Settings, notes: ([DataNote]) -> Void, progress: (Double) throws -> Void
  ) throws -> (trained: any AnyTrainedTask, tuned: TunedAdaptation) {
    func tuned<Adaptable: AdaptableTask>(_ task: Adaptable) throws -> (TunedAdaptation, Task) {
      let model = try adaptable(task)
      let source = try task.examples(data, settings: settings, needsTargets: true)
      notes(source.notes)
      let tuned = try task.tunedAdaptation(model, on: source, progress: progress)
      guard var own = self.task as? Adaptable else { throw notAdaptable }
      own.adaptation = tuned.adaptation
      guard let result = own as? Task else { throw notAdaptable }
      return (tuned, result)
    }
    guard let own = try task.predicting(with: settings) as? any AdaptableTask else { throw notAdaptable }
    let (found, task) = try tuned(own)
    var description = description
    description.task = task
    return (TrainedTask(model: model, description: description), found)
  }

  /// Writes what is known besides the parameters into the bundle that the model was read from; its other files stay.
  public func rewriteDescription(in path: String) throws {
    try ModelBundle(task: Task.name, description: description).rewrite(in: path)
  }

  /// The model of a task that can go on learning.
  private func adaptable<Adaptable: AdaptableTask>(_ task: Adaptable) throws(TaskError) -> Adaptable.Model {
    if let issue = task.adaptationIssue { throw .unsupported(issue) }
    guard let model = model as? Adaptable.Model else { throw notAdaptable }
    return model
  }

  private var notAdaptable: TaskError {
    let names = TaskCatalog.tasks.filter { $0 is any AdaptableTask.Type }.map { $0.name }
    return .unsupported(
      "a model of \(Task.name) predicts no next token, from which it could go on learning; expected one of "
        + names.joined(separator: ", "))
  }
}
