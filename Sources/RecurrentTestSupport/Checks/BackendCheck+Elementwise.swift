extension BackendChecker {
  /// Units in the last place by which a map of one element may differ from the exact value.
  private func allowedUnits(_ operation: UnaryOperation) -> Float {
    switch operation {
    case .negate, .sqrt, .square, .abs, .sign, .reciprocal, .relu: 0
    case .exp, .log: 2
    case .sigmoid, .tanh, .softplus: 2
    }
  }

  /// All magnitudes with both signs, special values, and a dense sweep of where the functions bend.
  private var interestingNumbers: [Float] {
    let tiny = Float.leastNonzeroMagnitude
    var numbers: [Float] = [
      0, -0, .infinity, -.infinity, .nan, tiny, -tiny, .leastNormalMagnitude, .greatestFiniteMagnitude,
      -.greatestFiniteMagnitude, 88, 88.3, 88.7, 88.8, -87.3, -87.4, -103, -104,
    ]
    for exponent in -149...127 {
      let power = Float(sign: .plus, exponent: exponent, significand: 1)
      numbers += [power, -power, power * 1.37, power * -1.37]
    }
    for (bound, step) in [(110, 0.0371), (12, 0.0037), (1, 0.0003)] as [(Float, Float)] {
      numbers += stride(from: -bound, through: bound, by: step)
    }
    return numbers
  }

  func checkUnary() throws {
    let numbers = interestingNumbers
    for operation in UnaryOperation.allCases {
      let found = backend.unary(operation, backend.tensor(numbers, shape: [numbers.count])).scalars
      for (x, y) in zip(numbers, found) {
        let exact = Float(ReferenceBackend.value(of: operation, Double(x)))
        // results below the smallest normal number may be rounded to it or to zero
        let isClose =
          exact.isNaN || exact.isInfinite
          ? y.isNaN == exact.isNaN && (exact.isNaN || y == exact)
          : abs(y - exact) <= max(allowedUnits(operation) * exact.ulp, smallestUnit(operation))
        try require(isClose, "\(operation)(\(x)) on \(backend.name): \(y), expected \(exact)")
      }
    }
  }

  private func smallestUnit(_ operation: UnaryOperation) -> Float {
    allowedUnits(operation) == 0 ? 0 : 2 * .leastNormalMagnitude
  }

  func checkBinary() throws {
    let patterns: [([Int], [Int])] = [
      ([], []), ([1], [1]), ([7], [7]), ([7], []), ([], [7]), ([7], [1]), ([5, 7], [7]), ([7], [5, 7]),
      ([5, 1], [5, 7]), ([5, 1], [1, 7]), ([5, 1], [7]), ([3, 5, 7], [5, 7]), ([3, 5, 7], [3, 1, 7]),
      ([3, 5, 7], [3, 5, 1]), ([3, 1, 7], [1, 5, 1]), ([3, 1, 1], [5, 7]), ([1, 1, 1], [5, 7]),
      ([2, 3, 1, 7], [5, 1]),
      ([2, 3, 5, 7], [1, 3, 1, 7]), ([2, 1, 5, 1], [3, 1, 7]), ([33, 65], [33, 1]), ([129, 3], [3]),
      ([0, 3], [3]),
      ([0], [1]), ([4, 0, 2], [4, 1, 1]), ([40, 1000], [1000]),
    ]
    for operation in BinaryOperation.allCases {
      for (a, b) in patterns {
        try compare("\(operation) of \(a) and \(b)") {
          // away from zero, so that quotients are well scaled
          let divisor = random(b, 1)
          let second = operation == .divide ? divisor.combined(.add, divisor.mapped(.sign)) : divisor
          return [random(a).combined(operation, second)]
        }
      }
    }
    try checkSpecialPairs()
  }

  /// Infinities, NaN and signed zeros in every combination.
  private func checkSpecialPairs() throws {
    let special: [Float] = [0, -0, 1, -2.5, .infinity, -.infinity, .nan]
    let a = special.flatMap { x in special.map { _ in x } }
    let b = special.flatMap { _ in special }
    for operation in BinaryOperation.allCases {
      try compare("\(operation) of special values") {
        let (x, y) = (
          Backends.current.tensor(a, shape: [a.count]), Backends.current.tensor(b, shape: [b.count])
        )
        return [x.combined(operation, y)]
      }
    }
  }

  func checkRandom() throws {
    let count = 100_003
    try compare("uniform numbers", relative: 0, absolute: 0) {
      [
        Backends.current.uniform(key, from: 0, shape: [7, 143]),
        Backends.current.uniform(key, from: 77, shape: [5, 29]),
      ]
    }
    // a part of a sequence gets its part of the mask, wherever it begins
    for (width, first) in [(7, 1), (7, 50), (64, 3), (65, 9), (3, 22)] {
      let whole = random([123, width])
      try requireSameBits(
        dropout(whole.sliced(axis: 0, first..<123), rate: 0.4, key: key, firstStep: first),
        dropout(whole, rate: 0.4, key: key).sliced(axis: 0, first..<123),
        "dropout on \(backend.name): part from row \(first) of rows of \(width)")
    }
    for rate in [0.25, 0.6] as [Float] {
      try compare("dropout") { [dropout(random([123, 7]), rate: rate, key: key)] }
      try compare("variational dropout") { [variationalDropout(random([5, 3, 7]), rate: rate, key: key)] }
      let ones = backend.filled(1, shape: [count])
      let kept = dropout(ones, rate: rate, key: key)
      let values = kept.scalars
      let dropped = values.count { $0 == 0 }
      // five standard deviations
      let spread = 5 * (Double(rate * (1 - rate)) * Double(count)).squareRoot()
      try require(
        abs(Double(dropped) - Double(rate) * Double(count)) < spread,
        "dropout on \(backend.name): \(dropped) of \(count) dropped at rate \(rate)")
      try require(
        values.allSatisfy { $0 == 0 || abs($0 * (1 - rate) - 1) < 1e-6 },
        "dropout on \(backend.name): what is kept must be scaled by 1 / (1 - \(rate))")
      // the gradient goes through the same mask
      let point = ModelWithInputs(model: Dropout(rate: 0), inputs: [ones])
      let (_, gradient) = valueAndGradient(of: point) { dropout($0.inputs[0], rate: rate, key: key).sum() }
      try requireSameBits(gradient.inputs[0], kept, "gradient of dropout on \(backend.name)")
      let other = dropout(ones, rate: rate, key: key.child(1)).scalars
      let agreement = Double(zip(values, other).count { $0 == $1 }) / Double(count)
      try require(
        abs(agreement - Double(rate * rate + (1 - rate) * (1 - rate))) < 0.01,
        "dropout on \(backend.name): the masks of two keys are not independent")
    }
  }
}
