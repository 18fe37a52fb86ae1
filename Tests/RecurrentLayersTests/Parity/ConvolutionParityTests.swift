import RecurrentTestSupport
import Testing

/// The convolution over time against PyTorch: paddings, strides, dilations, full and ragged.
@Suite struct ConvolutionParityTests {
  @Test func convolutions() throws {
    let fixture = try FixtureFile("convolution")
    #expect(fixture.cases.count == 18)
    for (title, options) in fixture.cases { try check(fixture, title, options) }
  }

  private func check(_ fixture: FixtureFile, _ title: String, _ options: [String: FixtureOption]) throws {
    func tensor(_ name: String) throws -> Tensor { try fixture.tensor("\(title)/\(name)") }
    func number(_ name: String) -> Int { Int(options[name]?.number ?? 1) }
    func lengths(_ name: String) throws -> [Int] {
      try fixture.indices("\(title)/\(name)").values.map { Int($0) }
    }
    let input = try tensor("input")
    let padding = try #require(Convolution1D.Padding(rawValue: options["padding"]?.text ?? "same"))
    let layer = try Convolution1D(
      inputSize: input.shape[2], outputSize: tensor("output").shape[2], width: number("width"),
      stride: number("stride"), dilation: number("dilation"), padding: padding, key: RandomKey(seed: 0)
    ).mappingParameters { name, value in
      let wanted = try tensor(name)
      try require(wanted.shape == value.shape, "\(name): shape \(value.shape), expected \(wanted.shape)")
      return wanted
    }
    let isRagged = options["ragged"]?.isSet ?? false
    let (given, expected, upstream) = (
      try lengths("lengths"), try lengths("new_lengths"), try tensor("grad_output")
    )
    let point = ModelWithInputs(model: layer, inputs: [input])
    let (_, result, gradient) = valueAndGradient(of: point) { point in
      let result = point.model(SequenceBatch(point.inputs[0], lengths: isRagged ? given : nil))
      return (
        (result.values * upstream).sum(), SequenceBatch(result.values.detached, lengths: result.lengths)
      )
    }
    #expect(result.lengths == (isRagged ? expected : nil), "\(title)")
    #expect(given.map { layer.outputCount($0) } == expected, "\(title)")
    try requireClose(result.values, try tensor("output"), relative: 1e-5, absolute: 0, title)
    for (name, value) in gradient.model.parameters + [("input", gradient.inputs[0])] {
      try requireClose(
        value, try tensor("grad." + name), relative: 1e-4, absolute: 0, "\(title), gradient of \(name)")
    }
  }
}
