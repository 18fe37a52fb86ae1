import RecurrentFormats

extension StrokeSequence {
  /// The drawing as a line of JSON in the form of Quick, Draw!: `{"word":"cat","drawing":[[[x, ...],[y, ...]], ...]}`, with y downward, moved
  /// to the left and upper border and rounded to whole numbers; those beyond an `Int` become 0.
  ///
  /// Of a brush the columns of pressures and widths stand behind those of x and y, named by `channels`, and the colours in `colors`.
  ///
  /// - Parameter word: what it shows; nil where nobody says.
  public func line(word: String? = nil) -> String {
    let own = downward
    let low = own.bounds.low
    func column(_ stroke: [Point], _ value: (Point) -> Float) -> String {
      stroke.map { "\(Int(exactly: value($0).rounded()) ?? 0)" }.joined(separator: ",")
    }
    func numbers(_ column: [Float]) -> String {
      "[\(column.map { StrokeSequence.decimal($0) }.joined(separator: ","))]"
    }
    let strokes = own.strokes.enumerated().map { index, stroke in
      let columns =
        ["[\(column(stroke) { $0.x - low.x })]", "[\(column(stroke) { $0.y - low.y })]"]
        + (own.brush?.columns(of: index) ?? []).map(numbers)
      return "[\(columns.joined(separator: ","))]"
    }
    var label: [UInt8] = []
    if let word {
      label += "\"word\":".utf8
      label.appendJSON(word)
      label.append(UInt8(ascii: ","))
    }
    return
      "{\(String(decoding: label, as: UTF8.self))\"drawing\":[\(strokes.joined(separator: ","))]\(brushMembers)}"
  }

  /// The members that say what further columns are, and the colours of strokes.
  private var brushMembers: String {
    guard let brush else { return "" }
    let names = StrokeBrush.Channel.allCases.filter { brush[$0] != nil }.map { ",\"\($0.rawValue)\"" }
    let channels = names.isEmpty ? "" : ",\"channels\":[\"x\",\"y\"\(names.joined())]"
    let colours = brush.colours?.map { "\"\($0.hex)\"" }.joined(separator: ",")
    return channels + (colours.map { ",\"colors\":[\($0)]" } ?? "")
  }

  /// A number with five significant digits or a little more; 0 for what is none.
  static func decimal(_ value: Float) -> String {
    guard value.isFinite, value != 0 else { return "0" }
    var scale = 1.0
    while abs(Double(value)) * scale < 1e4, scale < 1e12 { scale *= 10 }
    return "\((Double(value) * scale).rounded() / scale)"
  }
}
