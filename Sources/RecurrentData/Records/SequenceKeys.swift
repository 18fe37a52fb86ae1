/// Which columns together tell sequences apart, where one alone does not: the trials of each subject are numbered anew.
struct SequenceKeys {
  private let table: RecordTable
  private let time: Int?, label: Int?

  /// Names of columns of which another one may number anew what it has.
  private static let owners = RecordColumns.groupNames + RecordColumns.writerNames + RecordColumns.deviceNames
  private static let names =
    RecordColumns.idNames + RecordColumns.deviceNames + RecordColumns.clipNames + owners

  /// - Parameters:
  ///   - table: a row for each step.
  ///   - time: when a step was, or its number.
  ///   - label: what is the same throughout a sequence; nil where each step has its own.
  init(_ table: RecordTable, time: Int?, label: Int?) {
    (self.table, self.time, self.label) = (table, time, label)
  }

  /// The column by which a sequence is told apart, with others where that alone would put several together; nil where neither it
  /// nor any two do.
  ///
  /// - Parameters:
  ///   - column: whose name says that it does.
  ///   - taken: columns that are something else.
  func columns(with column: Int, without taken: Set<Int>) throws(DataError) -> [Int]? {
    let others = SequenceKeys.names.compactMap { RecordColumns.first([$0], in: table.columns) }
      .filter { $0 != column && $0 != time && $0 != label && !taken.contains($0) }
    let alone = try look(at: [column])
    if alone.areWhole {
      var isOwned = false
      for other in others where !isOwned { isOwned = try owns(other, column, alone) }
      if !isOwned { return [column] }
    }
    var seen: Set<Int> = []
    for other in others where seen.insert(other).inserted {
      let both = try look(at: [other, column])
      if both.areWhole, 2 * both.count <= table.count { return [other, column].sorted() }
    }
    return nil
  }

  /// What rows with the same fields in some columns are.
  private struct Look {
    /// Sequences.
    var count = 0
    /// Runs of rows that follow each other.
    var runs = 0
    /// Whether all have one label each, and no time twice.
    var areWhole = true
  }

  private struct Step: Hashable {
    var sequence: Int32
    var time: String
  }

  private func look(at columns: [Int]) throws(DataError) -> Look {
    var (look, names, labels, steps) = (Look(), InternedColumn(), [Int: String](), Set<Step>())
    try table.forEachRow { row, fields in
      names.append(columns.map { fields[$0].trimmingBlanks }.joined(separator: "\u{1F}"))
      let code = names.code(row)
      if row == 0 || names.code(row - 1) != code { look.runs += 1 }
      guard look.areWhole else { return }
      if let label, (labels.updateValue(fields[label], forKey: code).map { $0 != fields[label] }) ?? false {
        look.areWhole = false
      }
      if let time, !steps.insert(Step(sequence: Int32(code), time: fields[time])).inserted {
        look.areWhole = false
      }
    }
    look.count = names.names.count
    return look
  }

  /// Whether a column says who a sequence comes from, and each of its values has sequences of its own, in rows that follow each other.
  private func owns(_ other: Int, _ column: Int, _ alone: Look) throws(DataError) -> Bool {
    guard SequenceKeys.owners.contains(table.columns[other].lowercased()) else { return false }
    let both = try look(at: [other, column])
    return both.count > alone.count && both.runs == both.count && both.areWhole
      && 2 * both.count <= table.count
  }
}
