import Recurrent
import Testing

@Test func whatALoopIs() throws {
  try Printed.compare(with: "WhatALoopIs") {
    // article: begin
    /// A network of one unit: h' = tanh(w x + u h).
    func unit(w: Float, u: Float) -> Elman {
      var cell = Elman(inputSize: 1, hiddenSize: 1, hasBias: false, key: RandomKey(seed: 1))
      cell.weightInputHidden = Tensor([w], shape: [1, 1])
      cell.weightHiddenHidden = Tensor([u], shape: [1, 1])
      return cell
    }

    /// The states behind each of some inputs.
    func states(_ cell: Elman, reading inputs: [Float]) -> [Double] {
      var h = cell.initialState(batch: 1)  // 0
      return inputs.map { x in
        (_, h) = cell.step(Tensor([x], shape: [1, 1]), h)
        return Double(h.scalar)
      }
    }

    for u in [0, 0.9] as [Float] {
      let h = states(unit(w: 1, u: u), reading: [1, 0, 0, 0])
      print("u = \(u):", h.map { rounded($0, 3) }.joined(separator: "  "))
    }
    // article: end

    // article: begin
    let cell = unit(w: 1, u: 0.9)
    for inputs in [[1, 0, 0], [0, 0, 1], [1, 1, 1]] as [[Float]] {
      print(inputs, "leaves", rounded(states(cell, reading: inputs)[2], 3))
    }
    // article: end

    // article: begin
    let pulse: [Float] = [1] + Array(repeating: 0, count: 19)
    let curves = ([0, 0.5, 0.9, 1.2] as [Float]).map { u in
      let h = states(unit(w: 1, u: u), reading: pulse)
      return LineChart.Curve(name: "u = \(u)", points: h.indices.map { (Double($0 + 1), h[$0]) })
    }
    let chart = LineChart(
      title: "What is left of a pulse", xLabel: "step", yLabel: "state h", curves: curves)
    // article: end
    try Printed.compare(chart, withPicture: "loop-pulse", of: "WhatALoopIs")
  }
}
