import RecurrentFormats

extension StrokeSequence {
  /// The drawing as a line of JSON in the form of Quick, Draw!: `{"word":"cat","drawing":[[[x, ...],[y, ...]], ...]}`, with y downward, moved
  /// to the left and upper border and rounded to whole numbers; those beyond an `Int` become 0.
  ///
  /// - Parameter word: what it shows; nil where nobody says.
  public func line(word: String? = nil) -> String {
    let own = downward
    let low = own.bounds.low
    func column(_ stroke: [Point], _ value: (Point) -> Float) -> String {
      stroke.map { "\(Int(exactly: value($0).rounded()) ?? 0)" }.joined(separator: ",")
    }
    let strokes = own.strokes.map { stroke in
      "[[\(column(stroke) { $0.x - low.x })],[\(column(stroke) { $0.y - low.y })]]"
    }
    var label: [UInt8] = []
    if let word {
      label += "\"word\":".utf8
      label.appendJSON(word)
      label.append(UInt8(ascii: ","))
    }
    return "{\(String(decoding: label, as: UTF8.self))\"drawing\":[\(strokes.joined(separator: ","))]}"
  }
}
