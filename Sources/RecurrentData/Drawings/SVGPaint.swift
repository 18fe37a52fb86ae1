#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How the lines of an element of SVG are drawn: `stroke` and `stroke-width`, as attributes or in `style`, which comes first, else those of the
/// elements around it.
struct SVGPaint: Equatable {
  /// The colour; nil where nobody says, and for `none`.
  private(set) var colour: BrushColour?
  /// The width in units of the element; nil where nobody says.
  private(set) var width: Double?

  /// The declarations of a `style`.
  static func declarations(_ style: String) -> [String: String] {
    var found: [String: String] = [:]
    for part in style.split(separator: ";") {
      guard let colon = part.firstIndex(of: ":") else { continue }
      func bare(_ text: Substring) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
      }
      var value = bare(part[part.index(after: colon)...])
      if let mark = value.firstRange(of: "!important") { value = bare(value[..<mark.lowerBound]) }
      found[bare(part[..<colon])] = value
    }
    return found
  }

  /// Takes over what an element says.
  mutating func apply(
    _ attributes: [String: String], _ style: [String: String], _ gaps: inout BrushGaps
  ) {
    if let text = style["stroke"] ?? attributes["stroke"], text != "inherit" {
      colour = nil
      switch text.lowercased() {
      case "none", "transparent", "": break
      case "currentcolor": colour = .black
      default:
        colour = BrushColour(text)
        if colour == nil {
          gaps.add(.unknownColour, text)
          colour = .black
        }
      }
    }
    if let text = style["stroke-width"] ?? attributes["stroke-width"], text != "inherit" {
      width = SVGPaint.length(text)
      if width == nil {
        gaps.add(.unknownWidth, text)
        width = 1
      }
    }
  }

  /// Units in pixels of 1/96 inch.
  private static let units: [String: Double] = [
    "": 1, "px": 1, "pt": 96 / 72, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4,
  ]

  /// A length of at least 0; nil for what is none, or in a unit that depends on something else.
  static func length(_ text: String) -> Double? {
    let unit = String(text.reversed().prefix { $0.isLetter || $0 == "%" }.reversed()).lowercased()
    let digits = text.dropLast(unit.count).filter { !$0.isWhitespace }
    guard let factor = units[unit], let value = Double(digits), value >= 0, value <= 1e9 else { return nil }
    return value * factor
  }
}

/// A stroke of SVG with its brush.
struct SVGPaintedStroke {
  var stroke: SVGStroke
  var colour: BrushColour?
  /// In units of the picture; nil where nobody says.
  var width: Double?
  /// The numbers of the attributes `data-brush-pressure` and `data-brush-width`, one for each point; nil without them.
  var pressures, widths: [Float]?
  /// The number of the group whose lines are the parts of one stroke; nil outside of such.
  var group: Int?
}

/// What the attributes `data-brush-pressure` and `data-brush-width` say, by which a drawing keeps what SVG has no attributes for: on a path
/// of straight lines, or on a group whose lines, each of its own width, are the parts of one stroke.
struct SVGBrushNumbers: Equatable {
  let pressures, widths: [Float]?
  /// The number of the group.
  var group: Int?

  var isEmpty: Bool { pressures == nil && widths == nil }

  init(_ attributes: [String: String], _ reader: MarkupReader) throws(DataError) {
    func numbers(_ key: String) throws(DataError) -> [Float]? {
      guard let text = attributes[key] else { return nil }
      var numbers: [Float] = []
      for word in text.split(whereSeparator: \.isWhitespace) {
        guard let value = Double(word), StrokeSequence.coordinates.contains(value) else {
          throw reader.malformed("a number for each point in \"\(key)\"", "\"\(word.prefix(40))\"")
        }
        numbers.append(Float(value))
      }
      return numbers
    }
    pressures = try numbers("data-brush-pressure")
    widths = try numbers("data-brush-width")
  }
}

extension SVGTransform {
  /// How much larger lengths become, on the mean of all directions.
  var size: Double { abs(a * d - b * c).squareRoot() }
}

extension SVGFile {
  /// The strokes with their brush, in lines that are within `tolerance`.
  static func strokes(
    _ found: [SVGPaintedStroke], within tolerance: Double, _ gaps: inout BrushGaps, _ reader: MarkupReader
  ) throws(DataError) -> StrokeSequence {
    let lines = found.map { own in
      own.stroke.points(within: tolerance).map { StrokeSequence.Point(Float($0.x), Float($0.y)) }
    }
    let hasWidths = found.contains { $0.width != nil || $0.widths != nil }
    var (pressures, widths): ([[Float]?], [[Float]?]) = ([], [])
    for (own, points) in zip(found, lines) {
      for (key, numbers) in [("pressure", own.pressures), ("width", own.widths)] {
        guard let numbers, numbers.count != points.count else { continue }
        throw reader.malformed(
          "\(points.count) numbers in \"data-brush-\(key)\", one for each point", "\(numbers.count)")
      }
      pressures.append(own.pressures)
      // without a width of its own a line of SVG is 1 wide; one that is drawn by its pressure has none
      let isWide = hasWidths && own.pressures == nil
      widths.append(
        own.widths ?? (isWide ? [Float](repeating: Float(own.width ?? 1), count: points.count) : nil))
    }
    return StrokeSequence(
      lines, isUpward: false,
      brush: StrokeBrush(
        pressures: gaps.whole(pressures, partial: .partialPressure),
        widths: gaps.whole(widths, partial: .partialWidth), colours: gaps.whole(found.map(\.colour))))
  }
}
