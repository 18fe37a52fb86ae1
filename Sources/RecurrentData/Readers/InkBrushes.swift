/// The brushes of a file of InkML while it is read, with which of them each trace is drawn: that of its `brushRef`, of its context, of
/// the groups around it, of the context that stands before it; of brushes the properties `color` and `width` are read.
struct InkBrushes {
  /// What a brush says.
  struct Brush: Equatable {
    var colour: BrushColour?
    /// In the unit of `unit`.
    var width: Double?
    var unit = ""
  }

  /// What could not be read.
  var gaps = BrushGaps()
  private var brushes: [String: Brush] = [:]
  private var contexts: [String: Brush] = [:]
  /// That of the last context outside of definitions.
  private var current: Brush?
  /// Those of groups, the innermost last.
  private var groups: [Brush?] = []
  /// What is being defined.
  private var open: (name: String?, brush: Brush)?
  private var context: (name: String?, brush: Brush?)?

  private static func name(_ attributes: [String: String]) -> String? {
    attributes["xml:id"] ?? attributes["id"]
  }

  private mutating func referred(
    _ key: String, _ attributes: [String: String], in table: [String: Brush]
  ) -> Brush? {
    guard let text = attributes[key] else { return nil }
    let found = table[text.hasPrefix("#") ? String(text.dropFirst()) : text]
    if found == nil { gaps.add(.unknownBrush, text) }
    return found
  }

  /// The brush of a trace or a group by its attributes; nil for none.
  mutating func brush(of attributes: [String: String]) -> Brush? {
    if attributes["brushRef"] != nil { return referred("brushRef", attributes, in: brushes) }
    if let name = attributes["contextRef"], name != "#DefaultContext" {
      // a context may say nothing of a brush
      if let own = contexts[name.hasPrefix("#") ? String(name.dropFirst()) : name] { return own }
    }
    return groups.last ?? current
  }

  /// The beginning of an element.
  ///
  /// - Throws: ``DataError`` for a width that is no number.
  mutating func begin(
    _ name: String, _ attributes: [String: String], _ reader: MarkupReader
  ) throws(DataError) {
    switch name {
    case "brush":
      open = (InkBrushes.name(attributes), referred("brushRef", attributes, in: brushes) ?? Brush())
    case "brushProperty":
      let (key, value) = ((attributes["name"] ?? "").lowercased(), attributes["value"] ?? "")
      if key == "width" {
        guard let width = Double(value), width >= 0, StrokeSequence.coordinates.contains(width) else {
          throw reader.malformed("a number for the width of a brush", "\"\(value.prefix(40))\"")
        }
        open?.brush.width = width
        open?.brush.unit = attributes["units"] ?? ""
      } else if key == "color" || key == "colour" {
        let colour = BrushColour(value)
        if colour == nil { gaps.add(.unknownColour, value) }
        open?.brush.colour = colour ?? .black
      }
    case "context":
      let inherited = attributes["contextRef"] == nil ? nil : brush(of: attributes)
      context = (InkBrushes.name(attributes), referred("brushRef", attributes, in: brushes) ?? inherited)
    case "traceGroup": groups.append(brush(of: attributes))
    default: break
    }
  }

  /// The end of an element within others.
  mutating func end(_ name: String, in parents: [String]) {
    switch name {
    case "brush":
      guard let own = open else { return }
      if let name = own.name { brushes[name] = own.brush }
      if context != nil { context?.brush = own.brush }
      open = nil
    case "context":
      guard let own = context else { return }
      if let name = own.name, let brush = own.brush { contexts[name] = brush }
      if parents == ["ink"], let brush = own.brush { current = brush }
      context = nil
    case "traceGroup": groups.removeLast()
    default: break
    }
  }

  /// Units of InkML in metres.
  private static let units: [String: Double] = [
    "m": 1, "cm": 1e-2, "mm": 1e-3, "himetric": 1e-5, "in": 0.0254, "pt": 0.0254 / 72, "pc": 0.0254 / 6,
  ]

  /// A width in units of the points, where those of both are known; else as it is.
  static func width(_ brush: Brush, in unit: String) -> Float? {
    guard let width = brush.width else { return nil }
    guard let own = units[brush.unit], let other = units[unit] else { return Float(width) }
    return Float(min(width * own / other, StrokeSequence.coordinates.upperBound))
  }
}
