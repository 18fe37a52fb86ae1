/// A linear map of a whole sequence to one number: of the mean over its steps, and of its last steps.
///
///     y = b + m · mean x + sum over k < W of w_k · x_{T - W + k}
///
/// with zeros for steps before the first one. It is fitted in closed form, and stays as it is while a network learns what it
/// leaves over.
public struct LinearReading: Sendable, Equatable, Codable {
  /// W: the last steps that are read.
  public var steps: Int
  /// F: numbers of a step.
  public var featureCount: Int
  /// `[F + W F + 1]`: of the mean, of the last steps, the earliest first, and b.
  public var weights: [Float]

  /// A map.
  public init(steps: Int, featureCount: Int, weights: [Float]) {
    (self.steps, self.featureCount, self.weights) = (steps, featureCount, weights)
  }

  /// What is impossible about the map; nil where nothing is.
  func issue(featureCount: Int) -> String? {
    guard self.featureCount == featureCount, (1...1 << 16).contains(steps),
      weights.count == featureCount * (steps + 1) + 1
    else { return "the linear map beside the network does not read its features" }
    return weights.allSatisfy(\.isFinite) ? nil : "a weight of the linear map beside the network is no number"
  }

  /// The numbers of a batch, `[B]`; each row gets the bits that it gets alone.
  func values(_ batch: FeatureBatch) -> [Float] {
    let scalars = batch.values?.scalars ?? []
    let rows = batch.lengths.count
    return scalars.withUnsafeBufferPointer { scalars in
      batch.lengths.enumerated().map { row, length in
        var window = LinearWindow(self)
        for step in 0..<length {
          let start = (step * rows + row) * featureCount
          window.add(UnsafeBufferPointer(rebasing: scalars[start..<start + featureCount]))
        }
        return window.value
      }
    }
  }
}

/// What a ``LinearReading`` has read of a sequence so far.
struct LinearWindow: Sendable {
  private let reading: LinearReading
  /// The last steps, the earliest first, `[W * F]`.
  private var last: [Float]
  private var sum: RunningSum
  private var count = 0

  /// The beginning of a sequence.
  init(_ reading: LinearReading) {
    self.reading = reading
    last = [Float](repeating: 0, count: reading.steps * reading.featureCount)
    sum = RunningSum(width: reading.featureCount)
  }

  /// Reads a step.
  mutating func add(_ values: UnsafeBufferPointer<Float>) {
    let width = reading.featureCount
    last.withUnsafeMutableBufferPointer { last in
      for place in 0..<last.count - width { last[place] = last[place + width] }
      for (place, value) in values.enumerated() { last[last.count - width + place] = value }
    }
    sum.add(values)
    count += 1
  }

  /// What the weights are multiplied with, without the 1 of the bias: `[F + W F]`.
  var numbers: [Float] { sum.mean(of: count) + last }

  /// The number for a sequence that ends here.
  var value: Float {
    let weights = reading.weights
    var result = Double(weights[weights.count - 1])
    for (number, weight) in zip(numbers, weights) { result += Double(number) * Double(weight) }
    return Float(result)
  }

  /// What is kept.
  var state: SessionState {
    SessionState(
      tensors: [(name: "linear.last", value: Tensor(last))],
      integers: [(name: "linear.count", values: [Int64(count)])]) + sum.state("linear.sum")
  }

  /// Goes on from what was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)`` where it is that of another network, or damaged.
  mutating func restore(_ state: SessionState) throws {
    last = try state.tensor("linear.last", [last.count]).scalars
    count = try state.integers("linear.count", count: 1)[0]
    try sum.restore(state, "linear.sum")
  }
}
