import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

struct WordTimeLossTests {
  private let words = [
    LabelledEvent(label: "b", start: 1, end: 3), LabelledEvent(label: "zebra", start: 3, end: 4),
    LabelledEvent(label: "a", start: 6, end: 99),
  ]

  @Test func stepsAreLabelledByTheirMiddle() throws {
    let loss = WordTimeLoss(words: ["a", "ab", "b"], weight: 1)
    let other = WordTimeLoss.unknown
    #expect(loss.outputCount == 4)
    #expect(loss.labels(words, duration: 8, count: 8) == [0, 3, 3, other, 0, 0, 1, 1])
    // half as many steps for the same time, then twice as many: stretched
    #expect(loss.labels(words, duration: 8, count: 4) == [3, other, 0, 1])
    #expect(
      loss.labels(words, duration: 8, count: 16) == [0, 0, 3, 3, 3, 3, other, other, 0, 0, 0, 0, 1, 1, 1, 1])
    #expect(loss.labels([], duration: 8, count: 2) == [0, 0])
    #expect(
      loss.labels(words, duration: 0, count: 2) == [0, 0] && loss.labels(words, duration: 8, count: 0).isEmpty
    )
    #expect(
      loss.labels([LabelledEvent(label: "a", start: 2)], duration: 8, count: 8)
        == [Int32](repeating: 0, count: 8))
    // two seconds later, and nothing beyond the end
    let late = WordTimeLoss(words: ["a", "ab", "b"], weight: 1, delay: 2)
    #expect(late.labels(words, duration: 8, count: 8) == [0, 0, 0, 3, 3, other, 0, 0])
    #expect(throws: ValueIssue.self) { try WordTimeLoss(words: ["a"], weight: 1, delay: -1).check() }
  }

  @Test func wordsAreThoseOfTheTimes() throws {
    var records = Transcribing.tones(6, seed: 1)
    for place in records.indices { records[place].events = nil }
    #expect(WordTimeLoss(RecordSource(records), weight: 1) == nil)
    records[2].events = words
    records[4].events = [LabelledEvent(label: "b", start: 0, end: 1)]
    #expect(
      WordTimeLoss(RecordSource(records), weight: 2) == WordTimeLoss(words: ["a", "b", "zebra"], weight: 2))
    #expect(WordTimeLoss(RecordSource(records), weight: 0) == nil)
    for words in [[], ["b", "a"], ["a", "a"]] {
      #expect(throws: ValueIssue.self) { try WordTimeLoss(words: words, weight: 1).check() }
    }
    #expect(throws: ValueIssue.self) { try WordTimeLoss(words: ["a"], weight: .nan).check() }
  }

  /// The loss of a training is that of the transcripts and, for the steps that are labelled, the cross-entropy of the other head.
  @Test func countsInTrainingAlone() throws {
    var task = try Transcribing.task(.character, isCausal: true, upsampling: 2)
    let plain = task.makeModel(key: RandomKey(seed: 1))
    task.wordTimes = WordTimeLoss(words: ["a", "b"], weight: 0.5)
    var model = task.makeModel(key: RandomKey(seed: 1))
    #expect(model.auxiliaryHead?.weight.shape == [3, task.network.outputSize])
    #expect(plain.head.weight.scalars == model.head.weight.scalars && plain.auxiliaryHead == nil)
    #expect(model.parameterCount == task.parameterCount)

    let texts = ["ab a b", "a"]
    var examples = [12, 6].enumerated().map { index, steps in
      TranscriptionTask.Example(
        features: FeatureSequence(
          featureCount: 2, values: Tensor.random([steps * 2], key: RandomKey(seed: UInt64(index))).scalars),
        targets: task.units.outputs(of: texts[index]), transcript: texts[index], duration: Double(steps))
    }
    // a training without dropout, which is no other pass than that of inference
    task.network.dropoutRate = 0
    model = task.makeModel(key: RandomKey(seed: 1))
    func loss(_ mode: Mode) -> Float { task.loss(model, examples, mode: mode).mean.scalar }
    let training = Mode.training(RandomKey(seed: 3))
    let transcripts = loss(.inference)
    #expect(loss(training) == transcripts)

    examples[0].words = [
      LabelledEvent(label: "a", start: 0, end: 5), LabelledEvent(label: "c", start: 5, end: 12),
    ]
    #expect(loss(.inference) == transcripts)
    let (outputs, lengths) = model.outputs(FeatureBatch(examples.map(\.features)), mode: .inference)
    let side = try #require(model.auxiliaryHead)
    let scores = side(outputs).scalars
    // of the first row the steps before the unknown word, the steps of a word by their middles
    let span = 12 / Double(lengths[0])
    let labelled = (0..<lengths[0]).filter { (Double($0) + 0.5) * span < 5 }
    #expect(!labelled.isEmpty)
    let terms = labelled.map { step -> Double in
      let own = (0..<3).map { Double(scores[(step * 2) * 3 + $0]) }
      return log(own.reduce(0) { $0 + exp($1) }) - own[1]
    }
    let units = Double(examples[0].targets.count + examples[1].targets.count) / 2
    let expected = Double(transcripts) + 0.5 * units * terms.reduce(0, +) / Double(terms.count)
    #expect(abs(Double(loss(training)) - expected) < 1e-4 * expected)
  }

  @Test func aPlanTakesTheTimesOfTheData() throws {
    var records = Transcribing.tones(30, seed: 1)
    for place in records.indices { records[place].events = [LabelledEvent(label: "a", start: 0, end: 0.1)] }
    let plan = try Transcribing.plan(records, Transcribing.settings())
    #expect(plan.task.wordTimes == WordTimeLoss(words: ["a"], weight: 1))
    #expect(plan.notes.contains { $0.setting == "word-time-weight" && $0.text.contains("1 word") })
    let without = try Transcribing.plan(records, Transcribing.settings { $0[.wordTimeWeight] = 0 })
    #expect(without.task.wordTimes == nil && !without.notes.contains { $0.setting == "word-time-weight" })
    #expect(plan.task.isCausal == (plan.task.wordTimes?.delay == 0.2))
    let late = try Transcribing.plan(records, Transcribing.settings { $0[.wordTimeDelay] = .seconds(0.5) })
    #expect(
      late.task.wordTimes?.delay == 0.5 && late.notes.contains { $0.text.contains("0.50 seconds later") })
    let data = try JSONEncoder().encode(plan.task)
    #expect(try JSONDecoder().decode(TranscriptionTask.self, from: data).wordTimes == plan.task.wordTimes)
  }
}
