import RecurrentTestSupport
import Testing

/// Losses and layers without a state against PyTorch.
@Suite struct LossParityTests {
  @Test func losses() throws {
    let fixture = try FixtureFile("losses")
    #expect(fixture.cases.count > 10)
    for (title, options) in fixture.cases { try check(fixture, title, options) }
  }

  private func check(_ fixture: FixtureFile, _ title: String, _ options: [String: FixtureOption]) throws {
    let isClassification = options["loss"]?.text == "cross_entropy"
    let input = try fixture.tensor(title + "/input")
    let labels = isClassification ? try fixture.indices(title + "/target") : Indices([])
    let target = isClassification ? Tensor([]) : try fixture.tensor(title + "/target")
    func optional(_ name: String) throws -> Tensor? {
      fixture.contains("\(title)/\(name)") ? try fixture.tensor("\(title)/\(name)") : nil
    }
    let (classWeights, positiveWeight) = (try optional("weight"), try optional("pos_weight"))
    // the library has means only
    let scale = options["reduction"]?.text == "sum" ? Float(isClassification ? labels.count : input.count) : 1
    let point = ModelWithInputs(model: Dropout(rate: 0), inputs: [input])
    let (loss, gradient) = try valueAndGradient(of: point) { point in
      let x = point.inputs[0]
      switch options["loss"]?.text {
      case "cross_entropy":
        return scale
          * crossEntropy(
            x, labels, classWeights: classWeights,
            labelSmoothing: Float(options["label_smoothing"]?.number ?? 0),
            ignoredLabel: Int32(options["ignore_index"]?.number ?? -100))
      case "binary_cross_entropy_with_logits":
        return scale * binaryCrossEntropy(x, target, positiveWeight: positiveWeight)
      case "huber_loss": return scale * huberLoss(x, target, delta: Float(options["delta"]?.number ?? 1))
      case "l1_loss": return scale * absoluteError(x, target)
      case "mse_loss": return scale * squaredError(x, target)
      default: throw CheckFailure("losses.safetensors, \(title): unknown loss")
      }
    }
    try requireClose(loss, try fixture.tensor(title + "/loss"), relative: 1e-5, absolute: 1e-7, title)
    try requireClose(
      gradient.inputs[0], try fixture.tensor(title + "/grad.input"), relative: 1e-4, absolute: 1e-8,
      "\(title), gradient")
  }

  @Test(arguments: ["layer_norm", "linear", "embedding"])
  func layer(_ name: String) throws {
    let fixture = try FixtureFile("layers")
    func tensor(_ part: String) throws -> Tensor { try fixture.tensor("\(name)/\(part)") }
    func compare(_ output: Tensor, _ gradients: [(name: String, value: Tensor)], input: Tensor?) throws {
      try requireClose(output, try tensor("output"), relative: 1e-5, absolute: 1e-6, name)
      for (part, value) in gradients + (input.map { [("input", $0)] } ?? []) {
        try requireClose(
          value, try tensor("grad." + part), relative: 1e-4, absolute: 1e-7, "\(name), \(part)")
      }
    }
    func check<M: Module>(_ model: M, _ apply: (M, Tensor) -> Tensor) throws {
      let model = try model.mappingParameters { part, _ in try tensor(part) }
      let hasInput = fixture.contains("\(name)/input")
      let point = ModelWithInputs(model: model, inputs: hasInput ? [try tensor("input")] : [])
      let upstream = try tensor("grad_output")
      let (_, output, gradient) = valueAndGradient(of: point) { point in
        let output = apply(point.model, point.inputs.first ?? Tensor([]))
        return ((output * upstream).sum(), output.detached)
      }
      try compare(output, gradient.model.parameters, input: gradient.inputs.first)
    }
    switch name {
    case "layer_norm": try check(LayerNorm(size: 17)) { $0($1) }
    case "linear": try check(Linear(inputSize: 17, outputSize: 6, key: RandomKey(seed: 0))) { $0($1) }
    default:
      let indices = try fixture.indices("embedding/indices")
      try check(Embedding(vocabularySize: 11, size: 6, key: RandomKey(seed: 0))) { model, _ in model(indices)
      }
    }
  }
}
