import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

struct TranscriptionTaskTests {
  @Test(arguments: [
    (TokenKind.character, true, 1, 0), (.character, false, 2, 0), (.word, true, 3, 2),
  ])
  func promisesHold(
    _ kind: TokenKind, _ isCausal: Bool, _ upsampling: Int, _ lookahead: Int
  ) throws {
    let task = try Transcribing.task(kind, isCausal: isCausal, upsampling: upsampling, lookahead: lookahead)
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
    for kind in TokenKind.allCases {
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
      #expect(units.unknownCount(in: "bin zebra") == (kind == .piece ? 0 : 1))
      #expect(!units.outputs(of: "zebra").contains(Int32(units.blank)))
    }
    #expect(throws: DataError.noText) { try TranscriptUnits.fit(.word, to: ["", " "]) }
  }

  @Test func damagedUnitsAreAnIssue() throws {
    var task = try Transcribing.task(.character, isCausal: true)
    task.upsampling = 0
    #expect(task.issue?.contains("upsampling is 0") ?? false)
    task = try Transcribing.task(.character, isCausal: true)
    task.search.beam = 0
    #expect(task.issue?.contains("search.beam is 0") ?? false)
  }

  // MARK: Data

  @Test func whatCannotBeAlignedIsNamedAndLeftOut() throws {
    var records = Transcribing.tones(40, seed: 1)
    records[7].transcript = String(repeating: "a b ", count: 60)
    let plan = try Transcribing.plan(records, Transcribing.settings { $0[.split] = [1, 0, 0] })
    #expect(plan.training.count == 39)
    let note = try #require(plan.notes.first { $0.text.contains("fewer frames") })
    #expect(
      note.text.contains("1 of 40 recordings") && note.text.contains("tones, record 8 needs 239 frames"))
    #expect(note.kind == .warning && note.setting == "upsample")
    for place in 8..<11 { records[place].transcript = records[7].transcript }
    let error = #expect(throws: TaskError.self) {
      try Transcribing.plan(records, Transcribing.settings { $0[.split] = [1, 0, 0] })
    }
    let text = error.map { "\($0)" } ?? ""
    for part in ["4 of 40", "`upsample`", "`unit`", "`convolutions`", "record 9 needs"] {
      #expect(text.contains(part), "\(text)")
    }
    // twice the frames of each step are enough for none of these, but for those that lack a few
    let more = try Transcribing.plan(
      Transcribing.tones(20, seed: 1), Transcribing.settings { $0[.upsample] = 2 })
    #expect(more.task.frameRate == 100)
  }

  /// Of few large groups one validates as a whole.
  @Test func aWriterChooses() throws {
    var records = Transcribing.tones(40, seed: 1)
    for place in records.indices {
      records[place].group = "w\(place % 4)"
      records[place].part = place % 4 == 0 ? .test : .training
    }
    let plan = try Transcribing.plan(records, Transcribing.settings())
    let counts: [Int] = [plan.training.count, plan.validation.count, plan.test.count]
    #expect(counts == [20, 10, 10])
    #expect(try Set(plan.validation.all().map(\.group)).count == 1)
    let training = try Set(plan.training.all().map(\.group))
    #expect(try plan.validation.all().allSatisfy { !training.contains($0.group) })
  }

  @Test func wordsWhereCharactersAreTooMany() throws {
    var records = Transcribing.tones(30, seed: 1)
    for place in records.indices {
      records[place].transcript = String(repeating: place % 2 == 0 ? "ab" : "cd", count: 60)
    }
    let plan = try Transcribing.plan(records, Transcribing.settings())
    #expect(plan.task.units.kind == .word && plan.task.units.vocabulary.count == 3)
    #expect(plan.notes.contains { $0.text.contains("fewer frames than characters") && $0.setting == "unit" })
    #expect(throws: TaskError.self) {
      try Transcribing.plan(records, Transcribing.settings { $0[.transcriptUnit] = .character })
    }
  }

  @Test func whatIsInfeasibleCountsForNothing() throws {
    let task = try Transcribing.task(.character, isCausal: true)
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
    let task = try Transcribing.plan(Transcribing.tones(12, seed: 2), Transcribing.settings()).task
    var other = Transcribing.tones(3, seed: 3)
    other[1].transcript = "a x"
    let source = try task.examples(
      [DataSource(other, name: "new")], settings: Settings(), needsTargets: true)
    #expect(
      source.notes.contains { $0.text.contains("none of the training part") && $0.text.contains("\"a x\"") })
    #expect(try source[1].targets == Array(task.units.outputs(of: "a b").dropLast()))
  }

  // MARK: Training

  @Test func tonesAreRead() throws {
    let (trained, test) = try Transcribing.trained.get()
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
    let records = Transcribing.tones(6, seed: 9)
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

  @Test func aheadIsForCausalNetworks() throws {
    var settings = Settings()
    settings[.lookahead] = 2
    #expect(TranscriptionTask.issue(of: settings)?.hasPrefix("lookahead is 2") ?? false)
    settings[.causal] = true
    #expect(TranscriptionTask.issue(of: settings) == nil)
    let plan = try Transcribing.plan(
      Transcribing.tones(12, seed: 2),
      Transcribing.settings {
        $0[.causal] = true
        $0[.lookahead] = 2
      })
    // half a window of 32 ms, a step that is left out, two of 20 ms
    #expect(plan.task.network.convolutions.map(\.lookahead) == [nil, 2])
    #expect(abs(plan.task.latency - 0.066) < 1e-9)
    #expect(plan.notes.contains { $0.text.contains("waits for 66 ms") })
    var task = plan.task
    task.network.convolutions[1].lookahead = 3
    #expect(task.issue != nil)
  }

  /// Frames that are one step, and recordings that are played at several speeds.
  @Test func stacksAndSpeeds() throws {
    let records = Transcribing.tones(12, seed: 2)
    let plain = try Transcribing.plan(records, Transcribing.settings { $0[.causal] = true })
    let plan = try Transcribing.plan(
      records,
      Transcribing.settings {
        $0[.causal] = true
        $0[.stack] = 3
        $0[.stride] = 2
        $0[.speeds] = [0.5, 1]
      })
    // half a window of 32 ms, two frames, a step that is left out
    #expect(abs(plan.task.latency - 0.056) < 1e-9)
    #expect(plan.task.frameRate == 25 && plan.task.featurizer.featureCount == 48)
    #expect(plan.training.count == 2 * plain.training.count && plan.test.count == plain.test.count)
    let (slow, usual) = (try plan.training[0], try plan.training[1])
    #expect(slow.transcript == usual.transcript && slow.targets == usual.targets && !slow.targets.isEmpty)
    #expect(abs(slow.duration - 2 * usual.duration) < 0.05)
  }

  /// By their heads: the samples are not there.
  @Test func hoursAreRefusedBeforeTheyAreDecoded() throws {
    let (trained, _) = try Transcribing.trained.get()
    let folder = try ScratchFolder()
    let path = folder.path + "/night.wav"
    var wave = waveFile(rate: 8000, samples: [])
    // two hours, a hole in a file
    let size = UInt32(2 * 3600 * 8000 * 2)
    for (place, value) in [(4, size + 36), (40, size)] {
      for byte in 0..<4 { wave[place + byte] = UInt8(truncatingIfNeeded: value >> UInt32(8 * byte)) }
    }
    try Data(wave).write(to: URL(fileURLWithPath: path))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: UInt64(size) + 44)
    try file.close()
    let error = #expect(throws: DataError.self) {
      try trained.task.examples([DataSource(path)], settings: Settings(), needsTargets: false).all()
    }
    let text = error.map { "\($0)" } ?? ""
    #expect(
      text.contains("night.wav") && text.contains("an hour at most") && text.contains("7200 s"), "\(text)")
    try "file,text\nnight.wav,a\n".write(toFile: folder.path + "/t.csv", atomically: true, encoding: .utf8)
    #expect(throws: DataError.self) {
      try TranscriptionTask.plan(
        TaskRequest([DataSource(folder.path + "/t.csv")], settings: Transcribing.settings()),
        progress: { _, _ in })
    }
  }

  @Test func silenceAndNothingAreRead() throws {
    let (trained, _) = try Transcribing.trained.get()
    for count in [0, 1, 8000] {
      let record = Record(.sound(Sound(rate: 8000, channels: [[Float](repeating: 0, count: count)])))
      let prediction = trained.predictions(to: [try trained.task.example(record)])[0]
      #expect(prediction.hypotheses.count == 1 && prediction.best.score.isFinite)
    }
  }
}
