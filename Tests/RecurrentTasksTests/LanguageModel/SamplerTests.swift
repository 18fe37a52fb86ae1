import RecurrentTestSupport
import Testing

@Suite struct SamplerTests {
  /// The scores of probabilities that are easy to reckon with.
  private let logits: [Float] = [0.5, 0.25, 0.125, 0.125].map { Float(logarithm($0)) }

  /// How often each token is drawn by evenly spread random numbers.
  private func shares(
    _ sampler: Sampler, logits: [Float]? = nil, recent: [Int32] = [], excluded: Int32? = nil
  ) -> [Double] {
    var counts = [Double](repeating: 0, count: (logits ?? self.logits).count)
    for index in 0..<4000 {
      counts[
        Int(
          sampler.choose(
            logits ?? self.logits, recent: recent, excluded: excluded, uniform: (Double(index) + 0.5) / 4000))
      ] += 1
    }
    return counts.map { $0 / 4000 }
  }

  @Test(
    arguments: [
      (Sampler(), [0.5, 0.25, 0.125, 0.125]),
      (
        Sampler(temperature: 0.5), [0.25 / 0.34375, 0.0625 / 0.34375, 0.015625 / 0.34375, 0.015625 / 0.34375]
      ),
      (Sampler(temperature: 1e9), [0.25, 0.25, 0.25, 0.25]),
      (Sampler(temperature: 0), [1, 0, 0, 0]),
      (Sampler(temperature: 1e-300), [1, 0, 0, 0]),
      (Sampler(topK: 1), [1, 0, 0, 0]),
      (Sampler(topK: 2), [2.0 / 3, 1.0 / 3, 0, 0]),
      // of two that are equally likely the first
      (Sampler(topK: 3), [4.0 / 7, 2.0 / 7, 1.0 / 7, 0]),
      (Sampler(topK: 99), [0.5, 0.25, 0.125, 0.125]),
      (Sampler(topP: 0.5), [1, 0, 0, 0]),
      (Sampler(topP: 0.51), [2.0 / 3, 1.0 / 3, 0, 0]),
      (Sampler(topP: 0.8), [4.0 / 7, 2.0 / 7, 1.0 / 7, 0]),
      (Sampler(topP: 1e-12), [1, 0, 0, 0]),
      // the share of the two that top-k leaves
      (Sampler(topK: 2, topP: 0.6), [1, 0, 0, 0]),
      (Sampler(topK: 2, topP: 0.7), [2.0 / 3, 1.0 / 3, 0, 0]),
    ] as [(Sampler, [Double])])
  func distribution(_ sampler: Sampler, _ expected: [Double]) throws {
    try requireClose(shares(sampler), expected, relative: 0, absolute: 1e-3, "\(sampler)")
  }

  @Test func repetitionPenalty() throws {
    let sampler = Sampler(temperature: 0, repetitionPenalty: 4, repetitionWindow: 2)
    func chosen(_ logits: [Float], _ recent: [Int32]) -> Int32 {
      sampler.choose(logits, recent: recent, excluded: nil, uniform: 0.5)
    }
    #expect(chosen([2, 1, 0], []) == 0)
    #expect(chosen([2, 1, 0], [0]) == 1)
    // negative scores go down as well
    #expect(chosen([-1, -2, -9], [0]) == 1)
    #expect(chosen([2, 1, -9], [0, 1]) == 0)
    // only the last two count, once each
    #expect(chosen([2, 1, 0], [0, 2, 2]) == 0)
    #expect(chosen([5, 1, 0], [0, 0]) == 0)
  }

  @Test func exclusion() throws {
    for sampler in [Sampler(), Sampler(temperature: 0), Sampler(topK: 3), Sampler(topP: 0.9)] {
      let found = shares(sampler, excluded: 0)
      #expect(found[0] == 0 && found[1] >= 0.49)
      #expect(abs(found.reduce(0, +) - 1) < 1e-9)
    }
    try requireClose(
      shares(Sampler(), excluded: 0), [0, 0.5, 0.25, 0.25], relative: 0, absolute: 1e-3, "rest")
  }

  /// The borders of the random number, and scores far from zero.
  @Test func extremes() {
    for uniform in [0, 0.999_999_999_999] {
      for logits in [[0], [-1e30, 1e30], [3e38, 3e38], [-.infinity, 0]] as [[Float]] {
        let id = Int(Sampler().choose(logits, recent: [], excluded: nil, uniform: uniform))
        #expect(logits.indices.contains(id) && logits[id] > -1e29)
      }
    }
    // a model without a mind must not end the process
    #expect((0..<2).contains(Sampler(topK: 1).choose([.nan, .nan], recent: [], excluded: nil, uniform: 0.5)))
  }
}

/// ln for the powers of two above.
private func logarithm(_ value: Double) -> Double {
  var (value, result) = (value, 0.0)
  while value < 1 {
    value *= 2
    result -= 0.693147180559945309
  }
  return result
}
