import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct TranslationTaskTests {
  private static func task(_ kind: TokenKind = .character, beam: Int = 3) throws
    -> TranslationTask
  {
    TranslationTask(
      units: try TextTokens.fit(kind, to: ["ab ba", "b a"], size: kind == .piece ? 258 : nil),
      network: TranslationConfiguration(embeddingSize: 5, hiddenSize: 3, layerCount: 2),
      search: BeamSearchSettings(beamWidth: beam, best: 2, maximumRatio: 1, maximumOffset: 3), batchTokens: 16
    )
  }

  private static func pair(_ source: String, _ target: String) -> ParallelCorpus.Pair {
    ParallelCorpus.Pair(source: source, references: [target])
  }

  @Test(arguments: [TokenKind.character, .word])
  func promisesHold(_ kind: TokenKind) throws {
    let task = try Self.task(kind)
    #expect(task.issue == nil)
    let pairs = [
      ("a b b a b", "b a"), ("b", "a a b"), ("a b a", "b"), ("", "a"), ("b b", ""), ("a a a a b", "b b b"),
    ]
    try checkTask(task, examples: pairs.map { task.example(Self.pair($0, $1)) })
  }

  // MARK: Text

  @Test func unitsComeBackAsText() throws {
    let texts = ["Zwei Männer, die  lachen.", "", " A dog!", "1.5 — naïve 犬"]
    for kind in TokenKind.allCases {
      let units = try TextTokens.fit(kind, to: texts, size: kind == .piece ? 300 : nil)
      for text in texts {
        let tokens = units.tokens(of: text)
        #expect(tokens.allSatisfy { $0 >= 0 && $0 < units.end })
        let spaced = text.split(separator: " ").joined(separator: " ")
        if kind != .word { #expect(units.text(of: tokens) == spaced) }
        let words = units.words(of: tokens)
        #expect(words.count == tokens.count)
        if kind != .word { #expect((words.max() ?? -1) + 1 == spaced.split(separator: " ").count) }
        // each word is a run, one after the other
        let own = words.filter { $0 >= 0 }
        #expect(own == own.sorted() && Set(own).count == (own.max() ?? -1) + 1)
      }
      #expect(units.count == units.vocabulary.count + 1)
    }
    // what is half of a character is no error
    let units = try TextTokens.fit(.piece, to: texts, size: 257)
    #expect(units.text(of: [0xE7]).unicodeScalars.count <= 1)
  }

  @Test func damagedTasksAreRefused() throws {
    let task = try Self.task()
    let text = String(decoding: try JSONEncoder().encode(task), as: UTF8.self)
    #expect(try JSONDecoder().decode(TranslationTask.self, from: Data(text.utf8)) == task)
    for (old, new) in [
      ("\"hiddenSize\":3", "\"hiddenSize\":0"), ("\"layerCount\":2", "\"layerCount\":4611686018427387904"),
      ("\"beamWidth\":3", "\"beamWidth\":-1"),
      ("\"maximumOffset\":3", "\"maximumOffset\":4611686018427387904"),
      ("\"batchTokens\":16", "\"batchTokens\":0"), ("\"kind\":\"character\"", "\"kind\":\"word\""),
    ] {
      #expect(text.contains(old))
      let damaged = try JSONDecoder().decode(
        TranslationTask.self, from: Data(text.replacingOccurrences(of: old, with: new).utf8))
      #expect(damaged.issue != nil, "\(new)")
    }
  }

  // MARK: Data

  private func plan(_ set: (inout Settings) -> Void = { _ in }) throws -> TrainingPlan<TranslationTask> {
    var settings = Settings()
    settings[.translationUnit] = .character
    set(&settings)
    let (sources, targets) = Self.reversed(40, seed: 3)
    return try TranslationTask.plan(
      TaskRequest(
        [
          DataSource(text: (sources + ["1 2", ""]).joined(separator: "\n") + "\n", name: "train.a"),
          DataSource(text: (targets + ["", "3"]).joined(separator: "\n") + "\n", name: "train.b"),
        ], settings: settings), progress: { _, _ in })
  }

  /// Numbers and their digits from the end.
  private static func reversed(_ count: Int, seed: UInt64) -> (sources: [String], targets: [String]) {
    let key = RandomKey(seed: seed)
    let sources = (0..<count).map { index -> String in
      let digits = key.child(index).integers(7, below: 5)
      return digits.prefix(2 + digits[6] % 5).map(String.init).joined(separator: " ")
    }
    return (sources, sources.map { String($0.reversed()) })
  }

  @Test func pairsAreDealtOut() throws {
    let plan = try plan()
    // pairs without text on a side teach nothing
    #expect(plan.training.count + plan.validation.count + plan.test.count == 40)
    #expect(plan.validation.count > 0 && plan.test.count > 0)
    #expect(plan.notes.contains { $0.text.contains("42 pairs in train.a, train.b") })
    #expect(plan.task.longestSource == 9 || plan.task.longestSource == 11)
    let example = try plan.training[0]
    #expect(
      example.references == [String(example.source.reversed())]
        && plan.task.units.text(of: example.targetTokens) == example.references[0])
    #expect(plan.task.network.hiddenSize == 160)
    let other = try self.plan {
      $0[.hidden] = 7
      $0[.beam] = 2
      $0[.best] = 3
      $0[.lengthPenalty] = 0.5
      $0[.coveragePenalty] = 0.2
      $0[.noRepeat] = 4
    }.task
    #expect(other.network.hiddenSize == 7 && other.search.beamWidth == 3 && other.search.best == 3)
    #expect(
      other.search.lengthPenalty == .average(alpha: 0.5) && other.search.coveragePenalty == .wu(beta: 0.2)
        && other.search.noRepeatNGramSize == 4)
  }

  /// What bundles have been written with.
  @Test func keysStay() throws {
    var task = try Self.task()
    task.search.noRepeatNGramSize = 3
    let data = try JSONEncoder().encode(task)
    #expect(String(decoding: data, as: UTF8.self).contains("\"unrepeated\":3"))
    #expect(try JSONDecoder().decode(TranslationTask.self, from: data) == task)
  }

  @Test func linesMustAgree() throws {
    let request = TaskRequest([
      DataSource(text: "a\nb\n", name: "x.en"), DataSource(text: "a\n", name: "x.de"),
    ])
    #expect(throws: (any Error).self) { try TranslationTask.plan(request, progress: { _, _ in }) }
  }

  // MARK: Training

  /// A network that reverses digits, which none can do that does not look back.
  private static let trained = Result { () throws -> TrainedTask<TranslationTask> in
    var settings = Settings()
    settings[.translationUnit] = .word
    settings[.hidden] = 24
    settings[.embedding] = 16
    settings[.layers] = 1
    settings[.dropout] = 0
    settings[.outputDropout] = 0
    settings[.wordDropout] = 0
    settings[.labelSmoothing] = 0
    settings[.batchTokens] = 100
    settings[.learningRate] = 1e-2
    settings[.warmUp] = 20
    settings[.epochs] = 20
    settings[.schedule] = .cosine
    settings[.average] = 0
    settings[.split] = [1, 0, 0]
    let (sources, targets) = Self.reversed(1200, seed: 5)
    let request = TaskRequest(
      [
        DataSource(text: sources.joined(separator: "\n") + "\n", name: "train.a"),
        DataSource(text: targets.joined(separator: "\n") + "\n", name: "train.b"),
      ], settings: settings)
    guard case .finished(let trained, _, _, _) = try TaskTraining<TranslationTask>(request).run() else {
      throw TaskError.unsupported("the training did not finish")
    }
    return trained
  }

  @Test func digitsAreReversed() throws {
    let trained = try Self.trained.get()
    let (sources, targets) = Self.reversed(100, seed: 77)
    let examples = zip(sources, targets).map { trained.task.example(Self.pair($0, $1)) }
    let predictions = trained.predictions(to: examples)
    let right = zip(predictions, targets).count { $0.best.text == $1 }
    let wrong = zip(predictions, zip(sources, targets)).filter { $0.best.text != $1.1 }
    #expect(right == 100, "\(wrong.map { ($0.best.text, $1) })")
    let evaluation = trained.task.evaluation(of: predictions, to: examples)
    #expect(evaluation.metrics.map(\.key).prefix(2) == ["bleu", "chrF2"])
    #expect(abs(evaluation.metrics[1].value - Double(right)) < 1e-6)
    // it looks at what it writes, from the end
    let word = try #require(zip(predictions, sources).first { $1.count == 11 }?.0.best)
    let links = word.alignment.links
    #expect(links.count == 6 && links.map(\.target) == Array(0..<6), "\(word.alignment.text)")
    #expect(links[0].source > links[5].source, "\(word.alignment.text)")
    let page = try checkedMarkup(evaluation.report)
    #expect(page.text.contains("Sentences from the worst to the best") && page.count("svg") > 2)
    #expect(trained.task.plot(predictions, of: examples)?.contains("svg") ?? false)
    let rows = trained.task.rows(predictions[0], to: examples[0], name: "x")
    #expect(
      rows.count == 1 && rows[0].map(\.name) == ["input", "text", "score", "logProbability", "alignment"])
  }

  @Test func linesAreTranslated() throws {
    let trained = try Self.trained.get()
    var settings = Settings()
    settings[.best] = 3
    let predict = try trained.recordPredictor(settings)
    let found = predict(["1 2 3", "", "4 0"].map { .success(DataSource(.text($0), name: "line")) })
    let texts = try found.map { try $0.get() }
    #expect(texts.map(\.text) == ["3 2 1", "", "0 4"])
    #expect(texts[0].rows.count == 3 && texts[0].hasManyRows && texts[1].rows.count == 1)
    // there is no setting that would make a stream of it
    let error = #expect(throws: TaskError.self) { try trained.stream() }
    #expect(
      error.map { "\($0)" }?.hasSuffix("as all of translation do") ?? false, "\(String(describing: error))")
    // a file has a text in each line, and what is long is said
    var notes: [DataNote] = []
    var rows: [[Field]] = []
    let long = Array(repeating: "1", count: 30).joined(separator: " ")
    try trained.predict(
      [DataSource(text: "1 2\n\(long)\n", name: "new.a")], settings: Settings(), notes: { notes = $0 }
    ) { rows.append($0) }
    #expect(rows.count == 2 && notes.contains { $0.kind == .warning && $0.text.contains("new.a:2") })
  }

  // MARK: Unknown words and language

  @Test func unknownWordsAreCopied() throws {
    let trained = try Self.trained.get()
    var settings = Settings()
    settings[.copyUnknown] = true
    let task = try trained.task.predicting(with: settings)
    let unknown = try #require(task.units.vocabulary.unknownID)
    // a decoder that writes the unknown word alone, then ends
    var model = trained.model
    model.writer.outputBias = Tensor(
      (0..<task.units.count).map { $0 == Int(unknown) ? 30 : $0 == Int(task.units.end) ? 20 : 0 },
      shape: [task.units.count])
    let example = task.example(Self.pair("1 zebra, 2", "x"))
    #expect(task.units.unknownCount(in: example.source) == 2 && example.sourceTokens.count == 4)
    let best = task.predictions(model, to: [example])[0].best
    #expect(!best.copies.isEmpty && best.copies.allSatisfy { ["1", "zebra", ",", "2"].contains($0) })
    for (word, row) in zip(best.copies, best.weights) {
      #expect(["1", "zebra", ",", "2"][row.argmax] == word)
    }
    #expect(best.text.filter { $0 != " " } == best.copies.joined(), "\(best.text)")
    // without it no unknown word is written
    #expect(trained.task.predictions(model, to: [example])[0].best.copies.isEmpty)
    let evaluation = task.evaluation(of: task.predictions(model, to: [example]), to: [example])
    #expect(evaluation.lines.contains { $0.hasPrefix("2 of 4 words of the texts are unknown") })
    #expect(try checkedMarkup(evaluation.report).text.contains("zebra"))
    // tokens that write every word have nothing to copy
    let characters = try Self.task(.character)
    #expect(throws: DataError.self) { try characters.predicting(with: settings) }
    settings[.translationUnit] = .piece
    #expect(TranslationTask.issue(of: settings)?.contains("copy-unknown") ?? false)
  }

  @Test(arguments: [TokenKind.word, .character]) func languageDecides(_ kind: TokenKind) throws {
    let folder = try ScratchFolder()
    let path = try Transcribing.model((0..<20).map { ["b b", "b"][$0 % 2] }, in: folder)
    let task = try Self.task(kind)
    let model = task.makeModel(key: RandomKey(seed: 2))
    let example = task.example(Self.pair("ab ba", ""))
    func best(_ set: (inout Settings) -> Void) throws -> String {
      var settings = Settings()
      settings[.minLength] = 1
      settings[.beam] = 20
      set(&settings)
      let own = try task.predicting(with: settings)
      #expect(own.issue == nil)
      // a bundle keeps it
      var copy = try JSONDecoder().decode(TranslationTask.self, from: JSONEncoder().encode(own))
      try copy.restoreResources { own.resources[$0] ?? [] }
      let found = own.predictions(model, to: [example])[0]
      #expect(copy.predictions(model, to: [example])[0] == found)
      return found.best.text
    }
    let alone = try best { _ in }
    // a network that knows nothing writes what the language has
    let strong = try best {
      $0[.languageModel] = path
      $0[.languageWeight] = 50
      $0[.wordBonus] = 60
    }
    let words = strong.split(separator: " ")
    #expect(!words.isEmpty && words.allSatisfy { $0 == "b" } && strong != alone, "\(strong), \(alone)")
    // a list of words that refuses all others
    let list = try folder.file("list", Array("ba\n".utf8))
    let listed = try best {
      $0[.wordList] = list
      $0[.unknownWords] = .refuse
    }
    #expect(listed.split(separator: " ").allSatisfy { $0 == "ba" }, "\(listed)")
    let hot = try best {
      $0[.hotWords] = list
      $0[.languageWeight] = 1
    }
    #expect(hot.contains("ba"), "\(hot)")
  }
}
