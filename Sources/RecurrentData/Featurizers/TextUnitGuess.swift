/// What a token of the texts of a training part stands for, where nobody says.
struct TextUnitGuess {
  /// What a token stands for.
  private(set) var unit: TextUnit
  private let settings: FeatureSettings
  private var letters = SequenceLetters()

  init(_ settings: FeatureSettings) {
    self.settings = settings
    unit = settings.unit ?? .word
  }

  /// Looks at texts, at no more than tell that they are words.
  ///
  /// - Throws: ``DataError``, also where texts can be words as well as nucleotide sequences, or a format error.
  mutating func look(at records: RecordSource) throws {
    guard settings.unit?.isOfBases ?? true else { return }
    for index in 0..<records.count {
      guard try letters.look(at: records.record(index).text()) else { break }
    }
    guard settings.unit == nil else { return }
    // a file of sequences has no words in it
    if records.areSequences, !letters.areBases {
      unit = .character
      return
    }
    switch records.areSequences ? .bases : letters.kind {
    case .bases: unit = .base
    case .residues: unit = .character
    case .words: unit = .word
    case .unclear:
      let example = try records.first().text().trimmingBlanks.prefix(20)
      throw DataError.invalidSetting(
        name: "unit",
        expected: "base or word: texts such as \"\(example)\" can be nucleotide sequences as well as words",
        found: "nothing")
    }
  }

  /// How many bases all texts have, where these are few enough for evidence by place; nil where lengths differ.
  func placeCount(limit: Int) -> Int? {
    guard unit == .base, letters.areAlike, letters.length > 1 else { return nil }
    return letters.length <= min(limit, TextFeaturizer.mostPlaces) ? letters.length : nil
  }

  /// What was found, assumed and is read otherwise than it stands.
  func notes(_ unit: TextUnit) -> [DataNote] {
    var notes: [DataNote] = []
    if settings.unit == nil, unit == .base {
      notes.append(
        DataNote(.assumed, "the texts are nucleotide sequences: a token is a base", setting: "unit"))
    }
    if settings.unit == nil, unit == .character {
      notes.append(
        DataNote(.assumed, "the texts are letters without blanks: a token is a letter", setting: "unit"))
    }
    return notes + (unit.isOfBases ? letters.notes(settings.bases) : [])
  }
}

extension TextUnit {
  /// The most tokens of a text, where nobody says.
  var standardLength: Int { isOfBases ? 4000 : 400 }
}

extension TextFeaturizer {
  /// The most places whose evidence is counted for each.
  static let mostPlaces = 4096
}

extension TextFeaturizer {
  /// The other strand of a sequence: its bases in the opposite order, each as its complement, with what the evidence says then.
  ///
  /// - Precondition: the unit is made of bases.
  public func oppositeStrand(_ sequence: FeatureSequence) -> FeatureSequence {
    guard let table = vocabulary.bases else {
      fatalError("TextFeaturizer.oppositeStrand: the tokens are no bases")
    }
    let tokens = sequence.tokens.reversed().map { table.complement($0) }
    return FeatureSequence(
      tokens: tokens, featureCount: featureCount, values: evidence?.features(placed(tokens)) ?? [])
  }
}
