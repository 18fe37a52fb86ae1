/// A table for a terminal.
enum TextTable {
  /// Rows with their columns under each other, two blanks to the right.
  static func lines(_ rows: [[String]]) -> [String] {
    let rows = rows.map { $0.map(\.onOneLine) }
    let widths = (0..<(rows.first?.count ?? 0)).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line =
        "  "
        + zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
