/// Where the rows of a file begin, and on which lines: four bytes a row, so that the index of a large table stays small.
struct RowIndex: Sendable {
  /// The lower 32 bits of the offsets, which rise from row to row.
  private var low: [UInt32] = []
  /// The rows at which the bits above them have become one more.
  private var carries: [Int] = []
  /// The rows that are not on the line behind that of the row before, with their lines.
  private var jumps: [(row: Int, line: Int)] = []

  /// Rows.
  var count: Int { low.count }

  /// Adds a row. Offsets and lines rise.
  mutating func append(offset: Int, line: Int) {
    while offset >> 32 > carries.count { carries.append(count) }
    if jumps.last.map({ $0.line + count - $0.row }) != line { jumps.append((count, line)) }
    low.append(UInt32(truncatingIfNeeded: offset))
  }

  /// The index without its last rows.
  mutating func removeLast(_ rows: Int) {
    low.removeLast(rows)
    let rest = low.count
    carries.removeAll { $0 > rest }
    jumps.removeAll { $0.row >= rest }
  }

  /// Where a row begins.
  func offset(of row: Int) -> Int { Int(low[row]) | RowIndex.place(of: row, in: carries) << 32 }

  /// The line of a row, from 1. Of the row behind the last one the next line.
  func line(of row: Int) -> Int {
    let place = RowIndex.place(of: row, in: jumps.lazy.map(\.row)) - 1
    return place < 0 ? row + 1 : jumps[place].line + row - jumps[place].row
  }

  /// How many of rising rows are at or before a row.
  private static func place(of row: Int, in rows: some RandomAccessCollection<Int>) -> Int {
    var (low, high) = (rows.startIndex, rows.endIndex)
    while low < high {
      let middle = rows.index(low, offsetBy: rows.distance(from: low, to: high) / 2)
      if rows[middle] <= row { low = rows.index(after: middle) } else { high = middle }
    }
    return rows.distance(from: rows.startIndex, to: low)
  }
}
