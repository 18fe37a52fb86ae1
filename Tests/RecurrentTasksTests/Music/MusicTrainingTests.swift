import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Music from data to pieces that are written.
@Suite struct MusicTrainingTests {
  private static let rolls: String = {
    // scales up and down, in parts
    func piece(_ base: Int, _ count: Int) -> String {
      "["
        + (0..<count).map { "[\(base + [0, 2, 4, 5, 7, 5, 4, 2][$0 % 8]),\(base - 12)]" }.joined(
          separator: ",") + "]"
    }
    func part(_ bases: [Int]) -> String {
      "[" + bases.map { piece($0, 20 + $0 % 5) }.joined(separator: ",") + "]"
    }
    return "{\"train\":\(part(Array(58...66))),\"valid\":\(part([60, 63])),\"test\":\(part([61, 64]))}"
  }()

  private static func settings(_ representation: MusicRepresentation) -> Settings {
    var settings = Settings()
    settings[.representation] = representation
    settings[.hidden] = representation == .roll ? 96 : 32
    settings[.layers] = 1
    settings[.dropout] = 0
    settings[.epochs] = representation == .roll ? 500 : 300
    settings[.warmUp] = 5
    settings[.average] = 0
    settings[.learningRate] = 1e-2
    settings[.batchSize] = 4
    settings[.transpose] = representation == .roll ? 0 : 1
    return settings
  }

  private static let source = DataSource(bytes: Array(rolls.utf8), name: "scales.json")

  @Test func plansFollowTheData() throws {
    let plan = try MusicTask.plan(
      TaskRequest([Self.source], settings: Self.settings(.events)), progress: { _, _ in })
    #expect(plan.sizes == (9, 2, 2) && plan.task.tokens == MusicTokens(21...108, tellsHeld: false))
    #expect(plan.task.grid.stepsPerQuarter == 1 && plan.task.stepsPerBar == 4)
    #expect(plan.task.corpus.pieces.count == 9 && plan.task.style.stepCount > 180)
    // the scale on 61 stands in the training part, moved or not
    #expect(plan.notes.contains { $0.text.contains("stand in the training part too") })
    var settings = Self.settings(.roll)
    settings[.windowSteps] = 8
    settings[.transpose] = 0
    let windows = try MusicTask.plan(TaskRequest([Self.source], settings: settings), progress: { _, _ in })
    #expect(windows.training.count > 30 && windows.unitName == "windows")
    let parts = try windows.training.all()
    #expect(parts.allSatisfy { $0.steps.count <= 8 && [0, 1].contains($0.contextCount) })
    #expect(parts.contains { $0.contextCount == 1 })
    // independent keys begin with their frequencies, not with a half for each: 88 log 2 = 61 nats
    let initial = try windows.task.initialModel(key: RandomKey(seed: 1), plan: windows)
    #expect(windows.task.loss(initial, parts, mode: .inference).mean.scalar < 15)
  }

  @Test func augmentedPiecesAreMoved() {
    let task = MusicTaskTests.task(.events)
    let example = MusicTask.Example(steps: [[.init(62), .init(60)]], name: "x")
    let tops = (0..<60).map { task.augmented(example, key: RandomKey(seed: 3).child($0)).steps[0][0].key }
    #expect(Set(tops) == [60, 61, 62, 63, 64])
    var still = task
    still.transposition = 0
    #expect(still.augmented(example, key: RandomKey(seed: 3)) == example)
  }

  /// What is set and not used is said.
  @Test func settingsOfTheOtherRepresentationAreNamed() throws {
    func idle(_ representation: MusicRepresentation, _ set: (inout Settings) -> Void) throws -> String? {
      var settings = Settings()
      settings[.representation] = representation
      set(&settings)
      let plan = try MusicTask.plan(TaskRequest([Self.source], settings: settings), progress: { _, _ in })
      return plan.notes.first { $0.text.contains("does nothing") }?.text
    }
    #expect(try idle(.events) { $0[.keyHidden] = 4 }?.hasPrefix("`key-hidden`") == true)
    #expect(try idle(.events) { $0[.keyDropout] = 0.1 }?.hasPrefix("`key-dropout`") == true)
    #expect(try idle(.roll) { $0[.embedding] = 8 }?.hasPrefix("`embedding`") == true)
    #expect(try idle(.roll) { $0[.keyHidden] = 4 } == nil)
    #expect(try idle(.events) { $0[.embedding] = 8 } == nil)
  }

  private static let trained = [MusicRepresentation.events, .roll].map { representation in
    Result { () throws -> (TrainedTask<MusicTask>, ScratchFolder) in
      let folder = try ScratchFolder()
      let output = TrainingOutput(folder.path + "/x.bundle", overwrites: true)
      _ = try TaskTraining<MusicTask>(
        TaskRequest([source], settings: settings(representation)), output: output
      ).run()
      return (try TrainedTask<MusicTask>(bundle: output.path), folder)
    }
  }

  @Test(arguments: [0, 1]) func scalesAreLearnt(_ index: Int) throws {
    let (trained, folder) = try Self.trained[index].get()
    let evaluation = try trained.evaluation([Self.source])
    let values = Dictionary(uniqueKeysWithValues: evaluation.metrics.map { ($0.key, $0.value) })
    #expect(values["natsPerStep"] ?? 9 < 1.5 && values["accuracy"] ?? 0 > 0.8, "\(values)")
    #expect(evaluation.lines[1].contains(index == 0 ? "joint" : "independent keys"))
    // two pieces of the test part, without their first steps
    let metrics = try #require(evaluation.details as? MusicMetrics)
    #expect(
      metrics.pieces == 2 && metrics.steps == 21 + 24 - 2
        && metrics.baselineNatsPerStep > metrics.natsPerStep.value)
    try checkedMarkup(evaluation.report)
    #expect(trained.task.corpus.pieces.count == 9)
    #expect(DataFolder.exists(folder.path + "/x.bundle/training-steps.bin"))
    let drawing = try #require(try trained.plot([Self.source], settings: Settings()))
    try checkedMarkup(drawing)
  }

  @Test(arguments: [0, 1]) func scalesAreGoneOnWith(_ index: Int) throws {
    let (trained, _) = try Self.trained[index].get()
    let primer = MusicPiece(keys: [[60, 48], [62, 48], [64, 48], [65, 48], [67, 48], [65, 48]])
    let sampler = MusicSampler(Sampler(temperature: 0))
    let written = try trained.write(after: primer, stepCount: 10, sampler: sampler, key: RandomKey(seed: 1))
    #expect(
      written.givenCount == 6 && written.piece.steps.count == 16
        && Array(written.piece.keys.prefix(6)) == primer.keys)
    let expected = [64, 62, 60, 62, 64].map { [$0, 48] }
    #expect(Array(written.piece.keys[6..<11]) == expected, "\(written.piece.keys)")
    #expect(written.copy?.length ?? 0 >= 5 && written.copyLine.contains("longest copy"))
    let wild = MusicSampler(Sampler(temperature: 1.5), voices: 1)
    let one = try trained.write(stepCount: 30, sampler: wild, key: RandomKey(seed: 7))
    #expect(one.piece.steps.allSatisfy { $0.count <= 1 } && one.givenCount == 0)
    #expect(try trained.write(stepCount: 30, sampler: wild, key: RandomKey(seed: 7)) == one)
    #expect(try trained.write(stepCount: 30, sampler: wild, key: RandomKey(seed: 8)) != one)
    try checkedMarkup(trained.task.drawing(written, title: "a <b>"))
  }

  @Test(arguments: [0, 1]) func melodiesAreHarmonised(_ index: Int) throws {
    let (trained, _) = try Self.trained[index].get()
    let melody = MusicPiece(keys: [[60], [62], [64], [], [67], [65], [64], [62]])
    let likeliest = MusicSampler(Sampler(temperature: 0))
    let written = try trained.harmonise(melody, width: 4, sampler: likeliest, key: RandomKey(seed: 2))
    #expect(written.piece.steps.map { $0.first?.key } == melody.keys.map(\.first))
    // keys that are independent of each other are each rather silent than not
    if index == 0 {
      let below = written.piece.steps.filter { $0.dropFirst().contains { $0.key < 60 } }
      #expect(below.count >= 4, "\(written.piece.keys)")
    }
    #expect(try trained.harmonise(melody, width: 4, sampler: likeliest, key: RandomKey(seed: 3)) == written)
    let drawn = try (0..<4).map { try trained.harmonise(melody, width: 4, key: RandomKey(seed: $0)) }
    #expect(drawn.allSatisfy { $0.piece.steps.map { $0.first?.key } == melody.keys.map(\.first) })
    let wild = MusicSampler(Sampler(temperature: 4))
    let other = try trained.harmonise(melody, width: 4, sampler: wild, key: RandomKey(seed: 1))
    #expect(other != drawn[1], "the temperature counts")
    #expect(try trained.harmonise(melody, width: 4, key: RandomKey(seed: 1)) == drawn[1])
    #expect(throws: MusicError.self) {
      try trained.harmonise(MusicPiece(keys: [[]]), key: RandomKey(seed: 2))
    }
  }

  // MARK: Copies

  /// The longest copy by looking at every run of every piece.
  private func everyCopy(_ corpus: MusicCorpus, _ keys: [[Int]], semitones: Int) -> MusicCorpus.Copy? {
    var best: MusicCorpus.Copy?
    for (number, piece) in corpus.pieces.enumerated() {
      for start in keys.indices {
        for other in piece.indices {
          var length = 0
          while start + length < keys.count, other + length < piece.count,
            let low = keys[start + length].min(), let lowest = piece[other + length].min(),
            let first = keys[start].min(), let firstOther = piece[other].min()
          {
            let shift = Int(firstOther) - first
            guard abs(shift) <= semitones, Int(lowest) - low == shift,
              Set(keys[start + length].map { $0 + shift }) == Set(piece[other + length].map { Int($0) })
            else { break }
            length += 1
          }
          if length > best?.length ?? 0 {
            best = MusicCorpus.Copy(length: length, start: start, piece: number)
          }
        }
      }
    }
    return best
  }

  @Test(arguments: 0..<30) func theLongestCopyIsThatOfAllRuns(_ seed: Int) {
    let numbers = RandomKey(seed: UInt64(seed)).uniforms(400)
    // few chords, so that runs are long; some steps are silent
    func step(_ place: Int) -> [Int] {
      let (base, kind) = (60 + 2 * Int(numbers[place] * 3), Int(numbers[place + 1] * 5))
      return kind == 0 ? [] : kind < 3 ? [base + 7, base] : [base]
    }
    let pieces = (0..<4).map { piece in (0..<12 + piece).map { step(40 * piece + 2 * $0) } }
    let corpus = MusicCorpus(pieces.map { $0.map { $0.map { UInt8($0) } } })
    let keys = (0..<60).map { step(200 + 2 * $0) }
    for semitones in [0, 2, 6] {
      #expect(
        corpus.longestCopy(in: MusicPiece(keys: keys).steps, semitones: semitones)
          == everyCopy(corpus, keys, semitones: semitones))
    }
  }

  @Test func copiesAreFoundInAnyKey() throws {
    let corpus = MusicCorpus([[[60], [], [62, 50], [64]], [[70], [72, 60], [74], [76], [70]]])
    #expect(try MusicCorpus(bytes: corpus.bytes, path: "x") == corpus)
    func copy(_ keys: [[Int]]) -> MusicCorpus.Copy? { corpus.longestCopy(in: MusicPiece(keys: keys).steps) }
    #expect(copy([[1], [73], [75, 63], [77], [1]]) == .init(length: 3, start: 1, piece: 1))
    #expect(copy([[62, 50], [64]]) == .init(length: 2, start: 0, piece: 0))
    #expect(copy([[40, 41, 42]]) == nil && copy([[], []]) == nil && copy([]) == nil)
    for cut in 1..<corpus.bytes.count - 1 {
      let part = Array(corpus.bytes.prefix(cut))
      if let read = try? MusicCorpus(bytes: part, path: "x") { #expect(read.bytes == part) }
    }
    #expect(throws: BundleError.self) { try MusicCorpus(bytes: [1, 0, 0, 0, 1, 200], path: "x") }
  }
}
