import Recurrent
import Testing

@Test func unrollingTheLoop() throws {
  try Printed.compare(with: "UnrollingTheLoop") {
    // article: begin
    let cell = Elman(inputSize: 2, hiddenSize: 4, key: RandomKey(seed: 1))
    let x = Tensor([1, 0, 0, 1, 1, 1], shape: [3, 1, 2])  // [T, B, I]

    let start = cell.initialState(batch: 1)
    let (_, first) = cell.step(x[0], start)
    let (_, second) = cell.step(x[1], first)
    let (_, third) = cell.step(x[2], second)
    print(third.scalars.map { rounded(Double($0), 4) }.joined(separator: "  "))
    // article: end

    // article: begin
    let layer = RecurrentLayer(inputSize: 2, key: RandomKey(seed: 1)) { _, _ in cell }
    let (outputs, end) = layer(SequenceBatch(x))
    print(outputs.shape, "the same bits:", end.cells[0].scalars == third.scalars)
    // article: end

    // article: begin
    let (_, middle) = layer(SequenceBatch(x.sliced(axis: 0, 0..<2)))
    let (rest, _) = layer(SequenceBatch(x.sliced(axis: 0, 2..<3)), state: middle)
    print("in two pieces, the same bits:", rest[0].scalars == outputs[2].scalars)
    // article: end

    // article: begin
    let values = (0..<3).map { outputs[$0].scalars }
    let chart = UnrolledChart(
      title: "A loop and its unrolling over three steps", inputs: ["1 0", "0 1", "1 1"],
      outputs: values.map { rounded(Double($0[0]), 2) },
      layers: [
        .init(
          name: "4 units", inputWeights: "W_ih 4 × 2", stateWeights: "W_hh 4 × 4", units: Array(0..<4),
          values: values)
      ])
    // article: end
    try Printed.compare(chart, withPicture: "loop-unrolled", of: "UnrollingTheLoop")
  }
}
