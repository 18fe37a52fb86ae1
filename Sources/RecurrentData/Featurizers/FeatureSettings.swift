/// How features are made, where the data do not decide.
public struct FeatureSettings: Sendable, Equatable, Codable {
  /// What a token of a text stands for; nil for a word, or what the texts say.
  public var unit: TextUnit?
  /// How nucleotide sequences become tokens.
  public var bases: BaseSettings
  /// The most tokens of a text; nil for 400, of bases 4000.
  public var lengthLimit: Int?
  /// Whether tokens come with what the words say about the classes.
  public var usesEvidence: Bool
  /// How channels are scaled.
  public var scaling: ChannelScaler.Method
  /// Ranges by which the values of a channel are told apart; nil for the values themselves.
  public var rangeCount: Int?
  /// Mel bands of sound.
  public var bandCount: Int
  /// Cepstral coefficients of sound; nil for the bands themselves.
  public var coefficientCount: Int?
  /// How many differences of spectra stand beside them.
  public var deltaOrder: Int
  /// What the level of sound is relative to.
  public var level: SoundLevel

  /// Samples a second that sound is brought to; nil for the commonest of the training part.
  public var sampleRate: Double?
  /// How frames of sound become steps; nil where each is one.
  public var stack: FrameStack?

  /// How strokes of a pen become steps; nil for the points as they are, scaled by the whole.
  public var strokes: StrokeSettings?
  /// The channels of series that are the way of a pen: x, y and perhaps the number of the stroke; nil where names are to tell, and
  /// empty for none.
  public var pen: [String]?
  /// The joint that others are relative to, where channels are coordinates of joints; nil for channels as they are.
  public var skeleton: String?

  /// The defaults.
  public init(
    unit: TextUnit? = nil, lengthLimit: Int? = nil, usesEvidence: Bool = true,
    scaling: ChannelScaler.Method = .standard, rangeCount: Int? = nil, bandCount: Int = 40,
    coefficientCount: Int? = nil, deltaOrder: Int = 1, level: SoundLevel = .loudest,
    strokes: StrokeSettings? = nil, sampleRate: Double? = nil, stack: FrameStack? = nil,
    bases: BaseSettings = BaseSettings()
  ) {
    self.bases = bases
    self.unit = unit
    self.lengthLimit = lengthLimit
    self.usesEvidence = usesEvidence
    self.scaling = scaling
    self.rangeCount = rangeCount
    self.bandCount = bandCount
    self.coefficientCount = coefficientCount
    self.deltaOrder = deltaOrder
    self.level = level
    self.strokes = strokes
    self.sampleRate = sampleRate
    self.stack = stack
  }
}

extension FeatureSettings {
  /// Whether a series is read as the way of a pen: where channels are named for it, or where characters are read and the channels
  /// have such names.
  func readsPen(_ record: Record) -> Bool {
    guard case .series(let series) = record.content, skeleton == nil else { return false }
    if let pen { return !pen.isEmpty }
    return strokes?.features == .shape && PenChannels(guessing: series.channels) != nil
  }
}
