import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

struct CaptioningTaskTests {
  /// A task that reads two numbers, or pictures of 3 x 4, at each step.
  private static func task(_ kind: TokenKind, pictures: Bool, stride: Int = 1) throws -> CaptioningTask {
    let featurizer: SequenceFeaturizer =
      pictures
      ? .pictures(PictureFeaturizer(height: 3, width: 4))
      : .series(
        SeriesFeaturizer(
          channels: ["a", "b"], scaler: ChannelScaler(method: .none, fitting: [[0, 1], [0, 1]]),
          missing: MissingValues(marksMissing: false)))
    var network = SequenceNetworkConfiguration(
      featureCount: featurizer.featureCount, convolutions: [.init(size: 3, width: 3, stride: stride)],
      hiddenSize: 3)
    network.readPictures(of: featurizer)
    if pictures { (network.pictureConvolutions, network.pictureSize) = ([2], 3) }
    return CaptioningTask(
      featurizer: featurizer,
      units: try TextTokens.fit(kind, to: ["ab a", "b"], size: kind == .piece ? 258 : nil),
      network: network,
      writer: TextDecoder.Configuration(embeddingSize: 4, hiddenSize: 5, memorySize: network.outputSize),
      search: BeamSearchSettings(beamWidth: 3, best: 2, maximumRatio: 0, maximumOffset: 6), rate: 5)
  }

  @Test(arguments: [(TokenKind.word, true, 1), (.character, false, 2), (.piece, false, 1)])
  func promisesHold(_ kind: TokenKind, _ pictures: Bool, _ stride: Int) throws {
    let task = try Self.task(kind, pictures: pictures, stride: stride)
    #expect(task.issue == nil)
    let texts = [["ab a b", "b"], ["a"], ["b ab", "a", "b"], [], ["b"], ["zebra"]]
    let width = task.featurizer.featureCount
    let examples = [13, 4, 9, 7, 1, 2].enumerated().map { index, steps -> CaptioningTask.Example in
      let numbers = Tensor.random([steps * width], key: RandomKey(seed: UInt64(index))).scalars
      let features =
        pictures
        ? FeatureSequence(featureCount: width, bytes: numbers.map { UInt8(min(abs($0), 1) * 255) })
        : FeatureSequence(featureCount: width, values: numbers)
      return CaptioningTask.Example(
        features: features, targets: texts[index].map { task.units.tokens(of: $0) },
        references: texts[index], duration: Double(steps) / 5)
    }
    try checkTask(task, examples: examples)
  }

  @Test func damagedTasksAreRefused() throws {
    let task = try Self.task(.word, pictures: false)
    let text = String(decoding: try JSONEncoder().encode(task), as: UTF8.self)
    #expect(try JSONDecoder().decode(CaptioningTask.self, from: Data(text.utf8)) == task)
    for (old, new) in [
      ("\"memorySize\":6", "\"memorySize\":7"), ("\"embeddingSize\":4", "\"embeddingSize\":0"),
      ("\"beamWidth\":3", "\"beamWidth\":-1"), ("\"labelSmoothing\":0.1", "\"labelSmoothing\":1.5"),
      ("\"rate\":5", "\"rate\":-5"), ("\"isCausal\":false", "\"isCausal\":true"),
    ] {
      #expect(text.contains(old), "\(old)")
      let damaged = try JSONDecoder().decode(
        CaptioningTask.self, from: Data(text.replacingOccurrences(of: old, with: new).utf8))
      #expect(damaged.issue != nil, "\(new)")
    }
  }

  // MARK: Loss

  /// Several captions count like as many recordings with one each, and a step of a training takes one of them.
  @Test func allCaptionsCount() throws {
    let task = try Self.task(.word, pictures: false)
    let model = task.makeModel(key: RandomKey(seed: 3))
    let features = FeatureSequence(
      featureCount: 2, values: Tensor.random([10], key: RandomKey(seed: 1)).scalars)
    let targets = ["ab a", "b", "a a b"].map { task.units.tokens(of: $0) }
    let whole = task.loss(model, [.init(features: features, targets: targets)], mode: .inference)
    let apart = task.loss(model, targets.map { .init(features: features, targets: [$0]) }, mode: .inference)
    #expect(abs(whole.mean.scalar - apart.mean.scalar) < 1e-5 && whole.weight == apart.weight)
    #expect(whole.weight == Double(targets.reduce(0) { $0 + $1.count + 1 }))
    let example = CaptioningTask.Example(features: features, targets: targets)
    let picks = (0..<30).map { task.augmented(example, key: RandomKey(seed: 5).child($0)).targets }
    #expect(picks.allSatisfy { $0.count == 1 } && Set(picks.flatMap { $0 }) == Set(targets))
    #expect(task.loss(model, [.init(features: features)], mode: .inference).weight == 0)
  }

  // MARK: Times

  @Test func wordsInOrderHaveTheirTimes() throws {
    let task = try Self.task(.word, pictures: false)
    func caption(_ weights: [[Float]]) -> TextHypothesis {
      TextHypothesis(text: "a b", score: 0, logProbability: 0, weights: weights)
    }
    let words = task.timed(caption([[0, 1, 0, 0, 0], [0, 0, 0, 0.5, 0.5]]), duration: 10)
    #expect(words.map(\.text) == ["a", "b"])
    #expect(abs(words[0].start - 2.2) < 1e-5 && abs(words[0].end - 3.8) < 1e-5)
    #expect(abs(words[1].start - 6.4) < 1e-5 && abs(words[1].end - 9.6) < 1e-5)
    // no order, or no weights: the caption is about the whole
    for weights in [[[0, 0, 1], [1, 0, 0]], [[0, 1, 0], [0, 1, 0]], [[.nan, 0, 0], [0, 1, 0]], []]
      as [[[Float]]]
    {
      let shares = task.timed(caption(weights), duration: 10)
      #expect(shares.map(\.start) == [0, 5] && shares.map(\.end) == [5, 10], "\(weights)")
    }
    #expect(task.timed(TextHypotheses.none.best, duration: 3).isEmpty)
  }

  // MARK: Training

  /// Clips in which a bright square moves; the caption says what it is and where it goes.
  private static func clips(_ count: Int, seed: UInt64) -> [Record] {
    (0..<count).map { index in
      let picks = RandomKey(seed: seed).child(index).integers(4, below: 60)
      let (isLarge, isRight) = (picks[0] % 2 == 0, picks[1] % 2 == 0)
      let size = isLarge ? 6 : 2
      let frames = (0..<8).map { frame -> [UInt8] in
        var picture = [UInt8](repeating: 20, count: 12 * 16 * 3)
        let left = isRight ? frame : 9 - frame
        for y in 3..<3 + size {
          for x in left..<min(left + size, 16) {
            for channel in 0..<3 { picture[3 * (y * 16 + x) + channel] = 230 }
          }
        }
        return picture
      }
      var record = Record(
        .pictures(
          FrameSequence(
            width: 16, height: 12, frames: frames, durations: [Double](repeating: 0.1, count: 8))),
        origin: "clip \(index)",
        transcript: "a \(isLarge ? "large" : "small") square goes \(isRight ? "right" : "left")")
      if picks[2] % 2 == 0 {
        record.alternatives = ["the \(isLarge ? "large" : "small") one to the \(isRight ? "right" : "left")"]
      }
      return record
    }
  }

  private static let trained = Result {
    () throws -> (trained: TrainedTask<CaptioningTask>, test: TaskEvaluation) in
    var settings = Settings()
    settings[.hidden] = 16
    settings[.layers] = 1
    settings[.embedding] = 12
    settings[.convolutions] = ["12x3"]
    settings[.pictureConvolutions] = ["6"]
    settings[.dropout] = 0
    settings[.outputDropout] = 0
    settings[.flips] = false
    settings[.stretch] = 0
    settings[.noise] = 0
    settings[.shift] = 0
    settings[.epochs] = 30
    settings[.learningRate] = 1e-2
    settings[.batchSize] = 8
    settings[.average] = 0
    settings[.split] = [0.7, 0.1, 0.2]
    let request = TaskRequest([DataSource(clips(100, seed: 4), name: "clips")], settings: settings)
    guard case .finished(let trained, _, let test?, _) = try TaskTraining<CaptioningTask>(request).run()
    else { throw TaskError.unsupported("the training did not finish") }
    return (trained, test)
  }

  @Test func whatMovesIsSaid() throws {
    let (trained, test) = try Self.trained.get()
    #expect(test.metrics[0].name == "word error rate" && test.metrics[0].value < 0.05, "\(test.lines)")
    #expect(test.metrics.contains { $0.key == "bleu" && $0.value > 90 })
    // of several references no slots are said
    #expect(!test.lines.contains { $0.hasPrefix("slot") } && test.lines.contains { $0.contains("nearest") })
    let page = try checkedMarkup(test.report)
    #expect(
      page.text.contains("Where each word looks")
        && page.elements.count { $0.attributes["class"] == "f-film" } >= 8)
    let clips = Self.clips(6, seed: 99)
    let examples = try clips.map { try trained.task.example($0) }
    let predictions = trained.predictions(to: examples)
    let right = zip(predictions, clips).count { $1.captions.contains($0.best.text) }
    #expect(right >= 5, "\(predictions.map(\.best.text))")
    for prediction in predictions {
      #expect(prediction.best.weights.count == prediction.best.text.split(separator: " ").count)
      #expect(prediction.best.weights.allSatisfy { $0.count == 8 })
    }
    let transcript = try #require(
      trained.task.transcript(of: predictions[0], to: examples[0], name: "clip"))
    #expect(transcript.text == predictions[0].best.text && transcript.duration == 0.8)
    #expect(trained.task.plot(predictions, of: examples)?.contains("f-film") ?? false)
    var settings = Settings()
    settings[.best] = 3
    let rows = try trained.predictions(
      [DataSource(Array(clips.prefix(2)), name: "clips")], settings: settings)
    #expect(rows.count == 6 && rows[0].map(\.name) == ["input", "rank", "text", "score", "logProbability"])
  }
}
