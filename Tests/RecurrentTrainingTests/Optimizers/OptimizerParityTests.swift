import RecurrentTestSupport
import Testing

/// Every optimiser and the clipping of gradients against PyTorch, step by step.
@Suite struct OptimizerParityTests {
  static let cases = [
    "sgd", "sgd_momentum", "sgd_nesterov", "sgd_weight_decay", "sgd_dampening", "adam", "adam_amsgrad",
    "adam_weight_decay", "adam_betas", "adamw", "adamw_amsgrad", "rmsprop", "rmsprop_momentum_centered",
    "rmsprop_weight_decay", "adagrad", "adagrad_lr_decay", "asgd", "asgd_from_start",
  ]

  @Test func everyCaseIsTested() throws {
    #expect(try FixtureFile("optimizers").cases.keys.sorted() == OptimizerParityTests.cases.sorted())
  }

  @Test(arguments: cases) func steps(_ title: String) throws {
    let fixture = try FixtureFile("optimizers")
    let options = try #require(fixture.cases[title])
    var model = try TwoParameters(fixture, "initial/")
    var optimizer = try makeOptimizer(options)
    if let start = options["initial_accumulator_value"]?.number, start != 0 {
      optimizer.state.statistics = Dictionary(
        uniqueKeysWithValues: model.parameters.map {
          ($0.name, [Tensor(filled: Float(start), shape: $0.value.shape)])
        })
    }
    for step in 0..<(try fixture.number("steps")) {
      optimizer.update(&model, try TwoParameters(fixture, "gradient/", step: step))
      let average = (optimizer as? ASGD)?.averaged(model)
      for (prefix, found) in [("", model), ("average.", average)] {
        guard let found else { continue }
        let expected = try TwoParameters(fixture, "\(title)/\(prefix)", step: step)
        for (value, wanted) in zip(found.parameters, expected.parameters) {
          try requireClose(
            value.value, wanted.value, relative: 1e-6, absolute: 1e-7,
            "\(title), step \(step + 1), \(prefix)\(value.name)")
        }
      }
    }
    #expect(optimizer.state.stepCount == 12)
  }

  private func makeOptimizer(_ options: [String: FixtureOption]) throws -> any Optimizer {
    func number(_ name: String) throws -> Double { try #require(options[name]?.number, "\(name)") }
    func flag(_ name: String) -> Bool { options[name]?.isSet ?? false }
    let rate = try number("lr")
    let decay = try number("weight_decay")
    let kind = options["optimizer"]?.text
    switch kind {
    case "sgd":
      return SGD(
        learningRate: rate, momentum: try number("momentum"), dampening: try number("dampening"),
        weightDecay: decay, isNesterov: flag("nesterov"))
    case "adam", "adamw":
      let betas = try #require(options["betas"]?.numbers)
      return Adam(
        learningRate: rate, beta1: betas[0], beta2: betas[1], epsilon: try number("eps"), weightDecay: decay,
        isDecoupled: kind == "adamw", isAMSGrad: flag("amsgrad"))
    case "rmsprop":
      return RMSprop(
        learningRate: rate, smoothing: try number("alpha"), epsilon: try number("eps"), weightDecay: decay,
        momentum: try number("momentum"), isCentered: flag("centered"))
    case "adagrad":
      return Adagrad(
        learningRate: rate, rateDecay: try number("lr_decay"), weightDecay: decay, epsilon: try number("eps"))
    case "asgd":
      return ASGD(
        learningRate: rate, shrinkage: try number("lambd"), exponent: try number("alpha"),
        start: try number("t0"),
        weightDecay: decay)
    default: throw CheckFailure("unknown optimiser \(kind ?? "without a name")")
    }
  }

  @Test(arguments: ["norm", "norm_within", "value"]) func clipping(_ title: String) throws {
    let fixture = try FixtureFile("clipping")
    let options = try #require(fixture.cases[title])
    let gradient = try ThreeParameters(fixture, "gradient/")
    let clipped: ThreeParameters
    if let limit = options["max_norm"]?.number {
      let expected = try fixture.tensor("\(title)/total_norm").doubles[0]
      #expect(abs(gradient.norm - expected) < 1e-6 * expected)
      clipped = gradient.clipped(norm: limit)
    } else {
      clipped = gradient.clipped(value: try #require(options["clip_value"]?.number))
    }
    for (found, expected) in zip(clipped.parameters, try ThreeParameters(fixture, "\(title)/").parameters) {
      try requireClose(found.value, expected.value, relative: 1e-6, absolute: 1e-7, "\(title), \(found.name)")
    }
  }

  /// All parameters at once is each alone, and copies of the model keep their numbers.
  @Test func manyParameters() throws {
    try checkSameBits("a step of many parameters") {
      let key = RandomKey(seed: 5)
      let sizes = [3, 70_001, 1, 17, 40_000]
      var model = Several(values: sizes.enumerated().map { .random([$1], key: key.child($0)) })
      let gradient = model.mappingParameters { _, value in square(value) }
      let (start, copy) = (model, model)
      var all = Adam(learningRate: 0.1)
      var alone = sizes.map { _ in Adam(learningRate: 0.1) }
      for _ in 0..<2 { all.update(&model, gradient) }
      for index in sizes.indices {
        var part = Several(values: [start.values[index]])
        for _ in 0..<2 { alone[index].update(&part, Several(values: [gradient.values[index]])) }
        try requireSameBits(model.values[index], part.values[0], "parameter \(index)")
        try requireSameBits(copy.values[index], .random([sizes[index]], key: key.child(index)), "copy")
      }
      return model.values
    }
  }

  /// Clipping on the way into the optimiser is clipping before it.
  @Test func gradientScale() throws {
    let fixture = try FixtureFile("optimizers")
    let start = try TwoParameters(fixture, "initial/")
    let gradient = try TwoParameters(fixture, "gradient/", step: 0)
    var (scaled, clipped) = (start, start)
    var optimizers = (SGD(learningRate: 0.1), SGD(learningRate: 0.1))
    optimizers.0.update(&scaled, gradient, gradientScale: clippingScale(norm: gradient.norm, limit: 0.5))
    optimizers.1.update(&clipped, gradient.clipped(norm: 0.5))
    try requireClose(scaled.weight, clipped.weight, relative: 1e-6, absolute: 0, "weight")
    try require(scaled.weight.scalars != start.weight.scalars, "nothing was changed")
  }
}

private struct TwoParameters: Module {
  var weight, bias: Tensor

  init(_ fixture: FixtureFile, _ prefix: String, step: Int? = nil) throws {
    func part(_ name: String) throws -> Tensor {
      let value = try fixture.tensor(prefix + name)
      return step.map { value[$0] } ?? value
    }
    weight = try part("weight")
    bias = try part("bias")
  }

  mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("weight", &weight)
    visitor.visit("bias", &bias)
  }
}

private struct Several: Module {
  var values: [Tensor]

  mutating func walk(_ visitor: inout some ParameterVisitor) {
    for index in values.indices { visitor.visit("\(index)", &values[index]) }
  }
}

private struct ThreeParameters: Module {
  var a, b, c: Tensor

  init(_ fixture: FixtureFile, _ prefix: String) throws {
    a = try fixture.tensor(prefix + "a")
    b = try fixture.tensor(prefix + "b")
    c = try fixture.tensor(prefix + "c")
  }

  mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("a", &a)
    visitor.visit("b", &b)
    visitor.visit("c", &c)
  }
}
