import RecurrentReports

extension SketchBrush {
  /// The channels that are learnt of drawings of a training part.
  ///
  /// Without a word of the user these are the channels that all drawings have and that vary: pressures and colours anywhere, widths within a
  /// drawing, for the size of drawings is no size of a brush. With one those that any drawing has and that vary anywhere.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where a brush is asked for and nothing varies.
  static func fitted(
    _ drawings: [StrokeSequence], asked: Bool?, _ notes: inout [DataNote]
  ) throws(DataError) -> SketchBrush? {
    guard asked != false else { return nil }
    var (brush, partial) = (SketchBrush(), [String]())
    func isLearnt(_ name: String, _ count: Int) -> Bool {
      if count == drawings.count || asked == true { return true }
      partial.append("\(name) in \(counted(count, "drawing"))")
      return false
    }
    for name in StrokeBrush.Channel.allCases {
      let columns = drawings.compactMap { $0.brush?[name] }
      let isWidth = name == .width && asked == nil
      guard isWidth ? columns.contains(where: varies) : varies(columns.flatMap { $0 }),
        isLearnt(name.rawValue, columns.count)
      else { continue }
      let channel = Channel(columns)
      if name == .pressure { brush.pressure = channel } else { brush.width = channel }
    }
    let colours = drawings.compactMap { $0.brush?.colours }
    if Set(colours.joined()).count > 1, isLearnt("colour", colours.count) {
      brush.palette = Palette(Array(colours.joined()), &notes)
    }
    if !partial.isEmpty {
      notes.append(
        DataNote(
          .found,
          "not learnt, for not all \(counted(drawings.count, "drawing")) have it: \(partial.joined(separator: ", "))",
          setting: "brush"))
    }
    guard !brush.names.isEmpty else {
      guard asked == true else { return nil }
      throw DataError.invalidSetting(
        name: "brush", expected: "drawings with a pressure, a width or a colour that varies", found: "none")
    }
    let ofStrokes = StrokeBrush.Channel.allCases.filter { brush[$0]?.isOfStroke ?? false }.map(\.rawValue)
    notes.append(
      DataNote(
        asked == nil ? .assumed : .found,
        "the brush is learnt: \(brush.names.joined(separator: ", "))"
          + (ofStrokes.isEmpty ? "" : ", \(ofStrokes.joined(separator: " and ")) once in each stroke"),
        setting: asked == nil ? "brush" : nil))
    return brush
  }

  /// Whether the numbers of strokes are more than one, but for what scaling makes of it.
  private static func varies(_ strokes: [[Float]]) -> Bool {
    let all = strokes.lazy.joined()
    guard let low = all.min(), let high = all.max() else { return false }
    return high - low > 1e-3 * max(abs(low), abs(high))
  }
}

extension SketchBrush.Channel {
  /// The channel that the columns of drawings show.
  init(_ columns: [[[Float]]]) {
    let strokes = columns.flatMap { $0 }
    let isOfStroke = strokes.allSatisfy { stroke in stroke.allSatisfy { $0 == stroke[0] } }
    let values = isOfStroke ? strokes.map { $0[0] } : strokes.flatMap { $0 }
    let count = Double(max(values.count, 1))
    let mean = values.reduce(0) { $0 + Double($1) } / count
    let variance = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
    let deviation = max(variance.squareRoot(), 1e-6)
    // whole numbers were rounded by up to a half; of others a hundredth is as fine as anybody sees, and numbers that repeat, as those
    // of a pen that is pressed as hard as can be, would make the density grow without end
    let areWhole = values.allSatisfy { $0 == $0.rounded() }
    let least = max(areWhole ? 0.288_675_134_6 / deviation : 0, 1e-2)
    self.init(
      mean: Float(mean), deviation: Float(deviation), low: values.min() ?? 0, high: values.max() ?? 0,
      leastDeviation: Float(min(least, 0.9)), isOfStroke: isOfStroke)
  }
}

extension SketchBrush.Palette {
  /// The colours of strokes, the most frequent first. Of more than ``SketchBrush/mostColours`` those that are frequent and far from
  /// each other: each by how often it is times its squared distance from those before.
  init(_ strokes: [BrushColour], _ notes: inout [DataNote]) {
    var counts: [BrushColour: Int] = [:]
    for colour in strokes { counts[colour, default: 0] += 1 }
    let all = counts.sorted { $0.value > $1.value || $0.value == $1.value && $0.key.hex < $1.key.hex }
    var own = all.map(\.key)
    if own.count > SketchBrush.mostColours {
      notes.append(
        DataNote(
          .assumed,
          "of \(own.count) colours of strokes \(SketchBrush.mostColours) are learnt, and each other one is taken as the nearest of them"
        ))
      own = [own[0]]
      var squares = all.map { $0.key.square(to: own[0]) }
      while own.count < SketchBrush.mostColours {
        let next = all.indices.max { all[$0].value * squares[$0] < all[$1].value * squares[$1] } ?? 0
        own.append(all[next].key)
        for index in all.indices {
          squares[index] = min(squares[index], all[index].key.square(to: all[next].key))
        }
      }
    }
    self.init(colours: own, shares: [])
    var nearest = [Int](repeating: 1, count: own.count)
    for (colour, count) in all { nearest[index(of: colour)] += count }
    let total = Double(nearest.reduce(0, +))
    shares = nearest.map { Double($0) / total }
  }
}
