import RecurrentReports

extension RecommendationTask {
  /// Which events of a session are to be predicted.
  enum Targets {
    /// All but the first.
    case all
    /// As the protocol of the task says: the last of a user, or all but the first.
    case asEvaluated
    /// None: what comes next is asked for.
    case none
  }

  /// The sessions of a log with the items that the task knows.
  func source(_ log: InteractionLog, targets: Targets) -> ExampleSource<Example> {
    let numbers = items.numbers(of: log)
    let onlyLast = split == .leaveOneOut && targets != .all
    let task = self
    return ExampleSource(
      count: log.count, name: { log.sessions[$0] }, cost: { log.events($0).count },
      example: { task.example(log, $0, numbers, onlyLast: onlyLast, isTarget: targets != .none) })
  }

  private func example(
    _ log: InteractionLog, _ session: Int, _ numbers: [Int32], onlyLast: Bool, isTarget: Bool
  ) -> Example {
    let all = log.events(session).map { numbers[Int(log.items[$0])] }
    let known = all.filter { $0 >= 0 }
    var example = Example(items: known, name: log.sessions[session])
    guard isTarget else {
      example.targetCount = 0
      return example
    }
    if onlyLast {
      let isKnown = (all.last ?? -1) >= 0
      example.targetCount = isKnown ? min(1, example.targetCount) : 0
      example.unseenCount = isKnown || all.count < 2 ? 0 : 1
    } else {
      example.unseenCount = all.dropFirst().count { $0 < 0 }
    }
    return example
  }

  /// Reads sessions: to be evaluated by the protocol of the task, or to recommend behind.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<Example> {
    var log = try InteractionLog(
      data, columns: settings.interactionColumns, known: columns, format: settings.tableFormat)
    if mergesRepeats { log = log.mergingRepeats }
    var notes = log.notes.filter(\.concernsAnswers)
    if needsTargets, let end = trainingEnd, log.hasTimes {
      let early = (0..<log.count).count { (log.beginning($0) ?? end) < end }
      if early > 0 {
        notes.append(
          DataNote(
            .warning,
            "\(counted(early, "session")) of \(grouped(log.count)) may have been trained on: they begin before the training part ends"
          ))
      }
    }
    let numbers = items.numbers(of: log)
    let unseen = log.items.count { numbers[Int($0)] < 0 }
    if unseen > 0 {
      notes.append(
        DataNote(
          .warning,
          "\(grouped(unseen)) of \(counted(log.items.count, "event")) are of items that the model does not know; they are passed over"
        ))
    }
    var source = source(log, targets: needsTargets ? .asEvaluated : .none)
    source.notes = notes
    return source
  }

  /// What there is to say about the parts.
  func notes(_ parts: InteractionParts, _ log: InteractionLog) -> [DataNote] {
    func words(_ log: InteractionLog) -> String {
      "\(counted(log.items.count, "event")) in \(counted(log.count, split == .leaveOneOut ? "user" : "session"))"
    }
    var notes = [
      DataNote(
        .found,
        split == .leaveOneOut
          ? "the last item of each user is tested with and the one before it validated with; both are left out in training"
          : "the sessions that begin last are validated and tested with", setting: "protocol"),
      DataNote(
        .found,
        "\(words(parts.training)) to train on, \(words(parts.validation)) to validate, \(words(parts.test)) to test; "
          + "\(counted(items.count, "item"))"),
    ]
    let single = (0..<parts.training.count).count { parts.training.events($0).count == 1 }
    if single > 0 {
      notes.append(
        DataNote(.found, "\(counted(single, "session")) of one event have nothing to predict in training"))
    }
    for (name, part) in [("validation", parts.validation), ("test", parts.test)] {
      let numbers = items.numbers(of: part)
      let unseen = part.items.count { numbers[Int($0)] < 0 }
      if unseen > 0 {
        notes.append(
          DataNote(
            .warning,
            "\(grouped(unseen)) of \(counted(part.items.count, "event")) of the \(name) part are of items that do not occur in the training part"
          ))
      }
    }
    if log.hasTimes {
      let equal = (0..<log.count).reduce(0) { sum, session in
        sum + log.events(session).dropFirst().count { log.times[$0] == log.times[$0 - 1] }
      }
      if equal > 0 {
        notes.append(
          DataNote(
            .warning,
            "\(counted(equal, "event")) have the time of the one before; such ones stay in the order of their rows"
          ))
      }
    }
    let repeats = (0..<parts.training.count).reduce(0) { sum, session in
      sum
        + parts.training.events(session).dropFirst().count {
          parts.training.items[$0] == parts.training.items[$0 - 1]
        }
    }
    if repeats > 0 {
      notes.append(
        DataNote(
          .found, "\(counted(repeats, "event")) to train on repeat the item before", setting: "merge-repeats")
      )
    }
    return notes
  }
}
