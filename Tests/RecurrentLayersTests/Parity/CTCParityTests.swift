import RecurrentTestSupport
import Testing

/// Connectionist temporal classification against PyTorch in double.
@Suite struct CTCParityTests {
  @Test func lossesAndGradients() throws {
    let fixture = try FixtureFile("ctc")
    #expect(fixture.cases.count == 7)
    for (title, options) in fixture.cases { try check(fixture, title, options) }
  }

  private func check(_ fixture: FixtureFile, _ title: String, _ options: [String: FixtureOption]) throws {
    func integers(_ name: String) throws -> [Int] {
      try fixture.indices("\(title)/\(name)").values.map { Int($0) }
    }
    var tokens = try fixture.indices(title + "/targets").values[...]
    let targets = try integers("sizes").map { size in
      defer { tokens = tokens.dropFirst(size) }
      return Array(tokens.prefix(size))
    }
    let blank = Int32(try #require(options["blank"]?.number))
    let classes = Int(try #require(options["classes"]?.number))
    let drawn = try fixture.tensor(title + "/logits")
    let lengths = try integers("lengths")
    let weights = try fixture.tensor(title + "/weights")
    let point = ModelWithInputs(model: Dropout(rate: 0), inputs: [widened(drawn, classes: classes)])
    let (_, losses, gradient) = valueAndGradient(of: point) { point in
      let losses = ctcLosses(point.inputs[0], targets, lengths: lengths, blank: blank)
      return ((losses * weights).sum(), losses.detached)
    }
    try requireClose(
      losses, try fixture.tensor(title + "/losses"), relative: 1e-6, absolute: 1e-6, "\(title), losses")
    try requireClose(
      gradient.inputs[0].sliced(axis: 2, 0..<drawn.shape[2]), try fixture.tensor(title + "/grad.logits"),
      relative: 1e-5, absolute: 1e-7, "\(title), gradient")
    // without a gradient the kernels keep nothing
    try requireSameBits(
      ctcLosses(point.inputs[0], targets, lengths: lengths, blank: blank), losses, "\(title), losses alone")
  }

  /// Logits with the classes that the script did not draw.
  private func widened(_ drawn: Tensor, classes: Int) -> Tensor {
    let (steps, rows, kept) = (drawn.shape[0], drawn.shape[1], drawn.shape[2])
    let rest = (0..<steps * rows).flatMap { frame in
      (kept..<classes).map { Float(($0 + frame) % 7 - 6) / 2 }
    }
    return concatenate([drawn, Tensor(rest, shape: [steps, rows, classes - kept])], axis: 2)
  }
}
