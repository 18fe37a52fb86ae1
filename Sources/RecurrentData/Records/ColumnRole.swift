/// What a column of a table was taken for.
public struct ColumnRole: Sendable, Equatable, Codable {
  /// What a column holds.
  public enum Kind: String, Sendable, Codable {
    /// Numbers, or nothing.
    case number
    /// Moments of the calendar.
    case time
    /// Anything else.
    case text
    /// Nothing at all.
    case empty
  }

  /// Its name.
  public var name: String
  /// What it holds.
  public var kind: Kind
  /// What it is for, such as `channel`; what is left out is `not used`, with the reason.
  public var role: String
  /// The share of the rows that have no value, of those that were looked at.
  public var missing: Double
  /// The first value.
  public var example: String
  /// The setting that changes it; nil for none.
  public var setting: String?

  /// A column.
  public init(
    name: String, kind: Kind, role: String, missing: Double, example: String, setting: String?
  ) {
    (self.name, self.kind, self.role) = (name, kind, role)
    (self.missing, self.example, self.setting) = (missing, example, setting)
  }
}

extension RecordTable {
  /// What each column holds, from rows of all of the table, and what it was taken for.
  ///
  /// - Parameters:
  ///   - times: columns that hold moments.
  ///   - role: what a column is for, and the setting that changes it.
  /// - Throws: ``DataError``.
  func columnRoles(
    times: Set<Int> = [], _ role: (Int) -> (role: String, setting: String?)
  ) throws(DataError) -> [ColumnRole] {
    let rows = try sample(1_000)
    return ownColumns.indices.map { column in
      let values = rows.lazy.map { $0[column].trimmingBlanks }.filter { !$0.isEmpty && !isMissing($0) }
      let known = values.count
      let own = role(column)
      let kind: ColumnRole.Kind =
        known == 0 ? .empty : times.contains(column) ? .time : isNumeric(column) ? .number : .text
      return ColumnRole(
        name: columns[column], kind: kind, role: own.role,
        missing: rows.isEmpty ? 0 : Double(rows.count - known) / Double(rows.count),
        example: String(values.first?.prefix(40) ?? ""), setting: own.setting)
    }
  }
}
