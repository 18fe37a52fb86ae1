import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Characters of a pen, and what validates.
struct CharacterTests {
  /// A line of JSON with a loop or a hook by one of some writers, none the same.
  private static func line(_ index: Int, part: String? = nil) -> String {
    let draws = RandomKey(seed: UInt64(index)).uniforms(40)
    let isLoop = index % 2 == 0
    let points = (0..<14).map { step -> String in
      let angle = Float(step) / 13 * 6
      let (x, y) = isLoop ? (sin(angle), cos(angle)) : (angle / 3, angle < 3 ? angle : 6 - angle)
      return "[\(20 * x + draws[step]),\(20 * y + draws[14 + step])]"
    }
    let split = part.map { #","split":"\#($0)""# } ?? ""
    return
      #"{"label":"\#(isLoop ? "o" : "n")","writer":"w\#(index / 8)","strokes":[[\#(points.joined(separator: ","))]]\#(split)}"#
  }

  private static func request(
    _ count: Int, _ settings: Settings = Settings(), part: (Int) -> String? = { _ in nil }
  ) -> TaskRequest {
    let text = (0..<count).map { line($0, part: part($0)) }.joined(separator: "\n")
    return TaskRequest(
      [DataSource(bytes: Array(text.utf8), name: "c.jsonl", format: .jsonl)], settings: settings)
  }

  private static func plan(_ request: TaskRequest) throws -> TrainingPlan<ClassificationTask> {
    try ClassificationTask.plan(request) { _, _ in }
  }

  @Test func charactersAreReadByTheirShape() throws {
    let plan = try Self.plan(Self.request(48))
    guard case .strokes(let featurizer) = plan.task.featurizer else {
      Issue.record("no strokes: \(plan.task.modality)")
      return
    }
    #expect(featurizer.settings == StrokeSettings(scale: .box, spacing: 0.1, features: .shape))
    #expect(plan.task.classifier.network.featureCount == 9 && plan.task.issue == nil)
    #expect(plan.task.augmentation.slant ?? 0 > 0 && plan.task.augmentation.rotation ?? 0 > 0)
    #expect(plan.task.augmentation.scale == 0)
    // in training each time another hand, in the same number of steps
    let example = try plan.training[0]
    let other = plan.task.augmented(example, key: RandomKey(seed: 1))
    #expect(other.features.stepCount == example.features.stepCount && other.features != example.features)
    // a causal one reads strokes as they come
    var settings = Settings()
    settings[.causal] = true
    guard case .strokes(let causal) = try Self.plan(Self.request(48, settings)).task.featurizer else {
      Issue.record("no strokes")
      return
    }
    #expect(causal.settings == StrokeSettings(scale: .running, spacing: 0.1))
    #expect(causal.stream(readsTimes: true) != nil)
  }

  /// Gradients, batches and augmentation of a classifier of characters.
  @Test func promisesHold() throws {
    let data = try RecordSource.labelled(Self.request(6), RecordColumns())
    let (featurizer, _) = try SequenceFeaturizer.fit(
      data, labels: [0, 1, 0, 1, 0, 1], classCount: 2,
      settings: ClassificationTask.featureSettings(Settings()))
    let task = ClassificationTask(
      featurizer: featurizer, labels: ["o", "n"],
      classifier: PooledNetworkConfiguration(
        network: SequenceNetworkConfiguration(featureCount: 9, hiddenSize: 3), poolings: [.mean, .max],
        poolsInputs: true, classCount: 2),
      augmentation: Augmentation(noise: 0.05, slant: 0.25, rotation: 0.2))
    var examples = try (0..<6).map {
      ClassificationTask.Example(features: try featurizer(data.record($0)), target: $0 % 2)
    }
    for steps in [0, 1, 3] {
      examples.append(.init(features: examples[0].features.part(0..<steps), target: steps % 2))
    }
    try checkTask(task, examples: examples)
  }

  /// No writer is in two parts, though nobody asks for it.
  @Test func writersStayTogether() throws {
    let request = Self.request(160)
    let data = try RecordSource.labelled(request, RecordColumns())
    let split = try ClassificationTask.parts(request, data).split(data)
    let writers = [split.training, split.validation, split.test].map { Set($0.map { data.group($0) }) }
    #expect(writers.allSatisfy { !$0.isEmpty })
    #expect(
      writers[0].isDisjoint(with: writers[1]) && writers[0].isDisjoint(with: writers[2])
        && writers[1].isDisjoint(with: writers[2]))
  }

  // MARK: What validates

  private static func note(_ plan: TrainingPlan<ClassificationTask>) -> [String] {
    plan.notes.filter { ["valid", "patience"].contains($0.setting) }.map { "\($0.kind) \($0.setting ?? "")" }
  }

  /// Of few sequences none is taken away, unless the training waits for them; that is said.
  @Test func fewSequencesValidateWhereTheyAreWaitedFor() throws {
    func part(_ index: Int) -> String { index < 80 ? "train" : "test" }
    let plain = try Self.plan(Self.request(120, part: part))
    #expect(plain.validation.count == 0 && plain.training.count == 80 && plain.test.count == 40)
    #expect(Self.note(plain) == ["found valid"])
    var settings = Settings()
    settings[.patience] = 3
    let waiting = try Self.plan(Self.request(120, settings, part: part))
    #expect(waiting.validation.count > 0 && waiting.training.count + waiting.validation.count == 80)
    #expect(Self.note(waiting) == ["assumed valid"])
    #expect(waiting.test.count == 40)
    // nothing to take
    let none = try Self.plan(Self.request(28, settings) { $0 < 16 ? "train" : "test" })
    #expect(none.validation.count == 0 && Self.note(none) == ["warning patience"])
  }

  /// Of many a tenth validates, in folds too; parts that the data name are theirs.
  @Test func manySequencesValidate() throws {
    let plan = try Self.plan(Self.request(520) { $0 < 480 ? "train" : "test" })
    #expect((24...72).contains(plan.validation.count) && Self.note(plan) == ["assumed valid"])
    let named = try Self.plan(
      Self.request(520) { $0 < 440 ? "train" : $0 < 480 ? "valid" : "test" })
    #expect(named.validation.count == 40 && Self.note(named).isEmpty)
    var settings = Settings()
    settings[.folds] = 3
    settings[.patience] = 2
    let folds = try ClassificationTask.folds(Self.request(240, settings))
    for fold in folds {
      let own = try fold.plan()
      #expect(own.validation.count > 0 && own.training.count > own.validation.count)
    }
  }

  // MARK: Bodies

  /// People who stand anywhere and raise one hand or the other: where they stand is much more than what they do.
  private static func body(_ index: Int) -> Record {
    let draws = RandomKey(seed: UInt64(900 + index)).uniforms(6)
    let (x, y, raisesLeft) = (60 * draws[0], 60 * draws[1], index % 2 == 0)
    var values: [Float] = []
    for step in 0..<12 {
      let height = Float(step) / 11 + 0.1 * draws[2 + step % 4]
      values += [x, y, x - 0.3, y + (raisesLeft ? height : 0), x + 0.3, y + (raisesLeft ? 0 : height)]
    }
    return Record(
      .series(
        NumericSeries(channels: ["hip_x", "hip_y", "left_x", "left_y", "right_x", "right_y"], values: values)),
      label: raisesLeft ? "left" : "right", origin: "body \(index)")
  }

  /// Joints relative to the hip are learnt by heart at once; from raw places this is not to be had in the same training.
  @Test func joints() throws {
    func accuracy(_ root: String?) throws -> Double {
      var settings = Settings()
      settings[.skeleton] = root
      settings[.epochs] = 40
      settings[.hidden] = 8
      settings[.split] = [0.5, 0, 0.5]
      let request = TaskRequest([DataSource((0..<120).map(Self.body), name: "bodies")], settings: settings)
      guard case .finished(_, _, let test?, _) = try TaskTraining<ClassificationTask>(request).run() else {
        throw CheckFailure("not finished")
      }
      return try #require(test.metrics.first { $0.name == "accuracy" }).value
    }
    let (relative, raw) = (try accuracy("hip"), try accuracy(nil))
    #expect(relative == 1)
    #expect(raw < 0.9)
  }
}
