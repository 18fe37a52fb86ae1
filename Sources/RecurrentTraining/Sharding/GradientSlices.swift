/// The parameters of a model in slices, which are added up and exchanged one after the other: those of the last layers first, whose
/// gradients a backward pass knows first.
struct GradientSlices {
  /// Some parameters that follow each other.
  struct Slice {
    /// Their numbers in the order of the walk.
    let parameters: Range<Int>
    /// Elements, with zeros at the end that make parts of equal size for all ranks.
    let count: Int
  }

  /// In the order in which they are exchanged.
  let slices: [Slice]
  /// Elements of each parameter.
  private let counts: [Int]

  /// The slices of parameters with so many elements, to be shared by so many ranks. One rank has a single slice.
  ///
  /// - Parameter leastCount: the fewest elements of a slice but the last one.
  init(of counts: [Int], ranks: Int, leastCount: Int) {
    self.counts = counts
    var slices: [Slice] = []
    var (end, count) = (counts.count, 0)
    for index in counts.indices.reversed() {
      count += counts[index]
      guard index == 0 || (ranks > 1 && count >= leastCount) else { continue }
      slices.append(Slice(parameters: index..<end, count: (count + ranks - 1) / ranks * ranks))
      (end, count) = (index, 0)
    }
    self.slices = slices
  }

  /// The elements of a slice one behind the other, each times `factor`.
  ///
  /// - Parameter gradient: that of a parameter; nil for zeros.
  func flattened(_ slice: Slice, times factor: Float, _ gradient: (Int) -> Tensor?) -> [Float] {
    [Float](unsafeUninitializedCapacity: slice.count) { buffer, filled in
      var place = 0
      for parameter in slice.parameters {
        if let gradient = gradient(parameter) {
          gradient.scalars.withUnsafeBufferPointer { scalars in
            for index in 0..<scalars.count { buffer[place + index] = scalars[index] * factor }
          }
        } else {
          for index in 0..<counts[parameter] { buffer[place + index] = 0 }
        }
        place += counts[parameter]
      }
      for index in place..<slice.count { buffer[index] = 0 }
      filled = slice.count
    }
  }

  /// A model whose parameters are the elements of all slices, each times `factor`.
  func unflattened<Model: Module>(_ sums: [[Float]], times factor: Float, like model: Model) -> Model {
    var places: [(slice: Int, start: Int)] = Array(repeating: (0, 0), count: counts.count)
    for (index, slice) in slices.enumerated() {
      var start = 0
      for parameter in slice.parameters {
        places[parameter] = (index, start)
        start += counts[parameter]
      }
    }
    var next = 0
    return model.mappingParameters { _, old in
      defer { next += 1 }
      let (slice, start) = places[next]
      let values = [Float](unsafeUninitializedCapacity: old.count) { buffer, filled in
        sums[slice].withUnsafeBufferPointer { sums in
          for index in 0..<old.count { buffer[index] = sums[start + index] * factor }
        }
        filled = old.count
      }
      return Tensor(values, shape: old.shape, like: old)
    }
  }
}
