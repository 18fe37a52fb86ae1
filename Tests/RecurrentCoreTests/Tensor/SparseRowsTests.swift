import RecurrentTestSupport
import Testing

@testable import RecurrentCore

/// Gradients that are made of few rows have the bits of whole tables, whatever is done with them.
@Suite struct SparseRowsTests {
  private let key = RandomKey(seed: 23)

  /// The table of sums of rows, and the same held as a whole.
  private func pair(_ numbers: [Int32], rowCount: Int, width: Int, _ number: Int = 0) -> (Tensor, Tensor) {
    let rows = Tensor.random([numbers.count, width], key: key.child(number))
    let sparse = Tensor(summing: rows, Indices(numbers), rowCount: rowCount)
    return (sparse, rows.backend.scatterAddRows(rows, Indices(numbers), rowCount: rowCount))
  }

  @Test func holdsWhatWasUsed() throws {
    let (sparse, whole) = pair([9, 2, 9, 3], rowCount: 10, width: 5)
    let rows = try #require(sparse.sparseRows)
    #expect(rows.ids.values == [2, 3, 9] && rows.values.shape == [3, 5] && rows.rowCount == 10)
    try requireSameBits(sparse, whole, "read as a whole")
    try requireSameBits(sparse.reshaped(to: [5, 10]), whole.reshaped(to: [5, 10]), "reshaped")
    try requireSameBits(sparse[9], whole[9], "a row")
    #expect(sparse.reshaped(to: [50]).sparseRows != nil && sparse[9].sparseRows == nil)
  }

  /// Numbers at both ends of words of bits, and of the table.
  @Test(arguments: [129, 192, 200]) func places(_ rowCount: Int) throws {
    let numbers = [128, 0, 63, 64, 127, 128, 1, 62, 65].map { Int32($0) } + [Int32(rowCount - 1)]
    let (sparse, whole) = pair(numbers, rowCount: rowCount, width: 3)
    #expect(try #require(sparse.sparseRows).ids.values == Set(numbers).sorted())
    try requireSameBits(sparse, whole, "\(rowCount) rows")
  }

  @Test func mostRowsAreAWholeTable() {
    #expect(pair([0, 1, 2], rowCount: 5, width: 3).0.sparseRows == nil)
    #expect(pair([0, 1, 1], rowCount: 5, width: 3).0.sparseRows != nil)
    #expect(pair([], rowCount: 0, width: 3).0.shape == [0, 3])
  }

  @Test func zero() {
    let zero = Tensor.zero(shape: [3, 2], backend: Backends.current)
    #expect(zero.sparseRows != nil && zero.scalars == [0, 0, 0, 0, 0, 0])
    #expect(Tensor.zero(shape: [], backend: Backends.current).scalars == [0])
    #expect(Tensor.zero(shape: [0, 4], backend: Backends.current).scalars.isEmpty)
  }

  @Test func writing() throws {
    let (sparse, whole) = pair([9, 2, 9, 3], rowCount: 10, width: 5)
    var sum = sparse
    sum.backend.add(whole, to: &sum)
    try requireSameBits(sum, whole + whole, "added to in place")
    try requireSameBits(sparse, whole, "the copy")
    #expect(sum.sparseRows == nil)
  }

  @Test func accumulating() throws {
    let parts: [(Tensor, Tensor)] = [
      pair([9, 2, 9, 3], rowCount: 30, width: 5, 1), pair([0, 2, 29], rowCount: 30, width: 5, 2),
      pair((0..<30).map { $0 }, rowCount: 30, width: 5, 3),
    ]
    for (first, second) in [(0, 1), (0, 2), (2, 0), (2, 2)] {
      var (sum, expected) = (parts[first].0, parts[first].1)
      sum.accumulate(parts[second].0)
      expected.backend.add(parts[second].1, to: &expected)
      try requireSameBits(sum, expected, "\(first) and \(second)")
      #expect((sum.sparseRows != nil) == (first + second == 1))
    }
    for (sparse, whole) in parts { try requireSameBits(sparse, whole, "what was added stays as it was") }
  }

  /// Rows that begin anywhere in a vector, end in another stretch of the sum, and fill the table's last place.
  @Test(arguments: [1, 5, 16, 33, 200, 5000])
  func norm(_ width: Int) throws {
    try checkSameBits("sum of squares of rows \(width) wide") {
      let ids = key.integers(60, below: 1000).map { Int32($0) } + [0, 999]
      let (sparse, whole) = pair(ids, rowCount: 1000, width: width)
      try require(sparse.sparseRows != nil, "the table is not sparse")
      let sums = [sparse, whole].map { $0.backend.sumOfSquares($0) }
      try require(sums[0] == sums[1], "\(sums[0]) of the rows, \(sums[1]) of the table")
      return [Tensor(Float(sums[0]))]
    }
  }

  @Test func scaling() throws {
    let (sparse, whole) = pair([9, 2, 9, 3], rowCount: 10, width: 5)
    let scaled = sparse.mappingNonzero { $0 * 0.3 }
    #expect(scaled.sparseRows != nil)
    try requireSameBits(scaled, whole * 0.3, "scaled")
  }

  /// Every rule, with and without decay, over steps that use different rows.
  @Test func optimizers() throws {
    for (rule, count) in OptimizerCase.all {
      for decay in [0, 0.1] {
        try checkSameBits("rows under \(rule)") {
          var tables = [Tensor.random([900, 33], key: key), Tensor.random([900, 33], key: key)]
          var statistics = tables.map { table in (0..<count).map { _ in Tensor(zeros: table.shape) } }
          for step in 1...2 {
            let ids = key.child(step).integers(100, below: 900).map { Int32($0) }
            let (sparse, whole) = pair(ids, rowCount: 900, width: 33, step)
            let rule = OptimizerStep(
              rule: rule, step: step, learningRate: 0.01, gradientScale: 0.7, weightDecay: decay)
            for (index, gradient) in [sparse, whole].enumerated() {
              tables[index].backend.optimize(
                rule, parameter: &tables[index], gradient: gradient, statistics: &statistics[index])
            }
          }
          try requireSameBits(tables[0], tables[1], "table under \(rule)")
          for (found, expected) in zip(statistics[0], statistics[1]) {
            try requireSameBits(found, expected, "statistics of \(rule)")
          }
          return [tables[0]]
        }
      }
    }
  }
}
