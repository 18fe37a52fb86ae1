import RecurrentTestSupport
import Testing

@Suite struct InitializerTests {
  private static let glorot = 2.0 / 500
  private static let he = 2.0 / 200
  /// Initialiser, largest magnitude, variance.
  static let distributions: [(Initializer, Double, Double)] = [
    (.uniform(bound: 0.2), 0.2, 0.04 / 3), (.normal(deviation: 0.3), 1.5, 0.09),
    (.xavierUniform, (3 * glorot).squareRoot(), glorot), (.xavierNormal, 5 * glorot.squareRoot(), glorot),
    (.kaimingUniform, (3 * he).squareRoot(), he), (.kaimingNormal, 5 * he.squareRoot(), he),
  ]

  /// Bounds and variances as published; 60,000 numbers put the sample variance within three percent.
  @Test(arguments: distributions)
  func distribution(_ initializer: Initializer, _ bound: Double, _ variance: Double) {
    let matrix = initializer.matrix(rows: 300, columns: 200, key: RandomKey(seed: 1))
    #expect(matrix.shape == [300, 200])
    let values = matrix.doubles
    #expect(values.allSatisfy { abs($0) <= bound * 1.0001 })
    #expect(values.contains { abs($0) > bound * 0.6 })
    let mean = values.reduce(0, +) / 60_000
    #expect(abs(mean) < 5 * (variance / 60_000).squareRoot())
    #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 60_000 / variance - 1) < 0.03)
    #expect(initializer.matrix(rows: 300, columns: 200, key: RandomKey(seed: 1)).scalars == matrix.scalars)
    #expect(initializer.matrix(rows: 300, columns: 200, key: RandomKey(seed: 2)).scalars != matrix.scalars)
  }

  @Test(arguments: [(7, 7), (5, 9), (9, 5), (1, 4), (130, 130)])
  func orthogonal(_ rows: Int, _ columns: Int) throws {
    let matrix = Initializer.orthogonal.matrix(rows: rows, columns: columns, key: RandomKey(seed: 3))
    #expect(matrix.shape == [rows, columns])
    let product =
      rows <= columns ? matmul(matrix, matrix, transposeB: true) : matmul(matrix, matrix, transposeA: true)
    let count = min(rows, columns)
    let identity = (0..<count * count).map { $0 % (count + 1) == 0 ? 1.0 : 0.0 }
    try requireClose(
      product.doubles, identity, relative: 0, absolute: 2e-6, "orthogonal \(rows) x \(columns)")
  }

  @Test func constant() {
    #expect(
      Initializer.constant(0.5).matrix(rows: 2, columns: 1, key: RandomKey(seed: 4)).scalars == [0.5, 0.5])
  }

  /// PyTorch's bound for everything; each gate and each part has numbers of its own.
  @Test func uniformCell() throws {
    let cell = LSTM(inputSize: 9, hiddenSize: 16, key: RandomKey(seed: 5))
    for (_, value) in cell.parameters { #expect(value.scalars.allSatisfy { abs($0) <= 0.25 }) }
    let numbers = cell.parameters.flatMap(\.value.scalars)
    #expect(Set(numbers).count > numbers.count - 5)
  }

  /// The two biases of the forget gate add up to the given number; all others are as drawn.
  @Test func forgetBias() throws {
    let cell = LSTM(inputSize: 3, hiddenSize: 4, initialization: .orthogonal, key: RandomKey(seed: 6))
    let sum = try #require(cell.biasInputHidden).combined(.add, try #require(cell.biasHiddenHidden)).scalars
    #expect(sum == (0..<16).map { (4..<8).contains($0) ? 1 : 0 })
    for gate in 0..<4 {
      let block = cell.weightHiddenHidden.sliced(axis: 0, gate * 4..<gate * 4 + 4)
      let identity = (0..<16).map { $0 % 5 == 0 ? 1.0 : 0.0 }
      try requireClose(
        matmul(block, block, transposeB: true).doubles, identity, relative: 0, absolute: 1e-6, "gate \(gate)")
    }
    // cells without a forget gate ignore it
    let gru = GRU(inputSize: 3, hiddenSize: 4, initialization: .orthogonal, key: RandomKey(seed: 7))
    #expect(gru.biasInputHidden?.scalars.allSatisfy { $0 == 0 } == true)
  }

  /// What is read from a file next is not drawn.
  @Test func parametersWithoutDraws() {
    func make() -> LSTM {
      LSTM(inputSize: 3, hiddenSize: 4, initialization: .orthogonal, key: RandomKey(seed: 6))
    }
    let (drawn, blank) = (make().parameters, withoutDraws(make).parameters)
    #expect(drawn.map(\.name) == blank.map(\.name) && drawn.map(\.value.shape) == blank.map(\.value.shape))
    #expect(drawn.contains { $0.value.scalars.contains { $0 != 0 } })
    let matrices = blank.filter { $0.value.rank == 2 }
    #expect(!matrices.isEmpty && matrices.allSatisfy { $0.value.scalars.allSatisfy { $0 == 0 } })
    #expect(make().parameters.map(\.value.scalars) == drawn.map(\.value.scalars))
  }
}
