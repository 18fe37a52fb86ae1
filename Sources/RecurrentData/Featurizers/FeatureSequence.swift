/// A sequence as a network reads it: at each step a token, or numbers, or both.
public struct FeatureSequence: Sendable, Equatable {
  /// The tokens; empty where there are none.
  public var tokens: [Int32]
  /// Numbers of a step.
  public var featureCount: Int
  /// How many steps there are.
  public var stepCount: Int
  private var floats: [Float]
  // pictures take a quarter of the memory so
  private var bytes: [UInt8]
  // encoded numbers, several for each, are made when they are asked for
  private var encoding: RangeEncoding?

  /// Tokens with numbers beside them, `[step * featureCount + feature]`. Traps where they do not fit each other.
  public init(tokens: [Int32], featureCount: Int = 0, values: [Float] = []) {
    trapUnless(
      values.count == tokens.count * featureCount,
      "FeatureSequence: \(values.count) numbers are not \(featureCount) for each of \(tokens.count) tokens")
    self.tokens = tokens
    self.featureCount = featureCount
    stepCount = tokens.count
    (floats, bytes) = (values, [])
  }

  /// Numbers alone. Traps when they are no whole number of steps.
  public init(featureCount: Int, values: [Float]) {
    trapUnless(
      featureCount > 0 && values.count % featureCount == 0,
      "FeatureSequence: \(values.count) numbers are no whole number of steps of \(featureCount)")
    tokens = []
    self.featureCount = featureCount
    stepCount = values.count / featureCount
    (floats, bytes) = (values, [])
  }

  /// Numbers 0 ... 255 that mean 0 ... 1. Traps when they are no whole number of steps.
  public init(featureCount: Int, bytes: [UInt8]) {
    trapUnless(
      featureCount > 0 && bytes.count % featureCount == 0,
      "FeatureSequence: \(bytes.count) bytes are no whole number of steps of \(featureCount)")
    tokens = []
    self.featureCount = featureCount
    stepCount = bytes.count / featureCount
    (floats, self.bytes) = ([], bytes)
  }

  /// About how much memory the features take.
  public var byteCount: Int { 4 * (tokens.count + floats.count) + bytes.count + 128 }

  /// The sequence with the numbers of each step encoded.
  func encoded(_ encoding: RangeEncoding?) -> FeatureSequence {
    guard let encoding else { return self }
    var copy = self
    (copy.encoding, copy.featureCount) = (encoding, encoding.outputCount)
    return copy
  }

  /// Numbers of a step as they are kept.
  private var keptCount: Int { encoding?.inputCount ?? featureCount }

  /// All numbers, `[step * featureCount + feature]`.
  public var values: [Float] {
    if !bytes.isEmpty { return bytes.map { Float($0) * (1 / 255) } }
    guard encoding != nil else { return floats }
    return [Float](unsafeUninitializedCapacity: stepCount * featureCount) { buffer, count in
      count = buffer.count
      guard let base = buffer.baseAddress else { return }
      for step in 0..<stepCount { copyStep(step, to: base + step * featureCount) }
    }
  }

  /// Writes the numbers of a step.
  public func copyStep(_ step: Int, to target: UnsafeMutablePointer<Float>) {
    let start = step * keptCount
    if let encoding {
      encoding.encode(floats[start..<start + keptCount]) { target[$0] = $1 }
    } else if bytes.isEmpty {
      for feature in 0..<featureCount { target[feature] = floats[start + feature] }
    } else {
      for feature in 0..<featureCount { target[feature] = Float(bytes[start + feature]) * (1 / 255) }
    }
  }

  /// The steps from one to another.
  public func part(_ steps: Range<Int>) -> FeatureSequence {
    var copy = self
    copy.stepCount = steps.count
    if !tokens.isEmpty { copy.tokens = Array(tokens[steps]) }
    let range = steps.lowerBound * keptCount..<steps.upperBound * keptCount
    if !floats.isEmpty { copy.floats = Array(floats[range]) }
    if !bytes.isEmpty { copy.bytes = Array(bytes[range]) }
    return copy
  }
}
