import RecurrentFormats

/// Sound that comes as samples, any number at a time, at the rate of the featurizer. A frame is known when its window and, for
/// differences, the four frames behind it are.
struct SoundStream: FeatureStream.Steps {
  private let featurizer: SoundFeaturizer
  private let bands: SpectralBands
  private let level: Double
  /// Samples that windows to come may need.
  private var samples: [Float] = []
  /// The place of the first of them.
  private var offset = 0
  /// Bands or coefficients that differences to come may need; the last one is that of frame `frameCount - 1`.
  private var frames: [[Double]] = []
  private var frameCount = 0
  /// Frames whose features were given out.
  private var givenCount = 0

  private var spectrum: SpectralFeaturizer { featurizer.spectrum }
  /// Samples so far.
  private var sampleCount: Int { offset + samples.count }
  /// Frames on both sides that differences see.
  private var reach: Int { spectrum.deltaOrder > 0 ? 4 : 0 }

  /// Nil for a featurizer whose level is that of the loudest moment.
  init?(_ featurizer: SoundFeaturizer) {
    guard let level = featurizer.spectrum.referenceLevel else { return nil }
    self.featurizer = featurizer
    self.level = level
    bands = SpectralBands(featurizer.spectrum)
  }

  mutating func push(
    _ value: JSONValue, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> [FeatureSequence] {
    let expected = "samples from -1 to 1 at \(spectrum.rate) a second, a number or a list of them"
    var list = [value]
    if case .list(let values) = value { list = values }
    for value in list {
      guard case .number(let number) = value, Float(number).isFinite else {
        throw malformed(expected, "another value")
      }
    }
    for case .number(let number) in list { samples.append(Float(number)) }
    while frameCount * spectrum.hop + spectrum.windowSize / 2 <= sampleCount { addFrame() }
    // the next window begins here
    let used = min(max(0, frameCount * spectrum.hop - spectrum.windowSize / 2 - offset), samples.count)
    samples.removeFirst(used)
    offset += used
    return features(before: frameCount - reach)
  }

  mutating func finish() -> [FeatureSequence] {
    guard sampleCount > 0 else { return [] }
    while frameCount < spectrum.frameCount(samples: sampleCount) { addFrame() }
    return features(before: frameCount)
  }

  private mutating func addFrame() {
    let start = frameCount * spectrum.hop - spectrum.windowSize / 2
    let levels = spectrum.floored(bands.levels(samples, from: start - offset), below: level)
    frames.append(bands.coefficients(levels))
    frameCount += 1
  }

  /// The features of the frames that were not given out yet, up to another one.
  private mutating func features(before end: Int) -> [FeatureSequence] {
    // the first frames have the slope of the first nine
    guard end > givenCount, frameCount > 2 * reach || end == frameCount else { return [] }
    let first = frameCount - frames.count
    var parts = [frames]
    for order in 0..<spectrum.deltaOrder {
      parts.append(SpectralFeaturizer.deltas(frames, order: order + 1))
    }
    let width = spectrum.featureCount
    let steps = (givenCount..<end).map { frame in
      FeatureSequence(
        featureCount: width,
        values: parts.flatMap { $0[frame - first] }.enumerated().map {
          featurizer.scaler.scaled(Float($0.element), channel: $0.offset)
        })
    }
    givenCount = end
    // those at the end may have to take the slope of the last nine
    let kept = max(givenCount - 2 * reach, 0)
    frames.removeFirst(max(0, min(kept - first, frames.count)))
    return steps
  }

  var stored: [Int64] {
    let counts = [frameCount, offset, samples.count, frames.count, givenCount].map { Int64($0) }
    return counts + samples.map { Double($0).stored } + frames.flatMap { $0.map(\.stored) }
  }

  mutating func restore(_ numbers: inout StoredNumbers) {
    let width = spectrum.coefficientCount ?? spectrum.bandCount
    frameCount = numbers.integer(in: 0...1 << 36)
    // fewer samples than the next frame needs
    let end = frameCount * spectrum.hop + spectrum.windowSize / 2
    offset = numbers.integer(in: 0...end)
    let count = numbers.integer(in: 0...end - offset)
    // as many as the reach wait for their differences, which see twice as many before them
    let kept = numbers.integer(in: 0...min(frameCount, 3 * reach))
    givenCount = numbers.integer(in: (frameCount - kept)...frameCount)
    samples = numbers.doubles(count).map { Float($0) }
    frames = (0..<kept).map { _ in numbers.doubles(width) }
  }
}

extension SoundFeaturizer {
  /// The beginning of sound that comes as samples; nil where its level is that of the loudest moment.
  public func stream(readsTimes: Bool) -> FeatureStream? { SoundStream(self).map { FeatureStream($0) } }
}
