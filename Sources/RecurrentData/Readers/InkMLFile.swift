/// Strokes in InkML (W3C 2011) with the transcript that an annotation `transcription`, `truth` or `label` of the whole gives.
///
/// Traces are read in the order of the file, by the channels X and Y of the trace format, with differences of first and
/// second order; those of a lifted pen are left out. Contexts and transformations are not applied.
public struct InkMLFile: Sendable, Equatable {
  /// The strokes, with y downward.
  public let strokes: StrokeSequence
  /// What was written; nil where nobody says.
  public let transcript: String?
  /// The line of the transcript, from 1; 1 where there is none.
  let transcriptLine: Int
  /// Who wrote it; nil where nobody says.
  public let writer: String?

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
    var (channels, ownChannels) = (["X", "Y"], [String]())
    var strokes: [[StrokeSequence.Point]] = []
    var annotations: [String: (text: String, line: Int)] = [:]
    var (kind, text, attributes) = ("", "", [String: String]())
    while let event = try reader.next() {
      switch event {
      case .open(let name, let own):
        if parents.isEmpty, name != "ink" { throw reader.malformed("an element \"ink\"", "\"\(name)\"") }
        parents.append(name)
        text = ""
        switch name {
        case "traceFormat": ownChannels = []
        case "channel": ownChannels.append(own["name"] ?? "")
        case "annotation": kind = (own["type"] ?? "").lowercased()
        case "trace": attributes = own
        default: break
        }
      case .text(let part):
        // formulas stand beside the ink in other elements
        if ["trace", "annotation"].contains(parents.last) { text += part }
      case .close(let name):
        parents.removeLast()
        switch name {
        case "traceFormat": channels = ownChannels
        case "annotation" where parents == ["ink"] && annotations[kind] == nil:
          annotations[kind] = (text, reader.line)
        case "trace":
          guard attributes["type"] != "penUp" else { continue }
          let points = try TracePoints(channels, reader).points(of: text)
          if ["middle", "end"].contains(attributes["continuation"]), !strokes.isEmpty {
            strokes[strokes.count - 1] += points
          } else {
            strokes.append(points)
          }
        default: break
        }
      }
    }
    guard !strokes.isEmpty else { throw reader.malformed("at least one trace", "none") }
    self.strokes = StrokeSequence(strokes, isUpward: false)
    let found = InkMLFile.transcriptKinds.lazy.compactMap { annotations[$0] }.first
    transcript = found?.text
    transcriptLine = found?.line ?? 1
    writer = InkMLFile.writerKinds.lazy.compactMap { annotations[$0]?.text }.first
  }
}

/// The points of a trace.
private struct TracePoints {
  private let x, y, count: Int
  private let reader: MarkupReader

  init(_ channels: [String], _ reader: MarkupReader) throws(DataError) {
    guard let x = channels.firstIndex(of: "X"), let y = channels.firstIndex(of: "Y") else {
      throw reader.malformed("a trace format with X and Y", "\(channels.joined(separator: ", "))")
    }
    (self.x, self.y, count, self.reader) = (x, y, channels.count, reader)
  }

  /// What values of a channel are.
  private enum Order: Int {
    case explicit, first, second
  }

  func points(of text: String) throws(DataError) -> [StrokeSequence.Point] {
    var points: [StrokeSequence.Point] = []
    var orders = [Order](repeating: .explicit, count: count)
    var (values, speeds) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    for part in text.utf8.split(separator: UInt8(ascii: ",")) where part.contains(where: { $0 > 0x20 }) {
      var rest = part[...]
      for channel in 0..<count {
        rest = rest.drop { $0 <= 0x20 }
        // channels that come and go may be missing at the end
        if rest.isEmpty, channel > max(x, y) { break }
        if let order = rest.first.flatMap(TracePoints.order) {
          orders[channel] = order
          rest = rest.dropFirst().drop { $0 <= 0x20 }
        }
        guard let value = TracePoints.value(&rest, before: values[channel], speeds[channel], orders[channel])
        else {
          throw reader.malformed(
            "\(count) numbers for each point of a trace",
            "\"\(String(decoding: part.prefix(40), as: UTF8.self))\"")
        }
        // of a value that was given the speed is the difference to the last one
        speeds[channel] = points.isEmpty ? 0 : value - values[channel]
        values[channel] = value
      }
      guard StrokeSequence.coordinates.contains(values[x]), StrokeSequence.coordinates.contains(values[y])
      else {
        throw reader.malformed(
          "coordinates within \(StrokeSequence.coordinates.upperBound)", "\(values[x]), \(values[y])")
      }
      points.append(StrokeSequence.Point(Float(values[x]), Float(values[y])))
    }
    guard !points.isEmpty else { throw reader.malformed("a trace with points", "none") }
    return points
  }

  private static func order(_ byte: UInt8) -> Order? {
    switch byte {
    case UInt8(ascii: "!"): .explicit
    case UInt8(ascii: "'"): .first
    case UInt8(ascii: "\""): .second
    default: nil
    }
  }

  /// Takes the next value; nil where there is none.
  private static func value(
    _ rest: inout Substring.UTF8View.SubSequence, before last: Double, _ speed: Double, _ order: Order
  ) -> Double? {
    switch rest.first {
    case UInt8(ascii: "*"):
      rest = rest.dropFirst()
      return order == .explicit ? last : last + speed
    case UInt8(ascii: "T"), UInt8(ascii: "F"), UInt8(ascii: "?"):
      rest = rest.dropFirst()
      return last
    default: break
    }
    func unsigned(_ text: Substring.UTF8View) -> Substring.UTF8View {
      text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
    }
    let digits: ClosedRange<UInt8> = UInt8(ascii: "0")...UInt8(ascii: "9")
    var end = unsigned(rest).prefix { digits.contains($0) || $0 == UInt8(ascii: ".") }.endIndex
    let tail = rest[end...]
    if tail.first == UInt8(ascii: "e") || tail.first == UInt8(ascii: "E") {
      let power = unsigned(tail.dropFirst()).prefix { digits.contains($0) }
      if !power.isEmpty { end = power.endIndex }
    }
    guard let number = Double(String(decoding: rest[..<end], as: UTF8.self)) else { return nil }
    rest = rest[end...]
    switch order {
    case .explicit: return number
    case .first: return last + number
    case .second: return last + speed + number
    }
  }
}
