import RecurrentFormats

/// How recordings and their transcripts are laid out.
public enum TranscriptLayout: String, Sendable, Codable, CaseIterable {
  /// A table with the file and the transcript of a recording in each row: comma, tab or semicolon, or lines of JSON.
  case table
  /// A table of DeepSpeech: `wav_filename, wav_filesize, transcript`.
  case deepSpeech
  /// Tables of Common Voice beside a folder `clips`.
  case commonVoice
  /// `metadata.csv` of LJSpeech beside a folder `wavs`.
  case ljSpeech
  /// Folders by speaker and chapter, as LibriSpeech has them, with `*.trans.txt` beside the sound.
  case libriSpeech
  /// A data folder of Kaldi.
  case kaldi
  /// Files `.align` of the GRID corpus beside or near their clips.
  case alignments
  /// Lines of JSON with strokes of a pen.
  case strokeLines
  /// Files of InkML.
  case inkML

  /// What messages call it.
  public var name: String {
    switch self {
    case .table: "a table of transcripts"
    case .deepSpeech: "a table of DeepSpeech"
    case .commonVoice: "Common Voice"
    case .ljSpeech: "LJSpeech"
    case .libriSpeech: "LibriSpeech"
    case .kaldi: "a data folder of Kaldi"
    case .alignments: "alignments of GRID"
    case .strokeLines: "lines of JSON with strokes"
    case .inkML: "InkML"
    }
  }

  /// Finds the layout of a source by its content.
  ///
  /// - Throws: ``DataError`` where it is none of these, or a format error.
  public init(recognizing source: DataSource) throws {
    if source.isFolder {
      self = try TranscriptLayout.layout(ofFolder: source.name)
      return
    }
    switch source.storage {
    case .value, .columns:
      self = try source.objects?.first.map(StrokeSequence.recognizes) ?? false ? .strokeLines : .table
      return
    case .records:
      self = .table
      return
    case .path, .bytes: break
    }
    if source.name.hasSuffix(".trans.txt") {
      self = .libriSpeech
      return
    }
    if DataFolder.ending(source.name) == "align" {
      self = .alignments
      return
    }
    let file = try DataBytes(source)
    switch file.format {
    case .inkml: self = .inkML
    case .jsonl, .csv, .tsv, .json, .text:
      if file.beginsWithBrace {
        let first = try JSONLinesFile(file).object(0)
        self = StrokeSequence.recognizes(first) ? .strokeLines : .table
      } else if LJSpeechLine.recognizes(file) {
        self = .ljSpeech
      } else {
        let table = try TranscriptColumns.table(source)
        guard let columns = try TranscriptColumns.Places(table, TranscriptColumns()) else {
          throw TranscriptColumns.unknown(table)
        }
        self = columns.layout(table)
      }
    case let format:
      throw DataError.malformed(
        path: source.name, place: .byte(0),
        expected: "transcripts: a table with a file and a transcript in each row, or a folder",
        found: "\(format)")
    }
  }

  /// Tables of a folder, and what else may be read in it.
  private static func layout(ofFolder path: String) throws -> TranscriptLayout {
    let entries = try DataFolder.entries(path)
    let names = Set(entries.map(\.name))
    if names.contains("text"), names.contains("wav.scp") { return .kaldi }
    if entries.contains(where: { $0.isFolder && DataFolder.exists($0.path + "/wav.scp") }) { return .kaldi }
    if names.contains("metadata.csv"), let file = try? DataBytes(DataSource(path + "/metadata.csv")),
      LJSpeechLine.recognizes(file)
    {
      return .ljSpeech
    }
    if let table = try TranscriptListing.tables(in: path).first { return table.layout }
    let files = DataFolder.files(below: path)
    if files.contains(where: { $0.hasSuffix(".trans.txt") }) { return .libriSpeech }
    if files.contains(where: { DataFolder.ending($0) == "align" }) { return .alignments }
    if files.contains(where: { DataFolder.ending($0) == "inkml" }) { return .inkML }
    throw DataError.malformed(
      path: path, place: .byte(0),
      expected: "a table with a file and a transcript in each row, or a folder laid out as "
        + "LibriSpeech, Common Voice, LJSpeech, Kaldi, GRID or InkML",
      found: "\(entries.count) entries, such as \"\(entries[0].name)\"")
  }
}

extension DataSource {
  /// The objects that a value of JSON has or is; nil for other data.
  var objects: [[String: JSONValue]]? {
    get throws {
      guard let value = try value() else { return nil }
      var values = [value]
      if case .list(let list) = value { values = list }
      return values.compactMap { if case .object(let members) = $0 { members } else { nil } }
    }
  }
}

extension DataFolder {
  /// Folders in each other that are looked through.
  private static let deepest = 8

  /// The files in a folder and in those below it, folder by folder by name, without hidden ones.
  static func files(below path: String) -> [String] {
    var files: [String] = []
    func add(_ path: String, _ depth: Int) {
      for entry in (try? entries(path)) ?? [] {
        if !entry.isFolder { files.append(entry.path) } else if depth < deepest { add(entry.path, depth + 1) }
      }
    }
    add(path, 0)
    return files
  }
}
