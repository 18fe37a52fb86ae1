import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

struct TranscriptionTaskTests {
  private static func task(
    _ kind: TranscriptUnits.Kind, isCausal: Bool, upsampling: Int = 1, stride: Int = 2
  ) throws -> TranscriptionTask {
    let featurizer = SeriesFeaturizer(
      channels: ["a", "b"], scaler: ChannelScaler(method: .none, fitting: [[0, 1], [0, 1]]),
      missing: MissingValues(marksMissing: false))
    let network = SequenceNetworkConfiguration(
      featureCount: 2, convolutions: [.init(size: 3, width: 3, stride: stride)], isCausal: isCausal,
      cell: isCausal ? .lstm : .gru, hiddenSize: 3)
    return TranscriptionTask(
      featurizer: .series(featurizer), units: try TranscriptUnits.fit(kind, to: ["ab a", "b"]),
      network: network, upsampling: upsampling, rate: 1, timeUnit: .counts("step"),
      search: TranscriptSearch(beam: 8, best: 2, commitFrames: 16))
  }

  @Test(arguments: [
    (TranscriptUnits.Kind.character, true, 1), (.character, false, 2), (.word, true, 3),
  ])
  func promisesHold(_ kind: TranscriptUnits.Kind, _ isCausal: Bool, _ upsampling: Int) throws {
    let task = try Self.task(kind, isCausal: isCausal, upsampling: upsampling)
    #expect(task.issue == nil)
    let texts = ["ab a b", "a", "b ab", "", "b", ""]
    let examples = [13, 4, 40, 7, 1, 0].enumerated().map { index, steps in
      TranscriptionTask.Example(
        features: FeatureSequence(
          featureCount: 2, values: Tensor.random([steps * 2], key: RandomKey(seed: UInt64(index))).scalars),
        targets: task.units.outputs(of: texts[index]), transcript: texts[index], duration: Double(steps))
    }
    #expect(examples.allSatisfy { task.isFeasible($0) })
    try checkTask(task, examples: examples)
  }

  // MARK: Units

  @Test func unitsSpellTheirTexts() throws {
    let texts = ["bin blue at f three", "lay  white", "", "blue bin"]
    for kind in TranscriptUnits.Kind.allCases {
      let units = try TranscriptUnits.fit(kind, to: texts)
      let spelling = try units.spelling()
      #expect(units.blank == 0 && units.count == spelling.count && units.text(ofOutput: 0) == nil)
      for text in texts {
        let outputs = units.outputs(of: text)
        // a network that is sure of each unit, with blanks between
        var logits: [Float] = []
        for output in outputs {
          logits += (0..<units.count).map { $0 == Int(output) ? 20 : 0 }
          logits += (0..<units.count).map { $0 == units.blank ? 20 : 0 }
        }
        let read = try CTCSearch(units: spelling).decode(logits)[0].text
        #expect(read == text.split(separator: " ").joined(separator: " "), "\(kind)")
        #expect(units.unknownCount(in: text) == 0)
      }
      #expect(units.unknownCount(in: "bin zebra") == (kind == .character ? 2 : kind == .word ? 1 : 0))
      #expect(!units.outputs(of: "zebra").contains(Int32(units.blank)))
    }
    #expect(throws: DataError.noText) { try TranscriptUnits.fit(.word, to: ["", " "]) }
  }

  @Test func damagedUnitsAreAnIssue() throws {
    var task = try Self.task(.character, isCausal: true)
    task.upsampling = 0
    #expect(task.issue?.contains("upsampling is 0") ?? false)
    task = try Self.task(.character, isCausal: true)
    task.search.beam = 0
    #expect(task.issue?.contains("search.beam is 0") ?? false)
  }

  // MARK: Data

  /// Strings of letters, each a tone of its own, with silence between.
  static func tones(_ count: Int, letters: String = "abcd", seed: UInt64) -> [Record] {
    let (letters, key) = (Array(letters), RandomKey(seed: seed))
    return (0..<count).map { index in
      let picks = key.child(index).integers(5, below: 1000)
      let text = (0..<1 + picks[4] % 4).map { letters[picks[$0] % letters.count] }
      var samples = [Float](repeating: 0, count: 400)
      var events: [LabelledEvent] = []
      for letter in text {
        let frequency = Float(300 + 350 * (letters.firstIndex(of: letter) ?? 0))
        let start = Double(samples.count) / 8000
        samples += (0..<800).map { sine(2 * .pi * frequency * Float($0) / 8000) * 0.3 }
        events.append(LabelledEvent(label: String(letter), start: start, end: start + 0.1))
        samples += [Float](repeating: 0, count: 400 + picks[3] % 3 * 200)
      }
      let noise = key.child(index).child(1).uniforms(samples.count)
      for place in samples.indices { samples[place] += 0.01 * (noise[place] - 0.5) }
      return Record(
        .sound(Sound(rate: 8000, channels: [samples])), events: events,
        transcript: text.map { String($0) }.joined(separator: " "))
    }
  }

  private static func sine(_ x: Float) -> Float { Float(sin(Double(x))) }

  private static func settings(_ set: (inout Settings) -> Void = { _ in }) -> Settings {
    var settings = Settings()
    settings[.bands] = 16
    settings[.convolutions] = ["24x5/2"]
    settings[.hidden] = 20
    settings[.layers] = 1
    settings[.dropout] = 0
    set(&settings)
    return settings
  }

  private static func plan(_ records: [Record], _ settings: Settings) throws -> TrainingPlan<
    TranscriptionTask
  > {
    try TranscriptionTask.plan(
      TaskRequest([DataSource(records, name: "tones")], settings: settings), progress: { _, _ in })
  }

  @Test func whatCannotBeAlignedIsNamedAndLeftOut() throws {
    var records = Self.tones(40, seed: 1)
    records[7].transcript = String(repeating: "a b ", count: 60)
    let plan = try Self.plan(records, Self.settings { $0[.split] = [1, 0, 0] })
    #expect(plan.training.count == 39)
    let note = try #require(plan.notes.first { $0.text.contains("fewer frames") })
    #expect(
      note.text.contains("1 of 40 recordings") && note.text.contains("tones, record 8 needs 239 frames"))
    #expect(note.kind == .warning && note.setting == "upsample")
    for place in 8..<11 { records[place].transcript = records[7].transcript }
    let error = #expect(throws: TaskError.self) {
      try Self.plan(records, Self.settings { $0[.split] = [1, 0, 0] })
    }
    let text = error.map { "\($0)" } ?? ""
    for part in ["4 of 40", "`upsample`", "`unit`", "`convolutions`", "record 9 needs"] {
      #expect(text.contains(part), "\(text)")
    }
    // twice the frames of each step are enough for none of these, but for those that lack a few
    let more = try Self.plan(
      Self.tones(20, seed: 1), Self.settings { $0[.upsample] = 2 })
    #expect(more.task.frameRate == 100)
  }

  @Test func whatIsInfeasibleCountsForNothing() throws {
    let task = try Self.task(.character, isCausal: true)
    let model = task.makeModel(key: RandomKey(seed: 1))
    let features = FeatureSequence(featureCount: 2, values: [0.1, 0.2, 0.3, 0.4])
    let short = TranscriptionTask.Example(features: features, targets: task.units.outputs(of: "ab ab"))
    let right = TranscriptionTask.Example(features: features, targets: task.units.outputs(of: "a"))
    let alone = task.loss(model, [short], mode: .inference)
    #expect(alone.mean.scalar == 0 && alone.weight == 0)
    let both = task.loss(model, [short, right], mode: .inference)
    let own = task.loss(model, [right], mode: .inference)
    #expect(both.weight == 1 && both.mean.scalar == own.mean.scalar && own.mean.scalar.isFinite)
  }

  @Test func charactersThatAreNewAreSaid() throws {
    let task = try Self.plan(Self.tones(12, seed: 2), Self.settings()).task
    var other = Self.tones(3, seed: 3)
    other[1].transcript = "a x"
    let source = try task.examples(
      [DataSource(other, name: "new")], settings: Settings(), needsTargets: true)
    #expect(
      source.notes.contains { $0.text.contains("none of the training part") && $0.text.contains("\"a x\"") })
    #expect(try source[1].targets == task.units.outputs(of: "a "))
  }

  // MARK: Training

  /// A network that reads tones, live too.
  private static let trained = Result { () throws -> (TrainedTask<TranscriptionTask>, TaskEvaluation) in
    let settings = Self.settings {
      $0[.causal] = true
      $0[.hidden] = 32
      $0[.epochs] = 30
      $0[.learningRate] = 1e-2
      $0[.average] = 0.9
      $0[.timeMasks] = 0
      $0[.featureMasks] = 0
      $0[.split] = [0.8, 0.1, 0.1]
    }
    let request = TaskRequest([DataSource(Self.tones(160, seed: 4), name: "tones")], settings: settings)
    guard case .finished(let trained, _, let test?, _) = try TaskTraining<TranscriptionTask>(request).run()
    else { throw TaskError.unsupported("the training did not finish") }
    return (trained, test)
  }

  @Test func tonesAreRead() throws {
    let (trained, test) = try Self.trained.get()
    #expect(
      test.metrics.map(\.key).prefix(6) == [
        "wordErrorRate", "characterErrorRate", "sentenceErrorRate", "substitutions", "deletions",
        "insertions",
      ])
    let rate = test.metrics[0]
    #expect(rate.value < 0.1 && rate.low != nil && rate.high != nil, "\(test.lines)")
    #expect(test.inputSeconds.map { $0 > 5 } ?? false)
    let page = try checkedMarkup(test.report)
    #expect(page.text.contains("Word error rate") && page.count("svg") > 2)
    // times of words, by the spikes and how late they were
    let records = Self.tones(6, seed: 9)
    let source = try trained.task.examples(
      [DataSource(records, name: "new")], settings: Settings(), needsTargets: false)
    let examples = try source.all()
    var distances: [Double] = []
    for (prediction, (example, record)) in zip(trained.predictions(to: examples), zip(examples, records)) {
      let own = try #require(trained.task.transcript(of: prediction, to: example, name: "x"))
      #expect(own.words.allSatisfy { ($0.confidence ?? -1) > 0 })
      guard own.words.map(\.text) == record.events?.map(\.label) else { continue }
      distances += zip(own.words, record.events ?? []).map { abs($0.start + $0.end - $1.start - $1.end) / 2 }
    }
    #expect(!distances.isEmpty && distances.reduce(0, +) / Double(distances.count) < 0.1, "\(distances)")
    #expect(trained.task.plot(trained.predictions(to: examples), of: examples)?.contains("svg") ?? false)
  }

  /// Any cutting of the samples gives the lines, words, times and scores of the whole, bit for bit.
  @Test(arguments: 1...4) func anyCuttingGivesTheWhole(_ seed: Int) throws {
    let (trained, _) = try Self.trained.get()
    let key = RandomKey(seed: UInt64(seed))
    let record = Self.tones(12, seed: UInt64(20 + seed)).map { record -> [Float] in
      guard case .sound(let sound) = record.content else { return [] }
      return sound.mono
    }.flatMap { $0 }
    let whole = Record(.sound(Sound(rate: 8000, channels: [record])))
    let task = trained.task
    let example = try task.example(whole)
    let prediction = trained.predictions(to: [example])[0]
    #expect(prediction.best.words.count > 8)
    func run(_ sizes: [Int]) throws -> (rows: [[Field]], prediction: TranscriptionTask.Prediction) {
      var reader = try #require(task.stepReader())
      var session = try #require(task.session(task.packed(trained.model)))
      var (rows, outputs, place, turn) = ([[Field]](), [TranscriptionTask.Update](), 0, 0)
      func read(_ steps: [FeatureSequence]) {
        for step in steps {
          outputs += session.push(step)
          rows += task.rows(of: session, at: .step)
        }
      }
      while place < record.count {
        let end = min(record.count, place + sizes[turn % sizes.count])
        read(try reader.push(.list(record[place..<end].map { .number(Double($0)) }), line: 1))
        (place, turn) = (end, turn + 1)
      }
      read(reader.finish())
      outputs += session.finish()
      rows += task.rows(of: session, at: .end)
      return (rows, task.prediction(of: outputs))
    }
    let first = try run([record.count])
    #expect(String(reflecting: first.prediction) == String(reflecting: prediction))
    let sizes = [
      [80], key.integers(20, below: 900).map { $0 + 1 },
      key.child(1).integers(9, below: 40_000).map { $0 + 1 },
    ]
    for own in sizes {
      let cut = try run(own)
      #expect(cut.rows == first.rows)
      #expect(String(reflecting: cut.prediction) == String(reflecting: prediction))
    }
    // what is certain is never taken back, and all of it is the text
    let stable = first.rows.map { row in row.first { $0.name == "stable" }?.value.text ?? "" }
    #expect(stable.filter { !$0.isEmpty }.joined(separator: " ") == prediction.best.text)
    #expect(stable.count { !$0.isEmpty } > 2)
  }

  @Test func silenceAndNothingAreRead() throws {
    let (trained, _) = try Self.trained.get()
    for count in [0, 1, 8000] {
      let record = Record(.sound(Sound(rate: 8000, channels: [[Float](repeating: 0, count: count)])))
      let prediction = trained.predictions(to: [try trained.task.example(record)])[0]
      #expect(prediction.readings.count == 1 && prediction.best.score.isFinite)
    }
  }
}
