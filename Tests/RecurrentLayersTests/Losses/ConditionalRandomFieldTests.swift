import RecurrentTestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Against a sum and a maximum over all sequences of labels.
@Suite struct ConditionalRandomFieldTests {
  private let key = RandomKey(seed: 93)
  private let labelCount = 3

  private func field(_ scale: Float) -> ConditionalRandomField {
    ConditionalRandomField(labelCount: labelCount, key: key).mappingParameters { $1 * (10 * scale) }
  }

  /// Every sequence of labels with its score.
  private func sequences(
    _ field: ConditionalRandomField, _ scores: Tensor, row: Int, length: Int
  ) -> [(labels: [Int], score: Double)] {
    let (batch, values) = (scores.shape[1], scores.doubles)
    let (moves, start, end) = (field.transitions.doubles, field.start.doubles, field.end.doubles)
    var all: [[Int]] = [[]]
    for _ in 0..<length { all = all.flatMap { begin in (0..<labelCount).map { begin + [$0] } } }
    return all.map { labels in
      var score = start[labels[0]] + end[labels[length - 1]]
      for (step, label) in labels.enumerated() {
        score += values[(step * batch + row) * labelCount + label]
        if step > 0 { score += moves[labels[step - 1] * labelCount + label] }
      }
      return (labels, score)
    }
  }

  @Test(arguments: [[6, 6, 6], [6, 1, 4], [0, 6, 2], [1, 1, 1]], [1, 40] as [Float])
  func lossIsThatOfAllSequences(_ lengths: [Int], _ scale: Float) throws {
    let (steps, field) = (lengths.max() ?? 0, field(1))
    let scores = Tensor.random([steps, 3, labelCount], bound: scale, key: key.child(1))
    let labels = key.child(2).integers(steps * 3, below: labelCount).map { Int32($0) }
    var expected = 0.0
    for (row, length) in lengths.enumerated() where length > 0 {
      let all = sequences(field, scores, row: row, length: length)
      let own = (0..<length).map { Int(labels[$0 * 3 + row]) }
      let top = all.map(\.score).reduce(-.infinity, max)
      expected += top + log(all.reduce(0) { $0 + exp($1.score - top) })
      expected -= all.first { $0.labels == own }?.score ?? 0
    }
    expected /= Double(lengths.reduce(0, +))
    // what stands beyond the lengths does not count
    var marked = labels
    for step in 0..<steps { for row in 0..<3 where step >= lengths[row] { marked[step * 3 + row] = -100 } }
    let isFull = lengths.allSatisfy { $0 == steps }
    let loss = field.loss(scores, Indices(marked, shape: [steps, 3]), lengths: isFull ? nil : lengths)
    try requireClose(loss.doubles, [expected], relative: 2e-5, absolute: 1e-5, "loss")
  }

  @Test(arguments: [[6, 6, 6], [6, 1, 4], [0, 6, 2]])
  func decodesTheLikeliestSequence(_ lengths: [Int]) {
    for seed in 0..<20 {
      let field = field(Float(seed % 4))
      let scores = Tensor.random([6, 3, labelCount], key: key.child(3).child(seed))
      let found = field.decode(scores, lengths: lengths)
      for (row, length) in lengths.enumerated() {
        guard length > 0 else {
          #expect(found[row] == [])
          continue
        }
        let best = sequences(field, scores, row: row, length: length).max { $0.score < $1.score }
        #expect(found[row] == best?.labels)
      }
    }
  }

  @Test(arguments: [[5, 5], [5, 2], [0, 4]])
  func gradients(_ lengths: [Int]) throws {
    let labels = Indices(key.child(4).integers(10, below: labelCount).map { Int32($0) }, shape: [5, 2])
    try checkGradient(of: field(1), inputs: [.random([5, 2, labelCount], key: key.child(5))]) {
      field, inputs in
      field.loss(inputs[0], labels, lengths: lengths)
    }
    try mirrorCheck(field(1))
  }

  @Test func emptyBatchesHaveNoLoss() {
    let scores = Tensor.random([2, 2, labelCount], key: key)
    #expect(field(1).loss(scores, Indices([0, 0, 0, 0], shape: [2, 2]), lengths: [0, 0]).scalar == 0)
    #expect(field(1).decode(scores, lengths: [0, 0]) == [[], []])
  }

  /// Scores that are no numbers have no likeliest sequence, but an answer.
  @Test func decodesWithoutNumbers() {
    let scores = Tensor(filled: .nan, shape: [3, 1, labelCount])
    #expect(field(1).decode(scores).map(\.count) == [3])
  }

  @Test func invalidLabelTraps() async {
    await #expect(processExitsWith: .failure) {
      let field = ConditionalRandomField(labelCount: 3, key: RandomKey(seed: 0))
      _ = field.loss(Tensor(zeros: [2, 1, 3]), Indices([0, 3], shape: [2, 1]))
    }
    await #expect(processExitsWith: .failure) {
      let field = ConditionalRandomField(labelCount: 3, key: RandomKey(seed: 0))
      _ = field.loss(Tensor(zeros: [2, 1, 3]), Indices([0, -1], shape: [2, 1]))
    }
  }

  @Test func sameBits() throws {
    try checkSameBits("conditional random field") {
      let field = ConditionalRandomField(labelCount: 17, key: key)
      let labels = Indices(key.integers(60, below: 17).map { Int32($0) }, shape: [12, 5])
      let point = ModelWithInputs(model: field, inputs: [Tensor.random([12, 5, 17], key: key.child(1))])
      let (loss, gradient) = valueAndGradient(of: point) {
        $0.model.loss($0.inputs[0], labels, lengths: [12, 0, 5, 9, 1])
      }
      return [loss] + gradient.parameters.map(\.value)
    }
  }
}
