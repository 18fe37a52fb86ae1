extension DataSource {
  /// The head of the record of WFDB that a path names by its name alone, as `100` or `100.dat` for `100.hea`; else the source
  /// itself.
  var resolved: DataSource {
    guard isPath, format == nil, DataFormat(ending: DataFolder.ending(name)) == nil,
      !DataFolder.isFolder(name)
    else { return self }
    let own = name + ".hea"
    if !DataFolder.exists(name) { return DataFolder.exists(own) ? DataSource(own) : self }
    let other = DataFolder.path(DataFolder.stem(name) + ".hea", besides: name)
    return DataFolder.exists(other) ? DataSource(other) : self
  }

  /// Whether it is one file of signals: a record of WFDB, EDF or BDF.
  var areSignals: Bool {
    get throws {
      if let format { return format.isSignals }
      guard storage == .path || isBytes else { return false }
      if let known = DataFormat(ending: DataFolder.ending(name)) { return known.isSignals }
      return try !isFolder && DataBytes(self).format.isSignals
    }
  }

  private var isBytes: Bool { if case .bytes = storage { true } else { false } }

  /// The files of signals in a folder, by name, without the segments of others; nil where there are none.
  var signalFiles: [DataSource]? {
    get throws {
      guard isFolder else { return nil }
      let files = try DataFolder.entries(name).filter { !$0.isFolder }.map(\.path)
      let signals = try DataSource.sequences(files).filter {
        DataFormat(ending: DataFolder.ending($0))?.isSignals ?? false
      }
      return signals.isEmpty ? nil : signals.map { DataSource($0) }
    }
  }

  /// Of the files of a folder those that are sequences: without the samples and annotations beside heads of WFDB, and without the
  /// heads of segments.
  static func sequences(_ paths: [String]) throws -> [String] {
    let heads = paths.filter { DataFormat(ending: DataFolder.ending($0)) == .wfdb }
    guard !heads.isEmpty else { return paths }
    let stems = Set(heads.map(DataFolder.stem))
    var segments: Set<String> = []
    for path in heads {
      // a head that cannot be read is an error of its record
      guard let head = try? WFDBHeader(DataBytes(DataSource(path))) else { continue }
      segments.formUnion((head.segments ?? []).map(\.name))
    }
    return paths.filter { path in
      guard DataFormat(ending: DataFolder.ending(path)) == .wfdb else {
        return !stems.contains(DataFolder.stem(path)) && !["dat", "atr"].contains(DataFolder.ending(path))
      }
      return !segments.contains(DataFolder.stem(path))
    }
  }
}

/// Which annotations of a recording are its events.
public enum AnnotationChoice: String, Sendable, Codable, CaseIterable {
  /// Heart beats, by their symbols.
  case beats
  /// Rhythms, each from its beginning to that of the next.
  case rhythms
  /// All annotations, by symbol or text.
  case all
}

extension [LabelledEvent] {
  /// Sees to it that events of a file of signals are within it.
  ///
  /// - Parameters:
  ///   - duration: of the recording, in seconds.
  ///   - slack: how far outside is still rounded, in seconds.
  ///   - path: of the recording, for the error.
  func check(within duration: Double, slack: Double, path: String) throws(DataError) {
    guard let event = first(where: { !(-slack...duration + slack).contains($0.start) }) else { return }
    throw .malformed(
      path: path, place: .byte(0), expected: "annotations within the recording, 0 to \(duration) s",
      found: "\(event.label) at \(event.start) s")
  }
}

extension [SignalAnnotation] {
  /// The annotations as events, by time.
  ///
  /// - Parameters:
  ///   - choice: which of them; nil for beats where there are some, else all.
  ///   - duration: of the recording, in seconds.
  ///   - path: of the recording, for the note.
  func events(
    _ choice: AnnotationChoice?, duration: Double, path: String
  ) -> (events: [LabelledEvent], note: DataNote?) {
    let hasBeats = contains { $0.kind == .beat }
    let choice = choice ?? (hasBeats ? .beats : .all)
    let chosen: [LabelledEvent]
    switch choice {
    case .beats:
      chosen = filter { $0.kind == .beat }.map { LabelledEvent(label: $0.label, start: $0.start) }
    case .rhythms:
      let rhythms = filter { $0.kind == .rhythm && !$0.note.isEmpty }
      chosen = rhythms.enumerated().map { index, own in
        let end = index + 1 < rhythms.count ? rhythms[index + 1].start : duration
        return LabelledEvent(
          label: String(own.note.drop { $0 == "(" }).trimmingBlanks, start: own.start,
          end: Swift.max(own.start, end))
      }
    case .all:
      chosen = map { own in
        let isNamed = !own.note.isEmpty && (own.label == "\"" || own.label == "+")
        return LabelledEvent(
          label: isNamed ? own.note : own.label, start: own.start,
          end: own.start + own.duration)
      }
    }
    let others = filter { $0.kind != .beat }
    guard choice == .beats, !others.isEmpty else { return (chosen, nil) }
    let counts = Dictionary(grouping: others, by: \.label).mapValues(\.count).sorted { $0.key < $1.key }
    let shown = counts.prefix(8).map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return (
      chosen,
      DataNote(
        .assumed, "\(path): the beats are the events; other annotations are left out: \(shown)",
        setting: "annotations")
    )
  }
}
