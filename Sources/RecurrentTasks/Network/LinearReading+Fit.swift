/// Sequences as a ``LinearReading`` sees them, with their targets.
struct LinearExamples: Sendable {
  /// P = F + W F: numbers of a sequence.
  let width: Int
  /// `[N * P]`.
  private(set) var numbers: [Double] = []
  /// N.
  private(set) var targets: [Double] = []

  /// None.
  init(width: Int) { self.width = width }

  /// N.
  var count: Int { targets.count }

  /// Adds a sequence.
  mutating func add(_ features: FeatureSequence, _ target: Double, _ reading: LinearReading) {
    var window = LinearWindow(reading)
    features.values.withUnsafeBufferPointer { values in
      for step in 0..<features.stepCount {
        let start = step * reading.featureCount
        window.add(UnsafeBufferPointer(rebasing: values[start..<start + reading.featureCount]))
      }
    }
    numbers += window.numbers.map(Double.init)
    targets.append(target)
  }

  /// The numbers of a sequence.
  func row(_ index: Int) -> ArraySlice<Double> { numbers[index * width..<(index + 1) * width] }

  /// The means over the sequences, of each number and of the targets.
  var means: (numbers: [Double], target: Double) {
    var sums = [Double](repeating: 0, count: width)
    for index in 0..<count {
      for (place, value) in row(index).enumerated() { sums[place] += value }
    }
    let size = Double(max(count, 1))
    return (sums.map { $0 / size }, targets.reduce(0, +) / size)
  }
}

extension LinearReading {
  /// The most numbers that are read of a sequence: more would fit to noise, and take long.
  private static let mostNumbers = 600
  /// The most multiplications of the products of a fit.
  private static let mostProducts = 3_000_000_000
  /// λ as a share of the mean square of a number.
  private static let ridges = [1e-8, 1e-6, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100]

  /// A map of zeros that reads as many of the last steps as there are, or as can be read; nil where steps are too wide.
  static func zero(featureCount: Int, longest: Int) -> LinearReading? {
    guard featureCount > 0, 2 * featureCount <= mostNumbers else { return nil }
    let steps = min(max(longest, 1), mostNumbers / featureCount - 1)
    return LinearReading(
      steps: steps, featureCount: featureCount,
      weights: [Float](repeating: 0, count: featureCount * (steps + 1) + 1))
  }

  /// The most sequences that a map is fitted to.
  var mostExamples: Int {
    let width = weights.count
    return max(2_000, LinearReading.mostProducts / (width * width))
  }

  /// The ridge regression of sequences on their targets,
  ///
  ///     w = argmin |y - b - X w|² + λ |w|²
  ///
  /// whose λ has the least error on `validation`, or where that is too small the least generalised cross-validation (Golub,
  /// Heath and Wahba 1979), and its mean squared error by the same; nil where there is no solution.
  func fitted(
    to training: LinearExamples, validation: LinearExamples
  ) -> (reading: LinearReading, error: Double)? {
    guard training.count > 2 else { return nil }
    let regression = RidgeRegression(training)
    var best: (weights: [Double], error: Double)?
    for ridge in LinearReading.ridges {
      guard let solution = regression.solved(ridge: ridge, findsError: validation.count < 10) else {
        continue
      }
      let error = validation.count < 10 ? solution.error : validation.meanSquaredError(solution.weights)
      if error.isFinite, error < best?.error ?? .infinity { best = (solution.weights, error) }
    }
    return best.map { own in
      var copy = self
      copy.weights = own.weights.map { Float($0) }
      return (copy, own.error)
    }
  }
}

extension LinearExamples {
  /// The mean squared error of weights `[P + 1]`, the last of which is the bias.
  func meanSquaredError(_ weights: [Double]) -> Double {
    var sum = 0.0
    for index in 0..<count {
      var value = weights[width]
      for (number, weight) in zip(row(index), weights) { value += number * weight }
      sum += (value - targets[index]) * (value - targets[index])
    }
    return count > 0 ? sum / Double(count) : 0
  }
}
