extension TrainedTask {
  /// The beginning of a sequence that comes in as values of JSON.
  public func stream(_ settings: Settings, rate: Double?) throws -> any AnySession {
    let task = try task.predicting(with: settings)
    guard let session = try JSONSession(task, packed: task.packed(model), rate: rate) else {
      throw notStepwise(task)
    }
    return session
  }

  /// A table of live sessions.
  public func sessions(_ settings: Settings, batchSize: Int) throws -> any AnySessionTable {
    try sessionTable(settings, batchSize: batchSize)
  }

  /// A table of live sessions of the task.
  ///
  /// - Throws: ``TaskError/unsupported(_:)`` where the model or its input cannot come step by step; ``DataError`` or a format
  ///   error where settings cannot be followed.
  public func sessionTable(
    _ settings: Settings = Settings(), batchSize: Int
  ) throws -> SessionTable<Task.Session, Task.StepReader> {
    let task = try task.predicting(with: settings)
    guard let session = task.session(task.packed(model)), let reader = task.stepReader() else {
      throw notStepwise(task)
    }
    return SessionTable(session, reader, columns: task.streamColumns, batchSize: batchSize) {
      task.rows(of: $0, at: $1)
    }
  }

  /// Why the model or its input cannot come step by step.
  private func notStepwise(_ task: Task) -> TaskError {
    let canBeCausal = Task.allSettings.flatMap(\.settings).contains { $0.name == Setting<Bool>.causal.name }
    return .unsupported(
      task.isCausal
        ? "neither pictures nor sound by its loudest moment can come step by step; train a model of sound with the setting level at fixed"
        : "the model reads backwards too"
          + (canBeCausal ? "; train it with the setting causal" : ", as all of \(Task.name) do"))
  }
}
