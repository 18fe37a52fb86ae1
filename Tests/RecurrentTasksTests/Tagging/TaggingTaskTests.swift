@testable import RecurrentTasks
import RecurrentTestSupport
import Testing

struct TaggingTaskTests {
  private static func task(
    isCausal: Bool, usesCRF: Bool, picker: EventPicker?, labels: [String], stride: Int
  ) -> TaggingTask {
    var network = SequenceNetworkConfiguration(
      featureCount: 2, convolutions: [.init(size: 4, width: 3, stride: stride)], isCausal: isCausal,
      hiddenSize: 3)
    network.dropoutRate = 0.2
    let scaler = ChannelScaler(method: .none, fitting: [[0, 1], [0, 1]])
    let featurizer = SeriesFeaturizer(
      channels: ["a", "b"], scaler: scaler, missing: MissingValues(marksMissing: false), ranges: nil)
    return TaggingTask(
      featurizer: .series(featurizer), labels: labels, network: network, usesCRF: usesCRF, picker: picker,
      rate: 10,
      delay: isCausal && picker?.ahead == nil ? 1 : 0, tolerance: 0.2, augmentation: Augmentation(noise: 0.1),
      labelWeights: usesCRF ? nil : labels.indices.map { Float($0 + 1) })
  }

  private static let examples: [TaggingTask.Example] = [8, 3, 11, 6, 1, 0].enumerated().map { index, steps in
    let values = Tensor.random([steps * 2], key: RandomKey(seed: UInt64(index))).scalars
    let labels = (0..<steps).map { Int32(($0 + index) / 2 % 3) }
    return .init(features: FeatureSequence(featureCount: 2, values: values), labels: labels, events: nil)
  }

  @Test(arguments: [(false, false, 1), (true, false, 2), (false, true, 1), (true, true, 2)])
  func promisesHoldForStepLabels(_ isCausal: Bool, _ usesCRF: Bool, _ stride: Int) throws {
    try checkTask(
      Self.task(
        isCausal: isCausal, usesCRF: usesCRF, picker: nil, labels: ["x", "y", "z"], stride: stride),
      examples: Self.examples)
  }

  @Test(arguments: [true, false]) func promisesHoldForEvents(_ isCausal: Bool) throws {
    let picker = EventPicker(threshold: 0.3, minimumGap: 0.1, hasExtent: false)
    try checkTask(
      Self.task(isCausal: isCausal, usesCRF: false, picker: picker, labels: ["", "y", "z"], stride: 1),
      examples: Self.examples)
  }

  @Test func promisesHoldForWarnings() throws {
    let picker = EventPicker(threshold: 0.55, hasExtent: true, ahead: 0.3)
    try checkTask(
      Self.task(isCausal: true, usesCRF: false, picker: picker, labels: ["", "y", "z"], stride: 1),
      examples: Self.examples)
  }

  /// Where the network reads two steps at once, its page draws them together, from the step that is asked for on, and tells what it
  /// says about each.
  @Test func explanationOfStrides() throws {
    let task = Self.task(isCausal: false, usesCRF: false, picker: nil, labels: ["x", "y", "z"], stride: 2)
    let model = task.makeModel(key: RandomKey(seed: 3))
    let view = try #require(try task.view(model, of: Self.examples[2]))
    let explanation = try Explanation("m", example: "e", model: model, view: view)
    let (steps, reading) = (explanation.steps, explanation.readings[0])
    #expect(steps.count == 11 && reading.stepCount == 6 && explanation.stride(of: reading) == 2)
    #expect(steps.allSatisfy { !$0.prediction.isEmpty && $0.confidence != nil && !$0.target.isEmpty })
    let page = ExplanationPage([explanation], start: 5, stepCount: 2)
    #expect(page.window(of: reading, in: explanation) == 2..<4)
    #expect(page.names(explanation, reading) == ["5", "7"])
    #expect(page.predictions(explanation, reading) == [steps[4].prediction, steps[6].prediction])
    let text = try checkedMarkup(page.report.html).text
    #expect(
      text.contains("reads 2 steps of the input at once") && text.contains("steps 5 to 8 of 11 are drawn"))
  }

  /// A warning begins where it becomes likely, stands for its time, and there is no other while it does.
  @Test func warningsStandForTheirTime() {
    let picker = EventPicker(threshold: 0.5, hasExtent: true, ahead: 0.3)
    let probabilities: [[Float]] = [
      [1, 0, 0], [0.3, 0.1, 0.6], [0.2, 0.8, 0], [1, 0, 0], [0.1, 0.9, 0], [0.1, 0.9, 0], [1, 0, 0],
    ]
    let events = picker.events(probabilities, labels: ["", "a", "b"], rate: 10)
    #expect(events.map(\.label) == ["b", "a"])
    #expect(
      zip(events, [0.1, 0.4]).allSatisfy { abs($0.start - $1) < 1e-9 && abs($0.end - $1 - 0.3) < 1e-9 })
  }

  @Test func targetsAreTheTimeBeforeEvents() throws {
    let picker = EventPicker(hasExtent: true, ahead: 0.3)
    let task = Self.task(isCausal: true, usesCRF: false, picker: picker, labels: ["", "y", "z"], stride: 1)
    let clock = StepClock(start: 5, rate: 10)
    let features = FeatureSequence(featureCount: 2, values: [Float](repeating: 0, count: 40))
    let labels = task.warningTargets(
      ahead: 0.3,
      of: [
        LabelledEvent(label: "y", start: 5.5, end: 5.7), LabelledEvent(label: "z", start: 5.9),
        LabelledEvent(label: "y", start: 6.05), LabelledEvent(label: "y", start: 6.9, end: 9),
      ], clock, count: features.stepCount)
    // the next event counts, and what lasts is unknown
    #expect(labels == [0, 0, 1, 1, 1, -100, -100, 2, 2, -100, 1, -100, 0, 0, 0, 0, 1, 1, 1, -100])
  }

  @Test func aheadIsRefusedWhereTheNetworkSeesTheEvent() throws {
    var settings = Settings()
    settings[.ahead] = TaskDuration("30s")
    #expect(TaggingTask.issue(of: settings)?.contains("causal") == true)
    settings[.causal] = true
    #expect(TaggingTask.issue(of: settings) == nil)
    for change in [
      { $0[.crf] = true }, { $0[.delay] = .seconds(1) }, { $0[.tolerance] = .steps(1) },
      { $0[.score] = .both },
    ] as [(inout Settings) -> Void] {
      var other = settings
      change(&other)
      #expect(TaggingTask.issue(of: other) != nil)
    }
    var task = Self.task(
      isCausal: true, usesCRF: false, picker: EventPicker(hasExtent: true, ahead: 1), labels: ["", "y"],
      stride: 1)
    #expect(task.issue == nil)
    task.delay = 1
    #expect(task.issue?.contains("picker.ahead") == true)
    (task.delay, task.network.isCausal) = (0, false)
    #expect(task.issue?.contains("picker.ahead") == true)
  }

  @Test func eventsWithoutExtentStandInTheMiddleOfTheirProbability() {
    let picker = EventPicker(threshold: 0.5, hasExtent: false)
    let probabilities: [[Float]] = [
      [1, 0], [0.4, 0.6], [0, 1], [0.4, 0.6], [1, 0], [1, 0], [0.2, 0.8],
    ]
    let events = picker.events(probabilities, labels: ["", "beat"], rate: 10, start: 3)
    #expect(events.map(\.label) == ["beat", "beat"])
    #expect(zip(events.map(\.start), [3.2, 3.6]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func eventsWithExtentEndWhereAnotherBegins() {
    let picker = EventPicker(threshold: 0.5, minimumDuration: 0.15, hasExtent: true)
    let probabilities: [[Float]] = [
      [0.1, 0.8, 0.1], [0.1, 0.8, 0.1], [0.1, 0.2, 0.7], [0, 0, 1], [1, 0, 0], [0.2, 0.8, 0],
    ]
    let events = picker.events(probabilities, labels: ["", "a", "b"], rate: 10)
    #expect(
      events == [
        LabelledEvent(label: "a", start: 0, end: 0.2), LabelledEvent(label: "b", start: 0.2, end: 0.4),
      ])
  }

  @Test func twoEventsTooCloseAreOne() {
    let picker = EventPicker(threshold: 0.5, minimumGap: 0.35, hasExtent: false)
    let probabilities: [[Float]] = [
      [0.4, 0.6], [1, 0], [0.1, 0.9], [1, 0], [1, 0], [1, 0], [0.3, 0.7],
    ]
    let events = picker.events(probabilities, labels: ["", "beat"], rate: 10)
    #expect(events.map { ($0.start * 10).rounded() } == [2, 6])
  }
}
