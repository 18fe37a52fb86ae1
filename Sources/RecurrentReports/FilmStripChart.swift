import RecurrentCore

/// A film with a caption: some of its pictures from left to right, and below them a row for each word, shaded by how much it looked
/// at each moment.
public struct FilmStripChart: Chart {
  /// A picture in grey.
  public struct Picture: Sendable, Equatable {
    /// Rows.
    public var height: Int
    /// Pixels of a row.
    public var width: Int
    /// Brightness row by row from above.
    public var grey: [UInt8]

    /// A picture. Traps unless there is a number for each pixel.
    public init(height: Int, width: Int, grey: [UInt8]) {
      trapUnless(
        height > 0 && width > 0 && grey.count == height * width,
        "FilmStripChart: expected \(height) x \(width) pixels, received \(grey.count)")
      (self.height, self.width, self.grey) = (height, width, grey)
    }
  }

  /// A word of the caption.
  public struct Row: Sendable, Equatable {
    /// The word.
    public var text: String
    /// Whether it is missing in the reference, or another one there.
    public var isWrong: Bool
    /// How much it looked at each moment, 0 to 1.
    public var weights: [Float]

    /// A word.
    public init(text: String, isWrong: Bool = false, weights: [Float]) {
      (self.text, self.isWrong, self.weights) = (text, isWrong, weights)
    }
  }

  /// What stands above.
  public var title: String
  /// All pictures of the film in their order; empty for what has none, such as sound.
  public var pictures: [Picture]
  /// How long the film is.
  public var duration: Double
  /// The unit of the duration.
  public var unit: String
  /// The words that are right, shown above; empty for none.
  public var reference: [StrokeChart.Word]
  /// The words of the caption.
  public var rows: [Row]

  /// A chart.
  public init(
    title: String, pictures: [Picture] = [], duration: Double, unit: String = "s",
    reference: [StrokeChart.Word] = [], rows: [Row]
  ) {
    (self.title, self.pictures, self.duration, self.unit) = (title, pictures, duration, unit)
    (self.reference, self.rows) = (reference, rows)
  }

  /// The width at which its letters have their proper size, in pixels.
  public var width: Double { 860 }

  private static let letters = 12.0
  private static let rowHeight = 18.0
  /// More words are not drawn.
  private static let rowLimit = 60
  private static let right = 16.0
  /// The most pixels of a side of a picture that are drawn.
  private static let pixelLimit = 32

  /// The drawing.
  public var svg: String {
    let shown = Array(rows.prefix(FilmStripChart.rowLimit))
    let labels = shown.map { shortened($0.isWrong ? "✗ " + $0.text : $0.text, to: 130) }
    let names = reference.isEmpty ? labels : labels + ["reference"]
    let left = max(names.map { estimatedWidth($0) }.max() ?? 0, 40) + 28
    let across = width - left - FilmStripChart.right
    let top = reference.isEmpty ? 40.0 : 62.0
    let strip = stripHeight(across)
    let first = top + strip + (strip > 0 ? 8 : 0)
    let bottom = first + FilmStripChart.rowHeight * Double(shown.count)
    var drawing = Drawing(width: width, height: bottom + 40, title: title, titleX: 16)
    if !reference.isEmpty {
      drawing.text("reference", 16, 50, ink: .dim)
      let text = reference.map { $0.isWrong ? "✗ " + $0.text : $0.text }.joined(separator: " ")
      drawing.text(shortened(text, to: width - left - 16), left, 50)
    }
    drawPictures(left, top, across, strip, &drawing)
    for (index, row) in shown.enumerated() {
      let y = first + FilmStripChart.rowHeight * Double(index)
      if row.isWrong {
        let own = estimatedWidth(labels[index])
        drawing.box(left - own - 10, y + 1, own + 4, 16, .series(1), opacity: 0.3)
      }
      drawing.text(labels[index], left - 8, y + 13, .end)
      let step = across / Double(max(row.weights.count, 1))
      for (place, weight) in row.weights.enumerated() {
        let share = weight.isFinite ? min(max(Double(weight), 0), 1) : 0
        guard share >= 0.02 else { continue }
        drawing.box(
          left + step * Double(place), y + 1, step, FilmStripChart.rowHeight - 2, .cell, opacity: share)
      }
    }
    if !shown.isEmpty { drawing.frame(left, first, across, bottom - first, .axis) }
    drawing.text("0", left, bottom + 16, ink: .dim)
    drawing.text("\(rounded(duration, 2)) \(unit)", left + across, bottom + 16, .end, ink: .dim)
    return drawing.svg
  }

  /// How many pictures stand beside each other.
  private func pictureCount(_ across: Double) -> Int {
    guard let picture = pictures.first else { return 0 }
    let size = max(40, min(120, 48 * Double(picture.width) / Double(picture.height)))
    return max(1, min(pictures.count, Int(across / size)))
  }

  private func stripHeight(_ across: Double) -> Double {
    guard let picture = pictures.first else { return 0 }
    let size = across / Double(pictureCount(across))
    return min(size * Double(picture.height) / Double(picture.width), 160)
  }

  private func drawPictures(
    _ left: Double, _ top: Double, _ across: Double, _ height: Double, _ drawing: inout Drawing
  ) {
    let count = pictureCount(across)
    let size = across / Double(max(count, 1))
    for place in 0..<count {
      // the picture in the middle of its part of the film
      let own = pictures[min((2 * place + 1) * pictures.count / (2 * count), pictures.count - 1)]
      let x = left + size * Double(place)
      drawing.box(x, top, size - 1, height, .film)
      SpectrumShades(own.columns(atMost: FilmStripChart.pixelLimit), range: 1).draw(
        in: &drawing, left: x, right: x + size - 1, top: top, bottom: top + height, ink: .onCell,
        opacity: 0.25)
    }
  }
}

extension FilmStripChart.Picture {
  /// Brightness, 0 to 1, of columns from left to right, each from below: means over pixels where a side has more than a limit.
  fileprivate func columns(atMost limit: Int) -> [[Float]] {
    let (across, down) = (min(width, limit), min(height, limit))
    return (0..<across).map { column in
      (0..<down).reversed().map { row in
        var (sum, count) = (0, 0)
        for y in row * height / down..<(row + 1) * height / down {
          for x in column * width / across..<(column + 1) * width / across {
            sum += Int(grey[y * width + x])
            count += 1
          }
        }
        return Float(sum) / Float(255 * max(count, 1))
      }
    }
  }
}
