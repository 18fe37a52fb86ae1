import Foundation
import Recurrent
import Testing

@Test func vanishingAndExploding() throws {
  try Printed.compare(with: "VanishingAndExploding") {
    // article: begin
    let key = RandomKey(seed: 1)
    let x = Tensor(uniformIn: -1e-6...1e-6, shape: [40, 1, 4], key: key)  // small: tanh is straight there

    /// Units whose state is turned and stretched by `gain` from step to step.
    func layer(gain: Float) -> RecurrentLayer<Elman> {
      RecurrentLayer(inputSize: 4, key: key) {
        var cell = Elman(inputSize: $0, hiddenSize: 32, initialization: .orthogonal, key: $1)
        cell.weightHiddenHidden = cell.weightHiddenHidden * gain
        return cell
      }
    }

    /// The loss is read off at the last step.
    func loss(_ layer: RecurrentLayer<Elman>, _ mode: Mode) -> Tensor {
      layer(SequenceBatch(x), mode: mode).outputs[39].sum()
    }

    let gains: [Float] = [0.8, 1, 1.25]
    let reaches = gains.map { gain in
      let norms = observe(layer(gain: gain), loss).readings[0].stateGradientNorms(at: [39])[0][0]
      return GradientReach([norms], times: [39]).byLag
    }
    for (gain, reach) in zip(gains, reaches) {
      print(
        "\(gain):", [1, 10, 20, 30].map { "\($0) back \(significant(reach[$0], 3))" }.joined(separator: ", "))
    }
    // article: end

    // article: begin
    let chart = LineChart(
      title: "How much of the gradient is left", xLabel: "steps back", yLabel: "decimal logarithm",
      curves: zip(gains, reaches).map { gain, reach in
        .init(name: "\(gain)", points: reach.indices.map { (Double($0), log10(reach[$0])) })
      })
    // article: end

    // article: begin
    let (_, gradient) = valueAndGradient(of: layer(gain: 1.25)) { loss($0, .inference) }
    print("norm", significant(gradient.norm, 3), "clipped to", significant(gradient.clipped(norm: 1).norm, 3))
    // article: end
    try Printed.compare(chart, withPicture: "gradient-reach", of: "VanishingAndExploding")
  }
}
