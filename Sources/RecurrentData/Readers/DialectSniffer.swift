/// Finds out how a table is written from its first lines.
struct DialectSniffer {
  private let bytes: UnsafeRawBufferPointer
  private let start: Int
  private let isTabbed: Bool
  private let path: String
  private static let lineCount = 20

  init(_ bytes: UnsafeRawBufferPointer, from start: Int, isTabbed: Bool, path: String) {
    (self.bytes, self.start, self.isTabbed, self.path) = (bytes, start, isTabbed, path)
  }

  /// Whether two lines or more have the same number of fields, two or more, by one delimiter.
  var hasColumns: Bool {
    let blank = UInt8(ascii: " ")
    if areNumbersBetweenBlanks { return records(blank).count > 1 }
    return DialectSniffer.delimiters.contains { delimiter in
      let counts = records(delimiter).map(\.count)
      return counts.count > 1 && counts[0] > 1 && counts.allSatisfy { $0 == counts[0] }
    }
  }

  private static let delimiters = [
    UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "|"),
  ]

  func dialect() throws(DataError) -> DelimitedDialect {
    let (tab, comma) = (UInt8(ascii: "\t"), UInt8(ascii: ","))
    // of a head without a comma there is one column, whatever stands in it
    let standard = isTabbed || records(comma).first?.count == 1 ? tab : comma
    var best: (delimiter: UInt8, score: Int) = (standard, 0)
    for delimiter in isTabbed ? [tab] : DialectSniffer.delimiters {
      let counts = records(delimiter).map(\.count)
      guard let first = counts.first, first > 1 else { continue }
      // the delimiter that cuts every line into the same number of fields
      let score = counts.allSatisfy { $0 == first } ? 1000 + first : 0
      if score > best.score { best = (delimiter, score) }
    }
    if best.score == 0, areNumbersBetweenBlanks { best.delimiter = UInt8(ascii: " ") }
    let records = records(best.delimiter)
    var dialect = DelimitedDialect(delimiter: best.delimiter)
    let body = records.dropFirst().flatMap { $0 }
    // 1,005 may be a thousand and five: only what is no number with a point decides
    func count(_ own: FieldNumber.Reading, not other: FieldNumber.Reading) -> Int {
      body.count {
        let text = $0.trimmingBlanks
        return FieldNumber.parse(text, own) != nil && FieldNumber.parse(text, other) == nil
      }
    }
    dialect.hasDecimalComma =
      best.delimiter != comma && count(.comma, not: .point) > 0 && count(.point, not: .comma) == 0
    // a first line with a number in it is a record already
    let isNumber = { (field: String) in
      let text = field.trimmingBlanks
      return best.delimiter == comma ? FieldNumber.plain(text) != nil : FieldNumber.isNumber(text)
    }
    let head = records.first ?? []
    dialect.hasHeader =
      (records.count > 1 || head.count > 1) && !head.contains(where: isNumber)
      && !isRecord(head, before: records.dropFirst())
    return dialect
  }

  /// Whether a first line is more like those behind it than like names: a sentence, or words that come again in their columns.
  private func isRecord(_ head: [String], before others: ArraySlice<[String]>) -> Bool {
    guard head.count > 1 else { return false }
    return head.enumerated().contains { column, field in
      field.count { $0 == " " } >= 6
        || !field.isEmpty && others.contains { column < $0.count && $0[column] == field }
    }
  }

  /// Whether every line has the same number of numbers, two or more, with blanks between them.
  private var areNumbersBetweenBlanks: Bool {
    let records = records(UInt8(ascii: " "))
    guard let count = records.first?.count, count > 1 else { return false }
    return records.allSatisfy { $0.count == count }
      && records.dropFirst().allSatisfy {
        $0.allSatisfy { FieldNumber.parse($0, hasDecimalComma: false) != nil }
      }
      && (records.count > 1 || records[0].allSatisfy { FieldNumber.parse($0, hasDecimalComma: false) != nil })
  }

  private func records(_ delimiter: UInt8) -> [[String]] {
    var parser = RecordParser(bytes, at: start, line: 1, delimiter: delimiter, path: path)
    var records: [[String]] = []
    while records.count < DialectSniffer.lineCount, !parser.isAtEnd {
      guard let fields = try? parser.fields() else { break }
      if fields.count > 1 || !(fields.first ?? "").trimmingBlanks.isEmpty { records.append(fields) }
    }
    return records
  }
}
