extension Setting where Value == Int {
  /// Groups of tokens that occur once.
  static var noRepeat: Setting {
    Setting(
      "no-repeat", .integer(1...1 << 16), "n",
      help: "Never write a group of so many tokens twice (default: groups may repeat).")
  }
  /// The most tokens.
  static var maxLength: Setting {
    Setting(
      "max-length", .integer(1...1 << 16), "n",
      help: "The most tokens of a text that is written (default: twice the longest of the training part).")
  }
  /// The least tokens.
  static var minLength: Setting {
    Setting(
      "min-length", .integer(0...1 << 16), "n", standard: 0,
      help: "The least tokens of a text that is written.")
  }
}

/// The forms of a penalty on lengths, as OpenNMT calls them.
enum LengthPenaltyForm: String, NamedSetting {
  /// n^alpha: the mean for an alpha of 1.
  case avg
  /// ((5 + n) / 6)^alpha.
  case wu
}

extension Setting where Value == LengthPenaltyForm {
  /// What the logarithm of a text is divided by.
  static var lengthPenaltyForm: Setting {
    Setting(
      "length-penalty-form", of: "name", standard: .avg,
      help:
        "What the length penalty is a power of: avg the length, wu (5 + length) / 6, which evens lengths out less."
    )
  }
}

extension Setting where Value == Double {
  /// Dropout before the output.
  static var outputDropout: Setting {
    Setting("output-dropout", .number(0...1, isOpenAbove: true), "p", help: "Dropout before the output.")
  }
  /// How lengths count.
  static var lengthPenalty: Setting {
    Setting(
      "length-penalty", .number(0...10), "x", standard: 1,
      help: "Divide the logarithm of a text by its length to this power: 0 prefers short ones, 1 none."
    )
  }
  /// How coverage counts.
  static var coveragePenalty: Setting {
    Setting(
      "coverage-penalty", .number(0...100), "x", standard: 0,
      help: "Prefer texts that look at all of what is read, so much.")
  }
  /// The most tokens for each of the text.
  static var maxRatio: Setting {
    Setting(
      "max-ratio", .number(0...1000), "x", standard: 2,
      help: "The most tokens of a translation for each of the text, beside ten.")
  }
}

extension SettingsGroup {
  /// What can be set about a search for texts.
  ///
  /// - Parameters:
  ///   - beam: what `beam` means.
  ///   - best: what `best` means.
  ///   - others: further settings.
  static func beamSearch(
    _ beam: String, _ best: String, _ others: [any SettingDescription] = []
  ) -> SettingsGroup {
    let own: [any SettingDescription] = [
      Setting.beam.describing(beam, standard: BeamSearchSettings().beamWidth),
      Setting.best.describing(best, standard: 1), Setting.lengthPenalty, Setting.lengthPenaltyForm,
      Setting.coveragePenalty, Setting.noRepeat, Setting.minLength,
    ]
    return SettingsGroup("Search", own + others)
  }
}

extension LengthPenalty {
  /// Its form; that of the mean where there is no penalty.
  fileprivate var form: LengthPenaltyForm { if case .wu = self { .wu } else { .avg } }
}

extension BeamSearchSettings {
  /// This search, with what is set in its place.
  func applying(_ settings: Settings) -> BeamSearchSettings {
    var own = self
    own.beamWidth = settings[.beam] ?? beamWidth
    own.best = settings[.best] ?? best
    // as many are kept as are given
    own.beamWidth = max(own.beamWidth, own.best)
    if settings[.lengthPenalty] != nil || settings[.lengthPenaltyForm] != nil {
      let alpha = settings[.lengthPenalty] ?? lengthPenalty.alpha ?? 1
      let form = settings[.lengthPenaltyForm] ?? lengthPenalty.form
      own.lengthPenalty = form == .wu ? .wu(alpha: alpha) : .average(alpha: alpha)
    }
    if let beta = settings[.coveragePenalty] { own.coveragePenalty = beta > 0 ? .wu(beta: beta) : .none }
    own.noRepeatNGramSize = settings[.noRepeat] ?? noRepeatNGramSize
    own.minimumLength = settings[.minLength] ?? minimumLength
    own.maximumRatio = settings[.maxRatio] ?? maximumRatio
    own.maximumOffset = settings[.maxLength] ?? maximumOffset
    return own
  }

  /// Throws where the values are impossible.
  func check(_ key: String) throws(ValueIssue) {
    try ValueIssue.pass(issue, in: key + ": ")
    try ValueIssue.check(key + ".beamWidth", beamWidth, in: 1...1 << 16)
    try ValueIssue.check(key + ".maximumOffset", maximumOffset, in: 0...1 << 20)
    try ValueIssue.check(key + ".minimumLength", minimumLength, in: 0...1 << 20)
    try ValueIssue.check(key + ".maximumRatio", maximumRatio, in: 0...1000)
  }
}
