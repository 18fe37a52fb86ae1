#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the numbers of a network stand for: how they are learnt, and what several networks say together.
enum ControlOutput: Sendable {
  /// The D outputs of a system.
  case values(Int)
  /// A distribution of the D numbers of an action.
  case mixture(DiagonalMixtureOutput, ActionChoice)
  /// Scores of K moves.
  case moves(Int)

  /// P: numbers of a network.
  var parameterCount: Int {
    switch self {
    case .values(let size): size
    case .mixture(let own, _): own.parameterCount
    case .moves(let count): count
    }
  }

  /// The weighted mean of the losses of rows, of shape []: squared errors, or nats.
  ///
  /// - Parameters:
  ///   - numbers: of a network, `[N, P]`.
  ///   - targets: on the scale of the training part, `[N, D]`; of moves their numbers, `[N, 1]`.
  ///   - weights: `[N]`.
  func loss(_ numbers: Tensor, _ targets: Tensor, weights: Tensor) -> Tensor {
    switch self {
    case .values(let size):
      let errors = square(numbers - targets).sum(axis: 1) * weights
      let total = weights.sum().scalar
      return errors.sum() * (total > 0 ? 1 / (total * Float(size)) : 0)
    case .mixture(let own, _): return own.loss(numbers, targets, weights: weights)
    case .moves(let count): return CategoricalOutput(count: count).loss(numbers, targets, weights: weights)
    }
  }

  // MARK: What several networks say together

  /// Numbers that the sums over networks take.
  var sumCount: Int {
    switch self {
    case .values(let size): size
    // first and second moments, the largest share so far and the means of its component
    case .mixture(let own, _): 3 * own.size + 1
    case .moves(let count): count
    }
  }

  /// Numbers beside the outputs that are said: deviations of an action, or probabilities of moves.
  var spreadCount: Int {
    switch self {
    case .values: 0
    case .mixture(let own, _): own.size
    case .moves(let count): count
    }
  }

  /// Adds what a network says, `[P]`, to sums that began as zeros. Allocates nothing.
  func add(_ numbers: UnsafeBufferPointer<Float>, to sums: UnsafeMutableBufferPointer<Double>) {
    switch self {
    case .values(let size):
      for place in 0..<size { sums[place] += Double(numbers[place]) }
    case .moves(let count):
      let top = ControlOutput.largest(numbers, count)
      let total = ControlOutput.total(numbers, count, top)
      for place in 0..<count { sums[place] += exp(Double(numbers[place]) - top) / total }
    case .mixture(let own, _):
      let (count, size) = (own.count, own.size)
      let top = ControlOutput.largest(numbers, count)
      let total = ControlOutput.total(numbers, count, top)
      for component in 0..<count {
        let share = exp(Double(numbers[component]) - top) / total
        for place in 0..<size {
          let mean = Double(numbers[count + component * size + place])
          let raw = Double(numbers[count * (1 + size) + component * size + place])
          let deviation = (raw > 30 ? raw : log1p(exp(raw))) + Double(own.leastDeviation)
          sums[place] += share * mean
          sums[size + place] += share * (mean * mean + deviation * deviation)
          if share > sums[2 * size] { sums[2 * size + 1 + place] = mean }
        }
        if share > sums[2 * size] { sums[2 * size] = share }
      }
    }
  }

  private static func largest(_ numbers: UnsafeBufferPointer<Float>, _ count: Int) -> Double {
    var top = -Double.infinity
    for place in 0..<count { top = max(top, Double(numbers[place])) }
    return top
  }

  private static func total(_ numbers: UnsafeBufferPointer<Float>, _ count: Int, _ top: Double) -> Double {
    var total = 0.0
    for place in 0..<count { total += exp(Double(numbers[place]) - top) }
    return total
  }

  /// What `count` networks say together, in the units of the data. Allocates nothing.
  ///
  /// - Parameters:
  ///   - sums: of ``add(_:to:)``; `[sumCount]`.
  ///   - count: networks.
  ///   - scaler: of the outputs.
  ///   - write: called with each of the D outputs, then with each of the ``spreadCount`` others, by their places.
  func finish(
    _ sums: UnsafeMutableBufferPointer<Double>, count: Int, _ scaler: ChannelScaler,
    _ write: (_ place: Int, _ value: Double) -> Void
  ) {
    let share = 1 / Double(count)
    switch self {
    case .values(let size):
      for place in 0..<size {
        write(place, sums[place] * share * scaler.scales[place] + scaler.centers[place])
      }
    case .moves(let count):
      var best = 0
      for place in 0..<count where sums[place] > sums[best] { best = place }
      write(0, Double(best))
      for place in 0..<count { write(1 + place, sums[place] * share) }
    case .mixture(let own, let choice):
      let size = own.size
      for place in 0..<size {
        let mean = sums[place] * share
        let variance = max(sums[size + place] * share - mean * mean, 0)
        let action = choice == .mean ? mean : sums[2 * size + 1 + place]
        write(place, action * scaler.scales[place] + scaler.centers[place])
        write(size + place, variance.squareRoot() * scaler.scales[place])
      }
    }
  }
}
