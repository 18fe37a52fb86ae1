import Foundation
import Recurrent
import Testing

@Test func backpropagationThroughTime() throws {
  try Printed.compare(with: "BackpropagationThroughTime") {
    // article: begin
    let (w, u) = (0.5, 0.8)
    let (x, y) = ([1, 0.5, -1], 1.0)

    /// h_0 ... h_3.
    func states(_ w: Double, _ u: Double) -> [Double] {
      x.reduce(into: [0]) { h, x in h.append(tanh(w * x + u * h[h.count - 1])) }
    }

    let h = states(w, u)
    for step in 1...3 { print("h\(step) =", rounded(h[step], 4)) }
    print("L  =", rounded(0.5 * (h[3] - y) * (h[3] - y), 4))
    // article: end

    // article: begin
    var (addsToW, addsToU) = ([0.0, 0, 0], [0.0, 0, 0])
    var toState = h[3] - y  // dL/dh_3
    for step in [3, 2, 1] {
      let toSum = toState * (1 - h[step] * h[step])  // dL/da_t
      addsToW[step - 1] = toSum * x[step - 1]
      addsToU[step - 1] = toSum * h[step - 1]
      print(
        "step \(step):  dL/dh", rounded(toState, 4), "  dL/da", rounded(toSum, 4), "  adds to w",
        rounded(addsToW[step - 1], 4), "  to u", rounded(addsToU[step - 1], 4))
      toState = toSum * u  // dL/dh_(t-1)
    }
    let (byW, byU) = (addsToW.reduce(0, +), addsToU.reduce(0, +))
    print("dL/dw =", rounded(byW, 4), "  dL/du =", rounded(byU, 4))
    // article: end

    // article: begin
    let chart = StepBarsChart(
      title: "What each step adds to the gradients", steps: ["1", "2", "3"],
      rows: [.init("to dL/dw", addsToW), .init("to dL/du", addsToU)])
    // article: end

    // article: begin
    var cell = Elman(inputSize: 1, hiddenSize: 1, hasBias: false, key: RandomKey(seed: 1))
    cell.weightInputHidden = Tensor([Float(w)], shape: [1, 1])
    cell.weightHiddenHidden = Tensor([Float(u)], shape: [1, 1])
    let layer = RecurrentLayer(inputSize: 1, key: RandomKey(seed: 1)) { _, _ in cell }
    let batch = SequenceBatch(Tensor(x.map { Float($0) }, shape: [3, 1, 1]))

    let seen = observe(layer) { layer, mode in
      0.5 * square(layer(batch, mode: mode).outputs[2] - Tensor([Float(y)], shape: [1, 1])).sum()
    }
    let gradient = seen.gradient.cells[0]
    let (libraryW, libraryU) = (gradient.weightInputHidden.scalar, gradient.weightHiddenHidden.scalar)
    print("dL/dw =", rounded(Double(libraryW), 4), "  dL/du =", rounded(Double(libraryU), 4))
    print("within 1e-6:", abs(Double(libraryW) - byW) < 1e-6 && abs(Double(libraryU) - byU) < 1e-6)
    for (weight, whole) in zip(seen.contributions, [libraryW, libraryU]) {
      let adds = weight.steps.map { rounded($0.share * Double(whole), 4) }
      print(weight.name, "step by step:", adds.joined(separator: "  "))
    }
    // article: end

    // article: begin
    func loss(_ u: Double) -> Double { 0.5 * (states(w, u)[3] - y) * (states(w, u)[3] - y) }
    print("(L(u + 0.001) - L(u - 0.001)) / 0.002 =", rounded((loss(u + 0.001) - loss(u - 0.001)) / 0.002, 4))
    // article: end
    try Printed.compare(chart, withPicture: "gradient-steps", of: "BackpropagationThroughTime")
  }
}
