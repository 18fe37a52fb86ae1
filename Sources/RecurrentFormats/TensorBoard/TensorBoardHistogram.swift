/// How many numbers lie where, in TensorBoard's buckets: their bounds grow by a tenth from 1e-12 to 1e20, on both sides of
/// zero.
public struct TensorBoardHistogram: Sendable, Equatable {
  /// The least number; 0 without numbers.
  public private(set) var minimum = 0.0
  /// The largest number; 0 without numbers.
  public private(set) var maximum = 0.0
  /// How many there are.
  public private(set) var count = 0
  /// Their sum.
  public private(set) var sum = 0.0
  /// The sum of their squares.
  public private(set) var sumOfSquares = 0.0
  /// The upper bounds of the buckets: those between the first and the last that is not
  /// empty, with an empty one on both sides.
  public private(set) var limits: [Double] = []
  /// How many numbers are in each bucket.
  public private(set) var counts: [Double] = []

  private static let bounds: [Double] = {
    var positive: [Double] = []
    var bound = 1e-12
    while bound < 1e20 {
      positive.append(bound)
      bound *= 1.1
    }
    return positive.reversed().map { -$0 } + [0] + positive + [Double.greatestFiniteMagnitude]
  }()

  /// Counts numbers; those that are not finite are left out.
  public init(_ numbers: some Sequence<Float>) {
    let bounds = TensorBoardHistogram.bounds
    var all = [Double](repeating: 0, count: bounds.count)
    for number in numbers where number.isFinite {
      let number = Double(number)
      minimum = count == 0 ? number : min(minimum, number)
      maximum = count == 0 ? number : max(maximum, number)
      count += 1
      sum += number
      sumOfSquares += number * number
      // the first bound that is above the number
      var (low, high) = (0, bounds.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if bounds[middle] > number { high = middle } else { low = middle + 1 }
      }
      all[low] += 1
    }
    guard let first = all.firstIndex(where: { $0 > 0 }), let last = all.lastIndex(where: { $0 > 0 }) else {
      return
    }
    let range = max(0, first - 1)...min(all.count - 1, last + 1)
    limits = Array(bounds[range])
    counts = Array(all[range])
  }
}
