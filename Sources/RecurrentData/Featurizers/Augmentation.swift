/// Changes to training examples that leave their class as it is, other ones each time.
public struct Augmentation: Sendable, Equatable, Codable {
  /// The deviation of noise that is added to numbers on their common scale.
  public var noise: Float
  /// The largest share by which a sequence is stretched or pressed in time.
  public var stretch: Float
  /// The largest share by which all numbers are made larger or smaller.
  public var scale: Float
  /// How many spans of time are masked (SpecAugment, Park et al. 2019, arXiv:1904.08779).
  public var timeMasks: Int
  /// How many bands of features are masked.
  public var featureMasks: Int
  /// The largest share of the steps that a span has; nil for a tenth.
  public var timeMaskSize: Float?
  /// The largest share of the features that a band has; nil for a fifth.
  public var featureMaskSize: Float?
  /// The largest share of the steps that are cut off at the ends.
  public var crop: Float
  /// The largest distance in pixels that pictures are moved by; of a series the distance that its columns are.
  public var shift: Int
  /// Whether pictures are mirrored, left and right, every other time.
  public var flips: Bool
  /// The share of words that are replaced by the unknown one.
  public var wordDropout: Float
  /// The largest difference by which pictures become brighter or darker, of a range from 0 to 1; nil for none.
  public var brightness: Float?
  /// The share of steps that are left out, and of those that come twice; nil for none.
  public var frameJitter: Float?
  /// The largest tangent of the angle by which handwriting is made to lean, and share by which it is widened; nil for none.
  ///
  /// Of steps that are no strokes of a pen it changes nothing: ``StrokeFeaturizer/varied(_:slant:rotation:key:)``.
  public var slant: Float?
  /// The largest angle in radians by which characters are turned; nil for none. Of anything else it changes nothing.
  public var rotation: Float?
  /// Whether nucleotide sequences are read on their opposite strand every other time; nil for no.
  ///
  /// Of other sequences it changes nothing: ``TextFeaturizer/oppositeStrand(_:)``.
  public var oppositeStrands: Bool?
  /// The speeds at which each sound of the training part is played, one example each; nil for its own.
  public var speeds: [Double]?

  /// Nothing but what is asked for.
  public init(
    noise: Float = 0, stretch: Float = 0, scale: Float = 0, timeMasks: Int = 0, featureMasks: Int = 0,
    crop: Float = 0, shift: Int = 0, flips: Bool = false, wordDropout: Float = 0,
    timeMaskSize: Float? = nil, featureMaskSize: Float? = nil, brightness: Float? = nil,
    frameJitter: Float? = nil, slant: Float? = nil, speeds: [Double]? = nil, rotation: Float? = nil,
    oppositeStrands: Bool? = nil
  ) {
    self.noise = noise
    self.stretch = stretch
    self.scale = scale
    self.timeMasks = timeMasks
    self.featureMasks = featureMasks
    self.crop = crop
    self.shift = shift
    self.flips = flips
    self.wordDropout = wordDropout
    (self.timeMaskSize, self.featureMaskSize) = (timeMaskSize, featureMaskSize)
    (self.brightness, self.frameJitter) = (brightness, frameJitter)
    (self.slant, self.speeds, self.rotation) = (slant, speeds, rotation)
    self.oppositeStrands = oppositeStrands
  }

  /// Whether anything about features is changed.
  public var isOn: Bool {
    var own = self
    own.speeds = nil
    return own != Augmentation()
  }

  /// A changed copy.
  ///
  /// - Parameters:
  ///   - sequence: what is to be changed.
  ///   - picture: rows and columns of a step that is a picture; nil for other sequences.
  ///   - frames: frames that a step has beside each other, of which the same bands are masked.
  ///   - key: decides the changes.
  public func callAsFunction(
    _ sequence: FeatureSequence, picture: (height: Int, width: Int)? = nil, frames: Int = 1, key: RandomKey
  ) -> FeatureSequence {
    guard isOn, sequence.stepCount > 0 else { return sequence }
    if !sequence.tokens.isEmpty { return dropWords(sequence, key) }
    let draws = key.child(0).uniforms(12)
    func symmetric(_ index: Int) -> Float { 2 * draws[index] - 1 }
    var part = sequence
    if crop > 0 {
      let lost = min(Int(Float(part.stepCount) * crop * draws[0]), part.stepCount - 1)
      let start = Int(Float(lost + 1) * draws[1] * 0.9999)
      part = part.part(start..<part.stepCount - (lost - start))
    }
    let width = part.featureCount
    var values = part.values
    if let frameJitter, frameJitter > 0 {
      values = Augmentation.jittered(values, width, share: frameJitter, key.child(4))
    }
    if stretch > 0 { values = Augmentation.stretched(values, width, by: 1 + stretch * symmetric(2)) }
    let steps = values.count / width
    if shift > 0 || flips {
      let size = picture ?? (steps, width)
      let isFlipped = flips && draws[5] < 0.5
      let down = Int((Float(shift) * symmetric(3)).rounded())
      let right = Int((Float(shift) * symmetric(4)).rounded())
      values = Augmentation.moved(values, size, down: down, right: right, isFlipped: isFlipped)
    }
    if let brightness, brightness > 0 {
      let difference = brightness * symmetric(7)
      for index in values.indices { values[index] = max(0, min(1, values[index] + difference)) }
    }
    if scale > 0 {
      let factor = 1 + scale * symmetric(6)
      for index in values.indices { values[index] *= factor }
    }
    if noise > 0 {
      let numbers = Tensor(normalWithMean: 0, deviation: noise, shape: [values.count], key: key.child(1))
        .scalars
      for index in values.indices { values[index] += numbers[index] }
    }
    for mask in 0..<timeMasks {
      let numbers = key.child(2).child(mask).uniforms(2)
      let count = Int(Float(steps) * (timeMaskSize ?? 0.1) * numbers[0])
      let start = Int(Float(steps - count) * numbers[1])
      for index in start * width..<(start + count) * width { values[index] = 0 }
    }
    for mask in 0..<featureMasks {
      let numbers = key.child(3).child(mask).uniforms(2)
      let size = width / max(1, frames)
      let count = Int(Float(size) * (featureMaskSize ?? 0.2) * numbers[0])
      let start = Int(Float(size - count) * numbers[1])
      for frame in stride(from: 0, to: values.count, by: size) {
        for feature in start..<start + count { values[frame + feature] = 0 }
      }
    }
    return FeatureSequence(featureCount: width, values: values)
  }

  /// Token 0 is the unknown one.
  private func dropWords(_ sequence: FeatureSequence, _ key: RandomKey) -> FeatureSequence {
    guard wordDropout > 0 else { return sequence }
    let draws = key.uniforms(sequence.stepCount)
    let width = sequence.featureCount
    var (tokens, values) = (sequence.tokens, sequence.values)
    for place in tokens.indices where draws[place] < wordDropout {
      tokens[place] = 0
      for feature in 0..<width { values[place * width + feature] = 0 }
    }
    return FeatureSequence(tokens: tokens, featureCount: width, values: values)
  }

  /// Without some steps, and with some of them twice; never without all.
  private static func jittered(_ values: [Float], _ width: Int, share: Float, _ key: RandomKey) -> [Float] {
    let steps = values.count / width
    let draws = key.uniforms(steps)
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for step in 0..<steps where draws[step] >= share || result.isEmpty && step == steps - 1 {
      let own = values[step * width..<(step + 1) * width]
      result += own
      if draws[step] >= 1 - share { result += own }
    }
    return result
  }

  /// By straight lines between the steps.
  private static func stretched(_ values: [Float], _ width: Int, by factor: Float) -> [Float] {
    let steps = values.count / width
    let count = max(1, Int((Float(steps) * factor).rounded()))
    guard steps > 1, count != steps else { return values }
    var result = [Float](repeating: 0, count: count * width)
    let scale = Float(steps - 1) / Float(max(count - 1, 1))
    for step in 0..<count {
      let place = min(Float(step) * scale, Float(steps - 1))
      let low = min(Int(place), steps - 2)
      let share = place - Float(low)
      for feature in 0..<width {
        let (a, b) = (values[low * width + feature], values[(low + 1) * width + feature])
        result[step * width + feature] = a + (b - a) * share
      }
    }
    return result
  }

  /// Zero where nothing was.
  private static func moved(
    _ values: [Float], _ size: (height: Int, width: Int), down: Int, right: Int, isFlipped: Bool
  ) -> [Float] {
    let plane = size.height * size.width
    var result = [Float](repeating: 0, count: values.count)
    for start in stride(from: 0, to: values.count - plane + 1, by: plane) {
      for row in 0..<size.height where (0..<size.height).contains(row - down) {
        for column in 0..<size.width where (0..<size.width).contains(column - right) {
          let from = isFlipped ? size.width - 1 - (column - right) : column - right
          result[start + row * size.width + column] = values[start + (row - down) * size.width + from]
        }
      }
    }
    return result
  }
}
