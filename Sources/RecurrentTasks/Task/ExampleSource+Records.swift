extension ExampleSource {
  /// Examples of sequences, each read when it is asked for.
  public init(_ records: RecordSource, example: @escaping @Sendable (Record) throws -> Example) {
    self.init(count: records.count, name: { records.name($0) }) { try example(records.record($0)) }
    notes = records.remarks
  }
}

extension ExampleSource where Example: FeatureExample {
  /// Examples of sequences with the features of a featurizer, kept as far as there is memory.
  ///
  /// - Parameters:
  ///   - records: the sequences.
  ///   - featurizer: fitted.
  ///   - isFitted: whether the featurizer was fitted to these very sequences.
  ///   - memory: of the examples.
  ///   - example: makes one of a record and its features, of which there is at least one step.
  init(
    _ records: RecordSource, _ featurizer: SequenceFeaturizer, isFitted: Bool = false,
    in memory: ExampleMemory, example: @escaping @Sendable (Record, FeatureSequence) throws -> Example
  ) {
    let source = ExampleSource(
      count: records.count, name: { records.name($0) },
      cost: { try featurizer.stepCount(records.record($0)) }
    ) { index in
      let record = try records.record(index)
      let features = try isFitted ? featurizer.trainingFeatures(record, index: index) : featurizer(record)
      guard features.stepCount > 0 else {
        throw DataError.malformed(
          path: record.origin, place: .record, expected: "at least one step", found: "none")
      }
      return try example(record, features)
    }
    self = source.kept(in: memory) { $0.features.byteCount }
    notes = records.remarks
    // a head that cannot be read is an error of its record
    if !isFitted { notes += (try? featurizer.notes(on: records)) ?? [] }
  }
}

extension ExampleSource {
  /// Examples of recordings of any length, each read when it is asked for, and kept as far as there is memory.
  ///
  /// - Parameters:
  ///   - records: the recordings.
  ///   - featurizer: tells how long they are.
  ///   - memory: of the examples.
  ///   - size: the bytes of one.
  ///   - example: makes one of a record.
  init(
    recordings records: RecordSource, _ featurizer: SequenceFeaturizer, in memory: ExampleMemory,
    size: @escaping @Sendable (Example) -> Int, example: @escaping @Sendable (Record) throws -> Example
  ) {
    self = ExampleSource(
      count: records.count, name: { records.name($0) },
      cost: { try featurizer.stepCount(records.record($0)) }
    ) { try example(records.record($0)) }
    .kept(in: memory, size: size)
    notes = records.remarks
  }

  /// Windows of sequences to train on, each half over the one before; shorter sequences are windows as they are.
  ///
  /// - Parameters:
  ///   - lengths: steps of each sequence.
  ///   - length: steps of a window.
  ///   - part: cuts some steps out of a sequence that is longer.
  func windows(
    _ lengths: [Int], length: Int, part: @escaping @Sendable (Example, Range<Int>) -> Example
  ) -> ExampleSource {
    var places: [(sequence: Int, steps: Range<Int>)] = []
    for (sequence, count) in lengths.enumerated() {
      let starts =
        count > length ? Array(stride(from: 0, to: count - length / 2, by: max(1, length / 2))) : [0]
      places += starts.map { (sequence, $0..<min($0 + length, count)) }
    }
    let (all, base) = (places, self)
    return ExampleSource(
      count: all.count, name: { base.name(all[$0].sequence) }, cost: { all[$0].steps.count }
    ) { index in
      let (sequence, steps) = all[index]
      let whole = try base[sequence]
      return steps.count == lengths[sequence] ? whole : part(whole, steps)
    }
  }
}

extension RecordSource {
  /// The sequences of data; where targets are needed, those of the test part of data that name parts.
  ///
  /// - Parameters:
  ///   - data: files, folders, bytes or values of JSON.
  ///   - columns: of a table.
  ///   - known: what the columns of the training data were taken for.
  ///   - needsTargets: whether data without labels are refused.
  ///   - readsPixels: whether pictures of MNIST's kind are read pixel by pixel instead of row by row.
  /// - Throws: ``DataError`` or a format error.
  public static func labelled(
    _ data: [DataSource], _ columns: RecordColumns, known: TableColumns?, needsTargets: Bool,
    readsPixels: Bool = false
  ) throws -> RecordSource {
    let all = RecordSource.joined(
      try data.map {
        try RecordSource(
          $0, columns: columns, needsLabels: needsTargets, readsPixels: readsPixels, known: known)
      })
    return needsTargets ? all.evaluated : all
  }

  /// The sequences of a training, those of data for validation and tests in these parts. Where there are such data, all
  /// others are trained on, whatever they say themselves.
  ///
  /// - Throws: ``DataError`` or a format error.
  public static func labelled(
    _ request: TaskRequest, _ columns: RecordColumns, readsPixels: Bool = false
  ) throws -> RecordSource {
    let hasOthers = !request.validationData.isEmpty || !request.testData.isEmpty
    var all: [RecordSource] = []
    for (data, part) in [
      (request.data, hasOthers ? .training : nil), (request.validationData, DataPart.validation),
      (request.testData, .test),
    ] {
      for source in data {
        var asked = columns
        asked.knownFormat = all.lazy.compactMap(\.columns).first?.format
        all.append(try RecordSource(source, columns: asked, part: part, readsPixels: readsPixels))
      }
    }
    return .joined(all)
  }
}
