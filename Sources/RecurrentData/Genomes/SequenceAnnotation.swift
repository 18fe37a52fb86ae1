/// What the bases of sequences are, from a file of its own: features in GFF3, GTF, GenBank or EMBL, or sequences of a letter for each base.
struct SequenceAnnotation: Sendable {
  let path: String
  private let features: [SequenceFeature]
  private let kinds: FeatureKinds
  /// Sequences of letters with their runs; empty where there are features.
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
    case .genbank, .embl:
      let file = try SequenceFile(bytes)
      var all: [SequenceFeature] = []
      for number in 0..<file.count { all += try FeatureTable(file.entry(number), in: file).features }
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

  /// The names of the sequences that it is about, each once.
  var names: [String] {
    var (found, names) = (Set<String>(), [String]())
    for name in letters.isEmpty ? features.map(\.sequence) : letters.map(\.entry.name)
    where found.insert(name).inserted {
      names.append(name)
    }
    return names
  }

  /// What the bases of the sequences of a file are.
  ///
  /// - Parameters:
  ///   - entries: the sequences.
  ///   - file: where they are, for errors.
  ///   - named: takes the names here that were found.
  /// - Throws: ``DataError`` for what is outside of its sequence, for other letters than it has bases, and for names that may mean
  ///   several sequences.
  func events(
    of entries: [SequenceEntry], in file: String, _ named: inout Set<String>
  ) throws(DataError) -> [[LabelledEvent]] {
    let numbers = SequenceNames(entries)
    guard letters.isEmpty else { return try letterEvents(entries, numbers, file, &named) }
    var own = [[SequenceFeature]](repeating: [], count: entries.count)
    var places: [String: Int?] = [:]
    for feature in features {
      if places[feature.sequence] == nil {
        places[feature.sequence] = try numbers.number(of: feature.sequence, path: path)
      }
      guard let place = places[feature.sequence] ?? nil else { continue }
      named.insert(feature.sequence)
      own[place].append(feature)
    }
    var events: [[LabelledEvent]] = []
    for (entry, own) in zip(entries, own) { events.append(try self.events(own, of: entry)) }
    return events
  }

  private func letterEvents(
    _ entries: [SequenceEntry], _ numbers: SequenceNames, _ file: String, _ named: inout Set<String>
  ) throws(DataError) -> [[LabelledEvent]] {
    var events = [[LabelledEvent]?](repeating: nil, count: entries.count)
    for own in letters {
      guard let number = try numbers.number(of: own.entry.name, path: path) else { continue }
      let entry = entries[number]
      guard own.entry.count == entry.count, events[number] == nil else {
        throw .malformed(
          path: path, place: .line(own.entry.line),
          expected: "\(entry.count) letters, one for each base of \"\(entry.name)\"",
          found: events[number] == nil ? "\(own.entry.count)" : "letters for it a second time")
      }
      named.insert(own.entry.name)
      events[number] = own.events
    }
    var all: [[LabelledEvent]] = []
    for (entry, own) in zip(entries, events) {
      guard let own else {
        throw .invalidSetting(
          name: "events", expected: "letters for the bases of \"\(entry.name)\" of \(file)",
          found: "none in \(path)")
      }
      all.append(own)
    }
    return all
  }

  /// What features say about the bases of their sequence.
  ///
  /// - Throws: ``DataError`` for what is outside of it.
  func events(_ own: [SequenceFeature], of entry: SequenceEntry) throws(DataError) -> [LabelledEvent] {
    for feature in own {
      let end = feature.wraps ? 2 * entry.count : entry.count
      guard
        let part = feature.parts.first(where: {
          $0.bases.upperBound > end || $0.bases.lowerBound >= entry.count
        })
      else { continue }
      throw .malformed(
        path: path, place: .line(feature.line),
        expected: "places within the \(entry.count) bases of \"\(entry.name)\"",
        found: "\(part.bases.lowerBound + 1) to \(part.bases.upperBound)")
    }
    let end = Double(entry.count)
    return kinds.events(own).flatMap { event -> [LabelledEvent] in
      guard event.end > end else { return [event] }
      // over the end of a circle
      return [
        LabelledEvent(label: event.label, start: event.start, end: end),
        LabelledEvent(label: event.label, start: 0, end: event.end - end),
      ]
    }
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
