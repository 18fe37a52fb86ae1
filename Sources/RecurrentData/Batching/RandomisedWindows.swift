/// Window lengths that differ, so that not every pass cuts the text at the same places (Merity et al. 2017,
/// arXiv:1708.02182, section 5).
///
/// With `probability` the mean is the full window length T, else T/2; the length is drawn from a normal
/// distribution around it with `standardDeviation`, is at least `minimum` and at most two standard deviations
/// above T, and at least 1. The gradient of a short window weighs less: multiply the learning rate by
/// ``BPTTWindow/learningRateFactor``.
public struct RandomisedWindows: Codable, Sendable, Equatable {
  /// Decides the draws, together with the epoch and the number of the window.
  public var seed: UInt64
  /// How often the mean is the full length.
  public var probability: Double
  /// The standard deviation of the length, in steps.
  public var standardDeviation: Double
  /// The least length, in steps.
  public var minimum: Int

  /// The paper's values, with `seed`.
  public init(seed: UInt64, probability: Double = 0.95, standardDeviation: Double = 5, minimum: Int = 5) {
    self.seed = seed
    self.probability = probability
    self.standardDeviation = standardDeviation
    self.minimum = minimum
  }

  /// The length of window `index` of `epoch`, in steps.
  func length(epoch: Int, index: Int, windowLength: Int) -> Int {
    let full = uniform(epoch: epoch, index: index, draw: 0) < probability
    // The sum of twelve uniform numbers, less 6, has mean 0 and variance 1 and is normal to well within the
    // rounding to whole steps; unlike a logarithm and a cosine it gives the same bits on every platform.
    var deviate = -6.0
    for draw in 1...12 { deviate += uniform(epoch: epoch, index: index, draw: draw) }
    let mean = full ? Double(windowLength) : Double(windowLength) / 2
    let longest = Double(windowLength) + 2 * standardDeviation
    let length = min(mean + deviate * standardDeviation, longest)
    return max(1, minimum, Int(length.rounded(.down)))
  }

  /// A number in 0 ..< 1 with 53 random bits, a function of its arguments alone: a chain of keys, each seeded by the bits of
  /// the one before and a counter.
  private func uniform(epoch: Int, index: Int, draw: Int) -> Double {
    let key = [epoch, index, draw].reduce(RandomKey(seed: seed)) { key, counter in
      RandomKey(seed: key.bits ^ UInt64(truncatingIfNeeded: counter))
    }
    return Double(key.bits >> 11) * 0x1p-53
  }
}
