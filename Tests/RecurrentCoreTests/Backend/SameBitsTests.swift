import RecurrentTestSupport
import Testing

@testable import RecurrentCore

/// Every operation has the same bits with every instruction set and number of threads.
@Suite struct SameBitsTests {
  private let key = RandomKey(seed: 21)

  /// All bit patterns of interest: the whole range of floats, special values, and a tail.
  private var wideRange: Tensor {
    let special: [Float] = [
      0, -0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 1e-38, 3e38, -3e38,
      88.5,
      -87.33,
    ]
    let spread = key.uniforms(40_003).map { Float(bitPattern: UInt32($0 * 4_294_967_040)) }
    return Tensor(special + spread.map { $0.isNaN ? 1 : $0 })
  }

  @Test func unary() throws {
    try checkSameBits("unary") { UnaryOperation.allCases.map { wideRange.mapped($0) } }
  }

  @Test func binary() throws {
    try checkSameBits("binary") {
      let (a, b) = (Tensor.random([9, 1, 4003], key: key), Tensor.random([3, 1], key: key.child(1)))
      return BinaryOperation.allCases.flatMap { [a.combined($0, b), b.combined($0, a), a.combined($0, a)] }
    }
  }

  @Test(arguments: [
    (1, 1, 1), (1, 300, 400), (5, 7, 3), (13, 65, 33), (70, 130, 300), (129, 70, 513), (20, 300, 70),
    (20, 128, 300), (7, 64, 17), (1, 192, 40),
  ])
  func matmul(m: Int, n: Int, k: Int) throws {
    try checkSameBits("matmul \(m) \(n) \(k)") {
      let bias = Tensor.random([n], key: key.child(2))
      var results: [Tensor] = []
      for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
        let a = Tensor.random(transposeA ? [k, m] : [m, k], key: key)
        let b = Tensor.random(transposeB ? [n, k] : [k, n], key: key.child(1))
        results.append(RecurrentCore.matmul(a, b, transposeA: transposeA, transposeB: transposeB, bias: bias))
        if !transposeA, let prepared = b.backend.prepareRight(b, transposed: transposeB) {
          results.append(b.backend.matmul(a, prepared: prepared, columns: n, bias: bias))
          try requireSameBits(
            results[results.count - 1], results[results.count - 2], "matmul with a prepared side")
        }
      }
      return results
    }
  }

  @Test func reductions() throws {
    try checkSameBits("reductions") {
      let x = Tensor.random([7, 33, 301], key: key)
      return (0..<3).flatMap { [x.sum(axis: $0), x.max(axis: $0)] } + [
        softmax(x), logSoftmax(x), x.sum(), Tensor(Float(x.backend.sumOfSquares(x))),
        Tensor(Float(x.backend.sumOfSquares(.random([70_003], key: key)))),
      ]
    }
  }

  @Test func layout() throws {
    try checkSameBits("layout") {
      let x = Tensor.random([41, 9, 53], key: key)
      let table = Tensor.random([500, 37], key: key)
      let rows = Indices(key.integers(20_000, below: 500).map { Int32($0) })
      let picked = gather(table, rows: rows)
      return [
        x.permuted([2, 0, 1]), x.permuted([1, 0, 2]), table.transposed, x.sliced(axis: 2, 3..<50), picked,
        table.backend.scatterAddRows(picked, rows, rowCount: 500), concatenate([x, x], axis: 1),
      ]
    }
  }

  @Test func losses() throws {
    try checkSameBits("cross-entropy") {
      let logits = Tensor.random([300, 117], bound: 9, key: key)
      let labels = Indices(key.integers(300, below: 117).map { $0 % 10 == 0 ? -1 : Int32($0) })
      var results: [Tensor] = []
      for (weights, smoothing) in [(nil, 0), (nil, 0.1), (Tensor.random([117], key: key), 0.2)]
        as [(Tensor?, Float)]
      {
        let call = CrossEntropyCall(
          logits: logits, labels: labels, classWeights: weights, labelSmoothing: smoothing, ignoredLabel: -1)
        let (losses, saved) = try #require(logits.backend.crossEntropy(call))
        results += [losses, saved, logits.backend.crossEntropyGradient(call, saved: saved, scale: 0.7)]
      }
      return results
    }
  }

  /// The numbers are those of the log-softmax too.
  @Test func likeliest() throws {
    try checkSameBits("the likeliest") {
      let scores = Tensor.random([9, 4003], bound: 7, key: key)
      let counts = [0, 1, 8, 16, 17, 64, 65, 200, 4003]
      let call = LikeliestCall(scores: scores, normalizes: true, counts: counts, column: 77)
      let result = try #require(scores.backend.likeliest(call))
      let logs = logSoftmax(scores).scalars
      for (row, range) in result.ranges.enumerated() {
        #expect(range.count == counts[row] && result.column[row] == logs[row * 4003 + 77])
        let own = logs[row * 4003..<(row + 1) * 4003].sorted(by: >)
        #expect(range.map { result.values[$0] } == Array(own.prefix(counts[row])))
        #expect(range.allSatisfy { result.values[$0] == logs[row * 4003 + Int(result.classes[$0])] })
      }
      let places = result.ranges.flatMap { Array($0) }
      return [
        Tensor(places.map { Float(result.classes[$0]) }), Tensor(places.map { result.values[$0] }),
        Tensor(result.column),
      ]
    }
  }

  /// Whatever the chunks are, and over more classes than a tile of a product has.
  @Test(arguments: [(61, 130, 37), (9, 4101, 3)])
  func linearCrossEntropy(rows: Int, classes: Int, width: Int) throws {
    try checkSameBits("linear cross-entropy") {
      let labels = Indices(key.integers(rows, below: classes).map { $0 % 10 == 0 ? -1 : Int32($0) })
      let call = LinearCrossEntropyCall(
        hidden: .random([rows, width], bound: 3, key: key),
        weight: .random([classes, width], key: key.child(1)), bias: .random([classes], key: key.child(2)),
        labels: labels, classWeights: nil, labelSmoothing: 0.1, ignoredLabel: -1, scale: 0.3)
      let backend = try #require(Backends.current as? CPUBackend)
      let results = try [rows, 16, 1].map { limit in
        let result = backend.linearCrossEntropy(call, wantsGradient: true, rowsAtATime: limit)
        let gradient = try #require(result.gradient)
        return [result.losses, gradient.hidden, gradient.weight, try #require(gradient.bias)]
      }
      for other in results.dropFirst() {
        for (found, expected) in zip(other, results[0]) { try requireSameBits(found, expected, "chunks") }
      }
      let alone = backend.linearCrossEntropy(call, wantsGradient: false, rowsAtATime: 4)
      try requireSameBits(alone.losses, results[0][0], "without gradients")
      return results[0]
    }
  }

  @Test func layerNormAndRandom() throws {
    try checkSameBits("layer norm, dropout, uniform") {
      let x = Tensor.random([609, 101], key: key)
      let (weight, bias) = (Tensor.random([101], key: key.child(1)), Tensor.random([101], key: key.child(2)))
      let result = try #require(x.backend.layerNorm(x, weight: weight, bias: bias, epsilon: 1e-5))
      return [
        result.output, result.normalized, result.inverseDeviation,
        x.backend.layerNormGradient(x, weight: weight, result: result), dropout(x, rate: 0.3, key: key),
        x.backend.uniform(key, from: 0, shape: [50_001]),
        variationalDropout(x.reshaped(to: [3, 203, 101]), rate: 0.5, key: key),
      ]
    }
  }

  /// Parts of rows, put together and taken out, by as many threads as there are.
  @Test func partsOfRows() throws {
    try checkSameBits("layout") {
      let widths = [33, 1, 40]
      let parts = widths.enumerated().map { Tensor.random([701, $1], key: key.child($0)) }
      let numbers = parts.map(\.scalars)
      let joined = concatenate(parts, axis: 1)
      let rows = (0..<701).flatMap { row in
        zip(widths, numbers).flatMap { $1[row * $0..<(row + 1) * $0] }
      }
      try requireSameBits(joined, Tensor(rows, shape: [701, 74]), "joined")
      for (part, start) in zip(parts, [0, 33, 34]) {
        try requireSameBits(joined.sliced(axis: 1, start..<start + part.shape[1]), part, "from \(start)")
      }
      return [joined]
    }
  }

  @Test func optimizers() throws {
    try checkSameBits("optimisers") {
      OptimizerCase.all.flatMap { rule, count -> [Tensor] in
        var parameter = Tensor.random([40_003], key: key)
        var statistics = (0..<count).map { _ in Tensor(zeros: [40_003]) }
        for step in 1...3 {
          parameter.backend.optimize(
            OptimizerStep(rule: rule, step: step, learningRate: 0.01, gradientScale: 0.7, weightDecay: 0.1),
            parameter: &parameter, gradient: Tensor.random([40_003], key: key.child(step)),
            statistics: &statistics)
        }
        return [parameter] + statistics
      }
    }
  }
}
