extension TaggedRecordings {
  /// Whether a file has words with tags; of one that is known to have words, whether it is no table.
  static func areSentences(_ path: String, _ columns: Columns, readsWords: Bool) throws -> Bool {
    let ending = DataFolder.ending(path)
    if CoNLLFile.endings.contains(ending) { return true }
    if ["csv", "tsv", "jsonl"].contains(ending) { return false }
    if readsWords, ending != "txt" || columns.word == nil { return true }
    return try ending == "txt" && CoNLLFile.recognizes(DataBytes(path: path))
  }

  /// Words in columns; where no tags are needed and there are no columns, a sentence in each line with blanks between words.
  mutating func sentences(_ path: String, needsTags: Bool) throws -> [TaggedRecording] {
    let bytes = try DataBytes(path: path)
    guard
      needsTags || CoNLLFile.endings.contains(DataFolder.ending(path))
        || CoNLLFile.recognizes(bytes, width: 1)
    else { return try TaggedRecordings.lines(bytes) }
    let file = try CoNLLFile(bytes, needsTags: needsTags)
    if file.wordColumn > 0 {
      notes.append(
        DataNote(
          .assumed,
          "column 1 of \(path) numbers the words, column \(file.wordColumn + 1) has them"
            + (file.tagColumn.map { ", column \($0 + 1) their tags" } ?? "")))
    }
    return file.sentences.enumerated().map { index, sentence in
      TaggedRecording(
        record: SequenceRecord(
          .words(sentence.words), stepLabels: sentence.tags.isEmpty ? nil : sentence.tags,
          stepLines: sentence.lines, origin: "\(path), sentence \(index + 1)"))
    }
  }

  private static func lines(_ file: DataBytes) throws(DataError) -> [TaggedRecording] {
    var recordings: [TaggedRecording] = []
    for (index, line) in try file.lines().enumerated() {
      let words = line.split { $0 == "\t" || $0 == " " }.map(String.init)
      if words.isEmpty { continue }
      let lines = [Int](repeating: index + 1, count: words.count)
      recordings.append(
        TaggedRecording(
          record: SequenceRecord(.words(words), stepLines: lines, origin: "\(file.path):\(index + 1)")))
    }
    guard !recordings.isEmpty else { throw .empty(path: file.path) }
    return recordings
  }

  /// A word in each row; rows of one sentence have its number, or the first of them alone does.
  mutating func words(
    _ table: RecordTable, _ columns: Columns, taken: Set<Int>, label: Int?, id: Int?
  ) throws -> [TaggedRecording] {
    let names = ["word", "token", "form", "text"]
    let id =
      id
      ?? table.columns.indices.first {
        !taken.contains($0) && TaggedRecordings.numbersSentences(table.columns[$0])
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
          + (id.map { ", those of one \"\(table.columns[$0])\" a sentence" } ?? ""), flag: "--ignore-columns")
    )
    var sentences: [(id: String, words: [String], tags: [String], lines: [Int])] = []
    for row in 0..<table.count {
      let fields = try table.row(row)
      let number = id.map { fields[$0] } ?? ""
      if sentences.isEmpty || !number.isEmpty && number != sentences[sentences.count - 1].id {
        sentences.append((number, [], [], []))
      }
      sentences[sentences.count - 1].words.append(fields[word])
      sentences[sentences.count - 1].lines.append(table.line(of: row))
      guard let label else { continue }
      guard !fields[label].isEmpty else {
        throw DataError.malformed(
          path: table.path, place: .field(line: table.line(of: row), column: table.columns[label]),
          expected: "a tag", found: "nothing")
      }
      sentences[sentences.count - 1].tags.append(fields[label])
    }
    return sentences.map { one in
      TaggedRecording(
        record: SequenceRecord(
          .words(one.words), stepLabels: one.tags.isEmpty ? nil : one.tags, stepLines: one.lines,
          origin: "\(table.path):\(one.lines[0])"))
    }
  }

  /// Whether a column of that name numbers sentences.
  static func numbersSentences(_ name: String) -> Bool { name.lowercased().hasPrefix("sentence") }
}
