import RecurrentReports

extension MusicTask {
  /// Reads pieces, deals them out to the parts, and chooses keys and network.
  ///
  /// - Throws: ``DataError`` or a format error.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<MusicTask> {
    let settings = request.settings
    var grid = MusicGrid(settings)
    let parts = try MusicParts(request, grid)
    progress("reading", 1)
    if parts.hasRollsAlone, settings[.stepsPerQuarter] == nil { grid.stepsPerQuarter = 1 }
    let transposition = settings.value(.transpose)
    let ranges = parts.training.compactMap(\.range)
    guard let low = ranges.map(\.lowerBound).min(), let high = ranges.map(\.upperBound).max() else {
      throw DataError.invalidSetting(
        name: "the training part", expected: "at least one piece with a tone", found: "none")
    }
    // a piano at least, so that likelihoods are of the same keys
    let range = max(0, min(21, low - transposition))...min(127, max(108, high + transposition))
    var task = MusicTask(
      configuration: configuration(settings),
      tokens: MusicTokens(range, tellsHeld: parts.training.contains(where: \.tellsHeld)), grid: grid,
      transposition: transposition, style: MusicStyle(parts.training.lazy.map(\.steps)))
    var notes = parts.notes
    let labels = StyleNames(
      among: parts.training.map(\.label), what: "the style of a piece, its folder,", settings, &notes)
    task.labels = labels.isEmpty ? nil : labels
    var kept = 0
    task.corpus = MusicCorpus(
      parts.training.prefix { piece in
        kept += piece.steps.count
        return kept <= MusicCorpus.limit
      }.map { $0.keys.map { $0.map { UInt8($0) } } })
    task.style.hasCorpus = !task.corpus.pieces.isEmpty
    let own = task
    let whole = parts.training.map { own.example($0).example }
    let (validation, test) = (parts.validation.map { own.example($0) }, parts.test.map { own.example($0) })
    let length = settings[.windowSteps] ?? standardWindow
    let training = ExampleSource(whole).windows(whole.map(\.steps.count), length: length) { example, steps in
      Example(
        steps: Array(example.steps[steps]), contextCount: steps.lowerBound > 0 ? length / 8 : 0,
        name: example.name, label: example.label)
    }
    let costs = whole.reduce(0) { $0 + own.cost(of: $1) }
    notes += movedNotes(validation + test)
    notes.append(
      DataNote(
        .found,
        "\(counted(parts.training.count, "piece")) to train on, \(parts.validation.count) to validate, "
          + "\(parts.test.count) to test; keys \(low) to \(high)"))
    if grid.stepsPerQuarter == 1, settings[.stepsPerQuarter] == nil {
      notes.append(DataNote(.assumed, "a step of piano rolls is a quarter", setting: "steps-per-quarter"))
    }
    notes += idleSettings(settings).map {
      DataNote(
        .warning, "`\($0)` does nothing: it is of the other representation", setting: "representation")
    }
    let twins = parts.twinCount
    if twins > 0 {
      notes.append(
        DataNote(.warning, "\(counted(twins, "piece")) of the other parts stand in the training part too"))
    }
    var plan = TrainingPlan(
      task: task, training: training, validation: ExampleSource(validation.map(\.example)),
      test: ExampleSource(test.map(\.example)), suggested: standardSettings(own, cost: costs),
      settings: settings,
      notes: notes, unitName: training.count == whole.count ? "pieces" : "windows")
    plan.facts.sequences = parts.training.count + parts.validation.count + parts.test.count
    plan.facts.steps = whole.reduce(0) { $0 + $1.steps.count }
    plan.facts.step = "1"
    plan.facts.targets = task.labels?.names
    return plan
  }

  /// Steps of a window where none are set.
  private static let standardWindow = 512

  /// Settings that were given and are of networks of the other representation.
  private static func idleSettings(_ settings: Settings) -> [String] {
    if settings.value(.representation) == .roll { return settings[.embedding] == nil ? [] : ["embedding"] }
    return ((settings[.keyHidden] ?? 0) > 0 ? ["key-hidden"] : [])
      + (settings[.keyDropout] == nil ? [] : ["key-dropout"])
  }

  private static func configuration(_ settings: Settings) -> MusicConfiguration {
    let representation = settings.value(.representation)
    let isRoll = representation == .roll
    return MusicConfiguration(
      representation: representation, cell: CellChoice(settings, standard: .lstm),
      hiddenSize: settings[.hidden] ?? MusicConfiguration().hiddenSize,
      layerCount: settings[.layers] ?? (isRoll ? 1 : 2),
      embeddingSize: settings[.embedding] ?? 64,
      dropoutRate: settings[.dropout].map { Float($0) } ?? (isRoll ? 0.5 : 0.3),
      keyHiddenSize: isRoll ? settings[.keyHidden] : nil,
      keyDropoutRate: isRoll ? Float(settings.value(.keyDropout)) : nil)
  }

  /// A course of training from the tokens or steps of an epoch.
  private static func standardSettings(_ task: MusicTask, cost: Int) -> TaskSettings {
    let isRoll = task.configuration.representation == .roll
    let budget = isRoll ? 2_700_000 : 4_200_000
    return TaskSettings(
      batchSize: 16, optimizer: .adamw, learningRate: isRoll ? 6e-3 : 3e-3, weightDecay: 1e-2,
      training: TrainerSettings(
        epochs: min(200, max(4, budget / max(cost, 1))),
        schedule: LearningRateSchedule(.cosine(final: 0.02), warmUpSteps: 50), clipNorm: 1, averageDecay: 0.99
      ))
  }

  /// A piece in the range of the task, and how many of its tones were moved by octaves for that.
  func example(_ piece: MusicPiece) -> (example: Example, movedCount: Int) {
    let moved = piece.steps.reduce(0) { sum, step in
      step.reduce(sum) { $0 + (tokens.range.contains($1.key) ? 0 : 1) }
    }
    let own = moved == 0 ? piece : piece.transposed(by: 0, within: tokens.range)
    return (Example(steps: own.steps, name: piece.name, label: labels?.number(of: piece.label)), moved)
  }

  /// A warning where tones were moved by octaves.
  private static func movedNotes(_ examples: [(example: Example, movedCount: Int)]) -> [DataNote] {
    let count = examples.reduce(0) { $0 + $1.movedCount }
    return count == 0
      ? []
      : [DataNote(.warning, "\(counted(count, "tone")) beyond the keys of the model are moved by octaves")]
  }

  /// Reads pieces; where they name parts and are to be evaluated, those of the test part.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<Example> {
    let files = try MusicFiles(data, grid: MusicGrid(settings, known: grid))
    let part: (indices: [Int]?, note: DataNote?) =
      needsTargets ? DataPart.evaluated(files.pieces.lazy.map(\.part)) : (nil, nil)
    let pieces = part.indices.map { $0.map { files.pieces[$0] } } ?? files.pieces
    let all = pieces.map { example($0) }
    var source = ExampleSource(
      count: all.count, name: { all[$0].example.name }, example: { all[$0].example })
    source.notes =
      files.notes + [part.note].compactMap { $0 } + MusicTask.movedNotes(all)
      + (labels?.unknown(pieces.lazy.map(\.label)) ?? [])
    return source
  }
}
