extension TrainedTask: AnyTrainedTask {
  /// The name of the task.
  public var taskName: String { Task.name }

  /// Everything that can be set where data are read.
  public var settings: [SettingsGroup] { Task.settings }

  /// Predicts some sequences at a time: memory does not grow with the data.
  public func predict<Line: Sendable>(
    _ data: [DataSource], settings: Settings, part: SequencePart, notes: ([DataNote]) -> Void,
    line: @Sendable ([Field]) throws -> Line, lines: ([Line]) throws -> Void
  ) throws {
    let task = try task.predicting(with: settings)
    try forEachPrediction(task, data, settings, part, notes) { prediction, example, name in
      try task.rows(prediction, to: example, name: name).map(line)
    } take: { formed in
      var all: [Line] = []
      all.reserveCapacity(formed.count)
      for own in formed { all += own }
      try lines(all)
    }
  }

  /// Predicts some sequences at a time.
  ///
  /// - Parameters:
  ///   - form: what a prediction is wanted as; of texts several threads ask at the same time.
  ///   - take: called with those of some sequences, in their order.
  private func forEachPrediction<Form: Sendable>(
    _ task: Task, _ data: [DataSource], _ settings: Settings, _ part: SequencePart,
    _ notes: ([DataNote]) -> Void, form: (Task.Prediction, Task.Example, String) throws -> Form,
    take: ([Form]) throws -> Void
  ) throws {
    let source = try task.examples(data, settings: settings, needsTargets: false)
    notes(source.notes)
    let model = task.packed(model)
    let all = part.numbers(of: source.count)
    // of texts, which are short, several pieces at the same time
    let (length, pieces) = (256, task.modality == .text ? 8 : 1)
    // about equally many at a time, or the last ones were few
    let blocks = (all.count + length * pieces - 1) / (length * pieces)
    for block in 0..<blocks {
      let (start, end) = (all.count * block / blocks, all.count * (block + 1) / blocks)
      let numbers = Array(all.lowerBound + start..<all.lowerBound + end)
      let examples = try concurrently(numbers.indices.map { $0 }, pieces) {
        try $0.map { try source[numbers[$0]] }
      }
      // neighbours in length are predicted together
      let costs = pieces == 1 ? [] : examples.map { task.cost(of: $0) }
      let order =
        pieces == 1
        ? Array(numbers.indices) : numbers.indices.sorted { (costs[$0], $0) < (costs[$1], $1) }
      let found = try concurrently(order, pieces) {
        task.batchedPredictions(model, to: $0.map { examples[$0] })
      }
      var predictions = [Task.Prediction?](repeating: nil, count: numbers.count)
      for (place, prediction) in zip(order, found) { predictions[place] = prediction }
      try take(
        concurrently(Array(numbers.indices), pieces) { places in
          try places.compactMap { place in
            try predictions[place].map { try form($0, examples[place], source.name(numbers[place])) }
          }
        })
    }
  }

  /// What is found for some numbers, in their order; they are cut into so many pieces, several at the same time.
  private func concurrently<R: Sendable>(
    _ numbers: [Int], _ pieces: Int, _ body: (ArraySlice<Int>) throws -> [R]
  ) throws -> [R] {
    var results: [R] = []
    try Backends.current.concurrently(pieces) { piece in
      try body(numbers[numbers.count * piece / pieces..<numbers.count * (piece + 1) / pieces])
    } inOrder: {
      results += $0
    }
    return results
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
      return own
    } take: {
      for own in $0 { try transcript(own) }
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
