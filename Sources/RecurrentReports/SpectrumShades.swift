/// A picture of levels over time, such as log-mel bands of sound, as a few paths of SVG: each is the places that are at least so
/// loud, laid over each other. Frames and bands that are smaller than what can be seen are joined by their loudest.
struct SpectrumShades {
  private static let levelCount = 6
  private static let columnLimit = 180
  private static let rowLimit = 40

  /// Levels 0 to ``levelCount``, `[row][column]`, the lowest band first.
  private let levels: [[Int]]

  /// A picture of frames `[time][band]`; the loudest place is the darkest, and what is `range` below it or no number is white.
  init(_ frames: [[Float]], range: Float) {
    let bandCount = frames.map(\.count).max() ?? 0
    let columns = min(frames.count, SpectrumShades.columnLimit)
    let rows = min(bandCount, SpectrumShades.rowLimit)
    let peak = frames.lazy.flatMap { $0 }.filter(\.isFinite).max() ?? 0
    var levels = [[Int]](repeating: [Int](repeating: 0, count: columns), count: rows)
    for row in 0..<rows {
      for column in 0..<columns {
        var loudest = -Float.infinity
        for frame in frames[column * frames.count / columns..<(column + 1) * frames.count / columns] {
          for band in row * bandCount / rows..<(row + 1) * bandCount / rows
          where band < frame.count && frame[band].isFinite { loudest = max(loudest, frame[band]) }
        }
        let share = range > 0 ? 1 + (loudest - peak) / range : 0
        levels[row][column] = Int((min(max(share, 0), 1) * Float(SpectrumShades.levelCount)).rounded(.down))
      }
    }
    self.levels = levels
  }

  /// Draws the picture between sides, the lowest band at the bottom, each level as a layer of ink.
  func draw(
    in drawing: inout Drawing, left: Double, right: Double, top: Double, bottom: Double,
    ink: ChartInk = .cell, opacity: Double = 0.2
  ) {
    guard let columns = levels.first?.count, columns > 0, right > left else { return }
    let (width, height) = ((right - left) / Double(columns), (bottom - top) / Double(levels.count))
    let n = Drawing.number
    for level in 1...SpectrumShades.levelCount {
      var path = ""
      for (row, own) in levels.enumerated() {
        let y = bottom - (Double(row) + 0.5) * height
        var column = 0
        while column < columns {
          guard own[column] >= level else {
            column += 1
            continue
          }
          let start = column
          while column < columns, own[column] >= level { column += 1 }
          path += "M\(n(left + Double(start) * width)) \(n(y))h\(n(Double(column - start) * width))"
        }
      }
      if !path.isEmpty { drawing.shade(path, ink, width: height, opacity: opacity) }
    }
  }
}
