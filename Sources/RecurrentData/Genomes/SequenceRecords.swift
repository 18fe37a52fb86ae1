/// The sequences of a file as texts, with what their heads say about them.
struct SequenceRecords: RecordStorage {
  private let file: SequenceFile
  /// The class of all of them; nil where their heads are to tell.
  private let fileLabel: String?
  /// The keys of the class, the group and the part in the heads; nil where these have none.
  private let label, group, part: String?
  /// What was found and assumed.
  private(set) var notes: [DataNote]

  /// - Parameters:
  ///   - file: the sequences.
  ///   - asked: keys that are asked for, as columns of a table are.
  ///   - label: the class of all of them; nil where their heads are to tell.
  ///   - needsLabels: whether sequences without a class are refused.
  /// - Throws: ``DataError``.
  init(_ file: SequenceFile, _ asked: RecordColumns, label fileLabel: String? = nil, needsLabels: Bool)
    throws(DataError)
  {
    (self.file, self.fileLabel) = (file, fileLabel)
    let first = try file.entry(0).attributes
    func key(_ asked: String?, _ usual: [String]) -> String? {
      asked?.lowercased() ?? usual.first { first[$0] != nil }
    }
    label = fileLabel == nil ? key(asked.label, RecordColumns.labelNames) : nil
    group = key(asked.group, ["group"])
    part = key(asked.split, RecordColumns.splitNames)
    notes = [DataNote(.found, "\(file.count) sequences in \(file.bytes.path)")] + file.notes
    let kind = asked.labelKind ?? .category
    if let label, asked.label == nil {
      notes.append(
        DataNote(.assumed, "\(kind.name) is \(label)= in the head of a sequence", setting: kind.setting))
    }
    guard needsLabels, fileLabel == nil else { return }
    guard let label else {
      throw .malformed(
        path: file.bytes.path, place: .line(try file.entry(0).line),
        expected:
          "\(kind.name) in the head of each sequence, such as class=coding; or a table with a column of sequences, or a folder "
          + "with a file for each class", found: "none")
    }
    for number in 0..<file.count {
      let entry = try file.entry(number)
      guard entry.attributes[label] == nil else { continue }
      throw .malformed(
        path: file.bytes.path, place: .line(entry.line), expected: "\(label)= in the head of each sequence",
        found: "none for \"\(entry.name)\"")
    }
  }

  var count: Int { file.count }

  /// The head of a sequence, which was read before.
  private func entry(_ index: Int) -> SequenceEntry? { try? file.entry(index) }

  private func attribute(_ key: String?, _ index: Int) -> String? {
    key.flatMap { entry(index)?.attributes[$0] }
  }

  func name(_ index: Int) -> String { entry(index).map(file.place) ?? file.bytes.path }
  func label(_ index: Int) -> String? { fileLabel ?? attribute(label, index) }
  func group(_ index: Int) -> String? { attribute(group, index) }
  func part(_ index: Int) -> DataPart? { attribute(part, index).flatMap { DataPart(word: $0) } }

  func record(_ index: Int) throws -> Record {
    let entry = try file.entry(index)
    return Record(
      .text(file.text(entry)), label: label(index), group: group(index), part: part(index),
      origin: file.place(entry))
  }
}

extension RecordSource {
  /// Sequences of a file, each with a class in its head.
  ///
  /// - Throws: ``DataError``.
  static func sequences(
    _ file: DataBytes, _ asked: RecordColumns, needsLabels: Bool
  ) throws(DataError) -> RecordSource {
    let records = try SequenceRecords(SequenceFile(file), asked, needsLabels: needsLabels)
    var source = RecordSource(records, notes: records.notes)
    source.areSequences = true
    return source
  }

  /// Sequences of a file for each class, which is its name; nil where there are other files.
  ///
  /// - Throws: ``DataError`` or a format error.
  static func sequences(
    _ entries: [DataFolder.Entry], _ asked: RecordColumns
  ) throws -> RecordSource? {
    guard !entries.isEmpty,
      entries.allSatisfy({ DataFormat(ending: DataFolder.ending($0.path))?.hasSequences ?? false })
    else { return nil }
    let all = try entries.map { entry in
      let records = try SequenceRecords(
        SequenceFile(DataBytes(DataSource(entry.path))), asked, label: DataFolder.stem(entry.path),
        needsLabels: true)
      return RecordSource(records, notes: records.notes)
    }
    var joined = RecordSource.joined(all)
    joined.areSequences = true
    joined.notes.append(DataNote(.assumed, "the class of a sequence is the name of its file"))
    return joined
  }
}
