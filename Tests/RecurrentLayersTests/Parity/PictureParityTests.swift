import RecurrentTestSupport
import Testing

/// Convolutions and pooling over pictures against PyTorch: paddings, strides, windows of all shapes.
@Suite struct PictureParityTests {
  @Test func picturesAreRead() throws {
    let fixture = try FixtureFile("convolution2d")
    #expect(fixture.cases.count == 10)
    for (title, options) in fixture.cases {
      if let kind = options["pooling"]?.text {
        try checkPooling(fixture, title, kind, size: Int(options["size"]?.number ?? 2))
      } else {
        try checkConvolution(fixture, title, options)
      }
    }
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

  private func checkPooling(_ fixture: FixtureFile, _ title: String, _ kind: String, size: Int) throws {
    func tensor(_ name: String) throws -> Tensor { try fixture.tensor("\(title)/\(name)") }
    let pooling = try #require(PicturePooling(rawValue: kind))
    let upstream = try tensor("grad_output")
    let point = ModelWithInputs(model: Nothing(), inputs: [try tensor("input")])
    let (_, result, gradient) = valueAndGradient(of: point) { point in
      let result = pooling(point.inputs[0], size: size)
      return ((result * upstream).sum(), result.detached)
    }
    try requireClose(result, try tensor("output"), relative: 1e-5, absolute: 0, title)
    try requireClose(gradient.inputs[0], try tensor("grad.input"), relative: 1e-5, absolute: 0, title)
  }

  /// Pooling has no parameters.
  private struct Nothing: Module {
    mutating func walk(_ visitor: inout some ParameterVisitor) {}
  }

  @Test func wrongShapesAreRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = Convolution2D(inputSize: 1, outputSize: 1, stride: 0, key: RandomKey(seed: 0))
    }
    await #expect(processExitsWith: .failure) {
      let layer = Convolution2D(inputSize: 2, outputSize: 1, padding: .valid, key: RandomKey(seed: 0))
      _ = layer(Tensor(zeros: [1, 2, 2, 2]))
    }
    await #expect(processExitsWith: .failure) { _ = PicturePooling.max(Tensor(zeros: [1, 1, 2, 2])) }
  }
}
