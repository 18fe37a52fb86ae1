import RecurrentTestSupport
import Testing

/// The losses of forecasts against PyTorch, and their gradients against central differences.
@Suite struct LikelihoodTests {
  static let cases = [
    "gaussian", "gaussian_weights", "student_t", "student_t_far", "negative_binomial",
    "negative_binomial_large",
    "quantile", "quantile_weights",
  ]

  /// The tensors of a case that are differentiated, and the loss of them.
  private func loss(
    _ fixture: FixtureFile, _ name: String
  ) throws -> (names: [String], inputs: [Tensor], loss: ([Tensor]) throws -> Tensor) {
    let target = try fixture.tensor(name + "/target")
    let weights = fixture.contains(name + "/weights") ? try fixture.tensor(name + "/weights") : nil
    func moved(_ x: Tensor?, _ inputs: [Tensor]) -> Tensor? { x?.moved(to: inputs[0].backend) }
    let options = fixture.cases[name] ?? [:]
    let names: [String]
    let function: ([Tensor], Tensor, Tensor?) -> Tensor
    switch options["loss"]?.text {
    case "gaussian":
      names = ["mean", "scale"]
      function = { gaussianLoss($1, mean: $0[0], scale: $0[1], weights: $2) }
    case "student_t":
      names = ["mean", "scale", "degrees"]
      function = { studentTLoss($1, mean: $0[0], scale: $0[1], degrees: $0[2], weights: $2) }
    case "negative_binomial":
      names = ["mean", "dispersion"]
      function = { negativeBinomialLoss($1, mean: $0[0], dispersion: $0[1], weights: $2) }
    case "quantile":
      names = ["input"]
      let levels = (options["levels"]?.numbers ?? []).map { Float($0) }
      function = { quantileLoss($0[0], $1, levels: levels, weights: $2) }
    default: throw CheckFailure("forecasting.safetensors, \(name): unknown loss")
    }
    return (
      names, try names.map { try fixture.tensor("\(name)/\($0)") },
      { function($0, moved(target, $0) ?? target, moved(weights, $0)) }
    )
  }

  @Test(arguments: cases)
  func parity(_ name: String) throws {
    let fixture = try FixtureFile("forecasting")
    let (names, inputs, loss) = try loss(fixture, name)
    let point = ModelWithInputs(model: Dropout(rate: 0), inputs: inputs)
    let (value, gradient) = try valueAndGradient(of: point) { try loss($0.inputs) }
    try requireClose(value, try fixture.tensor(name + "/loss"), relative: 1e-5, absolute: 1e-6, name)
    for (part, found) in zip(names, gradient.inputs) {
      try requireClose(
        found, try fixture.tensor("\(name)/grad.\(part)"), relative: 1e-4, absolute: 1e-7,
        "\(name), gradient of \(part)")
    }
  }

  /// Of large counts the loss has too few digits for differences.
  @Test(arguments: cases.filter { !$0.hasSuffix("large") })
  func gradient(_ name: String) throws {
    let (_, inputs, loss) = try loss(try FixtureFile("forecasting"), name)
    try checkGradient(of: Dropout(rate: 0), inputs: inputs) { try loss($1) }
  }

  /// What does not count changes neither loss nor gradient.
  @Test func weights() throws {
    let key = RandomKey(seed: 12)
    let (target, mean) = (Tensor.random([6], key: key), Tensor.random([6], key: key.child(1)))
    let weights = Tensor([1, 0, 1, 1, 0, 1])
    let kept = Indices([0, 2, 3, 5])
    func rows(_ x: Tensor) -> Tensor { gather(x.reshaped(to: [6, 1]), rows: kept).reshaped(to: [4]) }
    let found = gaussianLoss(target, mean: mean, scale: Tensor(ones: [6]), weights: weights)
    let expected = gaussianLoss(rows(target), mean: rows(mean), scale: Tensor(ones: [4]))
    try requireClose(found, expected, relative: 1e-6, absolute: 0, "weights")
    let none = gaussianLoss(target, mean: mean, scale: Tensor(ones: [6]), weights: Tensor(zeros: [6]))
    #expect(none.scalar == 0)
  }

  @Test func quantileLossNeedsItsLevels() async {
    await #expect(processExitsWith: .failure) {
      _ = quantileLoss(Tensor([1, 2], shape: [1, 2]), Tensor([1]), levels: [0.5])
    }
  }
}
