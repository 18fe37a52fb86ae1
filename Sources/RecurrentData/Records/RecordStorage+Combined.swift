/// Records in memory; those of files hold no more than the path.
struct ListedRecords: RecordStorage {
  var records: [Record]

  var count: Int { records.count }
  func name(_ index: Int) -> String { records[index].origin }
  func record(_ index: Int) -> Record { records[index] }
  func label(_ index: Int) -> String? { records[index].label }
  func transcript(_ index: Int) -> String? { records[index].transcript }
  func alternatives(_ index: Int) -> [String] { records[index].alternatives }
  func group(_ index: Int) -> String? { records[index].group }
  func part(_ index: Int) -> DataPart? { records[index].part }
  func clock(_ index: Int) -> StepClock? { records[index].clock }
  func events(_ index: Int) -> [LabelledEvent]? { records[index].events }
  func stepCount(_ index: Int) -> Int? {
    if case .series(let series) = records[index].content { series.stepCount } else { nil }
  }
}

/// Records of several storages.
struct CombinedRecords: RecordStorage {
  private let parts: [any RecordStorage]
  /// The number of the first record of each storage, and that behind the last one.
  private let starts: [Int]
  /// Some of these in another order; nil for all.
  var indices: [Int]?
  /// The part that all of them are in, whatever they say.
  var assigned: DataPart?

  init(_ parts: [any RecordStorage]) {
    self.parts = parts
    starts = parts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
  }

  /// What a storage says about one of its records.
  private func ask<Answer>(
    _ index: Int, _ body: (_ storage: any RecordStorage, _ index: Int) throws -> Answer
  ) rethrows -> Answer {
    let index = indices?[index] ?? index
    let place = (starts.firstIndex { $0 > index } ?? starts.count) - 1
    return try body(parts[place], index - starts[place])
  }

  var count: Int { indices?.count ?? starts[parts.count] }
  func name(_ index: Int) -> String { ask(index) { $0.name($1) } }
  func label(_ index: Int) -> String? { ask(index) { $0.label($1) } }
  func transcript(_ index: Int) -> String? { ask(index) { $0.transcript($1) } }
  func alternatives(_ index: Int) -> [String] { ask(index) { $0.alternatives($1) } }
  func group(_ index: Int) -> String? { ask(index) { $0.group($1) } }
  func part(_ index: Int) -> DataPart? { assigned ?? ask(index) { $0.part($1) } }
  func clock(_ index: Int) -> StepClock? { ask(index) { $0.clock($1) } }
  func events(_ index: Int) -> [LabelledEvent]? { ask(index) { $0.events($1) } }
  func stepCount(_ index: Int) -> Int? { ask(index) { $0.stepCount($1) } }

  func record(_ index: Int) throws -> Record { assign(try ask(index) { try $0.record($1) }) }

  func record(_ index: Int, steps: Range<Int>) throws -> Record {
    assign(try ask(index) { try $0.record($1, steps: steps) })
  }

  private func assign(_ record: Record) -> Record {
    var record = record
    record.part = assigned ?? record.part
    return record
  }
}

/// Pieces of some records of numbers or of nucleotide sequences.
struct CutRecords: RecordStorage {
  let base: any RecordStorage
  let pieces: [(record: Int, steps: Range<Int>)]

  var count: Int { pieces.count }
  func name(_ index: Int) -> String { base.name(pieces[index].record) }
  func label(_ index: Int) -> String? { base.label(pieces[index].record) }
  func group(_ index: Int) -> String? { base.group(pieces[index].record) }
  func clock(_ index: Int) -> StepClock? { head(index).clock }
  func events(_ index: Int) -> [LabelledEvent]? { head(index).events }
  func stepCount(_ index: Int) -> Int? { pieces[index].steps.count }
  func record(_ index: Int) throws -> Record {
    try base.record(pieces[index].record, steps: pieces[index].steps)
  }
  func record(_ index: Int, steps: Range<Int>) throws -> Record {
    let (record, piece) = pieces[index]
    let own = piece.lowerBound + steps.lowerBound..<piece.lowerBound + steps.upperBound
    return try base.record(record, steps: own)
  }

  /// A piece without its content.
  private func head(_ index: Int) -> Record {
    let (record, steps) = pieces[index]
    return Record(.words([]), clock: base.clock(record), events: base.events(record), origin: "")
      .timed(as: steps, of: base.stepCount(record) ?? .max)
  }
}
