import Foundation
import Recurrent
import Testing

@Test func gatedCells() throws {
  try Printed.compare(with: "GatedCells") {
    // article: begin
    let kept = LSTM.State(hidden: Tensor(zeros: [1, 1]), cell: Tensor([0.7], shape: [1, 1]))

    /// A cell whose gates do not look: a bias of `forget` holds the forget gate open, the input gate is shut.
    func holding(_ forget: Float) -> LSTM {
      var cell = LSTM(
        inputSize: 1, hiddenSize: 1, initialization: .init(recurrent: .constant(0), bias: .constant(0)),
        key: RandomKey(seed: 1))
      cell.biasInputHidden = Tensor([-20, forget, 0, 0], shape: [4])  // i f g o
      return cell
    }

    for forget in [0, 2, 8] as [Float] {
      var state = kept
      for _ in 0..<100 { (_, state) = holding(forget).step(Tensor(zeros: [1, 1]), state) }
      print("bias \(forget): c after 100 steps is", significant(Double(state.cell.scalar), 3))
    }
    // article: end

    // article: begin
    let key = RandomKey(seed: 1)
    let x = Tensor(uniformIn: -1...1, shape: [60, 1, 8], key: key)
    let cells: [(name: String, make: (Int, RandomKey) -> AnyCell)] = [
      ("Elman", { AnyCell(Elman(inputSize: $0, hiddenSize: 32, key: $1)) }),
      ("GRU", { AnyCell(GRU(inputSize: $0, hiddenSize: 32, key: $1)) }),
      ("LSTM", { AnyCell(LSTM(inputSize: $0, hiddenSize: 32, key: $1)) }),
      (
        "LSTM, forget bias 3",
        {
          AnyCell(LSTM(inputSize: $0, hiddenSize: 32, initialization: .init(forgetBias: 3), key: $1))
        }
      ),
    ]
    let reaches = cells.map { cell in
      let layer = RecurrentLayer(inputSize: 8, key: key, makeCell: cell.make)
      let seen = observe(layer) { $0(SequenceBatch(x), mode: $1).outputs[59].sum() }
      return GradientReach(seen.readings[0].stateGradientNorms(at: [59])[0], times: [59])
    }
    for (cell, reach) in zip(cells, reaches) { print("\(cell.name): \(reach.words)") }
    // article: end

    // article: begin
    let chart = LineChart(
      title: "How much of the gradient is left", xLabel: "steps back", yLabel: "decimal logarithm",
      curves: zip(cells, reaches).map { cell, reach in
        .init(
          name: cell.name,
          points: reach.byLag.indices.dropFirst().map { (Double($0), log10(reach.byLag[$0])) })
      })
    // article: end

    // article: begin
    /// Reads thirty numbers and says the first one at the end.
    struct Reminder: Module {
      var layer: RecurrentLayer<AnyCell>
      var head: Linear

      mutating func walk(_ visitor: inout some ParameterVisitor) {
        visitor.visit("layer", &layer)
        visitor.visit("head", &head)
      }
    }

    for cell in cells {
      var model = Reminder(
        layer: RecurrentLayer(inputSize: 1, key: key.child(0), makeCell: cell.make),
        head: Linear(inputSize: 32, outputSize: 1, key: key.child(1)))
      var optimizer = Adam(learningRate: 5e-3)
      var last = 0.0
      for step in 1...600 {
        let numbers = Tensor(uniformIn: -1...1, shape: [30, 32, 1], key: key.child(step))
        let (loss, gradient) = valueAndGradient(of: model) {
          squaredError($0.head($0.layer(SequenceBatch(numbers)).outputs[29]), numbers[0])
        }
        optimizer.update(&model, gradient.clipped(norm: 1))
        last = Double(loss.scalar)
      }
      print("\(cell.name): squared error \(rounded(last, 3))")
    }
    // article: end
    try Printed.compare(chart, withPicture: "gated-reach", of: "GatedCells")
  }
}
