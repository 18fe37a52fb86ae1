extension ParallelCorpus {
  /// Reads sentences with their translations:
  ///
  /// - two texts or more, whose lines belong together: the first has the sentences, all others translations of them;
  /// - tables (comma, tab or semicolon, with or without a header; lines of JSON, also with lists of references) with a pair in
  ///   each row, one after the other;
  /// - TMX, with the languages by their beginning (`en` for `en-GB`);
  /// - the common beginning of texts that are named by their languages, `train` for `train.en` and `train.de`, or a folder with such
  ///   texts, whose names also say what is for training and validation;
  /// - where no translations are needed, also a text alone, of which each line is a sentence.
  ///
  /// What gzip has compressed is decompressed. Carriage returns before line ends are left out, nothing else is changed. Pairs that
  /// are empty on a side are kept and counted by ``gaps``.
  ///
  /// - Parameters:
  ///   - sources: files, bytes or values of JSON.
  ///   - sides: which columns or languages are read; nil where the data are to tell.
  ///   - needsTargets: whether sentences without translations are refused.
  /// - Throws: ``DataError`` or a format error: for texts with different numbers of lines, rows with different numbers of
  ///   fields, the character NUL, text that is not UTF-8, entities that are not those of XML.
  public init(
    reading sources: [DataSource], sides: ParallelSides = ParallelSides(), needsTargets: Bool = true
  ) throws {
    self.init()
    (sourceLanguage, targetLanguage) = (sides.sourceLanguage, sides.targetLanguage)
    guard let first = sources.first else { throw DataError.noText }
    let kinds = try sources.map { try Kind($0, sides) }
    if kinds.allSatisfy({ $0 == .lines }) {
      guard sources.count > 1 || !needsTargets else {
        throw DataError.malformed(
          path: first.name, place: .line(1),
          expected:
            "a table with sentences and translations, or a second text with the translations, line by line",
          found: "one text alone")
      }
      try append(lines: first, Array(sources.dropFirst()))
    } else {
      for (source, kind) in zip(sources, kinds) {
        switch kind {
        case .lines:
          throw DataError.malformed(
            path: source.name, place: .line(1), expected: "a table, TMX or a folder, as other sources are",
            found: "text")
        case .table: try append(table: source, sides, needsTargets: needsTargets)
        case .memory:
          beginSection(source.name)
          var file = try TranslationMemoryFile(DataBytes(source), sides: sides)
          try file.read(into: &self)
        case .stems: try append(stems: source, sides)
        }
      }
    }
    guard count > 0 else { throw DataError.empty(path: first.name) }
    notes.insert(DataNote(.found, "\(count) pairs in \(sources.map(\.name).joined(separator: ", "))"), at: 0)
  }

  /// How a source is read.
  private enum Kind {
    case lines, table, memory, stems

    init(_ source: DataSource, _ sides: ParallelSides) throws {
      if try source.isFolder || source.isPath && ParallelStem.stem(source.name) != nil {
        self = .stems
        return
      }
      switch source.storage {
      case .value(.text): self = .lines
      case .value, .columns, .records: self = .table
      case .path, .bytes:
        // endings of languages, such as ts, say nothing about the format
        let ending = DataFormat(ending: DataFolder.ending(source.name))
        let file = try DataBytes(source)
        if source.format == .tmx || file.withBytes(TranslationMemoryFile.recognizes) {
          self = .memory
        } else if let format = source.format ?? (ending?.isTable ?? false ? ending : nil) {
          self = format.isTable ? .table : .lines
        } else {
          self = sides.sourceColumn != nil || !sides.targetColumns.isEmpty || file.hasTabs ? .table : .lines
        }
      }
    }
  }

  /// Adds all texts of a folder that are named by their languages, or those of a stem.
  private mutating func append(stems source: DataSource, _ sides: ParallelSides) throws {
    let stems =
      try source.isFolder
      ? ParallelStem.stems(in: source.name) : [ParallelStem.stem(source.name)].compactMap { $0 }
    guard !stems.isEmpty else {
      throw DataError.malformed(
        path: source.name, place: .byte(0),
        expected: "texts that are named by their languages, such as train.en and train.de",
        found: "none")
    }
    for stem in stems {
      let pair = try stem.pair(sides)
      try append(
        lines: DataSource(pair.source.path), [DataSource(pair.target.path)],
        part: source.isFolder ? stem.part : nil)
      (sourceLanguage, targetLanguage) = (pair.source.language, pair.target.language)
    }
  }
}

extension DataBytes {
  /// Whether the first lines all have as many tabs, at least one.
  fileprivate var hasTabs: Bool {
    var (cursor, counts) = (LineCursor(self), Set<Int>())
    for _ in 0..<20 {
      let isLine = cursor.next { line in if !line.isEmpty { counts.insert(line.count { $0 == 0x09 }) } }
      if !isLine { break }
    }
    return counts.count == 1 && counts.first != 0
  }
}
