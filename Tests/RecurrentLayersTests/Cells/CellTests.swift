import RecurrentTestSupport
import Testing

@Suite struct CellTests {
  @Test(arguments: CellShape.awkward)
  func elman(_ s: CellShape) throws {
    try checkCell(Elman(inputSize: s.I, hiddenSize: s.H, key: RandomKey(seed: 1)), s)
    try checkCell(Elman(inputSize: s.I, hiddenSize: s.H, activation: .relu, key: RandomKey(seed: 2)), s)
  }

  @Test(arguments: CellShape.awkward)
  func lstm(_ s: CellShape) throws {
    try checkCell(LSTM(inputSize: s.I, hiddenSize: s.H, key: RandomKey(seed: 3)), s)
  }

  @Test(arguments: CellShape.awkward)
  func gru(_ s: CellShape) throws {
    try checkCell(GRU(inputSize: s.I, hiddenSize: s.H, key: RandomKey(seed: 4)), s)
  }

  @Test(arguments: CellShape.awkward)
  func gruResetBefore(_ s: CellShape) throws {
    try checkCell(GRU(inputSize: s.I, hiddenSize: s.H, reset: .beforeProduct, key: RandomKey(seed: 5)), s)
  }

  @Test func withoutBias() throws {
    let s = CellShape(5, 3, 2, 20)
    try checkCell(Elman(inputSize: s.I, hiddenSize: s.H, hasBias: false, key: RandomKey(seed: 6)), s)
    try checkCell(LSTM(inputSize: s.I, hiddenSize: s.H, hasBias: false, key: RandomKey(seed: 7)), s)
    try checkCell(GRU(inputSize: s.I, hiddenSize: s.H, hasBias: false, key: RandomKey(seed: 8)), s)
    try checkCell(
      GRU(inputSize: s.I, hiddenSize: s.H, reset: .beforeProduct, hasBias: false, key: RandomKey(seed: 9)), s)
  }
}
