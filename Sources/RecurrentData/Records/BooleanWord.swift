/// Words for true and false.
enum BooleanWord {
  private static let words: [String: Double] = [
    "true": 1, "false": 0, "yes": 1, "no": 0, "y": 1, "n": 0, "t": 1, "f": 0, "on": 1, "off": 0, "ja": 1,
    "nein": 0,
    "oui": 1, "non": 0, "sí": 1, "si": 1, "wahr": 1, "falsch": 0, "vrai": 1, "faux": 0, "да": 1, "нет": 0,
  ]

  /// 1 or 0 for a field; nil where it is no such word.
  static func value(_ field: String) -> Double? {
    let text = field.trimmingBlanks
    return text.utf8.count <= 8 ? words[text.lowercased()] : nil
  }
}
