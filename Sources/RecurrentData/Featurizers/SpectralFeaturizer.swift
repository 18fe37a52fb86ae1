/// Sound as a sequence of spectra on the mel scale, or of cepstral coefficients (Davis and Mermelstein 1980).
///
/// The numbers are librosa's with the same parameters: frames around their middle, zeros beyond the ends, a periodic Hann
/// window, power, Slaney's mel scale and areas, decibels above the floor of 80 below the loudest; coefficients by the
/// orthonormal cosine transform; first differences by a line and second ones by a parabola through 9 frames.
public struct SpectralFeaturizer: Sendable, Equatable, Codable {
  /// Samples a second that sounds must have.
  public var rate: Double
  /// Samples of a window, a power of two.
  public var windowSize: Int
  /// Samples from one window to the next.
  public var hop: Int
  /// How many mel bands there are.
  public var bandCount: Int
  /// Of the lowest band, in Hz.
  public var lowest: Double
  /// Of the highest band, in Hz; nil for half the rate.
  public var highest: Double?
  /// Cepstral coefficients; nil for the bands themselves.
  public var coefficientCount: Int?
  /// Up to which order differences are put beside: 0, 1 or 2.
  public var deltaOrder: Int
  /// The level that the floor lies 80 decibels below, in decibels of band power; nil for that of the loudest moment of each sound.
  public private(set) var referenceLevel: Double?

  /// Parameters; by default log-mel bands in windows of about 32 ms every 10 ms.
  public init(
    rate: Double, windowSize: Int? = nil, hop: Int? = nil, bandCount: Int = 40, lowest: Double = 0,
    highest: Double? = nil, coefficientCount: Int? = nil, deltaOrder: Int = 0, level: SoundLevel = .loudest
  ) {
    self.rate = rate
    var power = 64
    while Double(power) < 0.025 * rate { power *= 2 }
    self.windowSize = windowSize ?? power
    self.hop = hop ?? max(1, Int((0.01 * rate).rounded()))
    self.bandCount = bandCount
    self.lowest = lowest
    self.highest = highest
    self.coefficientCount = coefficientCount
    self.deltaOrder = deltaOrder
    if level == .fixed { referenceLevel = SpectralBands(self).fullScale }
  }

  /// Numbers of a frame.
  public var featureCount: Int { (coefficientCount ?? bandCount) * (1 + deltaOrder) }

  /// Frames of so many samples.
  public func frameCount(samples: Int) -> Int { 1 + samples / hop }

  /// The features of a sound: a row of ``featureCount`` numbers for each frame.
  public func callAsFunction(_ samples: [Float]) -> [[Float]] {
    let bands = SpectralBands(self)
    let frames = decibels(samples, bands).map(bands.coefficients)
    var parts = [frames]
    for order in 0..<deltaOrder { parts.append(SpectralFeaturizer.deltas(frames, order: order + 1)) }
    return frames.indices.map { frame in parts.flatMap { $0[frame] }.map { Float($0) } }
  }

  /// The levels of all frames, `[frame][band]`, with their floor.
  private func decibels(_ samples: [Float], _ bands: SpectralBands) -> [[Double]] {
    let frames = (0..<frameCount(samples: samples.count)).map { frame in
      bands.levels(samples, from: frame * hop - windowSize / 2)
    }
    let top = referenceLevel ?? frames.reduce(-Double.infinity) { $1.reduce($0) { max($0, $1) } }
    return frames.map { floored($0, below: top) }
  }

  /// Levels with the floor of 80 decibels below another one.
  func floored(_ levels: [Double], below top: Double) -> [Double] { levels.map { max($0, top - 80) } }

  /// The slope of the line through each frame and the four on both sides, or with order 2 the second derivative of the
  /// parabola; at the ends that of the first and last nine. Fewer than nine frames take as many as there are, an odd number.
  static func deltas(_ frames: [[Double]], order: Int) -> [[Double]] {
    let half = min(4, (frames.count - 1) / 2)
    guard half > 0, let width = frames.first?.count else { return frames.map { $0.map { _ in 0 } } }
    let places = (-half...half).map { Double($0) }
    let squares = places.map { $0 * $0 }
    let sum = squares.reduce(0, +)
    let mean = sum / Double(places.count)
    // a parabola has its curvature from what is left of the squares without their mean
    let weights =
      order == 1
      ? places.map { $0 / sum }
      : squares.map { 2 * ($0 - mean) / squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } }
    return frames.indices.map { frame in
      let first = min(max(frame, half), frames.count - 1 - half) - half
      return (0..<width).map { feature in
        weights.indices.reduce(0) { $0 + weights[$1] * frames[first + $1][feature] }
      }
    }
  }
}
