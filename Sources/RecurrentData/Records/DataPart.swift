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
}
