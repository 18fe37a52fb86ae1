extension BaseSettings.SoftMask: NamedSetting {}

extension Setting where Value == Int {
  /// The bases of a k-mer.
  public static var k: Setting {
    Setting(
      "k", .integer(BaseSettings.lengths), "n", standard: BaseSettings().length,
      help: "The bases of a token where the unit is k-mer; they do not overlap.")
  }
}

extension Setting where Value == BaseSettings.SoftMask {
  /// What is done with letters in lower case.
  public static var softMask: Setting {
    Setting(
      "soft-mask", standard: BaseSettings().softMask,
      help:
        "Letters of nucleotide sequences in lower case: read as capital ones, or kept as tokens of their own."
    )
  }
}

extension Setting where Value == Bool {
  /// Read both strands of nucleotide sequences.
  public static var reverseComplement: Setting {
    Setting(
      "reverse-complement", .bool,
      help:
        "Train on nucleotide sequences and on their reverse complements, each time the one or the other, and predict by the mean "
        + "of both: where the strand does not matter.")
  }
  /// Tell features of both strands apart.
  public static var strands: Setting {
    Setting(
      "strands", .bool, standard: true,
      help:
        "Tell features of nucleotide sequences on one strand from those on the other, such as CDS+ and CDS-.")
  }
}

extension Setting where Value == [String] {
  /// The kinds of features that say what bases are.
  public static var features: Setting {
    Setting(
      "features", .texts, "CDS,tRNA,...",
      help:
        "The kinds of features that say what each base is; intron stands for what is between the parts of one (default: CDS, RNA "
        + "and introns, or all that describe no whole gene).")
  }
}

extension BaseSettings {
  /// How nucleotide sequences become tokens, as settings ask for.
  public init(_ settings: Settings) {
    self.init(
      length: settings.value(.k), softMask: settings.value(.softMask),
      readsBothStrands: settings[.reverseComplement] ?? false)
  }
}

extension Settings {
  /// What is impossible about the tokens of nucleotide sequences; nil where nothing is.
  var basesIssue: String? {
    if let issue = BaseSettings(self).issue { return issue }
    guard values["k"] != nil, let unit = self[.unit], unit != .kmer else { return nil }
    return "k is \(value(.k)) beside the unit \(unit.rawValue), expected the unit k-mer"
  }
}
