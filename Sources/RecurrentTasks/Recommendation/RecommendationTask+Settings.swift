/// How the candidates of an evaluation are chosen.
public enum CandidateChoice: Sendable, Equatable, WrittenSetting {
  /// All items.
  case all
  /// The item that came and so many others, drawn at random.
  case sampled(Int)

  /// Reads `all` or `sampled:100`.
  public init?(written text: String) {
    if text == "all" {
      self = .all
    } else {
      guard text.hasPrefix("sampled:"), let count = Int(text.dropFirst(8)), (1...1 << 20).contains(count)
      else {
        return nil
      }
      self = .sampled(count)
    }
  }

  /// As ``init(written:)`` reads it.
  public var written: String {
    switch self {
    case .all: "all"
    case .sampled(let count): "sampled:\(count)"
    }
  }

  /// What it reads, in words.
  public static var writtenForm: String { "all, or sampled: and a number, such as sampled:100" }
}

extension Setting where Value == String {
  /// The column with the session or the user.
  public static var session: Setting {
    .column("session", help: "The column with the session, or with the user where there are none.")
  }
  /// The column with the item.
  public static var item: Setting { .column("item", help: "The column with the item.") }
  /// The column with the day.
  public static var date: Setting {
    .column("date", help: "The column with the day, where times count from the beginning of a session.")
  }
  /// A table with the names of items.
  public static var items: Setting {
    Setting("items", .text, "file", help: "A table with what the items are called.")
  }
  /// The column with the names of items.
  public static var itemName: Setting {
    .column("name", help: "The column of the table of items with what they are called.")
  }
}

extension Setting where Value == InteractionSplit {
  /// How data are split.
  public static var protocolSetting: Setting {
    Setting(
      "protocol",
      help:
        "How data are split and evaluated: the sessions that begin last, or the last item of each user (default: leave-one-out "
        + "for users without sessions, else time).")
  }
}

extension Setting where Value == RecommendationLoss {
  /// What a recommender learns by.
  public static var recommendationLoss: Setting {
    Setting(
      "loss",
      help:
        "What is learnt by (default: cross-entropy up to \(RecommendationLoss.fullLimit) items, sampled-softmax beyond)."
    )
  }
}

extension Setting where Value == SessionWindows.Order {
  /// How the sessions of an epoch follow each other.
  public static var sessionOrder: Setting {
    Setting(
      "session-order", standard: RecommendationConfiguration().order,
      help: "How the sessions of an epoch follow each other: by their times, or at random.")
  }
}

extension Setting where Value == CandidateChoice {
  /// The candidates of an evaluation.
  public static var candidates: Setting {
    Setting(
      "candidates", written: "all|sampled:n", standard: .all,
      help:
        "What the item that came is ranked among when evaluating. Ranks among a sample say little; they are for comparing with "
        + "papers that have them.")
  }
}

extension Setting where Value == Int {
  /// The fewest events of a session.
  public static var minSession: Setting {
    Setting(
      "min-session", .integer(1...1 << 20), "n", standard: 1,
      help: "Leave out sessions of fewer events.")
  }
  /// Steps of truncated backpropagation through time.
  public static var bptt: Setting {
    Setting(
      "bptt", .integer(1...1 << 20), "n", standard: RecommendationConfiguration().windowLength,
      help: "Steps of backpropagation through time; the state is carried on beyond.")
  }
  /// Items that are drawn besides the targets.
  public static var negatives: Setting {
    Setting(
      "negatives", .integer(1...1 << 20), "n", standard: RecommendationConfiguration().sampleCount,
      help: "Items that are drawn in each step besides its targets, where not all are computed with.")
  }
  /// How many items are recommended.
  public static var top: Setting {
    Setting(
      "top", .integer(1...10_000), "n", standard: RecommendationTask.standardTopCount,
      help: "How many items to recommend.")
  }
}

extension Setting where Value == Double {
  /// Days of the test part.
  public static var testDays: Setting {
    Setting(
      "test-days", .number(0...1e6, isOpenBelow: true), "d",
      help: "Test with the sessions that begin in the last days, instead of a share.")
  }
  /// Days of the validation part.
  public static var validationDays: Setting {
    Setting(
      "valid-days", .number(0...1e6, isOpenBelow: true), "d",
      help:
        "Validate with the sessions that begin in the days before those of the test part, instead of a share."
    )
  }
  /// Dropout on the output and the state.
  public static var stateDropout: Setting {
    .rate(
      "state-dropout",
      help: "Dropout on the output of the layers; with a bptt of 1 also on the state that is carried.")
  }
  /// The power of counts by which items are drawn.
  public static var samplePower: Setting {
    Setting(
      "sample-power", .number(0...4), "x", standard: RecommendationConfiguration().samplePower,
      help: "Items are drawn by this power of how often they occur: 0 for all alike.")
  }
  /// The weight of the scores of other items.
  public static var scoreDecay: Setting {
    Setting(
      "score-decay", .number(0...1e6), "x", standard: Double(RecommendationConfiguration().regularization),
      help: "How much the scores of other items count, of bpr-max.")
  }
}

extension Setting where Value == Bool {
  /// Whether repeats count once.
  public static var mergeRepeats: Setting {
    Setting(
      "merge-repeats", .bool, standard: false, help: "Count an item that comes several times in a row once.")
  }
  /// Whether what was seen is not recommended.
  public static var excludeSeen: Setting {
    Setting("exclude-seen", .bool, standard: false, help: "Do not recommend what the session has seen.")
  }
}

extension RecommendationTask {
  /// What the task learns, in the sentence that the help begins with.
  public static let summary = "Train a model that recommends what a visitor wants next."

  /// Arguments of commands that the help shows as examples.
  public static let usages = [
    "events.csv --session session_id --item item_id --time timestamp --output shop.bundle",
    "clicks.csv --test-days 1 --items items.csv --name title --output shop.bundle",
    "u.data --items u.item --output films.bundle",
  ]

  /// Adagrad: its steps leave the vectors of items alone that a step does not use.
  public static let standardOptimizer = OptimizerCatalog.adagrad

  /// The shares of the sessions for training, validation and test.
  static let standardShares = [0.85, 0.05, 0.1]

  /// Everything that can be set, by groups.
  public static var settings: [SettingsGroup] {
    let standard = RecommendationConfiguration()
    return [
      SettingsGroup(
        "Data",
        [
          Setting.session, Setting.item, Setting.time.describing("The column with the time."), Setting.date,
          Setting.items, Setting.itemName, Setting.dateOrder, Setting.decimal, Setting.protocolSetting,
          Setting.split.describing(
            "Shares of the sessions, in the order of their times, for training, validation and test.",
            standard: standardShares), Setting.testDays, Setting.validationDays,
          Setting.minCount.describing("How often an item must occur to be kept."), Setting.minSession,
          Setting.mergeRepeats,
        ]),
      .tables,
      SettingsGroup(
        "Model",
        [
          Setting.cell, Setting.hidden.describing(standard: standard.hiddenSize), Setting.layers,
          Setting.embedding.describing("Width of the item vectors (default: that of the layers)."),
          Setting.dropout.describing("Dropout on item vectors and between layers.", standard: 0.3),
          Setting.stateDropout.describing(standard: 0.2),
        ]), .cell,
      SettingsGroup(
        "Loss",
        [
          Setting.recommendationLoss, Setting.negatives, Setting.samplePower, Setting.scoreDecay,
          Setting.bptt,
          Setting.sessionOrder,
        ]),
      SettingsGroup("Predictions", [Setting.top, Setting.excludeSeen, Setting.candidates]),
    ]
  }

  /// Shares that are none, and a cell that cannot be what is asked of it.
  public static func issue(of settings: Settings) -> String? {
    if settings[.protocolSetting] == .leaveOneOut {
      for name in ["split", "test-days", "valid-days"] where settings.values[name] != nil {
        return "protocol is leave-one-out, expected time where \(name) is given"
      }
    }
    return settings.splitIssue ?? CellChoice(settings).issue
  }

  /// The task as it predicts and is evaluated with settings.
  public func predicting(with settings: Settings) throws -> RecommendationTask {
    var task = self
    task.topCount = settings.value(.top)
    task.excludesSeen = settings.value(.excludeSeen)
    if case .sampled(let count) = settings.value(.candidates) {
      guard count < items.count else {
        throw DataError.invalidSetting(
          name: "candidates", expected: "fewer than the \(items.count) items of the model", found: "\(count)")
      }
      task.candidateCount = count
    }
    return task
  }
}

extension Settings {
  /// The columns of interactions.
  var interactionColumns: InteractionColumns {
    InteractionColumns(session: self[.session], item: self[.item], time: self[.time], date: self[.date])
  }
}
