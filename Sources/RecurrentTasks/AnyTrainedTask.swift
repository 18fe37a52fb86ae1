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
  ///   - row: called with each row of the predictions; ends the run where it throws.
  /// - Throws: ``DataError``, a format error, or what `row` throws.
  func predict(
    _ data: [DataSource], settings: Settings, part: SequencePart, notes: ([DataNote]) -> Void,
    row: ([Field]) throws -> Void
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
    _ data: [DataSource], settings: Settings, notes: ([DataNote]) -> Void, row: ([Field]) throws -> Void
  ) throws {
    try predict(data, settings: settings, part: .whole, notes: notes, row: row)
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

extension TrainedTask: AnyTrainedTask {
  /// The name of the task.
  public var taskName: String { Task.name }

  /// Everything that can be set where data are read.
  public var settings: [SettingsGroup] { Task.settings }

  /// Predicts 256 sequences at a time: memory does not grow with the data.
  public func predict(
    _ data: [DataSource], settings: Settings, part: SequencePart, notes: ([DataNote]) -> Void,
    row: ([Field]) throws -> Void
  ) throws {
    let task = try task.predicting(with: settings)
    try forEachPrediction(task, data, settings, part, notes) { prediction, example, name in
      for own in task.rows(prediction, to: example, name: name) { try row(own) }
    }
  }

  private func forEachPrediction(
    _ task: Task, _ data: [DataSource], _ settings: Settings, _ part: SequencePart,
    _ notes: ([DataNote]) -> Void,
    _ body: (Task.Prediction, Task.Example, String) throws -> Void
  ) throws {
    let source = try task.examples(data, settings: settings, needsTargets: false)
    notes(source.notes)
    let model = task.packed(model)
    let all = part.numbers(of: source.count)
    for start in stride(from: all.lowerBound, to: all.upperBound, by: 256) {
      let numbers = Array(start..<min(start + 256, all.upperBound))
      let examples = try numbers.map { try source[$0] }
      for (index, prediction) in task.allPredictions(model, to: examples).enumerated() {
        try body(prediction, examples[index], source.name(numbers[index]))
      }
    }
  }

  /// What is said in each recording, 256 at a time.
  public func transcribe(
    _ data: [DataSource], settings: Settings, notes: ([DataNote]) -> Void,
    transcript: (TimedTranscript) throws -> Void
  ) throws {
    let task = try task.predicting(with: settings)
    try forEachPrediction(task, data, settings, .whole, notes) { prediction, example, name in
      guard let own = task.transcript(of: prediction, to: example, name: name) else {
        throw TaskError.unsupported("predictions of \(Task.name) are no transcripts")
      }
      try transcript(own)
    }
  }

  /// Whether sequences are texts.
  public var readsText: Bool { task.modality == .text }

  /// Whether tables have a column of a name that the model reads.
  public func reads(column: String) -> Bool { task.reads(column: column) }

  /// What predicts for records that are apart; those that can be read are predicted together.
  public func recordPredictor(_ settings: Settings) throws -> RecordPredictor {
    let (task, packed) = (try task.predicting(with: settings), task.packed(model))
    return { data in
      let examples = data.map { data in
        Result<(example: Task.Example, name: String), any Error> {
          let source = try task.examples([try data.get()], settings: settings, needsTargets: false)
          guard source.count == 1 else {
            throw DataError.malformed(
              path: try data.get().name, place: .byte(0), expected: "one record", found: "\(source.count)")
          }
          return (try source[0], source.name(0))
        }
      }
      let whole = examples.compactMap { try? $0.get() }
      var predictions = task.batchedPredictions(packed, to: whole.map(\.example))[...]
      return examples.map { example in
        example.map { own in
          let prediction = predictions.removeFirst()
          return RecordPrediction(
            text: task.text(of: prediction, to: own.example),
            rows: task.rows(prediction, to: own.example, name: own.name), hasManyRows: Task.hasManyRows)
        }
      }
    }
  }

  /// The predictions for the first sequence as SVG.
  public func plot(_ data: [DataSource], settings: Settings) throws -> String? {
    let task = try task.predicting(with: settings)
    let source = try task.examples(data, settings: settings, needsTargets: false)
    let examples = try (0..<min(1, source.count)).map { try source[$0] }
    return task.plot(task.allPredictions(model, to: examples), of: examples)
  }

  /// Evaluates the predictions for data with targets.
  public func evaluation(
    _ data: [DataSource], settings: Settings, states: StateFiles, notes: ([DataNote]) -> Void,
    progress: (Double) throws -> Void
  ) throws -> TaskEvaluation {
    let task = try task.predicting(with: settings)
    let read = data.evaluated
    let source = try task.examples(read.data, settings: settings, needsTargets: true)
    notes(read.notes + source.notes)
    return states.areNone
      ? try task.evaluation(model, on: source, progress: progress)
      : try task.evaluation(model, on: source, states: states, progress: progress)
  }

  /// Predicts a part of the sequences, and writes down what an evaluation needs.
  public func evaluationPart(
    _ data: [DataSource], settings: Settings, part: SequencePart, model hash: String,
    progress: (Double) throws -> Void
  ) throws -> [UInt8] {
    func written<Parted: PartedTask>(_ task: Parted) throws -> [UInt8]? {
      guard let model = model as? Parted.Model else { return nil }
      let source = try task.examples(data, settings: settings, needsTargets: true)
      return try task.evaluationPart(model, hash: hash, on: source, part: part, progress: progress)
    }
    let task = try task.predicting(with: settings)
    guard let parted = task as? any PartedTask, let bytes = try written(parted) else { throw notParted }
    return bytes
  }

  /// The evaluation of all parts.
  public func mergedEvaluation(_ paths: [String], model hash: String) throws -> TaskEvaluation {
    guard let parted = task as? any PartedTask else { throw notParted }
    return try parted.mergedEvaluation(paths, hash: hash)
  }

  private var notParted: TaskError {
    .unsupported("a model of \(Task.name) is not evaluated in parts; evaluate it on all data at once")
  }

  /// The same model in another precision.
  public func rounded(to precision: Precision) throws -> any AnyTrainedTask {
    func rounded<M: RecurrentModel>(_ model: M) throws -> any AnyTrainedTask {
      let choice = model.cellChoice
      if let issue = choice.cell.issue(
        with: precision, options: choice.options ?? CellOptions(), inTraining: false)
      {
        throw TaskError.unsupported(issue)
      }
      guard let own = model.with(precision: precision) as? Task.Model else { return self }
      return TrainedTask(model: own, description: description)
    }
    guard let model = model as? any RecurrentModel else {
      throw TaskError.unsupported("a model of \(Task.name) has one precision")
    }
    return try rounded(model)
  }

  /// The model as a graph.
  public func graph(_ options: GraphOptions) throws -> ONNXModel { try task.graph(model, options) }

  /// Random inputs for the graph with what the model gives for them.
  public func graphVerification(_ options: GraphOptions) throws -> GraphVerification {
    try task.graphVerification(model, options)
  }

  /// The parameters by their names.
  public func arrays() -> [ArrayEntry] { model.entries() }
}
