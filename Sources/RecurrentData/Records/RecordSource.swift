/// Sequences, each read when it is asked for, from whatever they are kept in: what is needed to split them is known without
/// their contents.
public struct RecordSource: Sendable {
  /// What was found and assumed.
  public var notes: [DataNote]
  /// What the columns were taken for, where the data are a table.
  public var columns: TableColumns?
  /// The same for each column of the file, for people.
  public var columnRoles: [ColumnRole] = []
  /// Whether the steps of a sequence of numbers are the rows of one picture.
  public var arePictureRows = false
  /// Whether sequences of one group belong into one part, although nobody asks for it.
  public var keepsGroups = false
  /// Whether they come from files of nucleotide sequences, or of others of letters.
  var areSequences = false
  /// The column of the words, where a table has a word in each row.
  public var wordColumn: String?
  /// How dates and numbers of tables of recordings are written, where that was a question.
  public var format: TableFormat?
  /// Which part of the data these are, where that was assumed.
  public var partNote: DataNote?
  /// What is said beside the answers of a trained model.
  package var remarks: [DataNote] { [partNote].compactMap { $0 } + notes.filter(\.concernsAnswers) }
  /// The columns of recordings with transcripts that were read, by what they were taken for.
  public var transcriptColumns: [String: [String]]?
  /// How recordings and transcripts are laid out, where these were read.
  public var layout: TranscriptLayout?
  /// The names of the numbers that words of categories became (`weather=rain`), where tables of recordings were looked through for
  /// such.
  public var indicators: [String]?
  let storage: any RecordStorage

  init(_ storage: any RecordStorage, notes: [DataNote] = []) { (self.storage, self.notes) = (storage, notes) }

  /// Sequences in memory.
  public init(_ records: [Record], notes: [DataNote] = []) {
    self.init(ListedRecords(records: records), notes: notes)
  }

  /// The number of sequences.
  public var count: Int { storage.count }

  /// Where a sequence comes from: a file, with the line where it is one of many.
  public func name(_ index: Int) -> String { storage.name(index) }

  /// A sequence.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func record(_ index: Int) throws -> Record { try storage.record(index) }

  /// The first sequence.
  ///
  /// - Throws: ``DataError/noText`` where there is none, or what reading it throws.
  func first() throws -> Record {
    guard count > 0 else { throw DataError.noText }
    return try record(0)
  }

  /// What is said about the whole of a sequence; nil where nobody says.
  public func label(_ index: Int) -> String? { storage.label(index) }

  /// What is said, written or signed in a sequence; nil where nobody says.
  public func transcript(_ index: Int) -> String? { storage.transcript(index) }

  /// Other texts that are as right as the transcript.
  public func alternatives(_ index: Int) -> [String] { storage.alternatives(index) }

  /// Who or what a sequence comes from; nil where nobody says.
  public func group(_ index: Int) -> String? { storage.group(index) }

  /// The part that a sequence belongs to; nil where the data do not say.
  public func part(_ index: Int) -> DataPart? { storage.part(index) }

  /// When the steps of a recording are; nil where the data do not tell.
  public func clock(_ index: Int) -> StepClock? { storage.clock(index) }

  /// What happens in a recording; nil where nobody says.
  public func events(_ index: Int) -> [LabelledEvent]? { storage.events(index) }

  /// Steps of a sequence of numbers, where they are known without its content: rows of a table, or numbers in memory; else nil.
  public func stepCount(_ index: Int) -> Int? { storage.stepCount(index) }

  /// A sequence with its first step alone where its steps are known to be numbered, so that the others are not read; else the whole.
  ///
  /// - Throws: ``DataError`` or a format error.
  package func beginning(of index: Int) throws -> Record {
    guard let count = stepCount(index) else { return try record(index) }
    return try storage.record(index, steps: 0..<min(1, count))
  }

  /// Some of the sequences, in the order of their numbers here.
  public func selecting(_ indices: [Int]) -> RecordSource {
    var own = CombinedRecords([storage])
    own.indices = indices
    return replacing(own)
  }

  /// The sequences to evaluate: of data that name parts the test part, or that to validate where none is named test, else all.
  public var evaluated: RecordSource {
    let (indices, note) = DataPart.evaluated((0..<count).lazy.map { part($0) })
    guard let indices else { return self }
    var own = selecting(indices)
    own.partNote = note
    return own
  }

  /// The sequences with all of them in one part, whatever the data say.
  public func assigning(_ part: DataPart) -> RecordSource {
    var own = CombinedRecords([storage])
    own.assigned = part
    return replacing(own)
  }

  /// The pieces of the first sequence, one of numbers, by ranges of its steps.
  public func cut(_ pieces: [Range<Int>]) -> RecordSource {
    cut(pieces: pieces.map { (record: 0, steps: $0) })
  }

  /// Pieces of sequences by their numbers and by ranges of their steps.
  public func cut(pieces: [(record: Int, steps: Range<Int>)]) -> RecordSource {
    replacing(CutRecords(base: storage, pieces: pieces))
  }

  /// The sequences of several sources, one source after the other, with the notes of all and the columns of the first that has
  /// some.
  public static func joined(_ sources: [RecordSource]) -> RecordSource {
    guard sources.count != 1 else { return sources[0] }
    var all = RecordSource(CombinedRecords(sources.map(\.storage)))
    for source in sources {
      for note in source.notes where !all.notes.contains(note) { all.notes.append(note) }
      all.columns = all.columns ?? source.columns
      if all.columnRoles.isEmpty { all.columnRoles = source.columnRoles }
      all.wordColumn = all.wordColumn ?? source.wordColumn
      all.format = all.format ?? source.format
      all.layout = all.layout ?? source.layout
      all.transcriptColumns = all.transcriptColumns ?? source.transcriptColumns
      all.indicators = all.indicators ?? source.indicators
    }
    all.arePictureRows = sources.last?.arePictureRows ?? false
    all.keepsGroups = sources.contains(where: \.keepsGroups)
    all.areSequences = sources.contains(where: \.areSequences)
    return all
  }

  /// The sequences with the first one kept in memory.
  func keepingFirst(_ record: Record) -> RecordSource {
    var own = CombinedRecords([ListedRecords(records: [record]), storage])
    own.indices = [0] + (2..<max(count + 1, 2))
    return replacing(own)
  }

  func replacing(_ storage: any RecordStorage) -> RecordSource {
    var copy = RecordSource(storage, notes: notes)
    (copy.columns, copy.arePictureRows, copy.wordColumn, copy.format, copy.layout) = (
      columns, arePictureRows, wordColumn, format, layout
    )
    copy.columnRoles = columnRoles
    (copy.partNote, copy.transcriptColumns) = (partNote, transcriptColumns)
    copy.indicators = indicators
    copy.keepsGroups = keepsGroups
    copy.areSequences = areSequences
    return copy
  }
}

/// What sequences are kept in.
protocol RecordStorage: Sendable {
  var count: Int { get }
  func name(_ index: Int) -> String
  func record(_ index: Int) throws -> Record
  /// Some steps of a sequence of numbers.
  func record(_ index: Int, steps: Range<Int>) throws -> Record
  // what is known without the content
  func label(_ index: Int) -> String?
  func transcript(_ index: Int) -> String?
  func alternatives(_ index: Int) -> [String]
  func group(_ index: Int) -> String?
  func part(_ index: Int) -> DataPart?
  func clock(_ index: Int) -> StepClock?
  func events(_ index: Int) -> [LabelledEvent]?
  func stepCount(_ index: Int) -> Int?
}

extension RecordStorage {
  func record(_ index: Int, steps: Range<Int>) throws -> Record { try record(index).part(steps) }
  func label(_ index: Int) -> String? { nil }
  func transcript(_ index: Int) -> String? { nil }
  func alternatives(_ index: Int) -> [String] { [] }
  func group(_ index: Int) -> String? { nil }
  func part(_ index: Int) -> DataPart? { nil }
  func clock(_ index: Int) -> StepClock? { nil }
  func events(_ index: Int) -> [LabelledEvent]? { nil }
  func stepCount(_ index: Int) -> Int? { nil }
}
