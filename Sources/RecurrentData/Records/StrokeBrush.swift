/// What a pen or a brush does beside its way: numbers at each point and a colour of each stroke.
public struct StrokeBrush: Sendable, Equatable {
  /// A number that stands at each point.
  public enum Channel: String, Sendable, CaseIterable, Codable {
    /// How hard the pen is pressed, in any unit.
    case pressure
    /// How wide the line is, in units of the points.
    case width
  }

  /// The pressure at each point of each stroke; nil where the data do not tell.
  public var pressures: [[Float]]?
  /// The width of the line at each point of each stroke, in units of the points; nil where the data do not tell.
  public var widths: [[Float]]?
  /// The colour of each stroke; nil where the data do not tell.
  public var colours: [BrushColour]?

  /// Channels of all strokes; nil where there is none.
  public init?(pressures: [[Float]]? = nil, widths: [[Float]]? = nil, colours: [BrushColour]? = nil) {
    if pressures == nil, widths == nil, colours == nil { return nil }
    (self.pressures, self.widths, self.colours) = (pressures, widths, colours)
  }

  /// A channel by its name; nil where the data do not tell.
  public subscript(channel: Channel) -> [[Float]]? {
    get {
      switch channel {
      case .pressure: pressures
      case .width: widths
      }
    }
    set {
      switch channel {
      case .pressure: pressures = newValue
      case .width: widths = newValue
      }
    }
  }

  /// Whether there is a number for each point and a colour for each stroke of such counts of points.
  func fits(_ counts: [Int]) -> Bool {
    Channel.allCases.allSatisfy { self[$0]?.map(\.count) ?? counts == counts }
      && colours?.count ?? counts.count == counts.count
  }

  /// What widths are cut off at, so that no scale makes them infinite.
  private static let largest: Float = 1e30

  /// The same brush on strokes that are `factor` times as large.
  func scaled(by factor: Float) -> StrokeBrush {
    var copy = self
    copy.widths = widths?.map { $0.map { min($0 * abs(factor), StrokeBrush.largest) } }
    return copy
  }

  /// The columns that stand beside a stroke, one for each channel that there is.
  func columns(of stroke: Int) -> [[Float]] { Channel.allCases.compactMap { self[$0]?[stroke] } }

  /// The same channels with other columns beside each stroke.
  func replacing(_ columns: [[[Float]]]) -> StrokeBrush {
    var (copy, place) = (self, 0)
    for channel in Channel.allCases where self[channel] != nil {
      copy[channel] = columns.map { $0[place] }
      place += 1
    }
    return copy
  }

  /// What each column may be off where points are left out: a tenth of its range.
  var tolerances: [Float] {
    Channel.allCases.compactMap { channel in
      self[channel].map { strokes in
        let all = strokes.lazy.joined()
        return 0.1 * ((all.max() ?? 0) - (all.min() ?? 0))
      }
    }
  }
}

/// What files say of brushes that cannot be read, with what is assumed for it.
enum BrushGap: Hashable, CaseIterable {
  case unknownColour, unknownWidth, unknownBrush, missingColour, missingPressure, partialPressure,
    partialWidth

  /// The assumption; `example` is what stands there.
  func sentence(_ example: String) -> String {
    switch self {
    case .unknownColour: "the colour \"\(example)\" is not known and counts as black"
    case .unknownWidth: "the width \"\(example)\" is not in a unit of SVG and counts as 1"
    case .unknownBrush: "there is no brush \"\(example)\", and the stroke is taken as without one"
    case .missingColour: "strokes without a colour beside others with one count as black"
    case .missingPressure: "a pressure that is missing counts as that of the point before"
    case .partialPressure: "some strokes have a pressure and others none: it is not read"
    case .partialWidth: "some strokes have a width and others none: it is not read"
    }
  }
}

/// Gaps of a file, each with the first that is met.
struct BrushGaps: Sendable, Equatable {
  private(set) var examples: [BrushGap: String] = [:]

  mutating func add(_ gap: BrushGap, _ example: String = "") {
    if examples[gap] == nil { examples[gap] = String(example.prefix(40)) }
  }

  /// The columns of all strokes; nil where none has one, and where some have none, which is a gap.
  mutating func whole(_ columns: [[Float]?], partial: BrushGap) -> [[Float]]? {
    let own = columns.compactMap { $0 }
    if own.count == columns.count, !own.isEmpty { return own }
    if !own.isEmpty { add(partial) }
    return nil
  }

  /// The colours of all strokes; nil where none has one.
  mutating func whole(_ colours: [BrushColour?]) -> [BrushColour]? {
    guard colours.contains(where: { $0 != nil }) else { return nil }
    if colours.contains(nil) { add(.missingColour) }
    return colours.map { $0 ?? .black }
  }
}
