/// The mean target of the k sequences that are most like one: what a network has to beat where likeness is all.
///
/// Sequences are compared by the Euclidean distance of the numbers that a linear map reads, each on the scale of its deviation.
struct NearestNeighbours: Sendable {
  private let training: LinearExamples
  private let scales: [Double]
  /// k.
  private(set) var count = 1

  private static let counts = [1, 3, 5, 10, 20]
  /// More sequences to compare with would take long.
  static let mostExamples = 2_000

  /// Remembers sequences, and takes the k that has the least squared error on `validation`; without one it is 5.
  init(_ training: LinearExamples, validation: LinearExamples) {
    self.training = training
    let means = training.means.numbers
    var squares = [Double](repeating: 0, count: training.width)
    for index in 0..<training.count {
      for (place, value) in training.row(index).enumerated() {
        squares[place] += (value - means[place]) * (value - means[place])
      }
    }
    scales = squares.map { $0 > 0 ? (Double(max(training.count, 1)) / $0).squareRoot() : 0 }
    count = min(5, training.count)
    guard validation.count > 0 else { return }
    var sums = [Double](repeating: 0, count: NearestNeighbours.counts.count)
    for index in 0..<validation.count {
      let targets = nearest(validation.row(index), NearestNeighbours.counts[sums.count - 1])
      for (place, own) in NearestNeighbours.counts.enumerated() {
        let chosen = targets.prefix(own)
        let error = chosen.reduce(0, +) / Double(chosen.count) - validation.targets[index]
        sums[place] += error * error
      }
    }
    let best = sums.indices.min { sums[$0] < sums[$1] } ?? 0
    count = min(NearestNeighbours.counts[best], training.count)
  }

  /// The prediction for a sequence.
  func value(_ numbers: ArraySlice<Double>) -> Double {
    let targets = nearest(numbers, count)
    return targets.reduce(0, +) / Double(max(targets.count, 1))
  }

  /// The targets of the nearest sequences, the nearest first; of equal ones the earlier.
  private func nearest(_ numbers: ArraySlice<Double>, _ count: Int) -> [Double] {
    var found: [(distance: Double, index: Int)] = []
    for index in 0..<training.count {
      var distance = 0.0
      for ((a, b), scale) in zip(zip(numbers, training.row(index)), scales) {
        let difference = (a - b) * scale
        distance += difference * difference
      }
      guard found.count < count || distance < found[found.count - 1].distance else { continue }
      if found.count == count { found.removeLast() }
      found.insert((distance, index), at: found.firstIndex { $0.distance > distance } ?? found.count)
    }
    return found.map { training.targets[$0.index] }
  }
}

/// How nearest neighbours did on sequences that were at hand when the model was trained.
///
/// They need the training part, which a bundle does not keep; so their errors are kept, with what tells the sequences apart.
public struct NeighbourErrors: Sendable, Equatable, Codable {
  /// k.
  public var neighbours: Int
  /// The number of sequences.
  public var count: Int
  /// The sum of their targets.
  public var sum: Double
  /// The mean absolute error and the root of the mean squared error.
  public var absolute, squared: Double

  /// The errors of predictions.
  init(_ predictions: [Double], _ targets: [Double], neighbours: Int) {
    let errors = zip(predictions, targets).map { $0 - $1 }
    let size = Double(max(errors.count, 1))
    self.neighbours = neighbours
    (count, sum) = (targets.count, targets.reduce(0, +))
    absolute = errors.reduce(0) { $0 + abs($1) } / size
    squared = (errors.reduce(0) { $0 + $1 * $1 } / size).squareRoot()
  }

  /// Whether they are those of sequences with these targets.
  func belong(to targets: [Double]) -> Bool { targets.count == count && targets.reduce(0, +) == sum }
}
