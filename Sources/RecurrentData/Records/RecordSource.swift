/// Sequences, each read when it is asked for, from whatever they are kept in: what is needed to split them is known without
/// their contents.
public struct RecordSource: Sendable {
  /// What was found and assumed.
  public var notes: [DataNote]
  /// What the columns were taken for, where the data are a table.
  public var columns: TableColumns?
  /// Whether the steps of a sequence of numbers are the rows of one picture.
  public var arePictureRows = false
  /// The column of the words, where a table has a word in each row.
  public var wordColumn: String?
  /// How dates and numbers of tables of recordings are written, where that was a question.
  public var format: TableFormat?
  private let storage: any RecordStorage

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

  /// Who or what a sequence comes from; nil where nobody says.
  public func group(_ index: Int) -> String? { storage.group(index) }

  /// The part that a sequence belongs to; nil where the data do not say.
  public func part(_ index: Int) -> DataPart? { storage.part(index) }

  /// Steps of a sequence of numbers, where they are known without its content: rows of a table, or numbers in memory; else nil.
  public func stepCount(_ index: Int) -> Int? { storage.stepCount(index) }

  /// Some of the sequences, in the order of their numbers here.
  public func selecting(_ indices: [Int]) -> RecordSource {
    replacing(SelectedRecords(base: storage, indices: indices, assigned: nil))
  }

  /// The sequences to evaluate: of data that name parts the test part, else all.
  public var evaluated: RecordSource {
    let test = (0..<count).filter { part($0) == .test }
    return test.isEmpty ? self : selecting(test)
  }

  /// The sequences with all of them in one part, whatever the data say.
  public func assigning(_ part: DataPart) -> RecordSource {
    replacing(SelectedRecords(base: storage, indices: Array(0..<count), assigned: part))
  }

  /// The pieces of the first sequence, one of numbers, by ranges of its steps.
  public func cut(_ pieces: [Range<Int>]) -> RecordSource {
    replacing(CutRecords(base: storage, pieces: pieces))
  }

  /// The sequences of several sources, one source after the other, with the notes of all and the columns of the first that has
  /// some.
  public static func joined(_ sources: [RecordSource]) -> RecordSource {
    guard sources.count != 1 else { return sources[0] }
    var all = RecordSource(JoinedRecords(sources.map(\.storage)))
    for source in sources {
      for note in source.notes where !all.notes.contains(note) { all.notes.append(note) }
      all.columns = all.columns ?? source.columns
      all.wordColumn = all.wordColumn ?? source.wordColumn
      all.format = all.format ?? source.format
    }
    all.arePictureRows = sources.last?.arePictureRows ?? false
    return all
  }

  /// The sequences with the first one kept in memory.
  func keepingFirst(_ record: Record) -> RecordSource {
    replacing(FirstRecord(record: record, base: storage))
  }

  private func replacing(_ storage: any RecordStorage) -> RecordSource {
    var copy = RecordSource(storage, notes: notes)
    (copy.columns, copy.arePictureRows, copy.wordColumn, copy.format) = (
      columns, arePictureRows, wordColumn, format
    )
    return copy
  }
}

/// What sequences are kept in.
protocol RecordStorage: Sendable {
  var count: Int { get }
  func name(_ index: Int) -> String
  func record(_ index: Int) throws -> Record
  func label(_ index: Int) -> String?
  func group(_ index: Int) -> String?
  func part(_ index: Int) -> DataPart?
  func stepCount(_ index: Int) -> Int?
  /// Some steps of a sequence of numbers.
  func record(_ index: Int, steps: Range<Int>) throws -> Record
}

extension RecordStorage {
  func stepCount(_ index: Int) -> Int? { nil }
  func record(_ index: Int, steps: Range<Int>) throws -> Record { try record(index).part(steps) }
  func label(_ index: Int) -> String? { nil }
  func group(_ index: Int) -> String? { nil }
  func part(_ index: Int) -> DataPart? { nil }
}

/// Records in memory; those of files hold no more than the path.
struct ListedRecords: RecordStorage {
  var records: [Record]

  var count: Int { records.count }
  func name(_ index: Int) -> String { records[index].origin }
  func record(_ index: Int) -> Record { records[index] }
  func label(_ index: Int) -> String? { records[index].label }
  func group(_ index: Int) -> String? { records[index].group }
  func part(_ index: Int) -> DataPart? { records[index].part }
  func stepCount(_ index: Int) -> Int? {
    if case .series(let series) = records[index].content { series.stepCount } else { nil }
  }
}

/// Records of which the first is in memory.
private struct FirstRecord: RecordStorage {
  let record: Record
  let base: any RecordStorage

  var count: Int { base.count }
  func name(_ index: Int) -> String { base.name(index) }
  func record(_ index: Int) throws -> Record { index == 0 ? record : try base.record(index) }
}

/// Some records of others, in one part where one is assigned.
private struct SelectedRecords: RecordStorage {
  let base: any RecordStorage
  let indices: [Int]
  let assigned: DataPart?

  var count: Int { indices.count }
  func name(_ index: Int) -> String { base.name(indices[index]) }
  func label(_ index: Int) -> String? { base.label(indices[index]) }
  func group(_ index: Int) -> String? { base.group(indices[index]) }
  func part(_ index: Int) -> DataPart? { assigned ?? base.part(indices[index]) }
  func stepCount(_ index: Int) -> Int? { base.stepCount(indices[index]) }
  func record(_ index: Int) throws -> Record {
    var record = try base.record(indices[index])
    record.part = assigned ?? record.part
    return record
  }
}

/// Pieces of the first of some records.
private struct CutRecords: RecordStorage {
  let base: any RecordStorage
  let pieces: [Range<Int>]

  var count: Int { pieces.count }
  func name(_ index: Int) -> String { base.name(0) }
  func label(_ index: Int) -> String? { base.label(0) }
  func group(_ index: Int) -> String? { base.group(0) }
  func stepCount(_ index: Int) -> Int? { pieces[index].count }
  func record(_ index: Int) throws -> Record { try base.record(0, steps: pieces[index]) }
}

/// Records of several storages, one after the other.
private struct JoinedRecords: RecordStorage {
  private let parts: [any RecordStorage]
  /// The number of the first record of each, and that behind the last one.
  private let starts: [Int]

  init(_ parts: [any RecordStorage]) {
    self.parts = parts
    starts = parts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
  }

  var count: Int { starts[parts.count] }

  private func place(_ index: Int) -> (storage: any RecordStorage, index: Int) {
    let place = (starts.firstIndex { $0 > index } ?? starts.count) - 1
    return (parts[place], index - starts[place])
  }

  func name(_ index: Int) -> String {
    let own = place(index)
    return own.storage.name(own.index)
  }
  func record(_ index: Int) throws -> Record {
    let own = place(index)
    return try own.storage.record(own.index)
  }
  func label(_ index: Int) -> String? {
    let own = place(index)
    return own.storage.label(own.index)
  }
  func group(_ index: Int) -> String? {
    let own = place(index)
    return own.storage.group(own.index)
  }
  func part(_ index: Int) -> DataPart? {
    let own = place(index)
    return own.storage.part(own.index)
  }
  func stepCount(_ index: Int) -> Int? {
    let own = place(index)
    return own.storage.stepCount(own.index)
  }
}
