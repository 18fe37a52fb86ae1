/// What a brush does at a point of a drawing. A channel that nobody tells is nil.
public struct BrushValue: Sendable, Equatable {
  // numbers that may lack, in four bytes each: a drawing has many points
  private var pressureOrNone = BrushValue.none
  private var widthOrNone = BrushValue.none
  /// The colour.
  public var colour: BrushColour?

  private static let none = -Float.infinity

  /// Values of channels.
  public init(pressure: Float? = nil, width: Float? = nil, colour: BrushColour? = nil) {
    self.colour = colour
    (self.pressure, self.width) = (pressure, width)
  }

  /// The pressure, in units of the data.
  public var pressure: Float? {
    get { pressureOrNone == BrushValue.none ? nil : pressureOrNone }
    set { pressureOrNone = newValue ?? BrushValue.none }
  }

  /// The width, in units of the data.
  public var width: Float? {
    get { widthOrNone == BrushValue.none ? nil : widthOrNone }
    set { widthOrNone = newValue ?? BrushValue.none }
  }

  /// A channel by its name.
  public subscript(channel: StrokeBrush.Channel) -> Float? {
    get {
      switch channel {
      case .pressure: pressure
      case .width: width
      }
    }
    set {
      switch channel {
      case .pressure: pressure = newValue
      case .width: width = newValue
      }
    }
  }
}

extension StrokeBrush {
  /// What the brush does at a point of a stroke.
  func value(stroke: Int, point: Int) -> BrushValue {
    BrushValue(
      pressure: pressures?[stroke][point], width: widths?[stroke][point], colour: colours?[stroke])
  }

  /// The channels that have a value at each point of strokes of such counts; the colour of a stroke is that of its first point. Nil for
  /// none.
  init?(_ values: [BrushValue], counts: [Int]) {
    func strokes<Value>(_ value: (BrushValue) -> Value?) -> [[Value]]? {
      let own = values.compactMap(value)
      guard own.count == values.count, !own.isEmpty else { return nil }
      var start = 0
      return counts.map { count in
        defer { start += count }
        return Array(own[start..<start + count])
      }
    }
    self.init(
      pressures: strokes(\.pressure), widths: strokes(\.width), colours: strokes(\.colour)?.map { $0[0] })
  }
}
