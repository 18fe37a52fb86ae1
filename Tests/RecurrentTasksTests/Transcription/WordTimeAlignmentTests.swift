import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Alignments that say no word at another time than its own.
@Suite struct WordTimeAlignmentTests {
  @Test func wordsHaveFrames() {
    let events = [
      (unit: Int32(2), start: 1.0, end: 3.0), (unit: 3, start: 4, end: 4), (unit: 2, start: 6, end: 20),
    ]
    func frames(_ target: [Int32], count: Int = 10) -> [ClosedRange<Int>] {
      WordTimeAlignment.frames(target, events, count: count) { Int($0) }
    }
    #expect(frames([2, 3, 2]) == [1...3, 4...4, 6...9])
    // a word without a time may be said at any
    #expect(frames([2, 5, 3]) == [1...3, 0...9, 4...4] && frames([]).isEmpty)
    // all that follows must find room, with a blank between the same, and so must all that come before
    #expect(frames([2, 3, 2], count: 5) == [1...3, 3...4, 4...4])
    #expect(frames([3, 2, 2], count: 8) == [4...4, 5...7, 0...7])
    #expect(frames([2, 3, 2], count: 3) == [0...2, 1...2, 2...2])
    #expect(frames([5, 5, 5, 2]) == [0...9, 0...9, 0...9, 1...5])
    let penalties = WordTimeAlignment.penalties(
      [[2, 1, 2], [1]], [[1...1, 0...0, 2...2], nil], shape: [4, 2, 3]
    ).scalars
    #expect(penalties.indices.filter { penalties[$0] != 0 } == [2, 7, 13, 19, 20])
  }

  /// The sum over all alignments that are allowed, one by one.
  @Test(arguments: [0, 1, 2, 3]) func theLossIsOfWhatIsAllowed(_ seed: UInt64) {
    let (steps, classes) = (5, 3)
    let logits = Tensor.random([steps, 2, classes], key: RandomKey(seed: seed))
    let targets: [[Int32]] = [[1, 2], [2]]
    let (lengths, allowed) = ([5, 4], [[1...2, 3...4], [1...2]])
    let penalties = WordTimeAlignment.penalties(targets, allowed, shape: logits.shape)
    let loss = WordTimeAlignment.loss(logits, targets, lengths: lengths, blank: 0, penalties: penalties)
    let logs = logSoftmax(logits).scalars
    var expected = 0.0
    for row in 0..<2 {
      var total = 0.0
      for number in 0..<Int(pow(3.0, Double(lengths[row]))) {
        var (rest, path) = (number, [Int32]())
        for _ in 0..<lengths[row] {
          path.append(Int32(rest % 3))
          rest /= 3
        }
        var (text, last) = ([Int32](), Int32(0))
        for unit in path {
          if unit != last, unit != 0 { text.append(unit) }
          last = unit
        }
        let isUntimely = path.enumerated().contains { frame, unit in
          zip(targets[row], allowed[row]).contains { $0 == unit && !$1.contains(frame) }
        }
        guard text == targets[row], !isUntimely else { continue }
        total += exp(
          path.enumerated().reduce(0) { $0 + Double(logs[($1.offset * 2 + row) * classes + Int($1.element)]) }
        )
      }
      expected -= log(total) / 2
    }
    #expect(abs(Double(loss.scalar) - expected) < 1e-4 * expected, "\(loss.scalar), \(expected)")
  }

  /// A network that looks back alone is kept to the times of words, in training alone, and learns from gradients of that loss.
  @Test func countsForNetworksThatLookBack() throws {
    for isCausal in [true, false] {
      var task = try Transcribing.task(.word, isCausal: isCausal)
      task.network.dropoutRate = 0
      task.wordTimes = WordTimeLoss(words: ["a", "b"], weight: 1e-6)
      let model = task.makeModel(key: RandomKey(seed: 1))
      let text = "ab b"
      var example = TranscriptionTask.Example(
        features: FeatureSequence(
          featureCount: 2, values: Tensor.random([24], key: RandomKey(seed: 4)).scalars),
        targets: task.units.outputs(of: text), transcript: text, duration: 12)
      func loss(_ mode: Mode) -> Float { task.loss(model, [example], mode: mode).mean.scalar }
      let free = loss(.inference)
      example.words = text.split(separator: " ").enumerated().map {
        LabelledEvent(label: String($1), start: Double(4 * $0 + 5), end: Double(4 * $0 + 7))
      }
      let held = loss(.training(RandomKey(seed: 3)))
      #expect(loss(.inference) == free)
      if isCausal { #expect(held > free + 0.01) } else { #expect(abs(held - free) < 1e-3) }
    }
  }
}
