/// A trained model of whatever task.
public protocol AnyTrainedTask: Sendable {
  /// The name of the task.
  var taskName: String { get }
  /// Everything that can be set where data are read.
  var settings: [SettingsGroup] { get }

  /// Predicts for each sequence of data, reading a few of them at a time.
  ///
  /// - Parameters:
  ///   - data: files, folders, bytes or values of JSON.
  ///   - settings: where in them things stand.
  ///   - part: which of the sequences.
  ///   - notes: called with what is remarkable about the data, before the first row.
  ///   - line: what a row of the predictions is wanted as; several threads may ask at the same time.
  ///   - lines: called with those of some sequences, in their order; ends the run where it throws.
  /// - Throws: ``DataError``, a format error, or what `line` or `lines` throw.
  func predict<Line: Sendable>(
    _ data: [DataSource], settings: Settings, part: SequencePart, notes: ([DataNote]) -> Void,
    line: @Sendable ([Field]) throws -> Line, lines: ([Line]) throws -> Void
  ) throws

  /// What is said in each recording of data, with times.
  ///
  /// - Parameters:
  ///   - data: files, folders, bytes or values of JSON.
  ///   - settings: where in them things stand.
  ///   - notes: called with what is remarkable about the data, before the first transcript.
  ///   - transcript: called with each transcript; ends the run where it throws.
  /// - Throws: ``TaskError/unsupported(_:)`` where the task transcribes nothing, ``DataError``, a format error, or what
  ///   `transcript` throws.
  func transcribe(
    _ data: [DataSource], settings: Settings, notes: ([DataNote]) -> Void,
    transcript: (TimedTranscript) throws -> Void
  ) throws

  /// Whether sequences are texts.
  var readsText: Bool { get }

  /// Whether tables have a column of a name that the model reads.
  func reads(column: String) -> Bool

  /// What predicts for records that are apart, with the weights in the form that kernels read.
  ///
  /// - Parameter settings: where in records things stand.
  /// - Throws: ``DataError`` or a format error where settings cannot be followed.
  func recordPredictor(_ settings: Settings) throws -> RecordPredictor

  /// The predictions for the first sequence of data as SVG; nil where there is nothing to draw.
  ///
  /// - Throws: ``DataError`` or a format error.
  func plot(_ data: [DataSource], settings: Settings) throws -> String?

  /// What the network does with an example of data, step by step, forwards and backwards.
  ///
  /// - Parameters:
  ///   - data: files, folders, bytes or values of JSON.
  ///   - settings: where in them things stand.
  ///   - request: which example, and how it is looked at.
  /// - Throws: ``DataError``, ``TaskError`` or a format error.
  func explanation(
    _ data: [DataSource], settings: Settings, _ request: ExplanationRequest
  ) throws -> Explanation

  /// Evaluates the predictions for data with targets.
  ///
  /// - Parameters:
  ///   - data: files, folders, bytes or values of JSON.
  ///   - settings: where in them things stand.
  ///   - states: files of the state before and behind the data; for tasks that read one long sequence.
  ///   - notes: called with what is remarkable about the data.
  ///   - progress: called with the completed fraction, 0 to 1; ends the evaluation where it throws.
  /// - Throws: ``DataError``, ``TaskError`` or a format error.
  func evaluation(
    _ data: [DataSource], settings: Settings, states: StateFiles, notes: ([DataNote]) -> Void,
    progress: (Double) throws -> Void
  ) throws -> TaskEvaluation

  /// Evaluates the model as it is beside the same model as it goes on learning from the data.
  ///
  /// - Throws: ``TaskError/unsupported(_:)`` where it predicts no next token, or what an evaluation throws.
  func adaptedEvaluation(
    _ data: [DataSource], settings: Settings, request: AdaptationRequest, states: StateFiles,
    notes: ([DataNote]) -> Void, progress: (Double) throws -> Void
  ) throws -> TaskEvaluation

  /// The same model with numbers of the adaptation that are chosen by data, which must not be scored afterwards.
  ///
  /// - Throws: as ``adaptedEvaluation(_:settings:request:states:notes:progress:)``.
  func tuningAdaptation(
    _ data: [DataSource], settings: Settings, notes: ([DataNote]) -> Void, progress: (Double) throws -> Void
  ) throws -> (trained: any AnyTrainedTask, tuned: TunedAdaptation)

  /// Writes what is known besides the parameters into the bundle that the model was read from; its other files stay.
  ///
  /// - Throws: ``BundleError`` or a format error; the bundle is then as it was.
  func rewriteDescription(in path: String) throws

  /// What an evaluation needs of a part of the sequences of data with targets, as JSON; see ``mergedEvaluation(_:model:)``.
  ///
  /// - Parameters:
  ///   - data: files, folders, bytes or values of JSON.
  ///   - settings: where in them things stand.
  ///   - part: which of the sequences.
  ///   - model: the hash of the model, which all parts must share.
  ///   - progress: called with the completed fraction, 0 to 1; ends the evaluation where it throws.
  /// - Throws: ``TaskError/unsupported(_:)`` where the task is not evaluated in parts, ``DataError`` or a format error.
  func evaluationPart(
    _ data: [DataSource], settings: Settings, part: SequencePart, model: String,
    progress: (Double) throws -> Void
  ) throws -> [UInt8]

  /// The evaluation of all parts: that of the whole, to the last bit.
  ///
  /// - Parameters:
  ///   - paths: the files of all parts, in any order.
  ///   - model: the hash of the model.
  /// - Throws: ``TaskError`` where they are not the parts of one evaluation of this model, or a format error.
  func mergedEvaluation(_ paths: [String], model: String) throws -> TaskEvaluation

  /// The same model in another precision.
  ///
  /// - Throws: ``TaskError/unsupported(_:)``.
  func rounded(to precision: Precision) throws -> any AnyTrainedTask

  /// The beginning of a sequence that comes in as values of JSON.
  ///
  /// - Parameters:
  ///   - settings: how to predict.
  ///   - rate: samples a second of the sound that comes; nil for those of the model.
  /// - Throws: ``TaskError/unsupported(_:)`` where the model or its input cannot come step by step; ``DataError`` or a format
  ///   error where settings cannot be followed, or nothing of such a rate is read.
  func stream(_ settings: Settings, rate: Double?) throws -> any AnySession

  /// A table of live sessions, each a sequence that comes in as values of JSON.
  ///
  /// - Parameters:
  ///   - settings: how to predict.
  ///   - batchSize: the most sessions that are read in one step of the network.
  /// - Throws: ``TaskError/unsupported(_:)`` where the model or its input cannot come step by step; ``DataError`` or a format
  ///   error where settings cannot be followed.
  func sessions(_ settings: Settings, batchSize: Int) throws -> any AnySessionTable

  /// The model as a graph.
  ///
  /// - Throws: ``InterchangeError`` where it cannot be one.
  func graph(_ options: GraphOptions) throws -> ONNXModel

  /// Random inputs for the graph with what the model gives for them.
  ///
  /// - Throws: ``InterchangeError`` where it cannot be one.
  func graphVerification(_ options: GraphOptions) throws -> GraphVerification

  /// The parameters by their names.
  func arrays() -> [ArrayEntry]
}

extension AnyTrainedTask {
  /// The beginning of a sequence that comes in as values of JSON, of sound at the rate of the model.
  ///
  /// - Throws: ``TaskError/unsupported(_:)`` where the model or its input cannot come step by step.
  public func stream() throws -> any AnySession { try stream(Settings(), rate: nil) }

  /// Predicts for each sequence of data, reading a few of them at a time.
  ///
  /// - Throws: ``DataError``, a format error, or what `row` throws.
  public func predict(
    _ data: [DataSource], settings: Settings, part: SequencePart = .whole, notes: ([DataNote]) -> Void,
    row: ([Field]) throws -> Void
  ) throws {
    try predict(
      data, settings: settings, part: part, notes: notes, line: { $0 }, lines: { try $0.forEach(row) })
  }

  /// The rows of the predictions for all sequences of data.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func predictions(_ data: [DataSource], settings: Settings = Settings()) throws -> [[Field]] {
    var rows: [[Field]] = []
    try predict(data, settings: settings, notes: { _ in }, row: { rows.append($0) })
    return rows
  }

  /// Evaluates the predictions for data with targets.
  ///
  /// - Throws: ``DataError``, ``TaskError`` or a format error.
  public func evaluation(_ data: [DataSource], settings: Settings = Settings()) throws -> TaskEvaluation {
    try evaluation(data, settings: settings, states: StateFiles(), notes: { _ in }, progress: { _ in })
  }
}

extension TaskCatalog {
  /// Opens a bundle of a task of the catalogue; nil where it is of none.
  ///
  /// - Throws: ``BundleError``, ``ParameterError`` or a format error.
  public static func open(_ path: String) throws -> (any AnyTrainedTask)? {
    func opened<Task: SequenceTask>(_ task: Task.Type) throws -> any AnyTrainedTask {
      try TrainedTask<Task>(bundle: path)
    }
    return try task(named: BundleHead.read(path, version: 1).head.task).map { try opened($0) }
  }
}
