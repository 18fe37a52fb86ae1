import RecurrentReports

extension TranslationTask {
  /// Reads pairs, cuts them into parts, fits the tokens of both languages, and leaves out what has no text on a side.
  ///
  /// - Throws: ``DataError`` or a format error.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<TranslationTask> {
    let settings = request.settings
    let sides = ParallelSides().applying(settings)
    let parts = try TranslationParts(request, sides)
    progress("reading", 1)
    let texts = parts.training.flatMap { [parts.corpus.source($0), parts.corpus.target($0)] }
    guard !texts.isEmpty else {
      throw DataError.invalidSetting(
        name: "the training part", expected: "at least one pair with text on both sides", found: "none")
    }
    var task = TranslationTask(
      units: try TextTokens.fit(
        settings.value(.translationUnit), to: texts, size: settings[.vocabularySize]),
      network: TranslationConfiguration().applying(settings),
      search: BeamSearchSettings().applying(settings), batchTokens: settings.value(.batchTokens),
      sides: sides)
    task.copiesUnknown = settings[.copyUnknown]
    task.language = try task.language(settings)
    let languageNotes = try task.languageNotes()
    progress("fitting tokens", 1)
    let memory = ExampleMemory(bytes: 1 << 28)
    let fitted = task
    func examples(_ indices: [Int]) -> ExampleSource<Example> {
      fitted.examples(parts.corpus, indices, in: memory)
    }
    let training = examples(parts.training)
    var (longest, tokens) = (0, 0)
    for index in 0..<training.count {
      let count = try training[index].sourceTokens.count
      (longest, tokens) = (max(longest, count), tokens + count)
    }
    task.longestSource = longest
    var plan = TrainingPlan(
      task: task, training: training, validation: examples(parts.validation), test: examples(parts.test),
      suggested: standardSettings(pairCount: parts.training.count), settings: settings,
      notes: parts.notes + languageNotes + [
        DataNote(
          .assumed,
          "\(counted(fitted.units.vocabulary.count, fitted.units.kind.rawValue)) for both languages; a text to train on has "
            + "\(rounded(Double(tokens) / Double(parts.training.count), 1)) of them on the mean, \(longest) at most",
          setting: "unit")
      ], unitName: "pairs")
    (plan.facts.columns, plan.facts.targets) = (parts.corpus.columns, parts.corpus.columns?["target"])
    plan.facts.sequences = parts.training.count + parts.validation.count + parts.test.count
    return plan
  }

  /// A course of training by the pairs of an epoch: the rate is halved where the loss does not fall any more.
  private static func standardSettings(pairCount: Int) -> TaskSettings {
    TaskSettings(
      batchSize: 1 << 10, optimizer: .adam, learningRate: 1e-3, weightDecay: 0,
      training: TrainerSettings(
        epochs: min(40, max(4, 700_000 / max(pairCount, 1))),
        schedule: LearningRateSchedule(.plateau(patience: 1, factor: 0.5), warmUpSteps: 200), clipNorm: 1,
        patience: 6, averageDecay: 0.995))
  }

  /// Examples of pairs, each cut into tokens when it is asked for.
  private func examples(
    _ corpus: ParallelCorpus, _ indices: [Int], in memory: ExampleMemory
  ) -> ExampleSource<Example> {
    let task = self
    return ExampleSource(count: indices.count, name: { corpus.name(indices[$0]) }) {
      task.example(corpus[indices[$0]])
    }
    .kept(in: memory) { task.memory(of: $0) }
  }

  /// A pair as an example.
  func example(_ pair: ParallelCorpus.Pair) -> Example {
    Example(
      source: pair.source, sourceTokens: units.tokens(of: pair.source),
      targetTokens: units.tokens(of: pair.target), references: pair.references)
  }

  /// Reads texts to be translated, or pairs to be evaluated.
  ///
  /// - Throws: ``DataError`` or a format error, also where translations are needed and there are none.
  public func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<Example> {
    if !needsTargets, data.count == 1, let text = data[0].jsonText {
      // a line by itself, which may be empty
      let example = self.example(ParallelCorpus.Pair(source: text, references: []))
      return ExampleSource(count: 1, name: { _ in data[0].name }) { _ in example }
    }
    let corpus = try ParallelCorpus(
      reading: data, sides: sides.applying(settings), needsTargets: needsTargets)
    let part: (indices: [Int]?, note: DataNote?) =
      needsTargets ? DataPart.evaluated((0..<corpus.count).lazy.map { corpus.part($0) }) : (nil, nil)
    let indices = part.indices ?? Array(0..<corpus.count)
    var source = examples(corpus, indices, in: ExampleMemory(bytes: 1 << 26))
    source.notes =
      [part.note].compactMap { $0 } + corpus.notes.filter(\.concernsAnswers) + notes(of: corpus, indices)
    return source
  }

  /// What is remarkable about texts.
  private func notes(of corpus: ParallelCorpus, _ indices: [Int]) -> [DataNote] {
    guard longestSource > 0 else { return [] }
    let long = indices.filter { units.tokens(of: corpus.source($0)).count > longestSource }
    guard let first = long.first else { return [] }
    return [
      DataNote(
        .warning,
        "\(counted(long.count, "text")) longer than all of the training part (\(counted(longestSource, "token"))), as "
          + "\(corpus.name(first)): translations may be incomplete")
    ]
  }
}

/// Pairs by what they are for.
struct TranslationParts {
  /// All pairs.
  let corpus: ParallelCorpus
  /// The pairs to train on, to validate and to test: those with text on both sides.
  private(set) var training, validation, test: [Int]
  /// What was found and assumed.
  private(set) var notes: [DataNote]

  /// Reads the pairs of a training: in parts as the data say, else dealt out.
  ///
  /// - Throws: ``DataError`` or a format error.
  init(_ request: TaskRequest, _ sides: ParallelSides) throws {
    func read(_ data: [DataSource]) throws -> ParallelCorpus? {
      data.isEmpty ? nil : try ParallelCorpus(reading: data, sides: sides)
    }
    let own = try ParallelCorpus(reading: request.data, sides: sides)
    let (valid, tested) = (try read(request.validationData), try read(request.testData))
    corpus = .joined([own, valid, tested].compactMap { $0 })
    let ends = [own.count, own.count + (valid?.count ?? 0)]
    // records without content: what is said about parts alone
    var records = (0..<own.count).map { Record(.text(""), part: own.part($0)) }
    if valid != nil || tested != nil {
      for index in records.indices where records[index].part == nil { records[index].part = .training }
    }
    let split = DataParts(
      sizes: try request.settings.shares(standard: TranslationTask.standardShares),
      sparingCount: valid == nil ? 20 : nil, seed: request.seed
    ).split(RecordSource(records))
    let all = corpus
    func complete(_ indices: some Sequence<Int>) -> [Int] { indices.filter { all.isComplete($0) } }
    training = complete(split.training)
    validation = complete(valid == nil ? split.validation : Array(ends[0]..<ends[1]))
    test = complete(tested == nil ? split.test : Array(ends[1]..<all.count))
    notes = all.notes + [all.gaps.note].compactMap { $0 } + split.notes
  }
}
