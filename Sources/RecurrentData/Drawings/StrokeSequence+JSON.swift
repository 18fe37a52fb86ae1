extension StrokeSequence {
  /// The drawing as a line of JSON in the form of Quick, Draw!: `{"word":"cat","drawing":[[[x, ...],[y, ...]], ...]}`, with y downward, moved
  /// to the left and upper border and rounded to whole numbers.
  ///
  /// - Parameter word: what it shows; nil where nobody says.
  public func line(word: String? = nil) -> String {
    let own = downward
    let low = own.bounds.low
    func column(_ stroke: [Point], _ value: (Point) -> Float) -> String {
      stroke.map { "\(Int(value($0).rounded()))" }.joined(separator: ",")
    }
    let strokes = own.strokes.map { stroke in
      "[[\(column(stroke) { $0.x - low.x })],[\(column(stroke) { $0.y - low.y })]]"
    }
    let label = word.map { "\"word\":\"\(StrokeSequence.escaped($0))\"," } ?? ""
    return "{\(label)\"drawing\":[\(strokes.joined(separator: ","))]}"
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
