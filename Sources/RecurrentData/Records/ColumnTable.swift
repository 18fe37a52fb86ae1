import RecurrentFormats

/// A column of a table in memory.
public enum DataColumn: Sendable, Equatable {
  /// Numbers; one that is not finite is missing.
  case numbers([Double])
  /// Texts: labels, dates, names, whole texts, paths of files. An empty one is missing.
  case texts([String])

  /// Rows.
  public var count: Int {
    switch self {
    case .numbers(let values): values.count
    case .texts(let texts): texts.count
    }
  }
}

/// A table in memory, column by column.
struct ColumnTable: Sendable, Equatable {
  /// The names of the columns.
  let names: [String]
  private let columns: [DataColumn]
  /// Rows.
  let count: Int

  /// A table. Traps where columns have the same name or different lengths.
  init(_ columns: KeyValuePairs<String, DataColumn>) {
    (names, self.columns) = (columns.map(\.key), columns.map(\.value))
    count = self.columns.first?.count ?? 0
    trapUnless(Set(names).count == names.count, "DataSource: of the columns \(names) two have one name")
    for (name, column) in columns {
      trapUnless(
        column.count == count,
        "DataSource: the column \"\(name)\" has \(column.count) rows, \"\(names[0])\" \(count)")
    }
  }

  /// The fields of a row, numbers by their shortest digits, which stand for no other number.
  func fields(_ row: Int) -> [String] {
    columns.map { column in
      switch column {
      case .texts(let texts): return texts[row]
      case .numbers(let values):
        let value = values[row]
        guard value.isFinite else { return "" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
      }
    }
  }

  /// The SHA-256 of all columns, in hexadecimal.
  var hash: String {
    var hash = SHA256()
    for (name, column) in zip(names, columns) {
      hash.add(name)
      switch column {
      case .texts(let texts): for text in texts { hash.add(text) }
      case .numbers(let values): hash.add(values)
      }
    }
    return hash.finish()
  }
}
