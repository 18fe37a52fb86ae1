/// What data are for.
public enum DataPart: String, Sendable, Codable, CaseIterable {
  /// To train on.
  case training = "train"
  /// To choose and calibrate by.
  case validation = "valid"
  /// To evaluate.
  case test

  /// The part that a word means, in the spellings in use.
  public init?(word: String) {
    switch word.lowercased() {
    case "train", "training", "tr": self = .training
    case "valid", "validation", "val", "dev", "development": self = .validation
    case "test", "testing", "te", "eval", "evaluation": self = .test
    default: return nil
    }
  }

  /// The part that the name of a file or a folder says, or its first letters: `train-clean-100`.
  init?(fileName name: String) {
    guard let part = DataPart(word: name) ?? DataPart(word: String(name.prefix { $0.isLetter })) else {
      return nil
    }
    self = part
  }

  /// Which of some data to evaluate: those of the part to test; where none is named so, but one is to train on, those of the
  /// part to validate, since what was trained on says little; else all.
  ///
  /// - Parameter parts: what each is for.
  /// - Returns: their numbers, nil for all, and what is to be said about it.
  public static func evaluated(_ parts: some Collection<DataPart?>) -> (indices: [Int]?, note: DataNote?) {
    func numbers(_ part: DataPart) -> [Int] { parts.enumerated().filter { $1 == part }.map(\.offset) }
    let test = numbers(.test)
    if !test.isEmpty { return (test, nil) }
    let validation = numbers(.validation)
    guard !validation.isEmpty, parts.contains(.training) else { return (nil, nil) }
    let note = DataNote(
      .assumed, "no part is named test: the \(validation.count) of \(parts.count) to validate are evaluated")
    return (validation, note)
  }
}
