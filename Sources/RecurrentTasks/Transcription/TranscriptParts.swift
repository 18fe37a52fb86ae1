/// Recordings with transcripts by what they are for.
struct TranscriptParts {
  /// The recordings to train on, to validate and to test.
  var training: RecordSource
  let validation, test: RecordSource
  /// What was found and assumed.
  private(set) var notes: [DataNote]

  /// From so many speakers or writers on, none of them is in two parts.
  static let groupLimit = 4

  /// From so many recordings on some of those to train on validate, where nothing else does.
  private static let sparingCount = 20

  /// Puts the speaker or writer with nearest to a tenth of the recordings to train on into the part to validate: of a few large
  /// groups none fits into a tenth.
  private static func spareGroup(_ split: inout DataSplit, of records: RecordSource) {
    let groups = Dictionary(grouping: split.training) { records.group($0) }
    let tenth = Double(split.training.count) / 10
    let named = groups.compactMap { name, own in name.map { (name: $0, numbers: own) } }
    let nearest = named.min { a, b in
      (abs(Double(a.numbers.count) - tenth), a.name) < (abs(Double(b.numbers.count) - tenth), b.name)
    }
    guard let nearest, groups.count > 1 else { return }
    split.spare(nearest.numbers, training: split.training.filter { records.group($0) != nearest.name })
  }

  /// Reads the recordings of a training: in parts as the data say, else dealt out.
  ///
  /// - Parameters:
  ///   - request: data and settings.
  ///   - columns: of tables.
  ///   - takesAlternatives: whether a recording may have several texts.
  /// - Throws: ``DataError`` or a format error, also where nothing is left to train on.
  init(_ request: TaskRequest, _ columns: TranscriptColumns, takesAlternatives: Bool = false) throws {
    let settings = request.settings
    func source(_ data: [DataSource], _ part: DataPart? = nil) throws -> RecordSource? {
      guard !data.isEmpty else { return nil }
      let own = try RecordSource.transcribed(
        data, columns, words: settings[.wordTimes], needsTranscripts: true,
        takesAlternatives: takesAlternatives)
      return part.map { own.assigning($0) } ?? own
    }
    let given = try [
      source(request.data), source(request.validationData, .validation), source(request.testData, .test),
    ].compactMap { $0 }
    var whole = RecordSource.joined(given)
    let others = request.validationData.isEmpty ? request.testData : request.validationData
    if !others.isEmpty, let own = given.first, !(0..<own.count).contains(where: { own.part($0) != nil }) {
      // all that is not named is to train on
      whole = RecordSource.joined([own.assigning(.training)] + given.dropFirst())
    }
    let groups = Set((0..<whole.count).compactMap { whole.group($0) })
    let keepsGroups = groups.count >= TranscriptParts.groupLimit
    var split = DataParts(
      sizes: try settings.shares(), keepsGroups: keepsGroups, sparingCount: TranscriptParts.sparingCount,
      seed: request.seed
    ).split(whole)
    if keepsGroups, split.validation.isEmpty, split.training.count >= TranscriptParts.sparingCount {
      TranscriptParts.spareGroup(&split, of: whole)
    }
    (training, validation, test) = (
      whole.selecting(split.training), whole.selecting(split.validation), whole.selecting(split.test)
    )
    notes = whole.notes + split.notes
    let isNamed = (0..<whole.count).contains { whole.part($0) != nil }
    if keepsGroups, !isNamed || !split.validation.contains(where: { whole.part($0) == .validation }) {
      notes.append(
        DataNote(
          .assumed, "none of \(groups.count) speakers or writers is in two parts", setting: "group-column"))
    }
    guard training.count > 0 else {
      throw DataError.invalidSetting(
        name: "the training part", expected: "at least one recording", found: "none")
    }
  }
}

extension RecordSource {
  /// The recordings of several sources with their transcripts.
  ///
  /// - Throws: ``DataError`` or a format error.
  static func transcribed(
    _ data: [DataSource], _ columns: TranscriptColumns, words: String?, needsTranscripts: Bool,
    takesAlternatives: Bool = false
  ) throws -> RecordSource {
    joined(
      try data.map {
        try RecordSource(
          transcripts: $0, columns: columns, words: words.map { DataSource($0) },
          needsTranscripts: needsTranscripts, takesAlternatives: takesAlternatives)
      })
  }
}
