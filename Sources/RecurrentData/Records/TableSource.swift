/// Where the rows of a table stand.
indirect enum TableSource: Sendable {
  case delimited(DelimitedFile)
  case jsonLines(JSONLinesFile)
  case wide(WideRows)
  case columns(ColumnTable)

  /// How many rows there are, without a header.
  var count: Int {
    switch self {
    case .delimited(let table): table.count
    case .jsonLines(let lines): lines.count
    case .wide(let rows): rows.count
    case .columns(let table): table.count
    }
  }

  /// The line on which a row begins, from 1.
  func line(of row: Int) -> Int {
    switch self {
    case .delimited(let table): table.line(of: row)
    case .jsonLines(let lines): lines.line(of: row)
    case .wide(let rows): rows.line(of: row)
    case .columns: row + 1
    }
  }

  /// Gives back the memory of what was read of a file; it is loaded again where it is read again.
  func releaseMemory() {
    switch self {
    case .delimited(let table): table.releaseMemory()
    case .jsonLines(let lines): lines.releaseMemory()
    case .wide, .columns: break
    }
  }
}
