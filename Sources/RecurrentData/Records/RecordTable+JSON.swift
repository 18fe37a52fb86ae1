import RecurrentFormats

extension RecordTable {
  /// The list of numbers, or of lists of them, in a field of JSON; nil where it is something else.
  ///
  /// - Throws: ``DataError`` where the lists have different lengths or something else among the numbers.
  public func series(row: Int, column: Int) throws(DataError) -> NumericSeries? {
    guard case .list(let steps)? = try object(row)?[columns[column]] else { return nil }
    return try NumericSeries(steps) { malformed(row, column, $0, $1) }
  }

  /// Whether a name stands before another one: `t2` before `t10`.
  static func precedes(_ a: String, _ b: String) -> Bool {
    func parts(_ name: String) -> (stem: String, digits: Substring) {
      let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.count
      return (String(name.dropLast(digits)), name.suffix(digits).drop { $0 == "0" })
    }
    let (first, second) = (parts(a), parts(b))
    return (first.stem, first.digits.count, String(first.digits), a)
      < (second.stem, second.digits.count, String(second.digits), b)
  }

  /// The rows that a value of JSON stands for, each an object.
  static func objects(_ value: JSONValue) -> [JSONValue] {
    guard case .list(let rows) = value else { return [value] }
    return rows.map { row in
      switch row {
      case .list(let fields):
        .object(Dictionary(uniqueKeysWithValues: fields.enumerated().map { ("\($0 + 1)", $1) }))
      case .number: .object(["1": row])
      default: row
      }
    }
  }
}
