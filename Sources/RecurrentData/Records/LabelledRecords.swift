/// Sequences with their classes, from whatever they are kept in.
///
/// - a folder with a folder for each class, or with folders `train`, `valid` and `test` of such;
/// - a folder with a file of text for each class, an item a line; where no classes are needed, a folder of files with a
///   sequence each;
/// - a table (comma, tab or semicolon; lines of JSON): a text or the path of a file in each row, or all values of a sequence,
///   or one step of one;
/// - an archive of time series (`.ts`), or pictures of MNIST's kind (`.idx`) beside their labels.
public struct LabelledRecords: Sendable {
  /// What all of the sequences are.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Words or characters.
    case text
    /// Sound.
    case sound
    /// Pictures.
    case pictures
    /// Numbers.
    case series
  }

  /// The sequences.
  public var records: [SequenceRecord]
  /// What was found and assumed.
  public var notes: [DataNote]
  /// Whether the steps of a sequence of numbers are the rows of one picture.
  public var arePictureRows = false
  /// What the columns were taken for, where the data are a table.
  public var columns: TableColumns?

  /// Sequences that are there already.
  public init(records: [SequenceRecord], notes: [DataNote] = []) {
    self.records = records
    self.notes = notes
  }

  /// Reads data.
  ///
  /// - Parameters:
  ///   - path: a folder or a file.
  ///   - columns: of a table.
  ///   - part: what all of the data are for, whatever they say themselves.
  ///   - needsLabels: whether data without classes are refused.
  ///   - readsPixels: whether pictures of MNIST's kind are read pixel by pixel instead of row by row.
  ///   - known: what the columns of another table were taken for.
  /// - Throws: ``DataError`` or a format error.
  public init(
    path: String, columns: RecordColumns = RecordColumns(), part: DataPart? = nil, needsLabels: Bool = true,
    readsPixels: Bool = false, known: TableColumns? = nil
  ) throws {
    if DataFolder.isFolder(path) {
      try self.init(folder: path, needsLabels: needsLabels)
    } else {
      let file = try DataBytes(path: path)
      switch try LabelledRecords.form(of: file) {
      case .pictures:
        try self.init(
          pictures: path, readsPixels: readsPixels, needsLabels: needsLabels,
          mayReadPixels: columns.labelFlag == nil)
      case .archive: try self.init(archive: path)
      case .table: try self.init(table: path, columns, needsLabels: needsLabels, known: known)
      case .recording:
        guard !needsLabels else {
          throw DataError.malformed(
            path: path, place: .byte(0), expected: "a table with labels, or a folder for each class",
            found: "one recording")
        }
        self.init(records: [SequenceRecord(.file(path), origin: path)])
      }
    }
    if let part { for index in records.indices { records[index].part = part } }
    if let format = columns.format { for index in records.indices { records[index].format = format } }
    guard !records.isEmpty else { throw DataError.empty(path: path) }
  }

  // MARK: Archives

  private init(archive path: String) throws {
    let file = try TimeSeriesArchiveFile(path: path)
    let name = DataFolder.stem(path).uppercased()
    let part: DataPart? = name.hasSuffix("_TRAIN") ? .training : name.hasSuffix("_TEST") ? .test : nil
    records = file.cases.map { item in
      let (width, steps) = (item.channels.count, item.channels.first?.count ?? 0)
      var values = [Float](repeating: .nan, count: width * steps)
      for (channel, column) in item.channels.enumerated() {
        for (step, value) in column.enumerated() { values[step * width + channel] = value }
      }
      // the end of a shorter case is marked as missing
      while values.count > width, values.suffix(width).allSatisfy(\.isNaN) { values.removeLast(width) }
      return SequenceRecord(
        .series(NumericSeries(channels: (0..<width).map { "dimension \($0 + 1)" }, values: values)),
        label: item.label, part: part, origin: "\(path):\(item.line)")
    }
    notes = [DataNote(.found, "\(records.count) cases of \(file.name.isEmpty ? "an archive" : file.name)")]
  }

  private init(pictures path: String, readsPixels: Bool, needsLabels: Bool, mayReadPixels: Bool) throws {
    let images = try IDXFile(path: path)
    guard images.shape.count == 3, images.shape.allSatisfy({ $0 > 0 }) else {
      throw DataError.malformed(
        path: path, place: .byte(4), expected: "pictures [count, rows, columns]",
        found: "the shape \(images.shape)")
    }
    let labelPath = path.replacing("images-idx3", with: "labels-idx1")
    var labels: IDXFile?
    if labelPath != path, DataFolder.exists(labelPath) { labels = try IDXFile(path: labelPath) }
    guard labels != nil || !needsLabels else { throw DataError.notFound(path: labelPath) }
    if let labels, labels.shape != [images.shape[0]] {
      throw DataError.malformed(
        path: labelPath, place: .byte(4), expected: "\(images.shape[0]) labels",
        found: "the shape \(labels.shape)")
    }
    let numbers = try labels.map { try LabelledRecords.numbers($0, path: labelPath) }
    let (rows, columns) = (images.shape[1], images.shape[2])
    arePictureRows = !readsPixels
    let names = readsPixels ? ["pixel"] : (0..<columns).map { "column \($0 + 1)" }
    records = (0..<images.shape[0]).map { index in
      SequenceRecord(
        .series(NumericSeries(channels: names, values: images.row(index).map { $0 / 255 })),
        label: numbers.map { "\($0[index])" }, origin: "\(path), picture \(index + 1)")
    }
    notes = [
      DataNote(.found, "\(records.count) pictures of \(rows) x \(columns)"),
      DataNote(
        .assumed, readsPixels ? "a step is a pixel" : "a step is a row of a picture",
        flag: readsPixels || !mayReadPixels ? nil : "--pixels"),
    ]
  }

  /// Labels as whole numbers.
  private static func numbers(_ labels: IDXFile, path: String) throws(DataError) -> [Int] {
    var numbers: [Int] = []
    for index in 0..<labels.shape[0] {
      guard let value = labels.row(index).first, let number = Int(exactly: value) else {
        throw .malformed(
          path: path, place: .byte(8), expected: "whole numbers as labels",
          found: "label \(index + 1), \(labels.row(index))")
      }
      numbers.append(number)
    }
    return numbers
  }

  // MARK: Folders

  private init(folder path: String, needsLabels: Bool) throws {
    let entries = try DataFolder.entries(path)
    let folders = entries.filter(\.isFolder)
    (records, notes) = ([], [])
    let parts = folders.compactMap { entry in DataPart(word: entry.name).map { (entry, $0) } }
    if !parts.isEmpty {
      for (entry, part) in parts { records += try LabelledRecords.classes(entry.path, part: part) }
      notes.append(
        DataNote(.assumed, "the parts are the folders \(parts.map(\.0.name).joined(separator: ", "))"))
    } else if folders.count > 1 {
      records = try LabelledRecords.classes(path, part: nil)
      for (name, part) in [("testing_list.txt", DataPart.test), ("validation_list.txt", .validation)] {
        try assign(part, in: path, list: name)
      }
    } else if folders.isEmpty, !needsLabels {
      records = entries.map { SequenceRecord(.file($0.path), origin: $0.path) }
    } else {
      records = try LabelledRecords.lines(path, entries.filter { !$0.isFolder }, &notes)
    }
    guard !needsLabels || Set(records.map(\.label)).count > 1 else {
      throw DataError.malformed(
        path: path, place: .byte(0), expected: "a folder or a file of text for each of two or more classes",
        found: "\(entries.count) entries that tell fewer apart")
    }
  }

  /// Puts the files of a list, a path below the folder on each line, into a part; nothing where there is no such list.
  private mutating func assign(_ part: DataPart, in folder: String, list name: String) throws {
    let list = folder + "/" + name
    guard DataFolder.exists(list) else { return }
    let paths = Set(try DataBytes(path: list).lines().map { folder + "/" + $0.trimmingBlanks })
    var count = 0
    for index in records.indices where paths.contains(records[index].origin) {
      records[index].part = part
      count += 1
    }
    for index in records.indices where records[index].part == nil { records[index].part = .training }
    notes.append(DataNote(.found, "\(name) puts \(count) files into the \(part) part"))
  }

  /// A folder for each class, a sequence in each file.
  private static func classes(_ path: String, part: DataPart?) throws -> [SequenceRecord] {
    var records: [SequenceRecord] = []
    for folder in try DataFolder.entries(path) where folder.isFolder {
      for file in try DataFolder.entries(folder.path) where !file.isFolder {
        records.append(
          SequenceRecord(.file(file.path), label: folder.name, part: part, origin: file.path))
      }
    }
    return records
  }

  /// A file for each class, a sequence in each line.
  private static func lines(
    _ path: String, _ files: [DataFolder.Entry], _ notes: inout [DataNote]
  ) throws -> [SequenceRecord] {
    let stems = Set(files.map { DataFolder.stem($0.path) })
    let usesEndings = stems.count == 1 && files.count > 1
    var records: [SequenceRecord] = []
    for file in files {
      let label = usesEndings ? DataFolder.ending(file.path) : DataFolder.stem(file.path)
      guard case .text(let text) = try SequenceFile(path: file.path) else {
        throw DataError.malformed(
          path: file.path, place: .byte(0), expected: "a text of the class \"\(label)\", an item a line",
          found: "another kind of file; put the files of each class into a folder of their own")
      }
      // a carriage return and a line feed are one character
      let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
      for (index, line) in lines.enumerated() {
        let content = String(line).trimmingBlanks
        if !content.isEmpty {
          records.append(SequenceRecord(.text(content), label: label, origin: "\(file.path):\(index + 1)"))
        }
      }
    }
    notes.append(DataNote(.assumed, "each line of a file is an item, the name of the file its class"))
    return records
  }
}
