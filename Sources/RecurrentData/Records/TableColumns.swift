/// The columns of a table, and what each was taken for: given to the next table, it is read alike.
public struct TableColumns: Sendable, Equatable, Codable {
  /// All columns.
  public var names: [String]
  /// What each of some is.
  public var roles: RecordColumns
  /// How dates and numbers are written, where that was a question.
  public var format: TableFormat?

  init(_ table: RecordTable, _ roles: TableRoles, ignored: [String]) {
    func name(_ place: Int?) -> String? { place.map { table.columns[$0] } }
    names = Array(table.ownColumns)
    self.roles = RecordColumns(
      input: name(roles.input), label: name(roles.label), split: name(roles.split), group: name(roles.group),
      id: name(roles.id), time: name(roles.time),
      ignored: ignored + roles.leftOut.keys.sorted().map { table.columns[$0] })
    format = table.written(roles.dates).filled(from: table.knownFormat)
  }

  /// What is asked for, and for the rest what was found before, where a table has those columns. Names that are mere numbers
  /// say nothing where a column is missing.
  func applied(to asked: RecordColumns, in columns: [String]) -> RecordColumns {
    let areSame = columns == names
    guard areSame || !names.contains(where: { Int($0) != nil }) else { return asked }
    func known(_ name: String?) -> String? { name.flatMap { columns.contains($0) ? $0 : nil } }
    var own = asked
    own.input = own.input ?? known(roles.input)
    own.label = own.label ?? known(roles.label)
    own.split = own.split ?? known(roles.split)
    own.group = own.group ?? known(roles.group)
    own.id = own.id ?? roles.id.flatMap { RecordTable.has($0, in: columns) ? $0 : nil }
    own.time = own.time ?? known(roles.time)
    own.ignored += roles.ignored.filter { columns.contains($0) && !own.ignored.contains($0) }
    return own
  }
}
