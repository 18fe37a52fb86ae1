/// The number that a field of a table says.
enum FieldNumber {
  private static let missing: Set<String> = ["", "na", "nan", "n/a", "null", "none", "?", "-"]
  private static let infinities: Set<String> = ["inf", "infinity"]

  /// Whether a field without blanks around it stands for a value that is missing.
  static func isMissing(_ text: String) -> Bool { text.isEmpty || missing.contains(text.lowercased()) }

  /// The number that a field without blanks around it is, infinite where it says so; nil where it is none.
  static func parse(_ text: String, hasDecimalComma: Bool) -> Double? {
    parse(text, hasDecimalComma ? .comma : .plain)
  }

  /// The number that digits with at most one point are.
  static func plain(_ text: String) -> Double? {
    // `Double` also reads hexadecimal digits and words
    let isNumeral = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: ","), UInt8(ascii: "e"), UInt8(ascii: "E"):
        true
      default: false
      }
    }
    guard isNumeral else {
      let isInfinite = infinities.contains(
        text.lowercased().trimmingPrefix { $0 == "-" || $0 == "+" }.description)
      return isInfinite ? (text.hasPrefix("-") ? -.infinity : .infinity) : nil
    }
    return Double(text)
  }

  /// The number in a field, nil where it is missing.
  ///
  /// - Throws: what `malformed` makes of what was expected and found.
  static func read(
    _ field: String, _ reading: Reading, malformed: (_ expected: String, _ found: String) -> DataError
  ) throws(DataError) -> Double? {
    let text = field.trimmingBlanks
    guard let value = parse(text, reading) else {
      if isMissing(text) { return nil }
      let ways = ways(text)
      throw malformed("a number" + (ways.isEmpty ? "" : " (\(ways))"), "\"\(text.prefix(40))\"")
    }
    guard abs(value) <= Double(Float.greatestFiniteMagnitude) else {
      throw malformed("a number within \(Float.greatestFiniteMagnitude)", "\"\(text.prefix(40))\"")
    }
    return value
  }
}

extension String {
  /// Without blanks around it.
  var trimmingBlanks: String {
    var text = self[...]
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
    return String(text)
  }
}
