import RecurrentTestSupport
import Testing

/// Convolutions over pictures against PyTorch: paddings, strides, windows of all shapes.
@Suite struct PictureParityTests {
  @Test func picturesAreRead() throws {
    let fixture = try FixtureFile("convolution2d")
    #expect(fixture.cases.count == 6)
    for (title, options) in fixture.cases { try checkConvolution(fixture, title, options) }
  }

  private func checkConvolution(
    _ fixture: FixtureFile, _ title: String, _ options: [String: FixtureOption]
  ) throws {
    func tensor(_ name: String) throws -> Tensor { try fixture.tensor("\(title)/\(name)") }
    func number(_ name: String, _ standard: Int) -> Int { options[name]?.number.map { Int($0) } ?? standard }
    let (input, expected, upstream) = (try tensor("input"), try tensor("output"), try tensor("grad_output"))
    let padding = try #require(Convolution2D.Padding(rawValue: options["padding"]?.text ?? "same"))
    let layer = try Convolution2D(
      inputSize: input.shape[3], outputSize: expected.shape[3], height: number("height", 3),
      width: number("width", 3), stride: number("stride", 1), padding: padding, key: RandomKey(seed: 0)
    ).mappingParameters { name, value in
      let wanted = try tensor(name)
      try require(wanted.shape == value.shape, "\(name): shape \(value.shape), expected \(wanted.shape)")
      return wanted
    }
    let point = ModelWithInputs(model: layer, inputs: [input])
    let (_, result, gradient) = valueAndGradient(of: point) { point in
      let result = point.model(point.inputs[0])
      return ((result * upstream).sum(), result.detached)
    }
    let size = layer.outputSize(rows: input.shape[1], columns: input.shape[2])
    #expect([size.rows, size.columns] == Array(expected.shape[1...2]), "\(title)")
    try requireClose(result, expected, relative: 1e-5, absolute: 0, title)
    for (name, value) in gradient.model.parameters + [("input", gradient.inputs[0])] {
      try requireClose(
        value, try tensor("grad." + name), relative: 1e-4, absolute: 0, "\(title), gradient of \(name)")
    }
  }

  @Test func wrongShapesAreRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = Convolution2D(inputSize: 1, outputSize: 1, stride: 0, key: RandomKey(seed: 0))
    }
    await #expect(processExitsWith: .failure) {
      let layer = Convolution2D(inputSize: 2, outputSize: 1, padding: .valid, key: RandomKey(seed: 0))
      _ = layer(Tensor(zeros: [1, 2, 2, 2]))
    }
  }
}
