extension RecordingReader {
  /// Whether a source has words with tags; of one that is known to have words, whether it is no table.
  func areSentences(_ source: DataSource) throws -> Bool {
    if try source.isFolder || source.memoryName != nil || source.value() != nil { return false }
    let ending = DataFolder.ending(source.name)
    guard let known = source.format ?? DataFormat(ending: ending) else {
      if readsWords || source.isPath { return readsWords }
      let file = try DataBytes(source)
      return file.format == .text && CoNLLFile.recognizes(file)
    }
    if known == .conll { return true }
    if known.isTable { return false }
    if readsWords, known != .text || columns.word == nil { return true }
    return try known == .text && CoNLLFile.recognizes(DataBytes(source))
  }

  /// Words in columns; where no tags are needed and there are no columns, a sentence in each line with blanks between words.
  mutating func sentences(_ source: DataSource) throws -> [Recording] {
    let bytes = try DataBytes(source)
    guard needsLabels || bytes.format == .conll || CoNLLFile.recognizes(bytes, width: 1) else {
      return try RecordingReader.lines(bytes)
    }
    let file = try CoNLLFile(bytes, needsTags: needsLabels)
    if file.wordColumn > 0 {
      notes.append(
        DataNote(
          .assumed,
          "column 1 of \(bytes.path) numbers the words, column \(file.wordColumn + 1) has them"
            + (file.tagColumn.map { ", column \($0 + 1) their tags" } ?? "")))
    }
    return file.sentences.enumerated().map { index, sentence in
      Recording(
        Record(
          .words(sentence.words), stepLabels: sentence.tags.isEmpty ? nil : sentence.tags,
          stepLines: sentence.lines, origin: "\(bytes.path), sentence \(index + 1)"))
    }
  }

  private static func lines(_ file: DataBytes) throws(DataError) -> [Recording] {
    var recordings: [Recording] = []
    for (index, line) in try file.lines().enumerated() {
      let words = line.split { $0 == "\t" || $0 == " " }.map(String.init)
      if words.isEmpty { continue }
      let lines = [Int](repeating: index + 1, count: words.count)
      recordings.append(
        Recording(Record(.words(words), stepLines: lines, origin: "\(file.path):\(index + 1)")))
    }
    guard !recordings.isEmpty else { throw .empty(path: file.path) }
    return recordings
  }

  /// A word in each row; rows of one sentence have its number, or the first of them alone does.
  mutating func words(_ table: RecordTable, taken: Set<Int>, label: Int?, id: Int?) throws -> [Recording] {
    let names = ["word", "token", "form", "text"]
    let id =
      id
      ?? table.columns.indices.first {
        !taken.contains($0) && RecordingReader.numbersSentences(table.columns[$0])
      }
    // a column of tags that are not asked for has no words
    let tags = label ?? RecordColumns.first(RecordColumns.labelNames, in: table.columns)
    let free = table.columns.indices.filter { !taken.contains($0) && $0 != id && $0 != tags }
    let known = columns.word.flatMap { name in free.first { table.columns[$0] == name } }
    guard
      let word = known ?? free.first(where: { names.contains(table.columns[$0].lowercased()) }) ?? free.first
    else {
      throw DataError.malformed(
        path: table.path, place: .line(2), expected: "a column of numbers, or of words", found: "neither")
    }
    wordColumn = table.columns[word]
    notes.append(
      DataNote(
        .assumed,
        "the words are the column \"\(table.columns[word])\""
          + (id.map { ", those of one \"\(table.columns[$0])\" a sentence" } ?? ""), setting: "ignore-columns"
      ))
    var (starts, number) = ([Int](), "")
    try table.forEachRow { row, fields throws(DataError) in
      let own = id.map { fields[$0] } ?? ""
      if starts.isEmpty || !own.isEmpty && own != number {
        starts.append(row)
        number = own
      }
      if let label, fields[label].isEmpty { throw table.malformed(row, label, "a tag", "nothing") }
    }
    let own = RecordingTable(table: table, values: [], word: word, label: label)
    return starts.indices.map { index in
      let end = index + 1 < starts.count ? starts[index + 1] : table.count
      var recording = Recording(
        Record(.words([]), origin: "\(table.path):\(table.line(of: starts[index]))"))
      recording.rows = (own, starts[index]..<end)
      return recording
    }
  }

  /// Whether a column of that name numbers sentences.
  static func numbersSentences(_ name: String) -> Bool { name.lowercased().hasPrefix("sentence") }
}
