/// What the bases of sequences are, from a file of its own: features in GFF3, GTF or GenBank, or sequences of a letter for each base.
struct SequenceAnnotation: Sendable {
  let path: String
  private let features: [SequenceFeature]
  private let kinds: FeatureKinds
  /// The names and lengths of sequences of letters; empty where there are features.
  private let letters: [(entry: SequenceEntry, events: [LabelledEvent])]

  /// Reads a source; nil for one that is a table.
  ///
  /// - Throws: ``DataError`` or a format error.
  init?(_ source: DataSource, _ columns: RecordingColumns) throws {
    guard source.memoryName == nil else { return nil }
    let bytes = try DataBytes(source)
    path = source.name
    let (asked, tellsStrands) = (columns.features, columns.tellsStrands ?? true)
    switch bytes.format {
    case .gff:
      features = try GFFFile(bytes).features
      letters = []
    case .genbank:
      let file = try SequenceFile(bytes)
      var all: [SequenceFeature] = []
      for number in 0..<file.count { all += try GenBankFeatures(file.entry(number), in: file).features }
      features = all
      letters = []
    case .fasta:
      let file = try SequenceFile(bytes)
      var all: [(entry: SequenceEntry, events: [LabelledEvent])] = []
      for number in 0..<file.count {
        let entry = try file.entry(number)
        all.append((entry, SequenceAnnotation.runs(entry, in: file)))
      }
      (features, letters) = ([], all)
    default: return nil
    }
    kinds =
      try letters.isEmpty
      ? FeatureKinds(features, asked: asked, tellsStrands: tellsStrands, path: path)
      : FeatureKinds([], asked: [], tellsStrands: false, path: path)
  }

  /// The features of a record itself.
  init(_ features: [SequenceFeature], _ columns: RecordingColumns, path: String) throws(DataError) {
    (self.path, self.features, letters) = (path, features, [])
    kinds = try FeatureKinds(
      features, asked: columns.features, tellsStrands: columns.tellsStrands ?? true, path: path)
  }

  /// Letters that follow each other and are alike; `.` and `-` say nothing.
  private static func runs(_ entry: SequenceEntry, in file: SequenceFile) -> [LabelledEvent] {
    var (events, start, last, place) = ([LabelledEvent](), 0, UInt8(ascii: "."), 0)
    func end(_ next: UInt8) {
      if last != UInt8(ascii: "."), last != UInt8(ascii: "-"), place > start {
        events.append(
          LabelledEvent(label: String(Unicode.Scalar(last)), start: Double(start), end: Double(place)))
      }
      (start, last) = (place, next)
    }
    file.bytes.withBytes { bytes in
      SequenceFile.forEachPart(of: entry, in: bytes) { part in
        for letter in part {
          if letter != last { end(letter) }
          place += 1
        }
        return true
      }
    }
    end(last)
    return events
  }

  /// What the bases of a sequence are.
  ///
  /// - Throws: ``DataError`` for what is outside of the sequence, or for other letters than it has bases.
  func events(of entry: SequenceEntry) throws(DataError) -> [LabelledEvent] {
    if let own = letters.first(where: { entry.isCalled($0.entry.name) }) {
      guard own.entry.count == entry.count else {
        throw .malformed(
          path: path, place: .line(own.entry.line),
          expected: "\(entry.count) letters, one for each base of \"\(entry.name)\"",
          found: "\(own.entry.count)")
      }
      return own.events
    }
    let own = features.filter { entry.isCalled($0.sequence) }
    for feature in own {
      guard let part = feature.parts.first(where: { $0.bases.upperBound > entry.count }) else { continue }
      throw .malformed(
        path: path, place: .line(feature.line),
        expected: "places within the \(entry.count) bases of \"\(entry.name)\"",
        found: "\(part.bases.lowerBound + 1) to \(part.bases.upperBound)")
    }
    return kinds.events(own)
  }

  /// What the bases are told apart as.
  var note: DataNote {
    guard letters.isEmpty else {
      return DataNote(.found, "\(path) has a letter for each base of \(letters.count) sequences")
    }
    let kinds = kinds.kinds.sorted().joined(separator: ", ")
    return DataNote(
      .assumed,
      "bases are told apart by the features \(kinds) of \(path)\(self.kinds.tellsStrands ? ", each strand by itself" : "")",
      setting: "features")
  }
}
