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

/// Long recordings, which are read in windows.
struct ClassificationWindowTests {
  private static func records(_ lengths: [Int]) -> [Record] {
    lengths.enumerated().map { index, steps in
      Record(
        .series(ClassificationTaskTests.series(steps, channels: 2, seed: UInt64(index + 1))),
        label: index % 2 == 0 ? "a" : "b", origin: "r\(index)")
    }
  }

  private static func task(
    _ windowSteps: Int?, _ lengths: [Int], augmentation: Augmentation = Augmentation()
  ) throws -> (task: ClassificationTask, examples: [ClassificationTask.Example]) {
    let records = records(lengths)
    let (featurizer, _) = try SequenceFeaturizer.fit(
      RecordSource(records), labels: lengths.indices.map { $0 % 2 }, classCount: 2)
    let network = SequenceNetworkConfiguration(
      featureCount: featurizer.featureCount, convolutions: [.init(size: 3, width: 3)], hiddenSize: 4)
    var task = ClassificationTask(
      featurizer: featurizer, labels: ["a", "b"],
      classifier: PooledNetworkConfiguration(
        network: network, poolings: [.mean, .max], poolsInputs: true, classCount: 2),
      augmentation: augmentation)
    task.windowSteps = windowSteps
    let examples = try records.enumerated().map {
      ClassificationTask.Example(features: try featurizer($1), target: $0 % 2)
    }
    return (task, examples)
  }

  /// The mean of the scores of the windows, the last of which ends with the sequence; short sequences are wholes.
  @Test func scoresAreTheMeanOfWindows() throws {
    let (task, examples) = try Self.task(10, [10, 23, 7, 11, 95])
    var whole = task
    whole.windowSteps = nil
    let model = task.makeModel(key: RandomKey(seed: 5))
    let starts = [[0], [0, 10, 13], [0], [0, 1], [0, 10, 20, 30, 40, 50, 60, 70, 80, 85]]
    let found = task.predictions(model, to: examples)
    for (place, example) in examples.enumerated() {
      let windows = starts[place].map { start in
        var own = example
        own.features = example.features.part(start..<min(start + 10, example.features.stepCount))
        return own
      }
      // one at a time, as a batch would pad none of them
      let scores = windows.map { whole.predictions(model, to: [$0])[0].scores }
      let mean = (0..<2).map { label in scores.reduce(0) { $0 + $1[label] } / Float(scores.count) }
      try requireClose(
        found[place].scores.map { Double($0) }, mean.map { Double($0) }, relative: 1e-5, absolute: 1e-6,
        "example \(place)")
    }
    #expect(found[1].scores != whole.predictions(model, to: [examples[1]])[0].scores)
    #expect(task.predictions(model, to: [examples[0]]) == whole.predictions(model, to: [examples[0]]))
    // what validates is the loss of these scores
    let loss = task.loss(model, examples, mode: .inference)
    var expected = 0.0
    for (prediction, example) in zip(found, examples) {
      let scores = prediction.scores.map { Double($0) }
      expected += log(scores.map { exp($0) }.reduce(0, +)) - scores[example.target]
    }
    try requireClose(
      [Double(loss.mean.scalar)], [expected / 5], relative: 1e-5, absolute: 1e-6, "the loss")
    #expect(loss.weight == 5 && examples.map { task.cost(of: $0) } == [10, 10, 7, 10, 10])
  }

  /// A step of the training sees a window that begins anywhere, and all of a short sequence.
  @Test func stepsSeeWindowsFromAnywhere() throws {
    let (task, examples) = try Self.task(10, [23, 6])
    var starts: Set<Int> = []
    for child in 0..<200 {
      let own = task.augmented(examples[0], key: RandomKey(seed: 2).child(child))
      #expect(own.target == 0 && own.features.stepCount == 10)
      let start = try #require(
        (0...13).first { examples[0].features.part($0..<$0 + 10) == own.features }, "no window")
      starts.insert(start)
    }
    #expect(starts == Set(0...13))
    #expect(task.augmented(examples[1], key: RandomKey(seed: 2)) == examples[1])
    // a window that is stretched beyond its length is still trained on as one
    let (other, _) = try Self.task(10, [23, 6], augmentation: Augmentation(stretch: 0.5))
    let longest = (0..<50).map { other.augmented(examples[0], key: RandomKey(seed: 3).child($0)) }
      .max { $0.features.stepCount < $1.features.stepCount }
    let example = try #require(longest)
    #expect(example.features.stepCount > 10)
    let model = other.makeModel(key: RandomKey(seed: 1))
    let (loss, gradient) = valueAndGradient(of: model) {
      other.loss($0, [example], mode: .training(RandomKey(seed: 9))).mean
    }
    #expect(loss.scalar.isFinite)
    #expect(gradient.parameters.contains { parameter in parameter.value.scalars.contains { $0 != 0 } })
  }

  @Test func standards() throws {
    func steps(_ modality: Modality, _ longest: Int, _ asked: Int? = nil, causal: Bool = false) throws -> Int?
    {
      var settings = Settings()
      settings[.windowSteps] = asked
      if causal { settings[.causal] = true }
      return try ClassificationTask.windowSteps(modality, longest: longest, settings)
    }
    #expect(try steps(.pictures, 401) == 128)
    #expect(try steps(.pictures, 400) == nil)
    #expect(try steps(.pictures, 4000, causal: true) == nil)
    #expect(try steps(.series, 4000) == nil)
    #expect(try steps(.series, 4000, 50) == 50)
    #expect(try steps(.series, 50, 50) == nil)
    #expect(throws: DataError.self) { try steps(.series, 4000, 50, causal: true) }
  }

  @Test func plansSayIt() throws {
    var settings = Settings()
    settings[.windowSteps] = 12
    let request = TaskRequest(
      [DataSource(Self.records([30] + [Int](repeating: 14, count: 39)), name: "r")], settings: settings)
    let plan = try ClassificationTask.plan(request) { _, _ in }
    #expect(plan.task.windowSteps == 12 && plan.task.issue == nil)
    #expect(plan.notes.contains { $0.setting == "window-steps" && $0.kind == .found })
    var task = plan.task
    task.windowSteps = 0
    #expect(task.issue?.contains("windowSteps") == true)
  }
}
