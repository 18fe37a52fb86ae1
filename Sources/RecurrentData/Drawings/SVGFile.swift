/// The strokes of a drawing in SVG: its paths, polylines, polygons, lines, rectangles, circles and ellipses in the order of the file,
/// with their transformations, curves as lines that are within half a percent of the size of the drawing.
///
/// Colours and widths of lines become the brush of the strokes; style sheets are not read.
///
/// What is only defined (`defs`, `clipPath`, `mask`, `marker`, `pattern`, `symbol`) or not displayed is left out, and so is a rectangle of
/// 100 % of the picture, its background; fills, texts and what is used by reference are not read.
public struct SVGFile: Sendable, Equatable {
  /// The strokes, with y downward.
  public let strokes: StrokeSequence
  /// The larger side of the picture, by its view box or its width and height; nil where it says neither.
  public let side: Double?
  /// What of its colours and widths could not be read.
  let gaps: BrushGaps

  /// Whether bytes begin as such a file does.
  static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let head = bytes.prefix(8192).drop { $0 <= 0x20 || $0 >= 0x80 }
    guard head.first == UInt8(ascii: "<") else { return false }
    return String(decoding: head, as: UTF8.self).contains("<svg")
  }

  private static let unseen: Set<String> = ["defs", "clipPath", "mask", "marker", "pattern", "symbol"]

  /// Reads a file.
  ///
  /// - Throws: ``DataError``.
  public init(_ file: DataBytes) throws(DataError) {
    self = try file.withBytes { (bytes) throws(DataError) in
      try file.requireUTF8(bytes)
      return try SVGFile(
        MarkupReader(bytes, from: file.textStart(bytes), path: file.path, passesDeclarations: true))
    }
  }

  private init(_ markup: MarkupReader) throws(DataError) {
    var reader = markup
    var places: [Place] = []
    var found: [SVGPaintedStroke] = []
    var side: Double?
    var gaps = BrushGaps()
    var groupCount = 0
    while let event = try reader.next() {
      switch event {
      case .open(let name, let attributes):
        if places.isEmpty {
          guard name == "svg" else { throw reader.malformed("an element \"svg\"", "\"\(name)\"") }
          side = SVGFile.side(attributes)
        }
        var place = places.last ?? Place()
        if let text = attributes["transform"] {
          guard let own = SVGTransform(text) else {
            throw reader.malformed("a transformation", "\"\(text.prefix(40))\"")
          }
          place.transform = place.transform(own)
        }
        let style = SVGPaint.declarations(attributes["style"] ?? "")
        if SVGFile.unseen.contains(name) || attributes["display"] == "none" || style["display"] == "none" {
          place.isSeen = false
        }
        if place.isSeen { place.paint.apply(attributes, style, &gaps) }
        var numbers = try SVGBrushNumbers(attributes, reader)
        if name == "g", !numbers.isEmpty {
          groupCount += 1
          numbers.group = groupCount
          place.numbers = numbers
        }
        places.append(place)
        guard place.isSeen else { continue }
        for stroke in try SVGFile.strokes(name, attributes, reader) {
          try place.add(stroke, numbers.isEmpty ? place.numbers : numbers, to: &found, reader)
        }
      case .close: places.removeLast()
      case .text: break
      }
    }
    self.side = side
    let all = found.flatMap { own in [own.stroke.start] + own.stroke.curves.flatMap { [$0.a, $0.b, $0.end] } }
    let limit = StrokeSequence.coordinates
    guard let first = all.first else {
      throw reader.malformed("a stroke: a path, a line, a polyline or another shape", "none")
    }
    guard all.allSatisfy({ limit.contains($0.x) && limit.contains($0.y) }) else {
      throw reader.malformed("coordinates within \(limit.upperBound)", "a larger one")
    }
    var (low, high) = (first, first)
    for point in all {
      low = SVGPoint(min(low.x, point.x), min(low.y, point.y))
      high = SVGPoint(max(high.x, point.x), max(high.y, point.y))
    }
    let tolerance = max(high.x - low.x, high.y - low.y, 1e-6) * 0.005
    strokes = try SVGFile.strokes(found, within: tolerance, &gaps, reader)
    self.gaps = gaps
  }

  /// What stands around an element.
  private struct Place {
    var transform = SVGTransform.identity
    var isSeen = true
    var paint = SVGPaint()
    var numbers: SVGBrushNumbers?

    /// Adds a stroke of the element, or a part to the one of its group.
    ///
    /// - Throws: ``DataError`` where the part does not go on from the last one.
    func add(
      _ stroke: SVGStroke, _ numbers: SVGBrushNumbers?, to found: inout [SVGPaintedStroke],
      _ reader: MarkupReader
    ) throws(DataError) {
      let own = transform(stroke)
      if let group = numbers?.group, let last = found.last, last.group == group {
        guard (last.stroke.end - own.start).length <= 1e-6 * max(last.stroke.end.length, 1) else {
          throw reader.malformed(
            "a line that begins where the last one of its group ends, as in any with \"data-brush-pressure\" or \"data-brush-width\"",
            "\(own.start.x), \(own.start.y)")
        }
        found[found.count - 1].stroke.curves += own.curves
        return
      }
      let size = transform.size
      let limit = StrokeSequence.coordinates
      let widths = numbers?.widths?.map { $0 * Float(size) } ?? paint.width.map { [Float($0 * size)] } ?? []
      guard widths.allSatisfy({ limit.contains(Double($0)) }) else {
        throw reader.malformed("widths within \(limit.upperBound)", "a larger one")
      }
      found.append(
        SVGPaintedStroke(
          stroke: own, colour: paint.colour, width: paint.width.map { $0 * size },
          pressures: numbers?.pressures, widths: numbers?.widths?.map { $0 * Float(size) },
          group: numbers?.group))
    }
  }

  private static func side(_ attributes: [String: String]) -> Double? {
    func size(_ text: some StringProtocol) -> Double? {
      Double(text.prefix { $0.isNumber || $0 == "." }).flatMap { $0 > 0 && $0 <= 1e9 ? $0 : nil }
    }
    let box = (attributes["viewBox"] ?? "").split { $0.isWhitespace || $0 == "," }
    if box.count == 4, let width = size(box[2]), let height = size(box[3]) { return max(width, height) }
    guard let width = size(attributes["width"] ?? ""), let height = size(attributes["height"] ?? ""),
      attributes["width"]?.last != "%", attributes["height"]?.last != "%"
    else { return nil }
    return max(width, height)
  }

  /// The strokes of an element; none where it is no shape.
  private static func strokes(
    _ name: String, _ attributes: [String: String], _ reader: MarkupReader
  ) throws(DataError) -> [SVGStroke] {
    func number(_ key: String) throws(DataError) -> Double {
      guard let text = attributes[key] else { return 0 }
      let digits = text.hasSuffix("px") ? text.dropLast(2) : text[...]
      guard let value = Double(digits), abs(value) <= 1e9 else {
        throw reader.malformed("a number for \"\(key)\"", "\"\(text.prefix(40))\"")
      }
      return value
    }
    switch name {
    case "path":
      let text = attributes["d"] ?? ""
      do throws(SVGPathReader.Damage) { return try SVGPathReader.strokes(text) } catch {
        let rest = String(decoding: Array(text.utf8).dropFirst(error.offset).prefix(20), as: UTF8.self)
        throw reader.malformed(
          "\(error.expected) at byte \(error.offset) of the data of a path",
          rest.isEmpty ? "its end" : "\"\(rest)\"")
      }
    case "polyline", "polygon":
      let numbers = (attributes["points"] ?? "").split { $0.isWhitespace || $0 == "," }.map { Double($0) }
      let values = numbers.compactMap { $0 }.filter { abs($0) <= 1e9 }
      guard values.count == numbers.count, values.count.isMultiple(of: 2) else {
        throw reader.malformed(
          "pairs of numbers for \"points\"", "\"\((attributes["points"] ?? "").prefix(40))\"")
      }
      guard values.count >= 2 else { return [] }
      var stroke = SVGStroke(start: SVGPoint(values[0], values[1]))
      for place in stride(from: 2, to: values.count, by: 2) {
        stroke.line(to: SVGPoint(values[place], values[place + 1]))
      }
      if name == "polygon", stroke.end != stroke.start { stroke.line(to: stroke.start) }
      return [stroke]
    case "line":
      var stroke = SVGStroke(start: SVGPoint(try number("x1"), try number("y1")))
      stroke.line(to: SVGPoint(try number("x2"), try number("y2")))
      return [stroke]
    case "rect":
      if attributes["width"] == "100%", attributes["height"] == "100%" { return [] }
      let (x, y, width, height) = (
        try number("x"), try number("y"), try number("width"), try number("height")
      )
      guard width > 0, height > 0 else { return [] }
      var stroke = SVGStroke(start: SVGPoint(x, y))
      for (dx, dy) in [(width, 0), (width, height), (0, height), (0, 0)] {
        stroke.line(to: SVGPoint(x + dx, y + dy))
      }
      return [stroke]
    case "circle", "ellipse":
      let rx = try number(name == "circle" ? "r" : "rx")
      let ry = try number(name == "circle" ? "r" : "ry")
      guard rx > 0, ry > 0 else { return [] }
      let (x, y) = (try number("cx"), try number("cy"))
      var stroke = SVGStroke(start: SVGPoint(x + rx, y))
      for side in [-rx, rx] {
        stroke.arc(SVGPoint(rx, ry), turn: 0, isLarge: false, isPositive: true, to: SVGPoint(x + side, y))
      }
      return [stroke]
    default: return []
    }
  }
}
