extension OperatorCatalog {
  static let spectra: [GraphOperator] = [
    GraphOperator("DFT", versions: 17...19, attributes: ["axis", "inverse", "onesided"]) { context in
      [try fourier(context, axis: context.integer("axis", or: 1))]
    },
    GraphOperator("DFT", versions: 20...28, attributes: ["inverse", "onesided"]) { context in
      [try fourier(context, axis: context.optional(2) == nil ? -2 : single(2, context))]
    },
    GraphOperator("STFT", versions: 17...28, attributes: ["onesided"]) { [try shortTimeFourier($0)] },
  ]

  /// The only number of an input of integers.
  static func single(_ index: Int, _ context: NodeContext) throws(GraphError) -> Int {
    let values = try context.integers(index)
    guard values.count == 1 else {
      throw context.invalid("input \(index) has \(values.count) numbers, expected one")
    }
    return values[0]
  }

  /// The parts of complex numbers `[..., 1 or 2]`; those of real ones have none that is imaginary.
  private static func parts(_ x: GraphValue) -> (real: [Double], imaginary: [Double]) {
    let values = x.doubles
    guard x.shape.last == 2 else { return (values, [Double](repeating: 0, count: values.count)) }
    let places = stride(from: 0, to: values.count, by: 2)
    return (places.map { values[$0] }, places.map { values[$0 + 1] })
  }

  /// The last axis of an array of real or complex numbers.
  private static func components(_ x: GraphValue, _ context: NodeContext) throws(GraphError) -> Int {
    guard x.elementType.isFloat else {
      throw context.unsupported("elements of the type \(x.elementType.rawValue)")
    }
    guard x.shape.count >= 2, let last = x.shape.last, last == 1 || last == 2 else {
      throw context.invalid("the last axis of the shape \(x.shape) holds no real or complex numbers")
    }
    return last
  }

  private static func fourier(_ context: NodeContext, axis named: Int) throws(GraphError) -> GraphValue {
    let x = try context.input(0)
    let components = try components(x, context)
    let (isInverse, isHalf) = (try context.flag("inverse"), try context.flag("onesided"))
    let axis = try context.axis(named, rank: x.shape.count)
    guard axis < x.shape.count - 1 else {
      throw context.invalid("axis \(named) of the shape \(x.shape) is that of the parts of complex numbers")
    }
    guard !isHalf || isInverse || components == 1 else {
      throw context.invalid("onesided goes with real numbers, found complex ones")
    }
    let extent = x.shape[axis]
    let length =
      try context.optional(1) == nil ? (isInverse && isHalf ? 2 * (extent - 1) : extent) : single(1, context)
    guard length > 0 else { throw context.invalid("a transform of \(length) numbers") }
    let kept = isHalf && !isInverse ? length / 2 + 1 : length
    let isReal = isHalf && isInverse
    var shape = x.shape
    shape[axis] = kept
    shape[shape.count - 1] = isReal ? 1 : 2
    let count = try context.checkedCount(shape)
    _ = try context.checkedCount([length, 16])
    let sums = FourierSums(count: length)
    let (outer, inner) = (x.shape[..<axis].reduce(1, *), x.shape[(axis + 1)..<(shape.count - 1)].reduce(1, *))
    try context.budget.spend(work(of: sums, rows: outer * inner), at: context.place)
    let (real, imaginary) = parts(x)
    // of half a spectrum the other half is its mirror
    let used = Swift.min(extent, isReal ? length / 2 + 1 : length)
    var results = [Double](repeating: 0, count: count)
    for row in 0..<outer * inner {
      let from = row / inner * extent * inner + row % inner, to = row / inner * kept * inner + row % inner
      var (a, b) = ([Double](repeating: 0, count: length), [Double](repeating: 0, count: length))
      for place in 0..<used {
        (a[place], b[place]) = (real[from + place * inner], imaginary[from + place * inner])
        let mirror = length - place
        if isReal, place > 0, mirror > place { (a[mirror], b[mirror]) = (a[place], -b[place]) }
      }
      sums.transform(&a, &b, isInverse: isInverse)
      for place in 0..<kept {
        if isReal {
          results[to + place * inner] = a[place]
        } else {
          results[2 * (to + place * inner)] = a[place]
          results[2 * (to + place * inner) + 1] = b[place]
        }
      }
    }
    return GraphValue(doubles: results, shape: shape, elementType: x.elementType)
  }

  private static func work(of sums: FourierSums, rows: Int) -> Int {
    let (work, overflows) = sums.work.multipliedReportingOverflow(by: rows)
    return overflows ? .max : work
  }

  /// Transforms of windows that move over the signals `[B, T, 1 or 2]`.
  private static func shortTimeFourier(_ context: NodeContext) throws(GraphError) -> GraphValue {
    var x = try context.input(0)
    if x.shape.count == 2 { x = x.reshaped(to: x.shape + [1]) }
    let components = try components(x, context)
    guard x.shape.count == 3 else {
      throw context.invalid("a signal of the shape \(x.shape), expected [batch, length, 1 or 2]")
    }
    let step = try single(1, context)
    let window = context.optional(2)?.doubles
    let (batch, extent) = (x.shape[0], x.shape[1])
    let length = try context.optional(3) == nil ? window?.count ?? extent : single(3, context)
    guard window == nil || (window?.count == length && context.optional(2)?.shape.count == 1) else {
      throw context.invalid("a window of \(window?.count ?? 0) numbers for frames of \(length)")
    }
    guard step > 0, length > 0, length <= extent else {
      throw context.invalid("frames of \(length), \(step) apart, in a signal of \(extent) numbers")
    }
    let isHalf = try context.flag("onesided", or: true)
    guard !isHalf || components == 1 else {
      throw context.invalid("onesided goes with real numbers, found complex ones")
    }
    let frames = (extent - length) / step + 1
    _ = try context.checkedCount([length, 16])
    let shape = [batch, frames, isHalf ? length / 2 + 1 : length, 2]
    var results: [Double] = []
    results.reserveCapacity(try context.checkedCount(shape))
    let sums = FourierSums(count: length)
    try context.budget.spend(work(of: sums, rows: batch * frames), at: context.place)
    let (real, imaginary) = parts(x)
    for row in 0..<batch {
      for frame in 0..<frames {
        let start = row * extent + frame * step
        var (a, b) = (Array(real[start..<start + length]), Array(imaginary[start..<start + length]))
        if let window {
          for (place, weight) in window.enumerated() {
            a[place] *= weight
            b[place] *= weight
          }
        }
        sums.transform(&a, &b, isInverse: false)
        for place in 0..<shape[2] { results += [a[place], b[place]] }
      }
    }
    return GraphValue(doubles: results, shape: shape, elementType: x.elementType)
  }
}
