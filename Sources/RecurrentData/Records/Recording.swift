/// What is known about a recording before it is read.
struct Recording: Sendable {
  /// The record; without its content where that are rows of a table.
  var record: Record
  /// The rows with its content.
  var rows: (table: RecordingTable, range: Range<Int>)?
  /// The signals with its content, where it is a file of those.
  var signals: SignalRecording?
  /// The sequence with its content.
  var sequence: RecordingSequence?
  /// Steps that the clock counts: rows, frames, samples; nil where they are not known.
  var stepCount: Int?
  /// Numbers that the steps have beside their times, by which events count.
  var numbers: StepClock?
  /// Whether its steps are samples of sound.
  var isSound = false

  /// A file that is no table.
  ///
  /// - Parameters:
  ///   - source: the file.
  ///   - reads: whether its clock and length are needed before its features are.
  ///   - format: how its numbers are written; nil where its rows are to tell.
  init(_ source: DataSource, reads: Bool, format: TableFormat?) throws {
    record = Record(.file(source), format: format, origin: source.name)
    let ending = DataFormat(ending: DataFolder.ending(source.name))
    let isOther = ending == .audio || ending == .video || source.isFolder
    let file = isOther ? nil : try DataBytes(source)
    let kind = source.format ?? file?.format ?? ending
    guard reads || kind == .gif || kind == .video else { return }
    if let file, kind == .gif {
      setPictures(try GIFFile.durations(of: file))
    } else if let file, let kind, SoundFile.reads(kind) {
      setSound(try SoundFile.length(of: file))
    } else {
      set(try record.read())
    }
  }

  /// A record in memory, with what happens in it.
  ///
  /// - Throws: ``DataError`` where labels are needed and there are none, or for an event outside; a format error.
  init(_ record: Record, needsLabels: Bool) throws {
    guard !needsLabels || record.events != nil || record.stepLabels != nil else {
      throw DataError.malformed(
        path: record.origin, place: .record, expected: "labels of steps or events in every record",
        found: "none")
    }
    if case .file(let source) = record.content {
      try self.init(source, reads: record.events != nil, format: record.format)
    } else {
      self.init(record)
      set(record.content)
    }
    let found = self.record.clock
    self.record = record
    self.record.clock = record.clock ?? found
    self.record.events = record.events?.sorted { $0.start < $1.start }
    let (clock, end) = (self.record.clock ?? StepClock(rate: 1), Double(stepCount ?? .max))
    for event in record.events ?? [] where !(-0.5...end).contains(clock.place(of: event.start)) {
      throw DataError.malformed(
        path: record.origin, place: .record,
        expected: "events from \(clock.text(clock.start)) to \(clock.text(clock.time(at: end - 1)))",
        found: "\(event.label) at \(clock.text(event.start))")
    }
  }

  /// Finds clock and length in the content.
  private mutating func set(_ content: Record.Content) {
    switch content {
    case .pictures(let pictures): setPictures(pictures.durations)
    case .sound(let sound): setSound(SoundLength(count: sound.count, rate: sound.rate))
    case .series(let series):
      stepCount = series.stepCount
      if let times = series.times { record.clock = StepClock(times: times, unit: .seconds) }
    case .text, .words, .strokes, .file: break
    }
  }

  /// A recording that was read, or the head of one.
  init(_ record: Record) { self.record = record }

  private mutating func setSound(_ sound: SoundLength) {
    (record.clock, stepCount, isSound) = (StepClock(rate: sound.rate), sound.count, true)
  }

  private mutating func setPictures(_ durations: [Double]) {
    record.clock = FrameSequence.clock(of: durations).clock
    stepCount = durations.count
  }
}

/// Recordings, whose contents are read when they are asked for.
struct RecordingRecords: RecordStorage {
  var recordings: [Recording]

  var count: Int { recordings.count }
  func name(_ index: Int) -> String { recordings[index].record.origin }
  func part(_ index: Int) -> DataPart? { recordings[index].record.part }
  func clock(_ index: Int) -> StepClock? { recordings[index].record.clock }
  func events(_ index: Int) -> [LabelledEvent]? { recordings[index].record.events }

  func stepCount(_ index: Int) -> Int? {
    let own = recordings[index]
    if let sequence = own.sequence { return sequence.entry.count }
    if let rows = own.rows { return rows.table.word == nil ? rows.range.count : nil }
    if let signals = own.signals { return signals.stepCount }
    if case .series(let series) = own.record.content { return series.stepCount }
    return nil
  }

  func record(_ index: Int) throws -> Record {
    let own = recordings[index]
    if let signals = own.signals { return try own.record(signals, steps: 0..<signals.stepCount) }
    if let sequence = own.sequence { return sequence.record(own.record) }
    return try own.rows.map { try $0.table.record(own.record, rows: $0.range) } ?? own.record
  }

  func record(_ index: Int, steps: Range<Int>) throws -> Record {
    let own = recordings[index]
    if let signals = own.signals {
      return try own.record(signals, steps: steps).timed(as: steps, of: signals.stepCount)
    }
    if let sequence = own.sequence { return sequence.record(own.record, steps) }
    guard let (table, rows) = own.rows else { return own.record.part(steps) }
    let range = rows.lowerBound + steps.lowerBound..<rows.lowerBound + steps.upperBound
    return try table.record(own.record, rows: range).timed(as: steps, of: rows.count)
  }
}

extension Recording {
  /// The record with some steps of its signals.
  func record(_ signals: SignalRecording, steps: Range<Int>) throws -> Record {
    var copy = record
    copy.content = .series(try signals.series(steps))
    return copy
  }
}

/// The columns of a table with a step, or a word, in each row.
struct RecordingTable: Sendable {
  let table: RecordTable
  /// The channels of a step; empty for words.
  let values: [Int]
  /// The words.
  var word: Int?
  /// The labels of the steps; nil for none.
  let label: Int?

  /// A recording with its content.
  func record(_ head: Record, rows: Range<Int>) throws(DataError) -> Record {
    var (numbers, words, labels) = ([Float](), [String](), [String]())
    for row in rows {
      let fields = try table.row(row)
      try table.append(fields, values, row: row, to: &numbers)
      if let word { words.append(fields[word]) }
      if let label { labels.append(fields[label]) }
    }
    var record = head
    record.content =
      word == nil
      ? .series(NumericSeries(channels: values.map { table.columns[$0] }, values: numbers)) : .words(words)
    if label != nil { record.stepLabels = labels }
    if label != nil || word != nil { record.stepLines = rows.map { table.line(of: $0) } }
    return record
  }
}
