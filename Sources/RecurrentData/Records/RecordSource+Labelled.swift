extension RecordSource {
  /// Reads sequences with a label each.
  ///
  /// - a folder with a folder for each class, or with folders `train`, `valid` and `test` of such;
  /// - a folder with a file of text for each class, an item a line; files of InkML with their classes; where no classes are
  ///   needed, a folder of files with a sequence each;
  /// - a table (comma, tab or semicolon; lines of JSON): a text, strokes of a pen or the path of a file in each row, or all values of
  ///   a sequence, or one step of one;
  /// - a record of signals (WFDB, EDF), or a folder of such, whose annotations or remarks are classes;
  /// - sequences of letters (FASTA, FASTQ, GenBank, EMBL) with `class=` in their heads, or a folder with such a file for each class;
  /// - an archive of time series (`.ts`), or pictures of MNIST's kind (`.idx`) beside their labels;
  /// - records in memory, with their labels;
  /// - where no classes are needed, one sequence.
  ///
  /// - Parameters:
  ///   - source: a folder, a file, bytes or a value of JSON.
  ///   - columns: of a table.
  ///   - part: what all of the data are for, whatever they say themselves.
  ///   - needsLabels: whether data without labels are refused.
  ///   - readsPixels: whether pictures of MNIST's kind are read pixel by pixel instead of row by row.
  ///   - known: what the columns of another table were taken for.
  /// - Throws: ``DataError`` or a format error. What is wrong with the content of a sequence is said when it is read.
  public init(
    _ source: DataSource, columns asked: RecordColumns = RecordColumns(), part: DataPart? = nil,
    needsLabels: Bool = true, readsPixels: Bool = false, known: TableColumns? = nil
  ) throws {
    let source = source.resolved
    switch try Form(of: source) {
    case .signals(let files): self = try RecordSource.signals(files, asked, needsLabels: needsLabels)
    case .folder: self = try RecordSource.folder(source.name, needsLabels: needsLabels, asked)
    case .sequences(let file): self = try RecordSource.sequences(file, asked, needsLabels: needsLabels)
    case .pictures(let file):
      self = try PictureRecords.source(file, readsPixels: readsPixels, needsLabels: needsLabels)
      if asked.labelKind == .number { for index in notes.indices { notes[index].setting = nil } }
    case .archive(let file): self = try RecordSource.archive(file)
    case .records(let records):
      if needsLabels, let record = records.first(where: { $0.label == nil }) {
        throw DataError.malformed(
          path: record.origin, place: .record, expected: "a label in every record", found: "none")
      }
      self.init(records, notes: [DataNote(.found, "\(records.count) sequences in \(source.name)")])
    case .table:
      var table = try RecordTable(source, format: asked.format, known: known?.format ?? asked.knownFormat)
      let asked = known?.applied(to: asked, in: table.columns) ?? asked
      var roles = try TableRoles(&table, asked, needsLabels: needsLabels)
      let records = try TableRecords(table, &roles, leavesOutConstants: known == nil)
      let what =
        roles.id == nil ? "\(records.count) sequences" : "\(table.count) steps of \(records.count) sequences"
      self.init(
        records, notes: [DataNote(.found, "\(what) in \(source.name)")] + roles.notes(table) + table.notes)
      columns = TableColumns(table, roles, ignored: asked.ignored)
      columnRoles = try roles.listed(table, ignored: asked.ignored)
    case .sequence:
      guard !needsLabels else {
        throw DataError.malformed(
          path: source.name, place: .byte(0), expected: "a table with labels, or a folder for each class",
          found: "one sequence")
      }
      self.init([Record(.file(source), format: asked.format, origin: source.name)])
    }
    guard count > 0 else { throw DataError.empty(path: source.name) }
    if let part { self = assigning(part) }
  }

  /// The forms that labelled data may have.
  private enum Form {
    case folder, table, sequence
    case signals([DataSource])
    case pictures(DataBytes), archive(DataBytes), sequences(DataBytes), records([Record])

    init(of source: DataSource) throws {
      switch source.storage {
      case .value(.text): self = .sequence
      case .value(.list(let rows)):
        self = rows.contains { if case .object = $0 { true } else { false } } ? .table : .sequence
      case .value, .columns: self = .table
      case .records(let records): self = .records(records)
      case .path where source.isFolder: self = try source.signalFiles.map { .signals($0) } ?? .folder
      case .path, .bytes:
        let file = try DataBytes(source)
        self =
          switch file.format {
          case .idx: .pictures(file)
          case .ts: .archive(file)
          case .wfdb, .edf: .signals([source])
          case let format where format.hasSequences: .sequences(file)
          case let format where format.isRecording || file.isText: .sequence
          default: .table
          }
      }
    }
  }

  private static func archive(_ source: DataBytes) throws -> RecordSource {
    let file = try TimeSeriesArchiveFile(source)
    let name = DataFolder.stem(source.path).uppercased()
    let part: DataPart? = name.hasSuffix("_TRAIN") ? .training : name.hasSuffix("_TEST") ? .test : nil
    // of an archive of a pen the dimensions are its places
    let isPen = file.name.lowercased().hasPrefix("pen") && file.cases.first?.channels.count == 2
    let records = file.cases.map { item in
      let (width, steps) = (item.channels.count, item.channels.first?.count ?? 0)
      var values = [Float](repeating: .nan, count: width * steps)
      for (channel, column) in item.channels.enumerated() {
        for (step, value) in column.enumerated() { values[step * width + channel] = value }
      }
      // the end of a shorter case is marked as missing
      while values.count > width, values.suffix(width).allSatisfy(\.isNaN) { values.removeLast(width) }
      return Record(
        .series(
          NumericSeries(
            channels: isPen ? ["pen x", "pen y"] : (0..<width).map { "dimension \($0 + 1)" }, values: values)),
        label: item.label, part: part, origin: "\(source.path):\(item.line)")
    }
    return RecordSource(
      records,
      notes: [DataNote(.found, "\(records.count) cases of \(file.name.isEmpty ? "an archive" : file.name)")])
  }

  // MARK: Folders

  private static func folder(
    _ path: String, needsLabels: Bool, _ asked: RecordColumns
  ) throws -> RecordSource {
    let entries = try DataFolder.entries(path)
    let folders = entries.filter(\.isFolder)
    var (records, notes) = ([Record](), [DataNote]())
    let parts = folders.compactMap { entry in DataPart(word: entry.name).map { (entry, $0) } }
    if !parts.isEmpty {
      for (entry, part) in parts {
        let own = try DataFolder.entries(entry.path)
        let isInk = needsLabels && areInk(own) && !own.contains(where: \.isFolder)
        records += isInk ? try ink(own, part: part) : try classes(entry.path, part: part)
      }
      notes.append(
        DataNote(.assumed, "the parts are the folders \(parts.map(\.0.name).joined(separator: ", "))"))
    } else if folders.count > 1 {
      records = try classes(path, part: nil)
      for (name, part) in [("testing_list.txt", DataPart.test), ("validation_list.txt", .validation)] {
        try assign(part, in: path, list: name, &records, &notes)
      }
    } else if folders.isEmpty, needsLabels, areInk(entries) {
      records = try ink(entries, part: nil)
      notes.append(DataNote(.assumed, "each file has one sequence, its annotation is the class"))
    } else if folders.isEmpty, !needsLabels {
      records = entries.map { Record(.file(DataSource($0.path)), origin: $0.path) }
    } else if folders.isEmpty, let sequences = try RecordSource.sequences(entries, asked) {
      return sequences
    } else {
      let lines = try LineRecords(entries.filter { !$0.isFolder })
      try check(lines.labels, needsLabels, path, entries)
      return RecordSource(
        lines, notes: [DataNote(.assumed, "each line of a file is an item, the name of the file its class")])
    }
    try check(records.map(\.label), needsLabels, path, entries)
    for index in records.indices { records[index].format = asked.format }
    return RecordSource(records, notes: notes)
  }

  private static func check(
    _ labels: [String?], _ needsLabels: Bool, _ path: String, _ entries: [DataFolder.Entry]
  ) throws(DataError) {
    guard !needsLabels || Set(labels).count > 1 else {
      throw .malformed(
        path: path, place: .byte(0), expected: "a folder or a file of text for each of two or more classes",
        found: "\(entries.count) entries that tell fewer apart")
    }
  }

  /// Puts the files of a list, a path below the folder on each line, into a part; nothing where there is no such list.
  private static func assign(
    _ part: DataPart, in folder: String, list name: String, _ records: inout [Record],
    _ notes: inout [DataNote]
  ) throws {
    let list = folder + "/" + name
    guard DataFolder.exists(list) else { return }
    let paths = Set(try DataBytes(DataSource(list)).lines().map { folder + "/" + $0.trimmingBlanks })
    var count = 0
    for index in records.indices where paths.contains(records[index].origin) {
      records[index].part = part
      count += 1
    }
    for index in records.indices where records[index].part == nil { records[index].part = .training }
    notes.append(DataNote(.found, "\(name) puts \(count) files into the \(part) part"))
  }

  /// A folder for each class, a sequence in each file.
  private static func classes(_ path: String, part: DataPart?) throws -> [Record] {
    var records: [Record] = []
    for folder in try DataFolder.entries(path) where folder.isFolder {
      let files = try DataFolder.entries(folder.path).filter { !$0.isFolder }.map(\.path)
      for file in try DataSource.sequences(files) {
        records.append(Record(.file(DataSource(file)), label: folder.name, part: part, origin: file))
      }
    }
    return records
  }
}
