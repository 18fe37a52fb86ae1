import RecurrentData
import Testing

@Suite struct FeatureSequenceTests {
  private let sequences = [
    FeatureSequence(tokens: [4, 5, 6], featureCount: 2, values: [1, 2, 3, 4, 5, 6]),
    FeatureSequence(featureCount: 2, values: [1, 2, 3, 4, 5, 6]),
    FeatureSequence(featureCount: 2, bytes: [51, 102, 153, 204, 255, 0]),
  ]

  @Test func stepsAndParts() {
    for sequence in sequences {
      #expect(sequence.stepCount == 3)
      let values = sequence.values
      for step in 0..<3 {
        var copy: [Float] = [0, 0]
        sequence.copyStep(step, to: &copy)
        #expect(copy == Array(values[2 * step..<2 * step + 2]))
      }
      let part = sequence.part(1..<3)
      #expect(part.stepCount == 2 && part.values == Array(values[2...]))
      #expect(part.tokens == Array(sequence.tokens.dropFirst()) && sequence.part(0..<3) == sequence)
    }
    #expect(abs(sequences[2].values[0] - 0.2) < 1e-7 && sequences[2].values[4] == 1)
    #expect(FeatureSequence(tokens: [1, 2]).part(1..<2) == FeatureSequence(tokens: [2]))
  }

  @Test func wrongNumbersTrap() async {
    await #expect(processExitsWith: .failure) { _ = FeatureSequence(featureCount: 2, values: [1]) }
    await #expect(processExitsWith: .failure) { _ = FeatureSequence(featureCount: 2, bytes: [1]) }
    await #expect(processExitsWith: .failure) {
      _ = FeatureSequence(tokens: [1], featureCount: 2, values: [1])
    }
    await #expect(processExitsWith: .failure) { _ = NumericSeries(channels: ["a", "b"], values: [1]) }
    await #expect(processExitsWith: .failure) { _ = NumericSeries(channels: ["a"], values: [1], times: []) }
  }
}
