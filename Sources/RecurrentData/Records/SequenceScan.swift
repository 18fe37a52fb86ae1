/// A pass over the rows of a table of sequences, one sequence after the other.
struct SequenceScan {
  let table: RecordTable
  let roles: TableRoles
  var starts: [Int] = []
  var labels = InternedColumn(), groups = InternedColumn()
  var parts: [DataPart?] = []
  /// The columns of numbers that have said the same so far, with what that is.
  private var constants: [(column: Int, value: Double?)] = []
  private var id = ""
  private var label: String?
  private var time: Double?
  private var rowCount = 0

  /// The columns of numbers that say the same in all rows.
  var constantColumns: [Int] { constants.map(\.column) }

  init(_ table: RecordTable, _ roles: TableRoles) { (self.table, self.roles) = (table, roles) }

  mutating func read(_ row: Int, _ fields: [String]) throws(DataError) {
    // what is no number is to be known before a training, and not in the midst of it
    for column in roles.values {
      let value = try table.number(fields[column], row: row, column: column)
      if rowCount == 0 {
        constants.append((column, value))
      } else if !constants.isEmpty, let place = constants.firstIndex(where: { $0.column == column }),
        constants[place].value != value
      {
        constants.remove(at: place)
      }
    }
    rowCount += 1
    let own = try roles.label(of: fields, table, row)
    if let column = roles.id {
      if starts.isEmpty || id != fields[column] {
        id = fields[column]
        (label, time) = (own, nil)
      } else {
        if let column = roles.label, label != own {
          throw table.malformed(
            row, column,
            "\(roles.labelsAreNumbers ? "the number" : "the class") \"\(label ?? "")\" of the sequence, the same in all its rows",
            "\"\(own ?? "")\"")
        }
        try checkTime(row, fields)
        return
      }
      starts.append(rowCount - 1)
      try checkTime(row, fields)
    }
    if !roles.labelsAreNumbers { labels.append(own ?? "") }
    if let group = roles.group { groups.append(fields[group].trimmingBlanks) }
    if roles.split != nil { parts.append(try roles.part(of: fields, table, row)) }
  }

  private mutating func checkTime(_ row: Int, _ fields: [String]) throws(DataError) {
    guard let column = roles.time else { return }
    let moment = try roles.moment(fields[column], table, row: row)
    if let last = time, moment <= last {
      throw table.malformed(
        row, column, "each time once in a sequence", "\"\(fields[column])\" again")
    }
    time = moment
  }
}
