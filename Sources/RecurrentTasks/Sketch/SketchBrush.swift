/// What a model learns of a brush beside the way of the pen: pressure, width and colour, those that the training part tells.
///
/// Pressure and width are numbers, standardised by the training part, each by one normal distribution (``NormalOutput``) of learnt mean and
/// deviation: what has gone before says nearly all of them, so that one peak is enough. A colour is one of a few, by a
/// ``CategoricalOutput``: what lies between two colours of a drawing is mostly no colour of a drawing.
///
/// A channel that has one value within each stroke of the training part, as colours have, is a channel of strokes: it is predicted at the first
/// point of a stroke and kept to its last. At the other points it costs nothing and counts for nothing. All channels are
/// independent of each other and of the point, given all that has gone before.
public struct SketchBrush: Sendable, Equatable, Codable {
  /// A channel of numbers.
  public struct Channel: Sendable, Equatable, Codable {
    /// What its values are standardised by: mean and standard deviation of those that are predicted.
    public var mean, deviation: Float
    /// The least and the largest of the training part; what is drawn stays within.
    public var low, high: Float
    /// What the standard deviations of the model stay above, in units of `deviation`.
    public var leastDeviation: Float
    /// Whether it has one value within each stroke.
    public var isOfStroke: Bool

    /// A channel.
    public init(
      mean: Float, deviation: Float, low: Float, high: Float, leastDeviation: Float, isOfStroke: Bool
    ) {
      (self.mean, self.deviation, self.low, self.high) = (mean, deviation, low, high)
      (self.leastDeviation, self.isOfStroke) = (leastDeviation, isOfStroke)
    }

    /// The distribution of a standardised value.
    var output: NormalOutput { NormalOutput(leastDeviation: leastDeviation) }

    func standardized(_ value: Float) -> Float { (value - mean) / deviation }

    /// A value of the data for a draw; of one that is no number the mean.
    func value(_ draw: Float) -> Float { draw.isNaN ? mean : min(max(draw * deviation + mean, low), high) }
  }

  /// The colours of strokes.
  public struct Palette: Sendable, Equatable, Codable {
    /// The colours that can be drawn; each other one is taken as the nearest of them.
    public var colours: [BrushColour]
    /// How often each is that of a stroke in the training part, above 0.
    public var shares: [Double]

    /// Colours with their shares.
    public init(colours: [BrushColour], shares: [Double]) { (self.colours, self.shares) = (colours, shares) }

    var output: CategoricalOutput { CategoricalOutput(count: colours.count) }

    /// The number of the nearest colour, the first of several.
    func index(of colour: BrushColour) -> Int {
      colours.indices.min { colours[$0].square(to: colour) < colours[$1].square(to: colour) } ?? 0
    }
  }

  /// How hard the pen is pressed; nil where that is not learnt.
  public var pressure: Channel?
  /// How wide lines are; nil where that is not learnt.
  public var width: Channel?
  /// The colours; nil where they are not learnt.
  public var palette: Palette?

  /// Channels.
  public init(pressure: Channel? = nil, width: Channel? = nil, palette: Palette? = nil) {
    (self.pressure, self.width, self.palette) = (pressure, width, palette)
  }

  /// A channel of numbers by its name; nil where it is not learnt.
  public subscript(channel: StrokeBrush.Channel) -> Channel? {
    switch channel {
    case .pressure: pressure
    case .width: width
    }
  }

  /// The names of all that is learnt.
  var names: [String] {
    StrokeBrush.Channel.allCases.filter { self[$0] != nil }.map(\.rawValue)
      + (palette == nil ? [] : ["colour"])
  }

  /// What a value has of the channels that are learnt.
  func known(_ value: BrushValue) -> BrushValue {
    BrushValue(
      pressure: pressure == nil ? nil : value.pressure, width: width == nil ? nil : value.width,
      colour: palette == nil ? nil : value.colour)
  }

  /// The value with the likeliest one without memory for each channel that is learnt and that nobody tells.
  func completed(_ value: BrushValue) -> BrushValue {
    var own = known(value)
    for channel in StrokeBrush.Channel.allCases where own[channel] == nil {
      own[channel] = self[channel]?.mean
    }
    if own.colour == nil, let palette {
      own.colour = palette.shares.indices.max { palette.shares[$0] < palette.shares[$1] }.map {
        palette.colours[$0]
      }
    }
    return own
  }

  /// The channels that are learnt and that some of the steps do not tell.
  func missing(in steps: [PenStep]) -> [String] {
    let channels = StrokeBrush.Channel.allCases.filter { name in
      self[name] != nil && steps.contains { $0.brush[name] == nil }
    }
    let lacksColour = palette != nil && steps.contains { $0.brush.colour == nil }
    return channels.map(\.rawValue) + (lacksColour ? ["colour"] : [])
  }

  /// Throws where the values are impossible.
  func check() throws(ValueIssue) {
    try ValueIssue.check(!names.isEmpty, "brush has no channel")
    for name in StrokeBrush.Channel.allCases {
      guard let own = self[name] else { continue }
      let key = "brush.\(name.rawValue)"
      try ValueIssue.check("\(key).mean", own.mean, in: -1e30...1e30)
      try ValueIssue.check("\(key).deviation", own.deviation, in: 1e-9...1e30)
      try ValueIssue.check("\(key).low", own.low, in: -1e30...1e30)
      try ValueIssue.check("\(key).high", own.high, in: own.low...1e30)
      try ValueIssue.check("\(key).leastDeviation", own.leastDeviation, in: 1e-6...1e6)
    }
    guard let palette else { return }
    let limit = SketchBrush.mostColours
    try ValueIssue.check("the number of colours of the brush", palette.colours.count, in: 1...limit)
    try ValueIssue.check("brush.palette.colours", distinct: palette.colours.map(\.hex))
    try ValueIssue.check(
      "the number of shares of the brush", palette.shares.count, equals: palette.colours.count,
      "that of the colours")
    try ValueIssue.check("brush.palette.shares", each: palette.shares, in: 1e-12...1)
  }

  /// The most colours of a palette.
  static let mostColours = 16
}
