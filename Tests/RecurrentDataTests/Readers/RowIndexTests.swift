import Testing

@testable import RecurrentData

@Suite struct RowIndexTests {
  /// Rows on successive lines, rows of several lines, blank lines, and offsets beyond 32 bits.
  @Test(arguments: [0, 1 << 31, (1 << 32) - 7, 3 << 32])
  func offsetsAndLines(_ start: Int) {
    let rows = [
      (0, 1), (3, 2), (10, 3), (12, 7), (13, 8), (1 << 33, 9), (1 << 33 + 5, 12), (1 << 33 + 6, 13),
    ]
    .map { (start + $0.0, $0.1) }
    var index = RowIndex()
    for row in rows { index.append(offset: row.0, line: row.1) }
    #expect(index.count == 8)
    #expect(
      rows.indices.allSatisfy { index.offset(of: $0) == rows[$0].0 && index.line(of: $0) == rows[$0].1 })
    var rest = index
    rest.removeLast(3)
    #expect(rest.count == 5)
    #expect(
      (0..<5).allSatisfy { rest.offset(of: $0) == rows[$0].0 && rest.line(of: $0) == rows[$0].1 })
    // rows that come after those that were removed
    for row in rows.suffix(3) { rest.append(offset: row.0, line: row.1) }
    #expect(
      rows.indices.allSatisfy { rest.offset(of: $0) == rows[$0].0 && rest.line(of: $0) == rows[$0].1 })
    #expect(RowIndex().count == 0)
  }
}
