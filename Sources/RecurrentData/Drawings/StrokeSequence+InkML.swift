extension StrokeSequence {
  /// The drawing as a file of InkML, with y downward, coordinates to a hundredth of a unit. Of a brush pressures are the channel F, colours and
  /// widths properties of brushes; widths that change within strokes are the channel W.
  ///
  /// - Parameter word: what it shows, as an annotation `truth`; nil where nobody says.
  public func inkML(word: String? = nil) -> String {
    let own = downward
    let widths = own.brush?.widths
    let areOfStrokes = widths?.allSatisfy { stroke in stroke.allSatisfy { $0 == stroke[0] } } ?? false
    var (brushes, references): ([String], [String]) = ([], [])
    for index in own.strokes.indices {
      var properties: [String] = []
      if let colour = own.brush?.colours?[index] {
        properties.append("<brushProperty name=\"color\" value=\"\(colour.hex)\"/>")
      }
      if areOfStrokes, let width = widths?[index][0] {
        properties.append("<brushProperty name=\"width\" value=\"\(StrokeSequence.decimal(width))\"/>")
      }
      guard !properties.isEmpty else {
        references.append("")
        continue
      }
      let brush = properties.joined()
      let place = brushes.firstIndex(of: brush) ?? brushes.count
      if place == brushes.count { brushes.append(brush) }
      references.append(" brushRef=\"#b\(place + 1)\"")
    }
    var columns: [(name: String, values: [[Float]])] = []
    if let pressures = own.brush?.pressures { columns.append(("F", pressures)) }
    if let widths, !areOfStrokes { columns.append(("W", widths)) }
    var lines = ["<ink xmlns=\"http://www.w3.org/2003/InkML\">"]
    if let word { lines.append("<annotation type=\"truth\">\(StrokeSequence.escaped(word))</annotation>") }
    if !brushes.isEmpty {
      let all = brushes.enumerated().map { "<brush xml:id=\"b\($0.offset + 1)\">\($0.element)</brush>" }
      lines.append("<definitions>\(all.joined())</definitions>")
    }
    let channels = (["X", "Y"] + columns.map(\.name)).map { "<channel name=\"\($0)\" type=\"decimal\"/>" }
    lines.append("<traceFormat>\(channels.joined())</traceFormat>")
    for (index, stroke) in own.strokes.enumerated() {
      let points = stroke.enumerated().map { place, point in
        let numbers =
          [point.x, point.y].map { StrokeSequence.hundredths($0) }
          + columns.map { StrokeSequence.decimal($0.values[index][place]) }
        return numbers.joined(separator: " ")
      }
      lines.append("<trace\(references[index])>\(points.joined(separator: ", "))</trace>")
    }
    return (lines + ["</ink>"]).joined(separator: "\n") + "\n"
  }

  private static func hundredths(_ value: Float) -> String {
    value.isFinite ? "\((Double(value) * 100).rounded() / 100)" : "0"
  }

  private static func escaped(_ text: String) -> String {
    // what XML has no place for is left out
    String(text.unicodeScalars.filter { $0.value >= 0x20 || $0 == "\t" || $0 == "\n" })
      .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
