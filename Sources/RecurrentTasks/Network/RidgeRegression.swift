/// Ridge regression of sequences on their targets, for several λ.
///
/// Of N sequences of P numbers the smaller one of the matrices of products is kept: X^T X where P is smaller, and X X^T where N
/// is, which gives the same weights, w = X^T (X X^T + λ)^-1 y.
struct RidgeRegression {
  private let means: (numbers: [Double], target: Double)
  /// X without its means, `[N * P]`, and y without its own.
  private let centred: [Double]
  private let targets: [Double]
  private let width: Int
  /// The upper triangle of `[size, size]`.
  private let products: [Double]
  private let isDual: Bool

  /// Multiplies out.
  init(_ examples: LinearExamples) {
    let (means, width, count) = (examples.means, examples.width, examples.count)
    var centred = examples.numbers
    for index in centred.indices { centred[index] -= means.numbers[index % width] }
    targets = examples.targets.map { $0 - means.target }
    isDual = count < width
    let size = min(count, width)
    var products = [Double](repeating: 0, count: size * size)
    let isDual = isDual
    products.withUnsafeMutableBufferPointer { products in
      centred.withUnsafeBufferPointer { x in
        if isDual {
          for i in 0..<size {
            for j in i..<size {
              var sum = 0.0
              for place in 0..<width { sum += x[i * width + place] * x[j * width + place] }
              products[i * size + j] = sum
            }
          }
        } else {
          for row in 0..<count {
            for i in 0..<size where x[row * width + i] != 0 {
              let factor = x[row * width + i]
              for j in i..<size { products[i * size + j] += factor * x[row * width + j] }
            }
          }
        }
      }
    }
    (self.means, self.width, self.centred, self.products) = (means, width, centred, products)
  }

  /// The weights `[P + 1]`, the last of which is the bias, and the error that generalised cross-validation expects,
  ///
  ///     N |y - X w|² / (N - 1 - trace H)²,      trace H = size - λ trace (products + λ)^-1
  ///
  /// with one more for the bias; nil where there is no solution.
  ///
  /// - Parameters:
  ///   - ridge: λ as a share of the mean square of a number.
  ///   - findsError: whether that error is asked for; it costs more than the weights.
  func solved(ridge: Double, findsError: Bool) -> (weights: [Double], error: Double)? {
    let (size, count) = (isDual ? targets.count : width, targets.count)
    let trace = (0..<size).reduce(0) { $0 + products[$1 * size + $1] }
    guard trace > 0, trace.isFinite else { return nil }
    let lambda = ridge * trace / Double(width)
    var matrix = products
    for place in 0..<size { matrix[place * size + place] += lambda + 1e-13 * trace }
    let right = isDual ? targets : transposed(targets)
    var sides = right
    if findsError {
      sides = [Double](repeating: 0, count: size * (size + 1))
      for place in 0..<size {
        sides[place * (size + 1)] = right[place]
        sides[place * (size + 1) + 1 + place] = 1
      }
    }
    let columns = findsError ? size + 1 : 1
    guard let solution = choleskySolution(&matrix, sides, size: size, columns: columns),
      solution.allSatisfy(\.isFinite)
    else { return nil }
    let own = (0..<size).map { solution[$0 * columns] }
    let weights = isDual ? transposed(own) : own
    var bias = means.target
    for (weight, mean) in zip(weights, means.numbers) { bias -= weight * mean }
    guard findsError else { return (weights + [bias], .nan) }
    let inverse = (0..<size).reduce(0) { $0 + solution[$1 * columns + 1 + $1] }
    let freedom = Double(count) - 1 - (Double(size) - lambda * inverse)
    let error = freedom > 1e-3 ? Double(count) * squaredError(weights) / (freedom * freedom) : .infinity
    return (weights + [bias], error)
  }

  /// X^T v, `[P]`.
  private func transposed(_ values: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: width)
    for (row, value) in values.enumerated() {
      for place in 0..<width { result[place] += value * centred[row * width + place] }
    }
    return result
  }

  /// |y - X w|² without the means.
  private func squaredError(_ weights: [Double]) -> Double {
    var sum = 0.0
    for (row, target) in targets.enumerated() {
      var value = 0.0
      for place in 0..<width { value += weights[place] * centred[row * width + place] }
      sum += (target - value) * (target - value)
    }
    return sum
  }
}
