import RecurrentTestSupport
import Testing

/// The adaptive softmax against PyTorch.
@Suite struct AdaptiveSoftmaxParityTests {
  @Test(arguments: ["one_cluster", "two_clusters", "head_bias", "unused_cluster"])
  func parity(_ title: String) throws {
    let fixture = try FixtureFile("adaptive_softmax")
    let options = try #require(fixture.cases[title])
    func number(_ name: String) throws -> Double { try #require(options[name]?.number, "\(name)") }
    func tensor(_ name: String) throws -> Tensor { try fixture.tensor("\(title)/\(name)") }
    let layer = try AdaptiveSoftmax(
      inputSize: Int(number("inputs")), classCount: Int(number("classes")),
      cutoffs: try #require(options["cutoffs"]?.numbers).map { Int($0) }, division: number("division"),
      hasHeadBias: options["head_bias"]?.isSet ?? false, key: RandomKey(seed: 0)
    ).mappingParameters { name, value in
      let wanted = try tensor(name)
      try require(wanted.shape == value.shape, "\(name): shape \(value.shape), PyTorch's is \(wanted.shape)")
      return wanted
    }
    let labels = try fixture.indices("\(title)/target")
    let point = ModelWithInputs(model: layer, inputs: [try tensor("input")])
    let (loss, gradient) = valueAndGradient(of: point) { $0.model.loss($0.inputs[0], labels) }
    try requireClose(loss, try tensor("loss"), relative: 1e-5, absolute: 0, "loss")
    try requireClose(
      gradient.inputs[0], try tensor("grad.input"), relative: 1e-4, absolute: 1e-8, "gradient of the input")
    for (name, value) in gradient.model.parameters {
      try requireClose(
        value, try tensor("grad." + name), relative: 1e-4, absolute: 1e-8, "gradient of \(name)")
    }
    try requireClose(
      layer.logProbabilities(point.inputs[0]), try tensor("log_prob"), relative: 1e-5, absolute: 0,
      "log-probabilities")
  }

  @Test func everyCaseIsTested() throws {
    #expect(try FixtureFile("adaptive_softmax").cases.count == 4)
  }
}
