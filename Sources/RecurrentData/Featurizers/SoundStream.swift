import RecurrentFormats

/// Sound that comes as samples, any number at a time, at the rate of the featurizer or another one. A frame is known when its
/// window and, for differences, the four frames behind it are; a step when all of its frames are.
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
  /// Nil for samples at the rate of the featurizer.
  private var resampling: ResamplingStream?
  /// Nil where each frame is a step.
  private var stack: FrameStack.Stream?

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
    stack = featurizer.stack.map { FrameStack.Stream($0) }
  }

  mutating func resample(from rate: Double) throws(DataError) {
    let target = spectrum.rate
    guard rate.isFinite, rate > 0, rate * 32 >= target, rate <= 4096 * target else {
      throw .invalidSetting(
        name: "rate", expected: "a rate near the \(SoundRates.text(target)) Hz of the model",
        found: "\(SoundRates.text(rate)) Hz")
    }
    resampling =
      rate == target
      ? nil : ResamplingStream(Resampler(from: rate, to: target, kernel: featurizer.resampling))
  }

  var notes: [DataNote] {
    guard let resampling else { return [] }
    var rates = SoundRates()
    rates.add(resampling.resampler.source)
    return rates.note(target: spectrum.rate).map { [DataNote($0.kind, $0.text)] } ?? []
  }

  mutating func push(
    _ value: JSONValue, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> [FeatureSequence] {
    let rate = resampling?.resampler.source ?? spectrum.rate
    let expected = "samples from -1 to 1 at \(rate) a second, a number or a list of them"
    var list = [value]
    if case .list(let values) = value { list = values }
    for value in list {
      guard case .number(let number) = value, Float(number).isFinite else {
        throw malformed(expected, "another value")
      }
    }
    var new: [Float] = []
    new.reserveCapacity(list.count)
    for case .number(let number) in list { new.append(Float(number)) }
    samples += resampling?.push(new) ?? new
    while frameCount * spectrum.hop + spectrum.windowSize / 2 <= sampleCount { addFrame() }
    // the next window begins here
    let used = min(max(0, frameCount * spectrum.hop - spectrum.windowSize / 2 - offset), samples.count)
    samples.removeFirst(used)
    offset += used
    return features(before: frameCount - reach)
  }

  mutating func finish() -> [FeatureSequence] {
    samples += resampling?.finish() ?? []
    guard sampleCount > 0 else { return [] }
    while frameCount < spectrum.frameCount(samples: sampleCount) { addFrame() }
    let width = featurizer.featureCount
    let last = features(before: frameCount)
    return last + (stack?.finish() ?? []).map { FeatureSequence(featureCount: width, values: $0) }
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
    let steps = (givenCount..<end).compactMap { frame -> FeatureSequence? in
      let values = parts.flatMap { $0[frame - first] }.enumerated().map {
        featurizer.scaler.scaled(Float($0.element), channel: $0.offset)
      }
      guard stack != nil else { return FeatureSequence(featureCount: width, values: values) }
      return stack?.push(values).map { FeatureSequence(featureCount: featurizer.featureCount, values: $0) }
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
      + (resampling?.stored ?? []) + (stack?.stored ?? [])
  }

  mutating func restore(_ numbers: inout StoredNumbers) {
    let (width, stepWidth) = (spectrum.coefficientCount ?? spectrum.bandCount, spectrum.featureCount)
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
    resampling?.restore(&numbers)
    stack?.restore(&numbers, width: stepWidth)
  }
}

extension SoundFeaturizer {
  /// The beginning of sound that comes as samples; nil where its level is that of the loudest moment.
  public func stream(readsTimes: Bool) -> FeatureStream? { SoundStream(self).map { FeatureStream($0) } }
}
