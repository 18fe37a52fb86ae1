/// Which columns of a table have numbers, and what stands there for none.
struct TableNumbers: Sendable {
  /// How numbers are written.
  private(set) var reading: FieldNumber.Reading
  /// The columns of numbers.
  private(set) var columns: Set<Int> = []
  /// Words among numbers that stand for a value that is missing, in lower case; nil for what is usual.
  private var words: Set<String>?
  /// Words that were found besides the usual ones.
  private var found: Set<String> = []
  /// The unit that stands behind all numbers of a column.
  private var units: [Int: String] = [:]
  /// The letters that stand behind some numbers of a column.
  private var flags: [Int: Set<String>] = [:]
  /// What was found.
  private(set) var notes: [DataNote] = []

  /// A column is one of numbers where nine of ten fields that say something are numbers: what else stands there is an error
  /// when it is read.
  private static let share = 0.9

  /// Looks at fields of rows from all of a table.
  ///
  /// - Parameters:
  ///   - rows: the fields of each; nil for what can be no number.
  ///   - missing: the words that somebody named for what is missing.
  init(_ rows: [[String?]], names: [String], _ reading: FieldNumber.Reading, missing: [String]?) {
    self.reading = reading
    words = missing.map { Set($0.map { $0.trimmingBlanks.lowercased() }) }
    for column in names.indices {
      var counts = (numbers: 0, filled: 0)
      var others: [String: Int] = [:]
      var isPossible = true
      for row in rows {
        guard let text = row[column]?.trimmingBlanks else {
          isPossible = false
          break
        }
        if isMissing(text) { continue }
        counts.filled += 1
        if FieldNumber.parse(text, reading) != nil {
          counts.numbers += 1
        } else {
          others[text, default: 0] += 1
          if others.count > 200, counts.numbers == 0 { break }
        }
      }
      guard isPossible else { continue }
      if Double(counts.numbers) >= TableNumbers.share * Double(counts.filled) {
        columns.insert(column)
        if let flags = TableNumbers.flags(others, reading) {
          addFlags(flags, column, names[column])
        } else {
          addWords(others, names[column])
        }
      } else if 2 * counts.numbers >= counts.filled, let flags = TableNumbers.flags(others, reading) {
        columns.insert(column)
        addFlags(flags, column, names[column])
      } else if counts.numbers == 0, let unit = TableNumbers.unit(others, reading) {
        columns.insert(column)
        units[column] = unit
        notes.append(DataNote(.found, "\"\(names[column])\" has \"\(unit)\" behind its numbers"))
      }
    }
  }

  /// Numbers of columns that are known.
  init(_ columns: Set<Int>, _ reading: FieldNumber.Reading) {
    (self.columns, self.reading) = (columns, reading)
  }

  /// The columns of numbers where numbers are what somebody says.
  static func columns(of rows: [[String?]], count: Int, _ isNumber: (String) -> Bool) -> Set<Int> {
    var columns: Set<Int> = []
    for column in 0..<count {
      var (numbers, filled, others) = (0, 0, 0)
      for row in rows {
        guard let text = row[column]?.trimmingBlanks else {
          (filled, numbers) = (1, 0)
          break
        }
        if FieldNumber.isMissing(text) { continue }
        filled += 1
        if isNumber(text) { numbers += 1 } else { others += 1 }
        if others > 200, numbers == 0 { break }
      }
      if Double(numbers) >= share * Double(filled) { columns.insert(column) }
    }
    return columns
  }

  /// Takes a column for one of numbers.
  mutating func add(_ column: Int) { columns.insert(column) }

  /// Those of a table with a row for each value of another one.
  func wide(_ rows: WideRows) -> TableNumbers {
    var numbers = self
    (numbers.units, numbers.flags) = ([:], [:])
    numbers.columns = rows.numericColumns(columns)
    return numbers
  }

  /// Takes a few words without digits among many numbers for what is missing.
  private mutating func addWords(_ others: [String: Int], _ name: String) {
    guard words == nil, !others.isEmpty, others.count <= 3,
      others.keys.allSatisfy({ !$0.contains(where: \.isNumber) && $0.count <= 20 })
    else { return }
    found.formUnion(others.keys.map { $0.lowercased() })
    let listed = others.keys.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
    notes.append(
      DataNote(.warning, "\(listed) among the numbers of \"\(name)\" counts as missing", setting: "missing"))
  }

  private mutating func addFlags(_ flags: Set<String>, _ column: Int, _ name: String) {
    self.flags[column] = flags
    let listed = flags.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
    notes.append(
      DataNote(.found, "\(listed) behind some numbers of \"\(name)\" is left out, as a mark of a note"))
  }

  /// Letters that stand for a note where there is no blank before them: those of Eurostat.
  private static let tightFlags: Set<Character> = [
    "b", "c", "d", "e", "f", "i", "n", "p", "r", "s", "u", "z",
  ]

  /// The letters behind a number, one or two.
  private static func flag(_ text: String) -> String? {
    let letters = text.reversed().prefix { $0.isASCII && $0.isLetter }
    guard (1...2).contains(letters.count) else { return nil }
    let isApart = text.dropLast(letters.count).last == " "
    return isApart || letters.allSatisfy(tightFlags.contains) ? String(letters.reversed()) : nil
  }

  /// The letters behind numbers, where all fields have some, each several times; nil where others are among them.
  private static func flags(_ fields: [String: Int], _ reading: FieldNumber.Reading) -> Set<String>? {
    var flags: [String: Int] = [:]
    for (text, count) in fields {
      guard let flag = flag(text),
        FieldNumber.parse(String(text.dropLast(flag.count)).trimmingBlanks, reading) != nil
      else { return nil }
      flags[flag, default: 0] += count
    }
    return (1...6).contains(flags.count) && flags.values.allSatisfy { $0 > 1 } ? Set(flags.keys) : nil
  }

  /// The word that stands behind the digits of all fields; nil where they have none, or different ones.
  private static func unit(_ fields: [String: Int], _ reading: FieldNumber.Reading) -> String? {
    guard fields.count > 1, let first = fields.keys.first else { return nil }
    // digits belong to a unit behind a blank: `5 m3`
    let hasBlank = first.contains(" ")
    let unit = String(
      first.reversed().prefix { $0 != " " && (hasBlank || !($0.isASCII && $0.isNumber)) }.reversed())
    // `7.wav` is the name of a file
    guard (1...10).contains(unit.count), let head = unit.first, head.isLetter || "°%‰′″".contains(head) else {
      return nil
    }
    let areAll = fields.keys.allSatisfy { text in
      text.hasSuffix(unit)
        && FieldNumber.parse(String(text.dropLast(unit.count)).trimmingBlanks, reading) != nil
    }
    return areAll ? unit : nil
  }

  /// Whether a field without blanks around it stands for no value.
  func isMissing(_ text: String) -> Bool {
    if text.isEmpty { return true }
    if let words { return words.contains(text.lowercased()) }
    return FieldNumber.isMissing(text) || !found.isEmpty && found.contains(text.lowercased())
  }

  /// The number in a field; nil where it is missing.
  ///
  /// - Throws: what `malformed` makes of what was expected and found.
  func number(
    _ field: String, column: Int, malformed: (_ expected: String, _ found: String) -> DataError
  ) throws(DataError) -> Double? {
    let text = field.trimmingBlanks
    if words != nil || !found.isEmpty, isMissing(text) { return nil }
    if let unit = units[column], text.hasSuffix(unit) {
      return try FieldNumber.read(String(text.dropLast(unit.count)), reading, malformed: malformed)
    }
    if let flags = flags[column], let flag = TableNumbers.flag(text), flags.contains(flag),
      FieldNumber.parse(text, reading) == nil
    {
      return try FieldNumber.read(
        String(text.dropLast(flag.count)).trimmingBlanks, reading, malformed: malformed)
    }
    return try FieldNumber.read(text, reading) { expected, found in
      malformed(found == "\"\"" ? expected : expected + "; `missing` names words for none", found)
    }
  }
}
