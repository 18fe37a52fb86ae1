import RecurrentReports

extension RecommendationTask {
  /// Reads interactions, splits them, counts the items of the training part and chooses the network.
  ///
  /// - Throws: ``DataError`` or a format error.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<RecommendationTask> {
    let settings = request.settings
    let merges = settings.value(.mergeRepeats)
    func read(_ data: [DataSource], known: InteractionColumns?) throws -> InteractionLog {
      let log = try InteractionLog(
        data, columns: settings.interactionColumns, known: known, format: settings.tableFormat)
      return merges ? log.mergingRepeats : log
    }
    var log = try read(request.data, known: nil)
    var notes = log.notes
    let columns = log.columns
    let given: [InteractionLog?] = try [request.validationData, request.testData].map { data in
      try data.isEmpty ? nil : read(data, known: columns)
    }
    progress("reading", 1)
    let (least, length) = (settings.value(.minCount), settings.value(.minSession))
    if least > 1 || length > 1 {
      let before = log.items.count
      log = log.reduced(itemCount: least, length: length)
      notes.append(
        DataNote(
          .found,
          "\(counted(before - log.items.count, "event")) of rare items and short sessions are left out",
          setting: "min-count"))
    }
    let split = settings[.protocolSetting] ?? (log.isOfUsers && !asksForTime(settings) ? .leaveOneOut : .time)
    let parts = try dealt(log, split, settings, given)
    notes += parts.notes
    let task = try fitted(parts, split, settings, log.columns, given, &notes)
    let training = task.source(parts.training, targets: .all)
    let validation = task.source(parts.validation, targets: .asEvaluated)
    let test = task.source(parts.test, targets: .asEvaluated)
    notes += task.notes(parts, log)
    var plan = TrainingPlan(
      task: task, training: training, validation: validation, test: test,
      suggested: standardSettings(task, parts.training.items.count), settings: settings, notes: notes,
      unitName: "events")
    let sessions = [parts.training, parts.validation, parts.test]
    plan.sizes = (sessions[0].items.count, sessions[1].items.count, sessions[2].items.count)
    plan.facts.sequences = sessions.reduce(0) { $0 + $1.count }
    plan.facts.steps = sessions.reduce(0) { $0 + $1.items.count }
    plan.facts.step = "1"
    plan.facts.columns = log.columns.roles
    return plan
  }

  private static func asksForTime(_ settings: Settings) -> Bool {
    settings[.split] != nil || settings[.testDays] != nil || settings[.validationDays] != nil
  }

  private static func dealt(
    _ log: InteractionLog, _ split: InteractionSplit, _ settings: Settings,
    _ given: [InteractionLog?]
  ) throws -> InteractionParts {
    var parts: InteractionParts
    switch split {
    case .leaveOneOut:
      parts = InteractionParts(
        leavingOneOutOf: log, splitsValidation: given[0] == nil, splitsTest: given[1] == nil)
    case .time:
      var numbers = settings[.split] ?? standardShares
      if numbers.count == 2 { numbers.append(1 - numbers[0] - numbers[1]) }
      // parts that are given are not split off
      for place in 0..<2 where given[place] != nil && numbers.count == 3 { numbers[place + 1] = 0 }
      let sum = numbers.reduce(0, +)
      if numbers.allSatisfy({ $0 <= 1 }), sum > 0 { numbers = numbers.map { $0 / sum } }
      guard let shares = DataShares(numbers) else {
        throw DataError.invalidSetting(
          name: "split", expected: "three shares of 1, or three whole numbers", found: "none")
      }
      parts = try InteractionParts(
        byTime: log, shares, validationDays: given[0] == nil ? settings[.validationDays] : nil,
        testDays: given[1] == nil ? settings[.testDays] : nil)
    }
    if let own = given[0] { parts.validation = own }
    if let own = given[1] { parts.test = own }
    return parts
  }

  /// The task, its items those of the training part.
  private static func fitted(
    _ parts: InteractionParts, _ split: InteractionSplit, _ settings: Settings,
    _ columns: InteractionColumns, _ given: [InteractionLog?], _ notes: inout [DataNote]
  ) throws -> RecommendationTask {
    guard !parts.training.items.isEmpty else {
      throw DataError.invalidSetting(
        name: "the training part", expected: "at least one session", found: "none")
    }
    guard (0..<parts.training.count).contains(where: { parts.training.events($0).count > 1 }) else {
      throw DataError.invalidSetting(
        name: "the training part", expected: "at least one session of two items",
        found: "\(counted(parts.training.count, "session")) of one")
    }
    var (vocabulary, counts) = ItemVocabulary.fit(parts.training)
    if let path = settings[.items] {
      let titled = try vocabulary.titled(
        by: DataSource(path), item: settings[.item], title: settings[.itemName])
      vocabulary = titled.vocabulary
      notes += titled.notes
    } else if settings[.itemName] != nil {
      throw DataError.invalidSetting(
        name: "items", expected: "a table of items, of which `name` is a column", found: "nothing")
    }
    let begins = [parts.validation, parts.test].filter { $0.count > 0 }.compactMap { $0.beginning(0) }
    var task = RecommendationTask(
      configuration: try configuration(settings, itemCount: vocabulary.count), items: vocabulary,
      counts: counts,
      columns: columns, split: split, mergesRepeats: settings.value(.mergeRepeats),
      trainingEnd: split == .time && given.allSatisfy { $0 == nil } ? begins.min() : nil)
    let numbers = vocabulary.numbers(of: parts.training)
    var sessions = SessionSequences()
    for session in 0..<parts.training.count {
      sessions.append(parts.training.events(session).lazy.map { numbers[Int(parts.training.items[$0])] })
    }
    task.baselines = ItemBaselines(sessions, itemCount: vocabulary.count)
    task.hasBaselines = true
    return task
  }

  /// The network that settings ask for.
  ///
  /// - Throws: ``TaskError/settings(_:)`` where the cell cannot be what is asked of it.
  static func configuration(_ settings: Settings, itemCount: Int) throws -> RecommendationConfiguration {
    let standard = RecommendationConfiguration()
    let hidden = settings[.hidden] ?? standard.hiddenSize
    var configuration = RecommendationConfiguration(
      cell: CellChoice(settings), hiddenSize: hidden, layerCount: settings.value(.layers),
      dropoutRate: Float(settings[.dropout] ?? Double(standard.dropoutRate)),
      stateDropoutRate: Float(settings[.stateDropout] ?? Double(standard.stateDropoutRate)),
      loss: settings[.recommendationLoss]
        ?? (itemCount <= RecommendationLoss.fullLimit ? .crossEntropy : .sampledSoftmax),
      sampleCount: settings.value(.negatives), samplePower: settings.value(.samplePower),
      regularization: Float(settings.value(.scoreDecay)), windowLength: settings.value(.bptt),
      order: settings.value(.sessionOrder))
    if let issue = configuration.cellChoice.issue(hiddenSize: hidden) { throw TaskError.settings(issue) }
    configuration.embeddingSize = settings[.embedding] ?? configuration.outputSize
    return configuration
  }

  /// A course of training from the events of an epoch.
  private static func standardSettings(_ task: RecommendationTask, _ eventCount: Int) -> TaskSettings {
    var batchSize = 16
    while batchSize < 128, eventCount > 200 * batchSize * task.configuration.windowLength { batchSize *= 2 }
    return TaskSettings(
      batchSize: batchSize, optimizer: .adagrad, learningRate: 0.1, weightDecay: 0,
      training: TrainerSettings(
        epochs: min(30, max(4, 1_000_000 / max(eventCount, 1))),
        schedule: LearningRateSchedule(.cosine(final: 0.05)), clipNorm: 1))
  }
}

extension InteractionColumns {
  /// The columns by what they were taken for.
  fileprivate var roles: [String: [String]] {
    var roles: [String: [String]] = [:]
    for (role, name) in [
      ("session", session), ("item", item), ("time", time), ("date", date), ("list", list),
    ] {
      if let name { roles[role] = [name] }
    }
    return roles
  }
}
