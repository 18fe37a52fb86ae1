import Recurrent
import Testing

@Test func seeingTheNetworkThink() {
  // article: begin
  let key = RandomKey(seed: 1)
  let layer = RecurrentLayer(inputSize: 4, key: key) { Elman(inputSize: $0, hiddenSize: 16, key: $1) }
  let x = Tensor(uniformIn: -1...1, shape: [30, 1, 4], key: key.child(1))  // [T, B, F]

  let seen = observe(layer) { layer, mode in
    square(layer(SequenceBatch(x), mode: mode).outputs[29]).sum()
  }
  // article: end

  // article: begin
  for weight in seen.contributions {
    let sum = weight.steps.reduce(0) { $0 + $1.share }
    print(weight.name, "last step:", weight.steps[29].share, "all:", sum, "off by", weight.difference)
  }
  // article: end

  // article: begin
  let norms = seen.readings[0].stateGradientNorms(at: [29])[0][0]
  let reach = GradientReach([norms], times: [29])
  print(reach.byLag[1], reach.byLag[10], "effective memory:", reach.words)
  // article: end
  #expect(seen.contributions.count == 4)
  for weight in seen.contributions {
    #expect(weight.steps.count == 30 && weight.difference < 1e-5)
    #expect(abs(weight.steps.reduce(0) { $0 + $1.share } - 1) < 1e-4)
  }
  // what the lesson says of a tanh network
  #expect(reach.byLag[0] == 1 && reach.byLag[10] < 0.1 && (reach.memory ?? 99) < 30)
}
