/// How the learning rate changes, by name.
public enum ScheduleName: String, NamedSetting {
  /// Not at all.
  case constant
  /// Half a cosine down to a few percent.
  case cosine
  /// Times 0.3 after each third of the epochs.
  case step
  /// Times a factor in every epoch behind the first ones.
  case decay
  /// Times 0.5 when the validation loss has not fallen for two epochs.
  case plateau
}

extension OptimizerCatalog: NamedSetting {}

extension UInt64: SettingConvertible {
  /// A whole number, also as a text where it is beyond the range of `Int`.
  public init?(fieldValue: FieldValue) {
    switch fieldValue {
    case .integer(let value): self.init(exactly: value)
    case .text(let text): self.init(text)
    default: return nil
    }
  }

  /// A whole number, or a text beyond the range of `Int`.
  public var fieldValue: FieldValue { Int(exactly: self).map { .integer($0) } ?? .text("\(self)") }
}

extension Setting where Value == Int {
  /// Passes over the data.
  public static var epochs: Setting {
    Setting("epochs", .integer(1...1 << 20), "n", help: "Passes over the training data.")
  }
  /// Epochs before the learning rate falls.
  public static var decayAfter: Setting {
    Setting(
      "decay-after", .integer(1...1 << 20), "n",
      help:
        "The epochs before the learning rate falls by the schedule decay, which this chooses; 4 where nothing is said."
    )
  }
  /// Examples of a step.
  public static var batchSize: Setting {
    Setting("batch-size", .integer(1...1 << 20), "n", help: "Examples of a step.")
  }
  /// Steps of warm-up.
  public static var warmUp: Setting {
    Setting("warm-up", .integer(0...1 << 40), "n", help: "Steps over which the learning rate rises first.")
  }
  /// Shards of a step.
  public static var shards: Setting {
    Setting(
      "shards", .integer(1...1 << 16), "n",
      help:
        "Cut the rows of each step into so many shards, whose gradients are added in a fixed order: the model is the same for "
        + "every number of ranks under mpirun that can share them. A shard wants 8 rows or more (default: 1, under mpirun one "
        + "for each rank).")
  }
  /// Epochs without improvement after which training ends.
  public static var patience: Setting {
    Setting(
      "patience", .integer(1...1 << 20), "n",
      help: "Stop after so many epochs without a better validation loss.")
  }
}

extension Setting where Value == Double {
  /// The learning rate after warm-up.
  public static var learningRate: Setting {
    Setting(
      "learning-rate", .number(0...(.greatestFiniteMagnitude), isOpenBelow: true), "x",
      help: "The learning rate, after warm-up.")
  }
  /// What the learning rate is multiplied by.
  public static var decayFactor: Setting {
    Setting(
      "decay-factor", .number(0...1, isOpenBelow: true), "x",
      help:
        "What the learning rate is multiplied by in each epoch behind these, by the schedule decay, which this chooses; 0.5 "
        + "where nothing is said.")
  }
  /// Weight decay.
  public static var weightDecay: Setting {
    Setting(
      "weight-decay", .number(0...(.greatestFiniteMagnitude)), "x", help: "Weight decay.")
  }
  /// The largest norm of the gradient.
  public static var clipNorm: Setting {
    Setting(
      "clip-norm", .number(0...(.greatestFiniteMagnitude)), "x", standard: 1,
      help: "The largest norm of the gradient; 0 for no limit.")
  }
  /// The largest magnitude of an element of the gradient.
  public static var clipValue: Setting {
    Setting(
      "clip-value", .number(0...(.greatestFiniteMagnitude), isOpenBelow: true), "x",
      help: "The largest magnitude of an element of the gradient (default: no limit).")
  }
  /// The decay of the running average of the weights.
  public static var average: Setting {
    Setting(
      "average", .number(0...1, isOpenAbove: true), "x",
      help: "The decay of a running average of the weights, which is kept in their place; 0 for none.")
  }
}

extension Setting where Value == UInt64 {
  /// The seed of all random numbers.
  public static var seed: Setting {
    Setting(
      "seed", .form("a whole number from 0 to \(UInt64.max)", { UInt64($0) != nil }), "n", standard: 1,
      help: "The same seed gives the same model, byte for byte.")
  }
}

extension Setting where Value == OptimizerCatalog {
  /// The optimiser.
  public static var optimizer: Setting { Setting("optimizer", help: "The optimiser.") }
}

extension Setting where Value == ScheduleName {
  /// How the learning rate changes.
  public static var schedule: Setting {
    Setting(
      "schedule",
      help:
        "How the learning rate changes: not at all, down to a few percent by a cosine, times 0.3 after each third of "
        + "the epochs, times --decay-factor in each epoch behind the first --decay-after, or times 0.5 when the validation loss has not fallen for two epochs."
    )
  }
}

extension SettingsGroup {
  /// What every training has.
  ///
  /// - Parameters:
  ///   - optimizer: the optimiser where none is set.
  ///   - schedule: how the learning rate changes where nothing is set.
  public static func training(_ optimizer: OptimizerCatalog, _ schedule: ScheduleName) -> SettingsGroup {
    let decay =
      optimizer == .adamw
      ? "Weight decay (default: 0.01, for other optimisers 0)." : "Weight decay (default: 0, for adamw 0.01)."
    return SettingsGroup(
      "Training",
      [
        Setting.epochs, Setting.batchSize, Setting.optimizer.describing(standard: optimizer),
        Setting.learningRate, Setting.schedule.describing(standard: schedule), Setting.decayAfter,
        Setting.decayFactor, Setting.warmUp,
        Setting.weightDecay.describing(decay),
        Setting.clipNorm, Setting.clipValue, Setting.average, Setting.patience, Setting.shards, Setting.seed,
      ])
  }
}

extension Settings {
  /// Whether something is said of the schedule decay.
  fileprivate var hasDecay: Bool { self[.decayAfter] != nil || self[.decayFactor] != nil }
}

extension SequenceTask {
  /// Why settings cannot go together, those of every training among them; nil where they can.
  public static func anyIssue(of settings: Settings) -> String? {
    let schedule: ScheduleName? = settings[.schedule]
    if let schedule, schedule != .decay, settings.hasDecay {
      return "schedule is \(schedule.rawValue), expected decay where decay-after or decay-factor is given"
    }
    return issue(of: settings)
  }
}

extension TaskSettings {
  /// These settings, with what is set in place of what the task suggests.
  public func applying(_ settings: Settings) -> TaskSettings {
    var result = self
    result.training.epochs = settings[.epochs] ?? training.epochs
    result.batchSize = settings[.batchSize] ?? batchSize
    if let optimizer = settings[.optimizer], optimizer != self.optimizer {
      result.optimizer = optimizer
      result.learningRate = optimizer.usualLearningRate
      result.weightDecay = optimizer == .adamw ? 1e-2 : 0
    }
    result.learningRate = settings[.learningRate] ?? result.learningRate
    result.weightDecay = settings[.weightDecay] ?? result.weightDecay
    let schedule: ScheduleName? = settings[.schedule]
    switch schedule ?? (settings.hasDecay ? .decay : nil) {
    case nil: break
    case .constant: result.training.schedule.shape = .constant
    case .cosine:
      if case .cosine = training.schedule.shape { break }
      result.training.schedule.shape = .cosine(final: 0.05)
    case .step:
      result.training.schedule.shape = .step(epochs: max(1, result.training.epochs / 3), factor: 0.3)
    case .decay:
      result.training.schedule.shape = .decay(
        after: settings[.decayAfter] ?? 4, factor: settings[.decayFactor] ?? 0.5)
    case .plateau: result.training.schedule.shape = .plateau(patience: 1, factor: 0.5)
    }
    result.training.schedule.warmUpSteps = settings[.warmUp] ?? training.schedule.warmUpSteps
    if let clipNorm = settings[.clipNorm] { result.training.clipNorm = clipNorm > 0 ? clipNorm : nil }
    result.training.clipValue = settings[.clipValue] ?? training.clipValue
    if let average = settings[.average] { result.training.averageDecay = average > 0 ? average : nil }
    result.training.patience = settings[.patience] ?? training.patience
    if let shards = settings[.shards] { result.training.shards = shards > 1 ? shards : nil }
    result.training.seed = settings.value(.seed)
    return result
  }
}
