import RecurrentReports

extension LanguageModelTask {
  /// What the task learns, in the sentence that the help begins with.
  public static let summary =
    "Train a model that predicts the next character, byte, word or byte pair of a text, or the next base of a genome."

  /// Arguments of commands that the help shows as examples.
  public static let usages = [
    "book.txt --output book.bundle",
    "a.txt b.txt --valid c.txt --cell gru --layers 2 --epochs 20 --output ab.bundle",
    "book.txt --layer-norm --zoneout 0.1 --output book.bundle",
    "genome.fa.gz --output genome.bundle",
  ]

  /// Reads the text, fits the vocabulary to its training part and chooses the model.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<LanguageModelTask> {
    let settings = request.settings
    guard settings[.split] == nil || request.validationData.isEmpty else {
      throw DataError.invalidSetting(
        name: "split", expected: "nothing beside files for validation, for it cuts the text",
        found: (settings[.split] ?? []).fieldValue.text)
    }
    let text = try LanguageModelText(request, shares: settings.shares(standard: standardShares))
    let (unit, bases) = (settings[.unit] ?? text.standardUnit, BaseSettings(settings))
    var (configuration, suggested) = standard(
      tokenCount: text.estimatedTokenCount(unit: unit, bases), unit: unit, settings)
    if let issue = configuration.cellChoice.issue(hiddenSize: configuration.hiddenSize) {
      throw TaskError.settings(issue)
    }
    let evidence = unit == .word ? try SplitWords.evidence(text.training) : nil
    let areSplit = settings[.pretokenised] ?? evidence?.areSplit ?? false
    // rare words are out of such a text already, and figures of papers are over all others
    let keepsAll = areSplit && evidence?.hasUnknown == true && settings[.vocabularySize] == nil
    if keepsAll { configuration.vocabularySize = nil }
    let vocabulary = try TextVocabulary.fit(
      unit: unit, from: text.training, size: configuration.vocabularySize,
      minimumCount: configuration.minimumCount, splitsPunctuation: !areSplit, bases: bases)
    configuration = try configuration.resolved(vocabularySize: vocabulary.count)
    let parts = try [text.training, text.validation, text.test].map { try vocabulary.encode($0) }
    let counts = parts.map { $0.ids.count }
    var notes = [
      DataNote(
        .found,
        "\(grouped(counts[0])) \(unit.plural) to train on, \(grouped(counts[1])) to validate, \(grouped(counts[2])) to "
          + "test, \(grouped(vocabulary.count)) different")
    ]
    if areSplit {
      notes.append(
        DataNote(
          settings[.pretokenised] == nil ? .assumed : .found,
          "words are split already: what stands between blanks is a word"
            + (keepsAll ? ", and all are kept, for rare ones are <unk>" : ""),
          setting: "pretokenised"))
    }
    if text.sparesValidation, counts[1] > 0 {
      notes.append(
        DataNote(
          .assumed,
          "no text is there to validate: the last \(100 / LanguageModelText.sparedPart) % of the text to train on choose the epoch",
          setting: "valid"))
    }
    notes += baseNotes(text, unit, settings)
    for (name, part) in [("validation", parts[1]), ("test", parts[2])]
    where part.unknownCount > 0 && !unit.isOfBases {
      notes.append(
        DataNote(
          .warning,
          "\(grouped(part.unknownCount)) \(unit.plural) of the \(name) text do not occur in the training text"
        ))
    }
    var task = LanguageModelTask(
      configuration: configuration, vocabulary: vocabulary,
      tokenOrder: configuration.adaptiveSoftmax == nil ? nil : tokenOrder(parts[0], vocabulary))
    task.chat = try ChatTemplate(settings)
    if let chat = task.chat,
      try vocabulary.encode(
        sources: [
          DataSource(
            bytes: Array(chat.prompt(of: [.init(.user, "")]).utf8), name: "the lines of a conversation")
        ]
      ).unknownCount > 0
    {
      notes.append(
        DataNote(
          .warning, "the lines of a conversation have \(unit.plural) that do not occur in the training text",
          setting: "chat-user"))
    }
    func source(_ part: EncodedText) -> ExampleSource<EncodedText> {
      ExampleSource(part.ids.count > 1 ? [part] : [])
    }
    var plan = TrainingPlan(
      task: task, training: ExampleSource([parts[0]]), validation: source(parts[1]), test: source(parts[2]),
      suggested: suggested, settings: settings, notes: notes, unitName: unit.plural)
    plan.sizes = (counts[0], counts[1], counts[2])
    plan.facts.sequences = request.data.count + request.validationData.count + request.testData.count
    plan.facts.steps = counts.reduce(0, +)
    plan.facts.step = "1"
    do {
      _ = try task.problem(plan)
    } catch let error as DataError {
      throw TaskError.unfit(paths: (request.data + request.validationData).map(\.name), reason: "\(error)")
    }
    return plan
  }

  /// What was assumed about nucleotide sequences.
  private static func baseNotes(
    _ text: LanguageModelText, _ unit: TextUnit, _ settings: Settings
  ) -> [DataNote] {
    guard unit.isOfBases else { return [] }
    var notes: [DataNote] = []
    if settings[.unit] == nil {
      notes.append(
        DataNote(.assumed, "the data are nucleotide sequences: a token is a base", setting: "unit"))
    }
    if settings[.reverseComplement] ?? true {
      notes.append(
        DataNote(
          .assumed, "each stretch is read as it stands or as its reverse complement, anew in each epoch",
          setting: "reverse-complement"))
    }
    return notes + text.letters.notes(BaseSettings(settings))
  }

  /// All tokens by falling frequency; nil where the vocabulary is in that order.
  private static func tokenOrder(_ text: EncodedText, _ vocabulary: TextVocabulary) -> [Int32]? {
    switch vocabulary.unit {
    case .character, .word: return nil
    case .byte, .bpe, .base, .kmer: break
    }
    var counts = [Int](repeating: 0, count: vocabulary.count)
    for id in text.ids { counts[Int(id)] += 1 }
    return counts.indices.sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1 }
      .map { Int32($0) }
  }

  /// One text of all files where it is to be evaluated, else one of each.
  public func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<EncodedText> {
    let texts = needsTargets ? [data] : data.map { [$0] }
    return ExampleSource(
      count: texts.count, name: { texts[$0].map(\.name).joined(separator: ", ") },
      example: { [vocabulary] in try vocabulary.encode(sources: texts[$0]) })
  }

  /// Reads a text in one carried state.
  public func evaluation(
    _ model: LanguageModel, on examples: ExampleSource<EncodedText>, progress: (Double) throws -> Void
  ) throws -> TaskEvaluation {
    try evaluation(model, on: examples, states: StateFiles(), progress: progress)
  }

  /// Reads a text in one carried state, which may come from a file and be kept in one.
  public func evaluation(
    _ model: LanguageModel, on examples: ExampleSource<EncodedText>, states: StateFiles,
    progress: (Double) throws -> Void
  ) throws -> TaskEvaluation {
    let text = try readable(examples, states)
    var session = states.save == nil ? nil : LanguageModelSession(model: model, vocabulary: vocabulary)
    if let load = states.load {
      var kept = LanguageModelSession(model: model, vocabulary: vocabulary)
      try kept.restore(SessionState(path: load, model: states.model))
      session = kept
    }
    let evaluation = try LanguageModelEvaluation(
      model, vocabulary: vocabulary, text: text, session: &session, progress: progress)
    if let save = states.save, let session { try session.state.write(to: save, model: states.model) }
    return evaluation.taskEvaluation
  }

  /// The text of an evaluation.
  ///
  /// - Throws: ``TaskError/unfit(paths:reason:)`` where nothing in it is predicted.
  func readable(_ examples: ExampleSource<EncodedText>, _ states: StateFiles) throws -> EncodedText {
    let text = try examples[0]
    guard text.ids.count > 1 || states.load != nil && !text.ids.isEmpty else {
      throw TaskError.unfit(
        paths: [examples.name(0)],
        reason:
          "expected at least 2 tokens, since the second is predicted from the first, found \(text.ids.count)")
    }
    return text
  }

  /// The cross-entropy of each token but the first.
  public func predictions(_ model: LanguageModel, to examples: [EncodedText]) -> [Prediction] {
    examples.map { text in
      var (nats, state): ([Float], LanguageModel.State?) = ([], nil)
      let pieceLength = 1024
      for start in stride(from: 0, to: text.ids.count - 1, by: pieceLength) {
        let end = min(text.ids.count - 1, start + pieceLength)
        let inputs = Indices(Array(text.ids[start..<end]), shape: [end - start, 1])
        let (logits, next) = model(inputs, state: state)
        nats += LanguageModelTask.nats(logits, Array(text.ids[start + 1..<end + 1]))
        state = next
      }
      return Prediction(nats: nats)
    }
  }

  /// The cross-entropy of tokens, each scored by its row of logits `[n, V]`.
  static func nats(_ logits: Tensor, _ ids: [Int32]) -> [Float] {
    let width = logits.shape[logits.rank - 1]
    let scores = logSoftmax(logits.reshaped(to: [ids.count, width])).scalars
    return ids.enumerated().map { row, id in -scores[row * width + Int(id)] }
  }

  /// A row for each text: tokens, cross-entropy and perplexity.
  public func rows(_ prediction: Prediction, to example: EncodedText, name: String) -> [[Field]] {
    let nats = prediction.nats.reduce(0.0) { $0 + Double($1) }
    let mean = nats / Double(max(prediction.nats.count, 1))
    return [
      [
        Field("input", .text(name)), Field("tokens", .integer(example.ids.count)),
        Field("unknown", .integer(example.unknownCount)), Field("nats", .number(nats)),
        Field("nats a token", .number(mean)), Field("perplexity", .number(perplexityOfNats(mean))),
      ]
    ]
  }
}

extension TextUnit {
  /// What is counted.
  var plural: String {
    switch self {
    case .character: "characters"
    case .byte: "bytes"
    case .word: "words"
    case .bpe: "tokens"
    case .base: "bases"
    case .kmer: "k-mers"
    }
  }
}
