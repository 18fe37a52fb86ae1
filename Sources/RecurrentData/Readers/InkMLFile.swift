/// Strokes in InkML (W3C 2011) with the transcript that an annotation `transcription`, `truth` or `label` of the whole gives.
///
/// Traces are read in the order of the file, by the channels X and Y of the trace format, with differences of first and
/// second order; those of a lifted pen are left out. The channel F is the pressure, in parts of its range where the format tells its
/// `max`, and W the width; colours and other widths are those of the brush of the trace, its group or its context. Traces have the
/// format of their context; transformations are not applied.
public struct InkMLFile: Sendable, Equatable {
  /// The strokes, with y downward.
  public let strokes: StrokeSequence
  /// What was written; nil where nobody says.
  public let transcript: String?
  /// The line of the transcript, from 1; 1 where there is none.
  let transcriptLine: Int
  /// Who wrote it; nil where nobody says.
  public let writer: String?
  /// What of its brushes could not be read.
  let gaps: BrushGaps

  /// Whether bytes begin as such a file does.
  static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let head = bytes.prefix(2048).drop { $0 <= 0x20 || $0 >= 0x80 }
    guard head.first == UInt8(ascii: "<") else { return false }
    return String(decoding: head, as: UTF8.self).contains("<ink")
  }

  /// Annotations that say what was written, the best first.
  private static let transcriptKinds = ["transcription", "truth", "label"]
  private static let writerKinds = ["writer", "writerid"]

  /// Reads a file.
  ///
  /// - Throws: ``DataError``.
  public init(_ file: DataBytes) throws(DataError) {
    self = try file.withBytes { (bytes) throws(DataError) in
      try file.requireUTF8(bytes)
      return try InkMLFile(MarkupReader(bytes, from: file.textStart(bytes), path: file.path))
    }
  }

  private init(_ markup: MarkupReader) throws(DataError) {
    var reader = markup
    var parents: [String] = []
    var formats = InkFormats()
    var ink = InkStrokes()
    var annotations: [String: (text: String, line: Int)] = [:]
    var (kind, text, attributes) = ("", "", [String: String]())
    while let event = try reader.next() {
      switch event {
      case .open(let name, let own):
        if parents.isEmpty, name != "ink" { throw reader.malformed("an element \"ink\"", "\"\(name)\"") }
        parents.append(name)
        text = ""
        formats.begin(name, own)
        switch name {
        case "annotation": kind = (own["type"] ?? "").lowercased()
        case "trace": attributes = own
        default: try ink.brushes.begin(name, own, reader)
        }
      case .text(let part):
        // formulas stand beside the ink in other elements
        if ["trace", "annotation"].contains(parents.last) { text += part }
      case .close(let name):
        parents.removeLast()
        formats.end(name, in: parents)
        switch name {
        case "annotation" where parents == ["ink"] && annotations[kind] == nil:
          annotations[kind] = (text, reader.line)
        case "trace":
          guard attributes["type"] != "penUp" else { continue }
          try ink.add(text, attributes, formats.channels(of: attributes), reader)
        default: ink.brushes.end(name, in: parents)
        }
      }
    }
    guard let strokes = ink.strokes() else { throw reader.malformed("at least one trace", "none") }
    (self.strokes, gaps) = (strokes, ink.brushes.gaps)
    let found = InkMLFile.transcriptKinds.lazy.compactMap { annotations[$0] }.first
    transcript = found?.text
    transcriptLine = found?.line ?? 1
    writer = InkMLFile.writerKinds.lazy.compactMap { annotations[$0]?.text }.first
  }
}

/// The traces of a file while they are read.
private struct InkStrokes {
  var brushes = InkBrushes()
  private var traces: [InkTrace] = []
  private var drawn: [InkBrushes.Brush?] = []

  mutating func add(
    _ text: String, _ attributes: [String: String], _ channels: [InkChannel], _ reader: MarkupReader
  ) throws(DataError) {
    var isMissing = false
    let trace = try InkTraceReader(channels, reader).trace(text, isMissing: &isMissing)
    if isMissing { brushes.gaps.add(.missingPressure) }
    if ["middle", "end"].contains(attributes["continuation"]), !traces.isEmpty {
      traces[traces.count - 1].append(trace)
    } else {
      traces.append(trace)
      drawn.append(brushes.brush(of: attributes))
    }
  }

  /// All of them; nil where there is none.
  mutating func strokes() -> StrokeSequence? {
    guard !traces.isEmpty else { return nil }
    let widths = zip(traces, drawn).map { trace, brush in
      trace.widths
        ?? brush.flatMap { InkBrushes.width($0, in: trace.unit) }.map {
          [Float](repeating: $0, count: trace.points.count)
        }
    }
    return StrokeSequence(
      traces.map(\.points), isUpward: false,
      brush: StrokeBrush(
        pressures: brushes.gaps.whole(traces.map(\.pressures), partial: .partialPressure),
        widths: brushes.gaps.whole(widths, partial: .partialWidth),
        colours: brushes.gaps.whole(drawn.map { $0?.colour })))
  }
}
