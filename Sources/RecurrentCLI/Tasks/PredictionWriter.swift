import Recurrent

/// Writes predictions as they come: columns for people, lines of JSON or a table for programs.
struct PredictionWriter {
  /// How rows are written.
  let form: PredictionForm
  private var hasHeader = false
  private var held: [[Field]] = []
  private var widths: [Int] = []

  /// - Parameters:
  ///   - columns: the columns of a table for programs whose rows may lack some; nil for those of the first row.
  ///   - hasHeader: whether the head of the table is written already.
  init(format: PredictionFormat, columns: [String]? = nil, hasHeader: Bool = false) {
    (form, self.hasHeader) = (PredictionForm(format: format, columns: columns), hasHeader)
  }

  /// Writes a row. A table for people waits for its first rows to know their widths.
  mutating func write(_ row: [Field]) throws { write([try form.line(row)]) }

  /// Writes rows at once.
  mutating func write(_ lines: [PredictionForm.Line]) {
    var bytes: [UInt8] = []
    for line in lines {
      switch line {
      case .plain(let own): bytes += own
      case .text(let text): bytes += Terminal.streamed(text)
      case .cells(let names, let line):
        if !hasHeader {
          bytes += Terminal.streamed(names.map(PredictionForm.quoted).joined(separator: ",") + "\n")
        }
        hasHeader = true
        bytes += Terminal.streamed(line)
      case .row(let row):
        if hasHeader {
          Terminal.output(self.line(cells(row)))
        } else {
          held.append(row)
          if held.count == 100 { begin() }
        }
      }
    }
    Terminal.stream(plain: bytes)
  }

  /// Writes what was held back.
  mutating func finish() { if !hasHeader, !held.isEmpty { begin() } }

  private mutating func begin() {
    hasHeader = true
    let cells = held.map(cells)
    let names = held[0].map(\.name.onOneLine)
    widths = names.indices.map { column in
      min(60, max(names[column].count, cells.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0))
    }
    Terminal.output(line(names))
    for row in cells { Terminal.output(line(row)) }
    held = []
  }

  /// The cells of a row, each on one line.
  private func cells(_ row: [Field]) -> [String] {
    row.map { PredictionForm.text($0.value, decimals: 4).onOneLine }
  }

  private func line(_ cells: [String]) -> String {
    let padded = cells.enumerated().map { column, cell in
      cell + String(repeating: " ", count: max(0, (column < widths.count ? widths[column] : 0) - cell.count))
    }
    var text = padded.joined(separator: "  ")
    while text.last == " " { text.removeLast() }
    return text
  }
}
