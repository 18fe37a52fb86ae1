/// Recordings by what they are for.
struct RecordingParts {
  /// The recordings of the training data, whatever they are for.
  var recordings: RecordSource
  /// The recordings to train on, to validate and to test.
  var training, validation, test: RecordSource
  /// The steps that the pieces of a single recording to validate and to test begin with beside their own.
  var leadingSteps = (validation: 0, test: 0)
  /// The column of the words, where the training data are a table with a word in each row.
  var wordColumn: String?
  /// How dates and numbers of the training tables are written, where that was a question.
  var format: TableFormat?
  /// What was found and assumed.
  var notes: [DataNote]

  /// Reads the recordings of a training: as the data say, else dealt out; a single one is cut by time into the parts that
  /// nothing else is given for.
  ///
  /// - Parameters:
  ///   - request: data and settings.
  ///   - events: the table of events; nil where there is none.
  ///   - standard: the shares where none are set.
  ///   - needsLabels: whether recordings without labels or events are refused.
  ///   - findsCategories: whether columns of few words are read where nobody names any.
  ///   - context: how many steps before its own a piece of a single recording begins with, where there are as many.
  /// - Throws: ``DataError`` or a format error, also where nothing is left to train on.
  init(
    _ request: TaskRequest, events: DataSource?, standard: [Double]? = nil, needsLabels: Bool,
    findsCategories: Bool = false, context: Int = 0
  ) throws {
    let settings = request.settings
    let sizes = try settings.shares(standard: standard)
    var columns = settings.recordingColumns
    let data = try RecordSource(
      recordings: request.data, events: events, columns: columns,
      known: RecordingColumns.Known(findsCategories: findsCategories), needsLabels: needsLabels)
    (recordings, wordColumn, format, notes) = (data, data.wordColumn, data.format, data.notes)
    columns.records.knownFormat = data.format
    func others(_ sources: [DataSource], _ part: DataPart) throws -> RecordSource? {
      guard !sources.isEmpty else { return nil }
      return try RecordSource(
        recordings: sources, events: events, columns: columns,
        known: RecordingColumns.Known(indicators: data.indicators), needsLabels: needsLabels
      ).assigning(part)
    }
    let (givenValidation, givenTest) = (
      try others(request.validationData, .validation), try others(request.testData, .test)
    )
    if data.count == 1, data.part(0) == nil, let count = data.stepCount(0),
      givenValidation == nil || givenTest == nil
    {
      let own = sizes.without(validation: givenValidation != nil, test: givenTest != nil).ranges(of: count)
      let shares = [own.training, own.validation, own.test].map {
        "\(Int((100 * Double($0.count) / Double(max(count, 1))).rounded())) %"
      }
      notes.append(
        DataNote(
          .assumed,
          "the one recording is cut by time: \(shares.joined(separator: ", ")) to train, validate and test",
          setting: "split"))
      func piece(_ range: Range<Int>) -> (source: RecordSource, leading: Int) {
        let leading = min(context, range.lowerBound)
        let whole = range.lowerBound - leading..<range.upperBound
        return range.isEmpty ? (data.cut([]), 0) : (data.cut([whole]), leading)
      }
      training = data.cut([own.training])
      (validation, leadingSteps.validation) = givenValidation.map { ($0, 0) } ?? piece(own.validation)
      (test, leadingSteps.test) = givenTest.map { ($0, 0) } ?? piece(own.test)
    } else if givenValidation == nil, givenTest == nil, let pieces = data.basePieces(sizes) {
      notes.append(
        DataNote(
          .assumed,
          "each of the \(data.count) sequences is cut by place into parts to train, validate and test",
          setting: "split"))
      (training, validation, test) = (
        data.cut(pieces: pieces[0]), data.cut(pieces: pieces[1]), data.cut(pieces: pieces[2])
      )
    } else {
      let whole = RecordSource.joined([data, givenValidation, givenTest].compactMap { $0 })
      let parts = DataParts(sizes: sizes, sparingCount: 20, seed: request.seed)
      let areNamed = (0..<whole.count).contains { whole.part($0) != nil }
      var split = DataParts(sizes: sizes, seed: request.seed).split(whole)
      if areNamed, split.validation.isEmpty {
        // a tenth of the training part, whose recordings are counted by themselves
        let numbers = split.training
        var own = DataSplit(training: Array(numbers.indices))
        parts.spareValidation(&own, of: whole.selecting(numbers))
        (split.training, split.validation) = (
          own.training.map { numbers[$0] }, own.validation.map { numbers[$0] }
        )
        notes += own.notes
      }
      training = whole.selecting(split.training)
      validation = whole.selecting(split.validation)
      test = whole.selecting(split.test)
    }
    training = training.cut(basesAtMost: 1 << 16)
    validation = validation.cut(basesAtMost: TaggingTask.mostBasesAtOnce)
    test = test.cut(basesAtMost: TaggingTask.mostBasesAtOnce)
    guard training.count > 0 else {
      throw DataError.invalidSetting(
        name: "the training part", expected: "at least one recording", found: "none")
    }
  }
}

extension DataShares {
  /// The shares with those of parts that other data are given for left to the other parts.
  func without(validation hasValidation: Bool, test hasTest: Bool) -> DataShares {
    switch self {
    case .counts(let training, let validation, let test):
      return .counts(
        training: training, validation: hasValidation ? 0 : validation, test: hasTest ? 0 : test)
    case .shares(let training, var validation, var test):
      if hasValidation { validation = 0 }
      if hasTest { test = 0 }
      let sum = training + validation + test
      return .shares(training: training / sum, validation: validation / sum, test: test / sum)
    }
  }
}

extension RecordSource {
  /// The pieces of nucleotide sequences, few of which are not dealt out as wholes, to train on, validate and test; nil for others.
  fileprivate func basePieces(_ sizes: DataShares) -> [[(record: Int, steps: Range<Int>)]]? {
    guard (2...20).contains(count),
      (0..<count).allSatisfy({ part($0) == nil && clock($0)?.countsBases ?? false })
    else { return nil }
    var pieces = [[(record: Int, steps: Range<Int>)]](repeating: [], count: 3)
    for record in 0..<count {
      let own = sizes.ranges(of: stepCount(record) ?? 0)
      for (part, steps) in [own.training, own.validation, own.test].enumerated() where !steps.isEmpty {
        pieces[part].append((record: record, steps: steps))
      }
    }
    return pieces
  }

  /// The sequences with those of bases that are longer than a limit in pieces.
  func cut(basesAtMost limit: Int) -> RecordSource {
    let counts = (0..<count).map { clock($0)?.countsBases ?? false ? stepCount($0) ?? 0 : 0 }
    guard counts.contains(where: { $0 > limit }) else { return self }
    return cut(
      pieces: counts.enumerated().flatMap { record, count in
        stride(from: 0, to: count, by: limit).map { (record: record, steps: $0..<min($0 + limit, count)) }
      })
  }
}

extension Settings {
  /// Which columns of recordings and events hold what.
  var recordingColumns: RecordingColumns {
    var columns = RecordingColumns()
    columns.records = recordColumns()
    columns.eventFile = self[.eventFile]
    columns.eventLabel = self[.eventLabel]
    columns.eventStart = self[.eventStart]
    columns.eventEnd = self[.eventEnd]
    columns.eventUnit = self[.eventUnit]
    columns.singleLabel = self[.singleLabel]
    columns.annotations = self[.annotations]
    columns.features = self[.features]
    columns.tellsStrands = self[.strands]
    return columns
  }
}
