import RecurrentReports

/// A linear model with memory, by least squares: what a network has to beat.
///
/// Of a system the autoregression with inputs (ARX):
///
///     y_t = sum over k = 1 ... n of A_k y_{t-k} + sum over k = 0 ... n of B_k u_{t-k} + c
///
/// Of a driver the same without what it did before, A = 0. All on the scale of the training part; before the first step the first one stands.
public struct LinearMemory: Sendable, Equatable, Codable {
  /// n.
  public var order: Int
  /// Whether outputs before are read.
  public var readsOutputs: Bool
  /// I and D; of moves D is their number.
  public var inputSize, outputSize: Int
  /// The centres and scales of the inputs.
  public var inputScaler: ChannelScaler
  /// `[(n D) + (n + 1) I + 1, D]`.
  public var weights: [Double]

  /// A model that says zero, on the scale of the training part.
  public init(inputSize: Int, outputSize: Int) {
    (order, readsOutputs, self.inputSize, self.outputSize) = (0, false, inputSize, outputSize)
    inputScaler = ChannelScaler(method: .none, channels: inputSize) { _ in }
    weights = [Double](repeating: 0, count: (inputSize + 1) * outputSize)
  }

  /// Steps of an episode: inputs as numbers of the data `[T * I]`, outputs on the scale of the training part `[T * D]`.
  struct Steps {
    var inputs: [Float]
    var outputs: [Double]
    /// The first step that counts.
    var first: Int
    /// T.
    var count: Int
  }

  private static let orders = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32]
  /// The most numbers that are read of a step and those before: more would fit to noise, and take long.
  private static let mostFeatures = 600

  /// Fits models of rising memory and keeps that with the least error on the validation part.
  ///
  /// - Parameters:
  ///   - training: of the training part.
  ///   - validation: of the validation part; where there is none the training part decides.
  ///   - readsOutputs: of a system.
  ///   - scaler: of the inputs.
  ///   - outputSize: D.
  init(
    _ training: [Steps], validation: [Steps], readsOutputs: Bool, scaler: ChannelScaler, outputSize: Int
  ) {
    self.init(inputSize: scaler.centers.count, outputSize: outputSize)
    inputScaler = scaler
    var best: (error: Double, model: LinearMemory)?
    for order in [0] + LinearMemory.orders {
      var candidate = self
      (candidate.order, candidate.readsOutputs) = (order, readsOutputs)
      guard candidate.featureCount <= max(LinearMemory.mostFeatures, inputSize + 1),
        order == 0 || training.contains(where: { $0.count > 4 * order }), candidate.fit(training)
      else { continue }
      let error = candidate.error(validation.isEmpty ? training : validation)
      if error < best?.error ?? .infinity { best = (error, candidate) }
    }
    if let best { self = best.model }
  }

  private var featureCount: Int {
    (readsOutputs ? order * outputSize : 0) + (order + 1) * inputSize + 1
  }

  /// Inputs on the scale of the training part, `[T * I]`.
  private func scaled(_ inputs: [Float]) -> [Double] {
    inputs.enumerated().map {
      (Double($1) - inputScaler.centers[$0 % inputSize]) / inputScaler.scales[$0 % inputSize]
    }
  }

  /// What is read at a step.
  private func features(_ step: Int, _ inputs: [Double], _ outputs: [Double], _ row: inout [Double]) {
    var place = 0
    if readsOutputs {
      for lag in 1..<order + 1 {
        let source = max(step - lag, 0) * outputSize
        for channel in 0..<outputSize {
          row[place] = outputs[source + channel]
          place += 1
        }
      }
    }
    for lag in 0...order {
      let source = max(step - lag, 0) * inputSize
      for channel in 0..<inputSize {
        row[place] = inputs[source + channel]
        place += 1
      }
    }
    row[place] = 1
  }

  /// Solves the normal equations.
  ///
  /// - Returns: false where they have no solution.
  private mutating func fit(_ training: [Steps]) -> Bool {
    let (width, size) = (featureCount, outputSize)
    var products = [Double](repeating: 0, count: width * width)
    var targets = [Double](repeating: 0, count: width * size)
    var row = [Double](repeating: 0, count: width)
    for steps in training {
      let inputs = scaled(steps.inputs)
      let begin = max(steps.first, readsOutputs ? order : 0)
      for step in begin..<max(begin, steps.count) {
        guard steps.outputs[step * size..<(step + 1) * size].allSatisfy(\.isFinite) else { continue }
        features(step, inputs, steps.outputs, &row)
        guard row.allSatisfy(\.isFinite) else { continue }
        products.withUnsafeMutableBufferPointer { products in
          row.withUnsafeBufferPointer { row in
            for i in 0..<width where row[i] != 0 {
              let (factor, start) = (row[i], i * width)
              for j in i..<width { products[start + j] += factor * row[j] }
            }
          }
        }
        for i in 0..<width {
          for channel in 0..<size {
            targets[i * size + channel] += row[i] * steps.outputs[step * size + channel]
          }
        }
      }
    }
    // a little more on the diagonal, for inputs that are constant or repeat each other
    let mean = (0..<width).reduce(0) { $0 + products[$1 * width + $1] } / Double(width)
    for place in 0..<width { products[place * width + place] += 1e-9 * mean + 1e-12 }
    guard let solution = choleskySolution(&products, targets, size: width, columns: size),
      solution.allSatisfy(\.isFinite)
    else { return false }
    weights = solution
    return true
  }

  private func error(_ parts: [Steps]) -> Double {
    var (sum, count) = (0.0, 0)
    for steps in parts {
      let own = outputs(of: steps, from: steps.first, isFree: true)
      for (place, value) in own.enumerated() {
        let target = steps.outputs[steps.first * outputSize + place]
        guard target.isFinite else { continue }
        sum += (value - target) * (value - target)
        count += 1
      }
    }
    let error = count > 0 ? sum / Double(count) : 0
    return error.isFinite ? error : .greatestFiniteMagnitude
  }

  /// What comes out from a step on, `[(T - first) * D]`, on the scale of the training part.
  ///
  /// - Parameters:
  ///   - steps: an episode; outputs before `first` must be known.
  ///   - first: the first step.
  ///   - isFree: whether its own outputs are read from there on instead of those that were measured.
  func outputs(of steps: Steps, from first: Int, isFree: Bool) -> [Double] {
    let inputs = scaled(steps.inputs)
    var (outputs, own) = (steps.outputs, [Double]())
    var row = [Double](repeating: 0, count: featureCount)
    for step in first..<max(first, steps.count) {
      features(step, inputs, outputs, &row)
      for channel in 0..<outputSize {
        var sum = 0.0
        for place in row.indices { sum += row[place] * weights[place * outputSize + channel] }
        // one that grows without end stays a number
        sum = min(max(sum, -1e9), 1e9)
        own.append(sum)
        if isFree { outputs[step * outputSize + channel] = sum }
      }
    }
    return own
  }

  /// Throws where the values are impossible.
  func check(inputs: Int, outputs: Int) throws(ValueIssue) {
    try ValueIssue.check("linear.order", order, in: 0...1 << 12)
    try ValueIssue.check("linear.inputSize", inputSize, equals: inputs, "that of the inputs")
    try ValueIssue.check("linear.outputSize", outputSize, equals: outputs, "that of the outputs")
    try inputScaler.check("linear.inputScaler", channels: inputSize)
    try ValueIssue.check(
      "the count of linear.weights", weights.count, equals: featureCount * outputSize, "that of its memory")
    try ValueIssue.check("linear.weights", each: weights, in: -1e300...1e300)
  }
}
