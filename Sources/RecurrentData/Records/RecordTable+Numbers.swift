/// What the fields of a table say about the mark before decimals.
struct DecimalEvidence {
  /// How numbers are read.
  let reading: FieldNumber.Reading
  /// What the rows decided; nil where it was no question.
  let decimal: TableFormat.DecimalMark?

  /// A number that can be read in two ways.
  private struct Question {
    var row, column: Int
    var text: String
  }

  /// Numbers as they usually are.
  init() { (reading, decimal) = (.plain, nil) }

  /// Looks at the numbers of a table.
  ///
  /// - Parameters:
  ///   - columns: those with numbers, in whatever way they are read.
  ///   - count: rows.
  ///   - known: how other data of the same kind were read, for what the rows leave open.
  ///   - fields: of a row.
  ///   - malformed: the error of a field.
  /// - Throws: what `malformed` makes of a number that can be read in two ways.
  init(
    columns: [Int], count: Int, known: TableFormat.DecimalMark?,
    fields: (Int) throws(DataError) -> [String?],
    malformed: (_ row: Int, _ column: Int, _ expected: String, _ found: String) -> DataError
  ) throws(DataError) {
    var question: Question?
    for row in 0..<count where !columns.isEmpty {
      let own = try fields(row)
      for column in columns where column < own.count {
        guard let text = own[column]?.trimmingBlanks, text.utf8.contains(where: { $0 == 0x2C || $0 == 0x2E })
        else { continue }
        switch (FieldNumber.parse(text, .point), FieldNumber.parse(text, .comma)) {
        case (nil, nil): continue
        case (.some, nil):
          (reading, decimal) = (.point, .point)
          return
        case (nil, .some):
          (reading, decimal) = (.comma, .comma)
          return
        case (let a?, let b?):
          if a != b, question == nil { question = Question(row: row, column: column, text: text) }
        }
      }
    }
    guard let question else {
      (reading, decimal) = (.plain, nil)
      return
    }
    guard let known else {
      throw malformed(
        question.row, question.column,
        "numbers that can be read in one way alone (\(FieldNumber.ways(question.text)))",
        "\"\(question.text.prefix(40))\"")
    }
    (reading, decimal) = (known == .comma ? .comma : .point, known)
  }
}

extension FieldNumber {
  /// How numbers are written.
  enum Reading: Sendable {
    /// A point before decimals, nothing between thousands.
    case plain
    /// A point before decimals; commas may stand between thousands.
    case point
    /// A comma before decimals; points may stand between thousands.
    case comma
  }

  /// The number that a field without blanks around it is, infinite where it says so; nil where it is none.
  static func parse(_ text: String, _ reading: Reading) -> Double? {
    if reading == .plain { return plain(text) }
    let (mark, group): (Character, Character) = reading == .comma ? (",", ".") : (".", ",")
    let parts = text.split(separator: mark, omittingEmptySubsequences: false)
    guard let whole = parts.first, parts.count <= 2 else { return nil }
    let groups = whole.split(separator: group, omittingEmptySubsequences: false)
    if groups.count > 1 {
      // three digits behind one to three that begin with no zero
      let head = groups[0].drop { $0 == "-" || $0 == "+" }
      guard (1...3).contains(head.count), head.first != "0", head.allSatisfy(\.isASCIIDigit),
        groups.dropFirst().allSatisfy({ $0.count == 3 && $0.allSatisfy(\.isASCIIDigit) })
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

  /// Whether a field without blanks around it is a number, however it is written.
  static func isNumber(_ text: String) -> Bool {
    [.plain, .point, .comma].contains { parse(text, $0) != nil }
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
