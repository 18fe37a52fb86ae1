/// The number that a field of a table says.
enum FieldNumber {
  /// How numbers are written.
  enum Reading: Sendable {
    /// A point before decimals, nothing between thousands.
    case plain
    /// A point before decimals; commas may stand between thousands.
    case point
    /// A comma before decimals; points may stand between thousands.
    case comma
  }

  private static let missing: Set<String> = [
    "", "na", "nan", "-nan", "n/a", "#n/a", "#na", "n.a.", "n.a", "<na>", "null", "(null)", "nil", "none",
    "\\n",
    "missing", "no data", "nodata", "n.d.", "nd", "k.a.", "undefined", "#value!", "#ref!", "#div/0!", "#num!",
    "1.#qnan", "-1.#ind", "n/d", "n.d", "s/d", "s.d.", "n/v", "n.v.", "#nv", "#n/v", "#null!", "nat",
    "not available", "not applicable", "not reported", "unknown", "no value", "(x)", "(s)", "(d)", "(c)", "_",
    "--.--", "-.-", "?", "-", "--", "---", "–", "—", "*", "**", "***", "****", ".", "..", "...", "…", ":",
    "(na)",
  ]
  private static let infinities: Set<String> = ["inf", "infinity"]

  /// Whether a field without blanks around it stands for a value that is missing; a mark of Eurostat may stand behind it.
  static func isMissing(_ text: String) -> Bool {
    if text.isEmpty { return true }
    guard text.utf8.count <= 14 else { return false }
    if text.utf8.first == UInt8(ascii: ":") {
      return text.dropFirst().allSatisfy { $0 == " " || $0.isLetter }
    }
    return missing.contains(text.lowercased())
  }

  /// The number that digits with at most one point are, infinite where a text says so; nil for anything else.
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
      guard text.utf8.count <= 9 else { return nil }
      let isInfinite = infinities.contains(
        text.lowercased().trimmingPrefix { $0 == "-" || $0 == "+" }.description)
      return isInfinite ? (text.hasPrefix("-") ? -.infinity : .infinity) : nil
    }
    return Double(text)
  }

  /// The number that a field without blanks around it is, infinite where it says so; nil where it is none. What may stand around
  /// its digits is said at ``DecoratedNumber``.
  static func parse(_ text: String, _ reading: Reading) -> Double? {
    if let value = grouped(text, reading) { return value }
    if let parts = DecoratedNumber(text), let value = grouped(parts.digits, reading) {
      return value * parts.factor
    }
    return respelled(text).flatMap { parse($0, reading) }
  }

  /// Whether a field without blanks around it is a number, however it is written.
  static func isNumber(_ text: String) -> Bool {
    [.plain, .point, .comma].contains { parse(text, $0) != nil }
  }

  /// The number of digits with the marks of a reading.
  private static func grouped(_ text: String, _ reading: Reading) -> Double? {
    if reading == .plain || reading == .point && !text.utf8.contains(0x2C) { return plain(text) }
    let (mark, group): (Character, Character) = reading == .comma ? (",", ".") : (".", ",")
    let parts = text.split(separator: mark, omittingEmptySubsequences: false)
    guard let whole = parts.first, parts.count <= 2 else { return nil }
    let groups = whole.split(separator: group, omittingEmptySubsequences: false)
    if groups.count > 1 {
      // three digits behind one to three that begin with no zero; in India two in the middle
      let head = groups[0].drop { $0 == "-" || $0 == "+" }
      let middle = groups.dropFirst().dropLast()
      guard (1...3).contains(head.count), head.first != "0", head.allSatisfy(\.isASCIIDigit),
        groups.dropFirst().allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }), groups.last?.count == 3,
        middle.allSatisfy({ $0.count == 3 }) || head.count <= 2 && middle.allSatisfy({ $0.count == 2 })
      else { return nil }
    }
    if parts.count == 2, parts[1].contains(group) { return nil }
    return plain(groups.joined() + (parts.count == 2 ? "." + parts[1] : ""))
  }

  /// What the setting makes of a field that is no plain number; empty where it is no number in any way.
  static func ways(_ text: String) -> String {
    func words(_ name: String, _ reading: Reading) -> String? {
      parse(text, reading).map { value in
        let number = value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
        return "`decimal` \(name) reads \(number)"
      }
    }
    return [words("point", .point), words("comma", .comma)].compactMap { $0 }.joined(separator: ", ")
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

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}

extension String {
  /// Without blanks around it.
  var trimmingBlanks: String {
    func isBlank(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
    guard isBlank(utf8.first) || isBlank(utf8.last) else { return self }
    var text = utf8[...]
    while isBlank(text.first) { text.removeFirst() }
    while isBlank(text.last) { text.removeLast() }
    return String(Substring(text))
  }
}
