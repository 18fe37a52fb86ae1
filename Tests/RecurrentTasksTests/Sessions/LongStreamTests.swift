import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Streams keep no more the longer they are, and count exactly behind what a float can count.
@Suite struct LongStreamTests {
  enum Kind: String, Sendable, CaseIterable { case labels, field, points, extents }

  static func task(_ kind: Kind, stride: Int = 1, delay: Int = 1) -> TaggingTask {
    let network = SequenceNetworkConfiguration(
      featureCount: 1, convolutions: [.init(size: 2, width: 2, stride: stride)], isCausal: true, hiddenSize: 2
    )
    let featurizer = SeriesFeaturizer(
      channels: ["a"], scaler: ChannelScaler(method: .none, fitting: [[0, 1]]),
      missing: MissingValues(marksMissing: false), ranges: nil)
    let isOfEvents = kind == .points || kind == .extents
    var task = TaggingTask(
      featurizer: .series(featurizer), labels: isOfEvents ? ["", "y", "z"] : ["x", "y", "z"],
      network: network, usesCRF: kind == .field,
      picker: isOfEvents ? EventPicker(minimumGap: 0.3, hasExtent: kind == .extents) : nil, rate: 8,
      delay: delay)
    // half of the steps are on
    let values = steps(200).flatMap(\.values)
    let example = TaggingTask.Example(
      features: FeatureSequence(featureCount: 1, values: values), labels: [], events: nil)
    let levels = task.predictions(model(task), to: [example])[0].scores.map {
      1 - task.scaling.probabilities($0)[0]
    }
    task.picker?.threshold = levels.sorted()[levels.count / 2]
    return task
  }

  static func steps(_ count: Int) -> [FeatureSequence] {
    RandomKey(seed: 7).uniforms(count).map {
      FeatureSequence(featureCount: 1, values: [$0 < 0.3 ? 20 * $0 : -4 * $0])
    }
  }

  private static func model(_ task: TaggingTask) -> SequenceTagger {
    task.packed(task.makeModel(key: RandomKey(seed: 2)))
  }

  @Test(arguments: Kind.allCases) func memoryDoesNotGrow(_ kind: Kind) throws {
    let task = Self.task(kind)
    var stream = try #require(task.session(Self.model(task)))
    let steps = Self.steps(1000)
    var largest = [0, 0]
    // the state of every step of the first and of the last thousand
    for round in 0..<(kind == .points ? 200 : 20) {
      for step in steps {
        stream.read(step)
        if round < 2 { largest[0] = max(largest[0], stream.state.elementCount) }
      }
      if round >= 2 { largest[1] = max(largest[1], stream.state.elementCount) }
    }
    #expect(largest[1] <= largest[0] && largest[0] < 400, "\(largest)")
    #expect(stream.head.stepCount == (kind == .points ? 200_000 : 20_000))
  }

  /// The same steps behind any number of others give the same labels and events, later by the time of those.
  @Test(arguments: Kind.allCases, [(1 << 24) + 5, 1 << 40])
  func countersAreExact(_ kind: Kind, _ offset: Int) throws {
    let task = Self.task(kind, delay: 3)
    let model = Self.model(task)
    let steps = Self.steps(400)
    var (first, later) = (try #require(task.session(model)), try #require(task.session(model)))
    var state = later.state
    for place in state.integers.indices {
      if state.integers[place].name == "steps" {
        state.integers[place].values = [Int64(offset), Int64(offset)]
      }
      if state.integers[place].name == "events", task.picker != nil {
        state.integers[place].values[0] = Int64(offset)
      }
    }
    try later.restore(state)
    let shift = Double(offset) / 8
    var count = 0
    func compare(_ a: [TaggingTask.Prediction], _ b: [TaggingTask.Prediction]) {
      #expect(a.map(\.labels) == b.map(\.labels) && a.map(\.scores) == b.map(\.scores))
      let (own, others) = (a.flatMap(\.events), b.flatMap(\.events))
      #expect(own.map(\.label) == others.map(\.label))
      for (a, b) in zip(own, others) {
        // what reaches before the beginning is cut there; points are means, with the digits that a double has left
        #expect(
          abs(a.start - max(b.start - shift, 0)) <= 4 * shift.ulp
            && abs(a.end - max(b.end - shift, 0)) <= 4 * shift.ulp)
      }
      #expect(first.head.labels.map { $0.step + offset } == later.head.labels.map(\.step))
      count += task.picker == nil ? first.head.labels.count : own.count
    }
    for step in steps { compare(first.push(step), later.push(step)) }
    compare(first.finish(), later.finish())
    #expect(later.head.stepCount == offset + 400 && count > 10, "\(count)")
    let row = task.rows(of: later, at: .step)[0]
    #expect(row[0] == Field("step", .integer(offset + 400)))
  }

  private func session(
    _ classifier: PooledNetwork
  ) throws -> SteppedSession<PooledHead<[Float]>> {
    try #require(SteppedSession.pooled(classifier) { $0 })
  }

  @Test func aMeanGoesOnBehindWhatAFloatCanCount() throws {
    let network = SequenceNetworkConfiguration(featureCount: 1, isCausal: true, hiddenSize: 2)
    let classifier = PooledNetwork(
      PooledNetworkConfiguration(network: network, poolings: [.mean], classCount: 2),
      key: RandomKey(seed: 1))
    var stream = try session(classifier)
    for step in Self.steps(500) { stream.read(step) }
    let before = stream.head.scores
    // as if the same had come many times more
    var state = stream.state
    let times = 1 << 16
    for place in state.integers.indices {
      if state.integers[place].name == "count" { state.integers[place].values = [Int64(500 * times)] }
      if state.integers[place].name == "sum.blocks" {
        let block = try state.tensor("sum", [2]).scalars.map { Double($0) }
        state.integers[place].values = [0] + block.map { ($0 * Double(times - 1)).stored }
      }
    }
    try stream.restore(state)
    #expect(zip(stream.head.scores, before).allSatisfy { abs($0 - $1) < 1e-6 })
    for step in Self.steps(500) { stream.read(step) }
    #expect(zip(stream.head.scores, before).allSatisfy { abs($0 - $1) < 1e-6 })
    let count = try #require(stream.state.integers.first { $0.name == "count" }).values
    #expect(count == [Int64(500 * times + 500)])
  }

  @Test func sumsOfManyVectors() {
    var sum = RunningSum(width: 1)
    let count = (1 << 24) + 4096
    for _ in 0..<1 << 20 { sum.add([1]) }
    sum.add([Float((1 << 24) - (1 << 20))])
    // a sum in floats would stay where it is
    for _ in 0..<4096 { sum.add([1]) }
    #expect(sum.values == [Float(count)] && sum.mean(of: count) == [1])
    sum.add([4096])
    #expect(sum.values == [Float(count + 4096)])
  }

  @Test func attentionKeepsAWindow() throws {
    let network = SequenceNetworkConfiguration(featureCount: 1, isCausal: true, hiddenSize: 2)
    let classifier = PooledNetwork(
      PooledNetworkConfiguration(network: network, poolings: [.attention], classCount: 2),
      key: RandomKey(seed: 1)
    ).packed()
    let steps = Self.steps(3 * AttentionWindow.length / 2)
    var stream = try session(classifier)
    var largest = 0
    for (index, step) in steps.enumerated() {
      stream.read(step)
      if index % 256 == 255 { largest = max(largest, stream.state.elementCount) }
    }
    #expect(largest < 2 * AttentionWindow.length + 100)
    let values = steps.flatMap(\.values)
    let whole = classifier(FeatureBatch([FeatureSequence(featureCount: 1, values: values)])).scalars
    #expect(zip(stream.head.scores, whole).allSatisfy { abs($0 - $1) < 1e-5 })
    var other = try session(classifier)
    try other.restore(stream.state)
    #expect(other.head.scores == stream.head.scores)
  }

  /// A field decides late, yet as for the whole; what waits is bounded even where nothing is ever decided.
  @Test func aFieldDecidesInABoundedWindow() {
    let field = ConditionalRandomField(labelCount: 3, key: RandomKey(seed: 4))
    let scores = (0..<400).map { step in
      RandomKey(seed: 5).child(step).uniforms(3).map { 2 * $0 }
    }
    var decoder = ConditionalRandomField.Decoder(field)
    var labels = scores.flatMap { decoder.push($0) }
    #expect(labels.count > 300)
    labels += decoder.finish()
    #expect([labels] == field.decode(Tensor(scores.flatMap { $0 }, shape: [400, 1, 3])))
    // two sequences of labels that never meet, and no score that tells them apart
    var apart = field
    apart.transitions = Tensor([0, -1e9, -1e9, -1e9, 0, -1e9, -1e9, -1e9, 0], shape: [3, 3])
    decoder = ConditionalRandomField.Decoder(apart, limit: 64)
    var count = 0
    for _ in 0..<1000 {
      count += decoder.push([1, 1, 1]).count
      #expect(decoder.pendingCount <= 64)
    }
    #expect(count + decoder.finish().count == 1000)
  }
}
