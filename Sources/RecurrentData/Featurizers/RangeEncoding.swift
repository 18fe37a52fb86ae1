/// Each value as how far it has come through each range of its channel, 0 ... 1 (piecewise linear encoding, Gorishniy et al. 2022,
/// arXiv:2203.05556): thresholds of single channels are easy to learn from it.
struct RangeEncoding: Sendable, Equatable {
  /// The bounds of the ranges of each channel, rising, at least two.
  let bounds: [[Float]]
  /// Numbers of a step before: those of the channels, and others that stay as they are.
  let inputCount: Int
  /// Numbers of a step behind.
  let outputCount: Int

  init(_ bounds: [[Float]], inputCount: Int) {
    (self.bounds, self.inputCount) = (bounds, inputCount)
    outputCount = inputCount - bounds.count + bounds.reduce(0) { $0 + $1.count - 1 }
  }

  /// Calls `write` with the place and the value of each number of an encoded step.
  func encode(_ step: ArraySlice<Float>, _ write: (Int, Float) -> Void) {
    var place = 0
    for (value, bounds) in zip(step, bounds) {
      for index in 1..<bounds.count {
        let (low, high) = (bounds[index - 1], bounds[index])
        write(place, min(max((value - low) / (high - low), 0), 1))
        place += 1
      }
    }
    for value in step.dropFirst(bounds.count) {
      write(place, value)
      place += 1
    }
  }
}
