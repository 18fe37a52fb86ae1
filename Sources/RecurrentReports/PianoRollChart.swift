/// A piano roll: time from left to right, keys from bottom to top, with a rectangle for each note.
public struct PianoRollChart: Chart {
  /// A key that sounds for some steps.
  public struct Note: Sendable, Equatable {
    /// The number of the key; 60 is the middle C.
    public var key: Int
    /// The steps, from 0.
    public var steps: Range<Int>
    /// Whether it was given, and is drawn grey.
    public var isGiven: Bool

    /// A note.
    public init(key: Int, steps: Range<Int>, isGiven: Bool = false) {
      (self.key, self.steps, self.isGiven) = (key, steps, isGiven)
    }
  }

  /// What stands above.
  public var title: String
  /// The notes.
  public var notes: [Note]
  /// Shades below the notes, such as probabilities: for each step the keys with a share of 0 to 1; empty for none.
  public var shades: [[(key: Int, share: Double)]]
  /// The steps of the piece.
  public var stepCount: Int
  /// Steps of a bar, at whose beginnings lines stand; nil for none.
  public var stepsPerBar: Int?

  /// A piano roll.
  public init(
    title: String, notes: [Note], shades: [[(key: Int, share: Double)]] = [], stepCount: Int,
    stepsPerBar: Int? = nil
  ) {
    (self.title, self.notes, self.shades) = (title, notes, shades)
    (self.stepCount, self.stepsPerBar) = (stepCount, stepsPerBar)
  }

  /// Steps beyond these are not drawn: they could not be seen.
  private static let stepLimit = 2048
  private static let left = 44.0
  private static let top = 40.0

  private var shown: Int { min(max(stepCount, 1), PianoRollChart.stepLimit) }
  private var stepWidth: Double { max(3, min(14, 660 / Double(shown))) }
  private static let rowHeight = 6.0

  /// The width at which its letters have their proper size, in pixels.
  public var width: Double { max(360, PianoRollChart.left + stepWidth * Double(shown) + 16) }

  /// The drawing.
  public var svg: String {
    let keys = notes.map(\.key) + shades.lazy.flatMap { $0 }.map(\.key)
    let low = (keys.min() ?? 60) - 1
    let high = max((keys.max() ?? 60) + 1, low + 12)
    let row = PianoRollChart.rowHeight
    let bottom = PianoRollChart.top + row * Double(high - low + 1)
    let right = PianoRollChart.left + stepWidth * Double(shown)
    var drawing = Drawing(width: width, height: bottom + 30, title: title, titleX: 16)
    let n = Drawing.number
    func y(_ key: Int) -> Double { PianoRollChart.top + row * Double(high - key) }
    func x(_ step: Int) -> Double { PianoRollChart.left + stepWidth * Double(min(step, shown)) }
    // the black keys, and a name at each C
    for key in low...high {
      if [1, 3, 6, 8, 10].contains(((key % 12) + 12) % 12) {
        drawing.box(PianoRollChart.left, y(key), right - PianoRollChart.left, row, .grid, opacity: 0.5)
      }
      if key % 12 == 0 {
        drawing.text("C\(key / 12 - 1)", PianoRollChart.left - 6, y(key) + row, .end, ink: .dim, size: 10)
        drawing.line("M\(n(PianoRollChart.left)) \(n(y(key) + row))H\(n(right))", .grid)
      }
    }
    if let stepsPerBar, stepsPerBar > 0 {
      let bars = shown / stepsPerBar
      let every = max(1, bars / 16)
      for bar in 0...bars {
        let place = x(bar * stepsPerBar)
        drawing.line("M\(n(place)) \(n(PianoRollChart.top))V\(n(bottom))", .grid)
        if bar % every == 0, bar < bars {
          drawing.text("\(bar + 1)", place, bottom + 14, ink: .dim, size: 10)
        }
      }
    }
    for (step, tones) in shades.prefix(shown).enumerated() {
      for tone in tones where tone.share.isFinite && tone.share >= 0.02 {
        drawing.box(x(step), y(tone.key), stepWidth, row, .series(1), opacity: min(max(tone.share, 0), 1))
      }
    }
    for note in notes where note.steps.lowerBound < shown {
      let length = x(note.steps.upperBound) - x(note.steps.lowerBound)
      drawing.box(
        x(note.steps.lowerBound) + 0.3, y(note.key) + 0.7, max(length - 0.6, 1), row - 1.4,
        note.isGiven ? .axis : .series(0), opacity: shades.isEmpty ? 1 : 0.75)
    }
    drawing.frame(
      PianoRollChart.left, PianoRollChart.top, right - PianoRollChart.left, bottom - PianoRollChart.top, .axis
    )
    return drawing.svg
  }
}
