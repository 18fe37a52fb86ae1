import RecurrentTestSupport
import Testing

/// The decoder with attention against PyTorch in double.
@Suite struct AttentionParityTests {
  @Test func outputsAndGradients() throws {
    let fixture = try FixtureFile("attention")
    #expect(fixture.cases.count == 5)
    for (title, options) in fixture.cases {
      if options["cell"]?.text == "lstm" {
        try check(fixture, title, options) { LSTM(inputSize: $0, hiddenSize: $1, key: $2) }
      } else {
        try check(fixture, title, options) { GRU(inputSize: $0, hiddenSize: $1, key: $2) }
      }
    }
  }

  private func check<C: Cell>(
    _ fixture: FixtureFile, _ title: String, _ options: [String: FixtureOption],
    cell: (Int, Int, RandomKey) -> C
  ) throws {
    func tensor(_ name: String) throws -> Tensor { try fixture.tensor("\(title)/\(name)") }
    func integers(_ name: String) throws -> [Int] {
      try fixture.indices("\(title)/\(name)").values.map { Int($0) }
    }
    let (x, memory, upstream) = (try tensor("x"), try tensor("memory"), try tensor("grad_output"))
    let (places, lengths) = (try integers("places"), try integers("lengths"))
    let hidden = Int(try #require(options["hidden"]?.number))
    let score = try #require(Attention.Score(rawValue: options["score"]?.text ?? ""))
    let fresh = AttentionDecoder(
      inputSize: x.shape[2], memorySize: memory.shape[2], outputSize: upstream.shape[2], score: score,
      attentionSize: Int(options["size"]?.number ?? 0), key: RandomKey(seed: 1)
    ) { cell($0, hidden, $1) }
    let decoder = try fresh.mappingParameters { name, _ in try tensor("parameter." + name) }
    let point = ModelWithInputs(model: decoder, inputs: [x, memory])
    let (_, parts, gradient) = valueAndGradient(of: point) { point in
      let own = point.model.memory(point.inputs[1], lengths: places)
      let (y, weights, state) = point.model(SequenceBatch(point.inputs[0], lengths: lengths), over: own)
      let final = concatenate(state.tensors, axis: 1)
      let real = y * lengthMask(lengths, stepCount: x.shape[0], like: y)
      return ((real * upstream).sum() + final.sum(), [real, weights, final])
    }
    for (name, value) in zip(["output", "weights", "final"], parts) {
      try requireClose(value.detached, try tensor(name), relative: 1e-5, absolute: 1e-6, "\(title), \(name)")
    }
    let names = decoder.parameters.map(\.name) + ["x", "memory"]
    for (name, value) in zip(names, gradient.parameters.map(\.value)) {
      try requireClose(
        value, try tensor("grad." + name), relative: 1e-4, absolute: 1e-6, "\(title), gradient of \(name)")
    }
  }
}
