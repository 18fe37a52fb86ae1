/// What the fields of a table say about the mark before decimals.
struct DecimalEvidence {
  /// How numbers are read.
  private(set) var reading = FieldNumber.Reading.plain
  /// What the rows decided; nil where it was no question.
  private(set) var decimal: TableFormat.DecimalMark?
  /// What was assumed.
  private(set) var note: DataNote?

  /// A number that can be read in two ways.
  private struct Question {
    var row, column: Int
    var text: String
  }

  /// What numbers of a column look like, where all that have a mark have three digits behind it.
  private struct Shape {
    /// The mark; nil before one was met, and where there are both.
    var mark: Character?
    /// Numbers with a mark.
    var marked = 0
    /// Numbers of three digits without a mark.
    var hundreds = 0
    /// Numbers of more digits without a mark.
    var long = 0
    /// Digits before the mark.
    var heads: Set<Int> = []

    mutating func add(_ text: String) {
      guard let mark = text.first(where: { $0 == "," || $0 == "." }) else {
        let count = text.count(where: \.isNumber)
        if count == 3 { hundreds += 1 } else if count > 3 { long += 1 }
        return
      }
      self.mark = mark
      marked += 1
      heads.insert(text.prefix { $0 != mark }.count(where: \.isNumber))
    }

    /// Whether numbers from a thousand on have a mark and those below have none.
    var areThousands: Bool { marked >= 3 && hundreds >= 2 && long == 0 }
  }

  /// Numbers as they usually are.
  init() {}

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
    var shapes: [Int: Shape] = [:]
    for row in 0..<count where !columns.isEmpty {
      let own = try fields(row)
      for column in columns where column < own.count {
        guard let text = own[column]?.trimmingBlanks else { continue }
        guard text.utf8.contains(where: { $0 == 0x2C || $0 == 0x2E }) else {
          if FieldNumber.parse(text, .plain) != nil { shapes[column, default: Shape()].add(text) }
          continue
        }
        switch (FieldNumber.parse(text, .point), FieldNumber.parse(text, .comma)) {
        case (nil, nil): continue
        case (.some, nil):
          (reading, decimal) = (.point, .point)
          return
        case (nil, .some):
          (reading, decimal) = (.comma, .comma)
          return
        case (let a?, let b?):
          if a != b {
            shapes[column, default: Shape()].add(text)
            if question == nil { question = Question(row: row, column: column, text: text) }
          }
        }
      }
    }
    guard let question else { return }
    if let known {
      (reading, decimal) = (known == .comma ? .comma : .point, known)
      return
    }
    guard decide(shapes.values.filter { $0.marked > 0 }) else {
      throw malformed(
        question.row, question.column,
        "numbers that can be read in one way alone (\(FieldNumber.ways(question.text)))",
        "\"\(question.text.prefix(40))\"")
    }
  }

  /// Decides by what all numbers look like; false where both readings are likely.
  private mutating func decide(_ shapes: [Shape]) -> Bool {
    guard let mark = shapes.first?.mark, shapes.allSatisfy({ $0.mark == mark }) else { return false }
    if shapes.contains(where: \.areThousands) {
      (reading, decimal) = mark == "," ? (.point, .point) : (.comma, .comma)
      note = DataNote(
        .assumed,
        "a \(mark == "," ? "comma" : "point") stands between thousands, for smaller numbers have none",
        setting: "decimal")
      return true
    }
    // always three digits behind a point, in columns of different sizes without one number below a thousand
    guard mark == ".", Set(shapes.map(\.heads)).count > 1, shapes.allSatisfy({ $0.hundreds + $0.long == 0 })
    else { return false }
    (reading, decimal) = (.point, .point)
    note = DataNote(.assumed, "a point stands before decimals, always three of them", setting: "decimal")
    return true
  }
}
