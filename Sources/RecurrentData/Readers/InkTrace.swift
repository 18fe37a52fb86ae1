/// A channel of a trace format.
struct InkChannel {
  /// Its name, as in `X`.
  let name: String
  /// The unit of its values; empty where the file does not say.
  let unit: String
  /// Its least and its largest value; nil where the file does not say.
  let least, largest: Double?

  init(_ attributes: [String: String]) {
    (name, unit) = (attributes["name"] ?? "", attributes["units"] ?? "")
    (least, largest) = (attributes["min"].flatMap { Double($0) }, attributes["max"].flatMap { Double($0) })
  }

  private init(name: String) { (self.name, unit, least, largest) = (name, "", nil, nil) }

  /// What traces have where the file has no format.
  static let standard = [InkChannel(name: "X"), InkChannel(name: "Y")]

  /// A value as a part of the range, where its end is known; else as it is.
  func share(_ value: Double) -> Double {
    let first = least ?? 0
    guard let largest, largest > first, first.isFinite, largest.isFinite else { return value }
    return (value - first) / (largest - first)
  }
}

/// The points of a trace with what stands beside them.
struct InkTrace {
  var points: [StrokeSequence.Point] = []
  /// The channel F, in parts of its range where that is known; nil where the format has none.
  var pressures: [Float]?
  /// The channel W; nil where the format has none.
  var widths: [Float]?
  /// The unit of the points.
  var unit = ""

  /// Goes on with another trace; a channel that one of them lacks is none.
  mutating func append(_ other: InkTrace) {
    func joined(_ a: [Float]?, _ b: [Float]?) -> [Float]? { a.flatMap { a in b.map { a + $0 } } }
    points += other.points
    (pressures, widths) = (joined(pressures, other.pressures), joined(widths, other.widths))
  }
}

/// Reads traces of a format.
struct InkTraceReader {
  private let channels: [InkChannel]
  private let x, y: Int
  private let pressure, width: Int?
  private let reader: MarkupReader

  init(_ channels: [InkChannel], _ reader: MarkupReader) throws(DataError) {
    func place(_ names: [String]) -> Int? { channels.firstIndex { names.contains($0.name) } }
    guard let x = place(["X"]), let y = place(["Y"]) else {
      throw reader.malformed(
        "a trace format with X and Y", "\(channels.map(\.name).joined(separator: ", "))")
    }
    (self.x, self.y, self.channels, self.reader) = (x, y, channels, reader)
    (pressure, width) = (place(["F", "pressure", "Pressure", "force"]), place(["W", "width"]))
  }

  /// What values of a channel are.
  private enum Order: Int {
    case explicit, first, second
  }

  /// The trace of a text; `isMissing` becomes true where a pressure or a width is not given.
  func trace(_ text: String, isMissing: inout Bool) throws(DataError) -> InkTrace {
    let count = channels.count
    var trace = InkTrace(
      pressures: pressure == nil ? nil : [], widths: width == nil ? nil : [], unit: channels[x].unit)
    var orders = [Order](repeating: .explicit, count: count)
    var (values, speeds) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    for part in text.utf8.split(separator: UInt8(ascii: ",")) where part.contains(where: { $0 > 0x20 }) {
      var rest = part[...]
      for channel in 0..<count {
        rest = rest.drop { $0 <= 0x20 }
        let isBrush = channel == pressure || channel == width
        // channels that come and go may be missing at the end
        if rest.isEmpty, channel > max(x, y) {
          if isBrush { isMissing = true }
          continue
        }
        if let order = rest.first.flatMap(InkTraceReader.order) {
          orders[channel] = order
          rest = rest.dropFirst().drop { $0 <= 0x20 }
        }
        let isTruth = rest.first == UInt8(ascii: "T") || rest.first == UInt8(ascii: "F")
        if isBrush, rest.first == UInt8(ascii: "?") { isMissing = true }
        let value = InkTraceReader.value(&rest, before: values[channel], speeds[channel], orders[channel])
        guard let value, !(isBrush && isTruth) else {
          throw malformed(
            part, isBrush ? ", a number for the channel \(channels[channel].name) among them" : "")
        }
        // of a value that was given the speed is the difference to the last one
        speeds[channel] = trace.points.isEmpty ? 0 : value - values[channel]
        values[channel] = value
      }
      // files name too few channels; where a brush is among them the numbers are to be told apart
      guard (pressure ?? width) == nil || rest.allSatisfy({ $0 <= 0x20 }) else { throw malformed(part, "") }
      try add(values, to: &trace)
    }
    guard !trace.points.isEmpty else { throw reader.malformed("a trace with points", "none") }
    return trace
  }

  private func malformed(_ part: Substring.UTF8View.SubSequence, _ addition: String) -> DataError {
    reader.malformed(
      "\(channels.count) numbers for each point of a trace\(addition)",
      "\"\(String(decoding: part.prefix(40), as: UTF8.self))\"")
  }

  private func add(_ values: [Double], to trace: inout InkTrace) throws(DataError) {
    let limit = StrokeSequence.coordinates
    guard limit.contains(values[x]), limit.contains(values[y]) else {
      throw reader.malformed("coordinates within \(limit.upperBound)", "\(values[x]), \(values[y])")
    }
    for place in [pressure, width].compactMap({ $0 }) where !limit.contains(values[place]) {
      throw reader.malformed(
        "values of \(channels[place].name) within \(limit.upperBound)", "\(values[place])")
    }
    trace.points.append(StrokeSequence.Point(Float(values[x]), Float(values[y])))
    if let pressure { trace.pressures?.append(Float(channels[pressure].share(values[pressure]))) }
    if let width { trace.widths?.append(Float(max(values[width], 0))) }
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
