import Recurrent
import Testing

@Test func sharingWeights() throws {
  try Printed.compare(with: "SharingWeights") {
    // article: begin
    let key = RandomKey(seed: 1)
    let layer = RecurrentLayer(inputSize: 2, key: key) { Elman(inputSize: $0, hiddenSize: 4, key: $1) }
    for steps in [3, 300] {
      let x = Tensor(uniformIn: -1...1, shape: [steps, 1, 2], key: key.child(steps))
      print("reads \(steps) steps:", layer(SequenceBatch(x)).outputs.shape, layer.parameterCount)
    }
    // article: end

    // article: begin
    let cell = Elman(inputSize: 1, hiddenSize: 4, hasBias: false, key: key)
    func response(toPulseAt step: Int) -> [Float] {
      var x = [Float](repeating: 0, count: 12)
      x[step] = 1
      var h = cell.initialState(batch: 1)
      let states = x.map { x in
        (_, h) = cell.step(Tensor([x], shape: [1, 1]), h)
        return h.scalars
      }
      return Array(states[step..<step + 4].joined())
    }
    print("the same bits:", response(toPulseAt: 1) == response(toPulseAt: 7))
    // article: end

    // article: begin
    /// A network unrolled over three steps, each with weights of its own.
    struct Copies: Module {
      var cells: [Elman]

      mutating func walk(_ visitor: inout some ParameterVisitor) {
        for step in cells.indices { visitor.visit("step\(step + 1)", &cells[step]) }
      }

      func loss(_ x: Tensor) -> Tensor {
        var h = cells[0].initialState(batch: 1)
        for (step, cell) in cells.enumerated() { (_, h) = cell.step(x[step], h) }
        return square(h).sum()
      }
    }

    let one = layer.cells[0]
    let x = Tensor(uniformIn: -1...1, shape: [3, 1, 2], key: key.child(9))
    let apart = valueAndGradient(of: Copies(cells: [one, one, one])) { $0.loss(x) }.gradient
    let shared = valueAndGradient(of: one) { Copies(cells: [$0, $0, $0]).loss(x) }.gradient

    func number(_ gradient: Elman) -> Double { Double(gradient.weightInputHidden.scalars[0]) }
    for (step, copy) in apart.cells.enumerated() { print("copy \(step + 1):", rounded(number(copy), 4)) }
    print("sum:   ", rounded(apart.cells.map(number).reduce(0, +), 4))
    print("shared:", rounded(number(shared), 4))
    // article: end
  }
}
