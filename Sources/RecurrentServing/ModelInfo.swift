import RecurrentTasks

/// What there is to say about a model that is served.
public struct ModelInfo: Sendable {
  /// What it is called in requests.
  public let name: String
  /// The name of its task.
  public let task: String
  /// The SHA-256 of its parameters.
  public let hash: String
  /// Number of parameters.
  public let parameterCount: Int
  /// Whether it writes texts.
  public let writes: Bool
  /// Whether its steps are texts.
  public let readsText: Bool
  /// Numbers of a step, where it is a list of so many.
  public let inputSize: Int?
  /// Numbers of an answer, where it is one list of them.
  public let outputSize: Int?
  /// The names of the fields of its rows, where they are known.
  public let columns: [String]?
  /// Why it has no sessions; nil where it has.
  public let issue: String?
  /// How conversations are written in its texts; nil where it has none.
  public let chat: ChatTemplate?
  /// What predicts for whole sequences; nil for layers.
  public let trained: (any AnyTrainedTask)?

  /// Whether it writes down what is said.
  public var transcribes: Bool { task == TranscriptionTask.name }

  /// What there is to say about a model.
  public init(_ host: ModelHost) {
    (name, task, hash, parameterCount) = (host.name, host.task, host.hash, host.parameterCount)
    (writes, readsText, inputSize, outputSize) = (
      host.writes, host.readsText, host.inputSize, host.outputSize
    )
    (columns, issue, trained) = (host.columns, host.issue, host.trained)
    chat = (host.trained as? TrainedTask<LanguageModelTask>)?.task.chat
  }

  /// What is said in a recording.
  ///
  /// - Throws: a ``DataError`` or format error, or ``TaskError`` where the model writes nothing down.
  public func transcript(of recording: DataSource) throws -> TimedTranscript {
    var found: TimedTranscript?
    try trained?.transcribe([recording], settings: Settings(), notes: { _ in }) { found = $0 }
    return found ?? TimedTranscript(name: recording.name, words: [])
  }

  /// Predicts for whole sequences that are apart.
  ///
  /// - Returns: for each the rows, or why there are none.
  /// - Throws: ``ServingError`` where the model has no task.
  public func predict(_ records: [DataSource]) throws -> [Result<[[Field]], any Error>] {
    guard let trained else {
      throw ServingError(
        .unsupported, "model \"\(name)\" has no task; its sessions are open at /v1/sessions",
        parameter: "model")
    }
    return try trained.recordPredictor(Settings())(records.map { .success($0) }).map { $0.map(\.rows) }
  }
}
