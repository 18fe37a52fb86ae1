import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

struct SearchLanguageTests {
  /// Frames of a network over the words a, b, c, d, each sure of one but for the last, which may be two.
  private static func logits(_ units: TranscriptUnits, _ frames: [[String: Float]]) -> [Float] {
    frames.flatMap { frame in
      (0..<units.count).map { output in
        units.text(ofOutput: output).map { frame[$0] ?? -9 } ?? frame[""] ?? -9
      }
    }
  }

  @Test func languageDecidesWhatSoundsAlike() throws {
    let folder = try ScratchFolder()
    var task = try Transcribing.task(.word, isCausal: true)
    task.units = try TranscriptUnits.fit(.word, to: ["a b c d"])
    let frames = Self.logits(
      task.units, [["a": 5], ["": 5], ["b": 3.2, "c": 3], ["": 5]])
    func read(_ set: (inout Settings) -> Void) throws -> String {
      var settings = Settings()
      set(&settings)
      let own = try task.predicting(with: settings)
      return own.prediction(frames, own.makeSearch(), best: 1).best.text
    }
    let path = try Transcribing.model(
      (0..<18).map { ["a c", "d b", "b"][$0 % 3] }, in: folder)
    let alone = try read { _ in }
    let weighted = try read {
      $0[.languageModel] = path
      $0[.languageWeight] = 1
    }
    let unweighted = try read {
      $0[.languageModel] = path
      $0[.languageWeight] = 0
      $0[.wordBonus] = 0
    }
    let hot = try folder.file("hot", Array("c\n".utf8))
    let raised = try read { $0[.hotWords] = hot }
    let list = try folder.file("list", Array("a c\nd\n".utf8))
    let listed = try read {
      $0[.wordList] = list
      $0[.unknownWords] = .refuse
    }
    #expect([alone, weighted, unweighted, raised, listed] == ["a b", "a c", "a b", "a c", "a c"])
    // hot words that raise nothing, and a boost that is none
    let bad = try folder.file("bad", Array("c\tmuch\n".utf8))
    var wrong = Settings()
    wrong[.hotWords] = bad
    let error = #expect(throws: DataError.self) { try task.predicting(with: wrong) }
    #expect(error.map { "\($0)" }?.contains("bad: line 1: expected a number from 0 on") ?? false)
  }

  @Test func foreignLanguagesAreSaid() throws {
    let folder = try ScratchFolder()
    let task = try Transcribing.task(.character, isCausal: true)
    var settings = Settings()
    settings[.languageModel] = try Transcribing.model(["a b", "ab xa"], in: folder)
    let notes = try SearchLanguage().applying(settings).notes {
      task.units.unknownCount(in: $0) > 0
    }
    // of a, b, ab, xa
    #expect(notes.contains { $0.kind == .warning && $0.text.hasPrefix("25") }, "\(notes)")
    settings[.languageModel] = try Transcribing.model(["x y", "z"], in: folder)
    let error = #expect(throws: DataError.self) { try task.predicting(with: settings) }
    #expect(error.map { "\($0)" }?.contains("cannot write a single word") ?? false)
    settings[.languageModel] = folder.path
    #expect(throws: BundleError.self) { try task.predicting(with: settings) }
  }

  /// The weights are those that read best, the model is in the bundle, and the page shows how they were found.
  @Test func theLanguageModelIsKept() throws {
    let folder = try ScratchFolder()
    let (trained, _) = try Transcribing.trained.get()
    let records = Transcribing.tones(12, seed: 33)
    var settings = Settings()
    settings[.languageModel] = try Transcribing.model(records.compactMap(\.transcript), in: folder)
    var task = try trained.task.predicting(with: settings)
    let source = try task.examples([DataSource(records, name: "r")], settings: Settings(), needsTargets: true)
    try task.calibrate(trained.model, on: source)
    let trials = task.language.trials
    #expect(trials.count > 7)
    let best = try #require(trials.first { $0.alpha == task.language.alpha && $0.beta == task.language.beta })
    #expect(trials.allSatisfy { $0.error >= best.error })
    let bundle = folder.path + "/x.bundle"
    let own = TrainedTask(task, trained.model)
    try own.write(to: bundle)
    let read = try TrainedTask<TranscriptionTask>(bundle: bundle)
    let examples = try source.all()
    #expect(read.predictions(to: examples) == own.predictions(to: examples))
    #expect(read.task.language.ngrams?.model != nil)
    let evaluation = try read.task.evaluation(read.model, on: source) { _ in }
    #expect(
      evaluation.report.contains("Language model") && evaluation.lines.contains { $0.contains("order 2") })
    // a bundle without the model is damaged
    try FileManager.default.removeItem(atPath: bundle + "/language-model.ngrams")
    #expect(throws: FormatError.self) { try TrainedTask<TranscriptionTask>(bundle: bundle) }
  }

  /// A recurrent language model of a bundle: a distribution after each state, states that go through integers, and streams with
  /// the bits of the whole.
  @Test(arguments: ["character", "word"]) func recurrentModels(_ unit: String) throws {
    let folder = try ScratchFolder()
    var settings = Settings()
    settings[.unit] = TextUnit(rawValue: unit)
    (settings[.hidden], settings[.embedding], settings[.epochs]) = (6, 4, 1)
    settings[.sequenceLength] = 12
    let text = (0..<80).map { ["a b", "b a c d", "c c", "d a"][$0 % 4] + "\n" }.joined()
    _ = try TaskTraining<LanguageModelTask>(
      TaskRequest([DataSource(text: text, name: "t")], settings: settings),
      output: TrainingOutput(folder.path + "/lm.bundle")
    ).run()
    var own = Settings()
    own[.languageModel] = folder.path + "/lm.bundle"
    let (base, _) = try Transcribing.trained.get()
    let task = try base.task.predicting(with: own)
    let scorer = try #require(task.language.network?.scorer)
    var state = scorer.start
    for word in ["a", "c", "d"] {
      let total = (0..<Int32(scorer.vocabulary.count)).reduce(0.0) {
        $0 + exp(Double(scorer.score($1, after: state).score))
      }
      #expect(abs(total - 1) < 1e-5)
      let token = try #require(scorer.token(of: word))
      let (score, next) = scorer.score(token, after: state)
      let again = try #require(scorer.state(of: scorer.stored(state)))
      #expect(again == state && scorer.score(token, after: again).score == score)
      #expect(scorer.score(token, after: again).state == next && next != state)
      state = next
    }
    #expect(scorer.finish(state) < 0 && scorer.state(of: [1, 2, 3]) == nil)
    let examples = try Transcribing.tones(3, seed: 50).map { try task.example($0) }
    for example in examples {
      let whole = task.predictions(base.model, to: [example])[0]
      var session = try #require(task.session(task.packed(base.model)))
      var outputs: [TranscriptionTask.Update] = []
      for step in task.steps(of: example) { outputs += session.push(step) }
      outputs += session.finish()
      #expect(String(reflecting: task.prediction(of: outputs)) == String(reflecting: whole))
    }
    let bundle = folder.path + "/x.bundle"
    let kept = TrainedTask(task, base.model)
    try kept.write(to: bundle)
    let read = try TrainedTask<TranscriptionTask>(bundle: bundle)
    #expect(read.predictions(to: examples) == kept.predictions(to: examples))
  }
}
