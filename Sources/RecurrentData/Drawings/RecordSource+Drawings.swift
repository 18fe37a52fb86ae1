import RecurrentFormats

extension RecordSource {
  /// Reads drawings: strokes of a pen, with what they show where the data say.
  ///
  /// - lines of JSON as Quick, Draw! has them, raw or simplified, with `word`; or with `strokes`, lists of points;
  /// - a `.npz` file of sketch-rnn, whose lists `train`, `valid` and `test` are the parts;
  /// - a file of SVG or InkML, or a folder of any of these, in which a folder for each word says what they show, and folders `train`,
  ///   `valid` and `test` are the parts;
  /// - records in memory.
  ///
  /// What a brush does beside its way, pressure, width and colour, is kept where the data tell it; what of it cannot be read is assumed and
  /// said. What comes from a pen or a picture as it is (raw lines with times, SVG, InkML) is simplified, see ``StrokeSequence/simplified``;
  /// all drawings get their y downward. One of a single point teaches nothing and is left out.
  ///
  /// - Parameters:
  ///   - sources: files, folders, bytes, values of JSON or records.
  ///   - part: what all of the data are for, whatever they say themselves.
  /// - Throws: ``DataError`` or a format error.
  public static func drawings(_ sources: [DataSource], part: DataPart? = nil) throws -> RecordSource {
    var listing = DrawingListing(part: part)
    for source in sources { try listing.read(source) }
    return try listing.source(sources.map(\.name))
  }
}

/// Drawings while they are read.
private struct DrawingListing {
  let part: DataPart?
  private var records: [Record] = []
  private var tooShort: (count: Int, first: String)?
  private var simplified = 0
  /// What of brushes could not be read, in how many drawings, with the first of them.
  private var gaps: [BrushGap: (count: Int, first: String, example: String)] = [:]

  init(part: DataPart?) { self.part = part }

  /// Endings of files in a folder that are read.
  private static let endings: Set<String> = ["ndjson", "jsonl", "npz", "svg", "inkml"]

  mutating func read(_ source: DataSource) throws {
    if case .records(let own) = source.storage {
      for record in own {
        guard case .strokes(let strokes) = record.content else {
          throw DataError.malformed(
            path: record.origin, place: .record, expected: "strokes of a pen", found: record.content.name)
        }
        add(strokes, label: record.label, part: record.part, origin: record.origin, isRaw: false)
      }
    } else if source.memoryName != nil {
      try readLines(JSONLinesFile(try source.objects?.map { .object($0) } ?? [], path: source.name))
    } else if source.isFolder {
      try readFolder(source.name)
    } else {
      try readFile(source, label: nil, part: nil)
    }
  }

  private mutating func readFolder(_ folder: String) throws {
    let files = DataFolder.files(below: folder).filter {
      DrawingListing.endings.contains(DataFolder.ending($0))
    }
    guard !files.isEmpty else {
      throw DataError.malformed(
        path: folder, place: .byte(0), expected: "files of SVG, InkML, lines of JSON or .npz", found: "none")
    }
    for file in files {
      let folders = file.dropFirst(folder.count).split(separator: "/").dropLast().map(String.init)
      let part = folders.lazy.compactMap { DataPart(word: $0) }.first
      try readFile(
        DataSource(file), label: folders.last { DataPart(word: $0) == nil },
        part: part ?? DataPart(word: DataFolder.stem(file)))
    }
  }

  private mutating func readFile(_ source: DataSource, label: String?, part: DataPart?) throws {
    let file = try DataBytes(source)
    switch file.withBytes({ DrawingListing.Kind($0, ending: DataFolder.ending(source.name)) }) {
    case .archive:
      for list in try StrokeArchive(file).parts {
        for (index, drawing) in list.drawings.enumerated() {
          add(
            drawing, label: label, part: part ?? DataPart(word: list.name),
            origin: "\(source.name)/\(list.name):\(index + 1)", isRaw: false)
        }
      }
    case .svg:
      let picture = try SVGFile(file)
      add(
        picture.strokes, label: label, part: part, origin: source.name, isRaw: true, gaps: picture.gaps)
    case .ink:
      let ink = try InkMLFile(file)
      add(
        ink.strokes, label: label ?? ink.transcript, part: part, origin: source.name, isRaw: true,
        gaps: ink.gaps)
    case .lines: try readLines(JSONLinesFile(file), label: label, part: part)
    }
  }

  /// What a file is by its beginning, and else by the ending of its name.
  private enum Kind {
    case archive, svg, ink, lines

    init(_ bytes: UnsafeRawBufferPointer, ending: String) {
      if StrokeArchive.recognizes(bytes) {
        self = .archive
      } else if InkMLFile.recognizes(bytes) {
        self = .ink
      } else {
        let first = bytes.prefix(4096).first { $0 > 0x20 && $0 < 0x80 }
        if SVGFile.recognizes(bytes) || first == UInt8(ascii: "<") {
          self = .svg
        } else if first == UInt8(ascii: "{") {
          self = .lines
        } else {
          self = ["svg": .svg, "inkml": .ink, "npz": .archive][ending] ?? .lines
        }
      }
    }
  }

  private static let labelKeys = ["word", "label"]

  private mutating func readLines(
    _ file: JSONLinesFile, label: String? = nil, part: DataPart? = nil
  ) throws {
    for index in 0..<file.count {
      let (members, line) = (try file.object(index), file.line(of: index))
      func malformed(_ expected: String, _ found: String) -> DataError {
        .malformed(path: file.path, place: .line(line), expected: expected, found: found)
      }
      func text(_ keys: [String]) -> String? { keys.lazy.compactMap { members[$0]?.field }.first }
      var gaps = BrushGaps()
      let strokes = try StrokeSequence(members, gaps: &gaps, malformed: malformed)
      var own = part
      if let word = text(RecordColumns.splitNames), !word.isEmpty {
        own = DataPart(word: word)
        guard own != nil else { throw malformed("train, valid or test", "\"\(word.prefix(40))\"") }
      }
      add(
        strokes, label: text(DrawingListing.labelKeys) ?? label, part: own, origin: "\(file.path):\(line)",
        isRaw: try DrawingListing.hasTimes(members, malformed), gaps: gaps)
    }
  }

  /// Whether the points of a drawing have times: then it is as it came from the pen.
  private static func hasTimes(
    _ members: [String: JSONValue], _ malformed: (String, String) -> DataError
  ) throws(DataError) -> Bool {
    let channels = try StrokeChannels(members, malformed)
    if !channels.names.isEmpty { return channels.hasTimes }
    if case .list(let strokes)? = members["drawing"], case .list(let columns)? = strokes.first {
      return columns.count > 2
    }
    guard case .list(let strokes)? = members["strokes"], case .list(let points)? = strokes.first,
      case .list(let numbers)? = points.first
    else { return false }
    return numbers.count > 2
  }

  private mutating func add(
    _ strokes: StrokeSequence, label: String?, part: DataPart?, origin: String, isRaw: Bool,
    gaps own: BrushGaps = BrushGaps()
  ) {
    guard strokes.pointCount > 1 else {
      tooShort = ((tooShort?.count ?? 0) + 1, tooShort?.first ?? origin)
      return
    }
    if isRaw { simplified += 1 }
    records.append(
      Record(
        .strokes(isRaw ? strokes.simplified : strokes.downward), label: label,
        part: self.part ?? part, origin: origin))
    for (gap, example) in own.examples {
      let before = gaps[gap] ?? (0, origin, example)
      gaps[gap] = (before.count + 1, before.first, before.example)
    }
  }

  func source(_ names: [String]) throws -> RecordSource {
    let place = names.joined(separator: ", ")
    if records.isEmpty, let tooShort {
      throw DataError.malformed(
        path: tooShort.first, place: .record, expected: "a drawing of at least two points", found: "one")
    }
    guard !records.isEmpty else { throw DataError.empty(path: place) }
    var (strokes, points) = (0, 0)
    for record in records {
      guard case .strokes(let own) = record.content else { continue }
      (strokes, points) = (strokes + own.strokes.count, points + own.pointCount)
    }
    func mean(_ count: Int) -> String {
      let tenths = (Double(count) / Double(records.count) * 10).rounded()
      return "\(tenths / 10)"
    }
    var notes = [
      DataNote(
        .found,
        "\(records.count) drawings in \(place), of \(mean(strokes)) strokes and \(mean(points)) points on the mean"
      )
    ]
    if simplified > 0 {
      notes.append(
        DataNote(
          .assumed,
          "\(simplified) of them came as from a pen or a picture and were simplified: their larger side is 255, their lines are within 2"
        ))
    }
    if let tooShort {
      notes.append(
        DataNote(
          .warning,
          "\(tooShort.count) drawings of a single point are left out, the first of them \(tooShort.first)"))
    }
    for gap in BrushGap.allCases {
      guard let own = gaps[gap] else { continue }
      notes.append(
        DataNote(
          .assumed, "\(gap.sentence(own.example)), in \(own.count) drawings, the first of them \(own.first)"))
    }
    return RecordSource(records, notes: notes)
  }
}
