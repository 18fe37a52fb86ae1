/// Where the records of a table begin, without what stands between and below them.
struct TableRows {
  /// The records.
  private(set) var starts = RowIndex()
  /// What was left out.
  private(set) var notes: [DataNote] = []
  private var place: (offset: Int, line: Int)

  /// More lines than these below a table are no footer.
  private static let mostFooterLines = 40

  init(from offset: Int, line: Int) { place = (offset, line) }

  /// Finds all records but for blank lines.
  ///
  /// - Parameter isRest: whether there may be none.
  /// - Throws: ``DataError``.
  mutating func read(
    _ bytes: UnsafeRawBufferPointer, delimiter: UInt8, path: String, isRest: Bool = false
  ) throws(DataError) {
    var parser = RecordParser(
      bytes, at: place.offset, line: place.line, delimiter: delimiter, path: path)
    while !parser.isAtEnd {
      let begin = (parser.index, parser.line)
      if try parser.skip().isMarked { starts.append(offset: begin.0, line: begin.1) }
    }
    guard starts.count > 0 || isRest else { throw .empty(path: path) }
  }

  /// Finds the records of a table with a layout.
  ///
  /// - Throws: ``DataError``.
  mutating func read(_ bytes: UnsafeRawBufferPointer, _ layout: TableLayout, path: String) throws(DataError) {
    let width = layout.columns.count
    var parser = RecordParser(
      bytes, at: place.offset, line: place.line, delimiter: layout.dialect.delimiter, path: path)
    // records at the end that are none, and records at the end without anything in them
    var (odd, empty, blankCount, commentCount, headCount) = (0, 0, 0, 0, 0)
    while !parser.isAtEnd {
      let begin = (offset: parser.index, line: parser.line)
      let passed = try parser.skip()
      guard passed.isMarked else { continue }
      if layout.hasComments, bytes[begin.offset] == UInt8(ascii: "#"), passed.count != width {
        commentCount += 1
        continue
      }
      if TableRows.isHead(bytes, begin.offset..<parser.index, layout) {
        headCount += 1
        continue
      }
      if !passed.isFilled, layout.skipsEmptyRows {
        blankCount += 1
        continue
      }
      starts.append(offset: begin.offset, line: begin.line)
      odd = passed.count < width ? odd + 1 : 0
      empty = passed.isFilled ? 0 : empty + 1
    }
    if headCount > 0 {
      notes.append(
        DataNote(.found, "\(headCount) lines that name the columns again are left out"))
    }
    if commentCount > 0 {
      notes.append(DataNote(.found, "\(commentCount) lines of comments between the rows are left out"))
    }
    if empty > 0, empty < starts.count {
      starts.removeLast(empty)
      blankCount += empty
    }
    if blankCount > 0 {
      notes.append(DataNote(.found, "\(blankCount) rows with nothing in them are left out"))
    }
    if empty == 0, odd > 0 { try removeFooter(odd, bytes, layout, path) }
    try removeTotals(bytes, layout, path)
  }

  /// Whether a record is the line that names the columns again, as where tables were put one behind the other.
  private static func isHead(_ bytes: UnsafeRawBufferPointer, _ record: Range<Int>, _ layout: TableLayout)
    -> Bool
  {
    guard let head = layout.head, record.count >= head.count, record.count <= head.count + 2,
      record.lowerBound < bytes.count, bytes[record.lowerBound] == bytes[head.lowerBound]
    else { return false }
    func plain(_ range: Range<Int>) -> Slice<UnsafeRawBufferPointer> {
      var own = bytes[range.clamped(to: 0..<bytes.count)]
      while let last = own.last, last == 0x0A || last == 0x0D { own.removeLast() }
      return own
    }
    return plain(record).elementsEqual(plain(head))
  }

  /// Removes lines below a table that have fewer fields.
  private mutating func removeFooter(
    _ count: Int, _ bytes: UnsafeRawBufferPointer, _ layout: TableLayout, _ path: String
  ) throws(DataError) {
    guard count <= TableRows.mostFooterLines, count < starts.count else { return }
    let first = starts.count - count
    let isCut = count == 1 && bytes.last != 0x0A && bytes.last != 0x0D
    let line = starts.line(of: first)
    let text = try fields(first, bytes, layout, path).joined(separator: " ").prefix(40)
    notes.append(
      DataNote(
        .warning,
        isCut
          ? "line \(line), the last one, is cut and left out"
          : "\(count) lines below the table are left out, from line \(line) on: \"\(text)\""))
    starts.removeLast(count)
  }

  /// Removes lines below a table that have a text where all others have times, such as sums and sources.
  private mutating func removeTotals(
    _ bytes: UnsafeRawBufferPointer, _ layout: TableLayout, _ path: String
  ) throws(DataError) {
    guard let column = layout.timeColumn else { return }
    var (count, text) = (0, "")
    while count < TableRows.mostFooterLines, count + 2 < starts.count {
      let fields = try fields(starts.count - 1 - count, bytes, layout, path)
      guard column < fields.count, ColumnKinds.kind(of: fields[column]) == .text,
        !fields[column].contains(where: \.isNumber)
          || fields.count(where: { !$0.trimmingBlanks.isEmpty }) == 1
      else { break }
      (count, text) = (count + 1, fields[column].trimmingBlanks)
    }
    guard count > 0 else { return }
    let line = starts.line(of: starts.count - count)
    notes.append(
      DataNote(
        .warning, "\(count) lines below the table are left out, from line \(line) on: \"\(text.prefix(40))\"")
    )
    starts.removeLast(count)
  }

  private func fields(
    _ row: Int, _ bytes: UnsafeRawBufferPointer, _ layout: TableLayout, _ path: String
  ) throws(DataError) -> [String] {
    var parser = RecordParser(
      bytes, at: starts.offset(of: row), line: starts.line(of: row), delimiter: layout.dialect.delimiter,
      path: path)
    return try parser.fields()
  }
}
