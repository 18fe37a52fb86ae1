import RecurrentTestSupport
import Testing

@testable import MinimalGatedCellExample

@Suite struct MinimalGatedCellTests {
  /// A cell written outside the library keeps all promises without further code.
  @Test(arguments: CellShape.awkward)
  func cell(_ s: CellShape) throws {
    try checkCell(MinimalGatedCell(inputSize: s.I, hiddenSize: s.H, key: RandomKey(seed: 1)), s)
  }

  @Test func layer() throws {
    let layer = RecurrentLayer(
      layerCount: 2, inputSize: 3, isBidirectional: true, dropoutRate: 0.2, initialState: .trained,
      key: RandomKey(seed: 2)
    ) { MinimalGatedCell(inputSize: $0, hiddenSize: 4, key: $1) }
    try checkLayer(layer, steps: 5, rows: 3)
  }

  /// The example learns: the loss falls far below that of guessing.
  @Test func learns() {
    var model = Recall(hiddenSize: 16, key: RandomKey(seed: 1))
    var losses: [Float] = []
    for step in 0..<400 {
      losses.append(model.train(steps: 5, rows: 32, rate: 1, key: RandomKey(seed: 2).child(step)))
    }
    #expect(losses[0] > 1.2)
    #expect(losses.suffix(20).reduce(0, +) / 20 < 0.3)
  }
}
