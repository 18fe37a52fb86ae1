import Recurrent

/// The rows of a problem file in one mode, as cells of text: for the terminal and for Markdown.
struct ResultTable {
  let header: [String]
  let rows: [[String]]

  init(_ results: [Results.Row]) {
    let rateName = results.compactMap(\.rateName).first
    let hasPlain = results.contains { $0.plain != nil }
    let hasOpponents = results.contains { $0.best != nil }
    let hasMemory = results.contains { $0.ours.peakBytes != nil }
    header =
      ["problem", "ms"] + (rateName.map { [$0] } ?? []) + ["GFLOP/s", "of limit"]
      + (hasPlain ? ["plain cell, ms"] : []) + (hasOpponents ? ["best opponent", "its ms", "ratio"] : [])
      + (hasMemory ? ["peak MB"] + (hasOpponents ? ["its MB"] : []) : [])
    rows = results.map { row in
      var cells = [row.problem, figures(row.ours.milliseconds)]
      if rateName != nil { cells.append(row.rate.map(figures) ?? "-") }
      // a problem without products has none to count
      cells +=
        row.gigaflops == 0
        ? ["-", "-"]
        : [rounded(row.gigaflops, row.gigaflops < 10 ? 1 : 0), "\(rounded(100 * row.fractionOfLimit, 0)) %"]
      if hasPlain { cells.append(row.plain.map { figures($0.milliseconds) } ?? "-") }
      if hasOpponents {
        let best = row.best
        cells += [
          best.map { "\($0.name) (\($0.timing.variant))" } ?? "-",
          best.map { figures($0.timing.milliseconds) } ?? "-", row.ratio.map { rounded($0, 2) } ?? "-",
        ]
      }
      if hasMemory {
        cells.append(megabytes(row.ours.peakBytes))
        if hasOpponents { cells.append(megabytes(row.best?.timing.peakBytes)) }
      }
      return cells
    }
  }

  /// In columns, for a terminal.
  var text: String {
    let widths = header.indices.map { index in ([header] + rows).map { $0[index].count }.max() ?? 0 }
    let lines = ([header] + rows).map { cells in
      cells.enumerated().map { index, cell in
        let filling = String(repeating: " ", count: widths[index] - cell.count)
        return isText(index) ? cell + filling : filling + cell
      }.joined(separator: "  ")
    }
    return lines.joined(separator: "\n")
  }

  /// As a table of Markdown.
  var markdown: String {
    let rule = header.indices.map { isText($0) ? "---" : "---:" }
    return ([header, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  private func isText(_ column: Int) -> Bool { ["problem", "best opponent"].contains(header[column]) }
}

/// A number with three or four figures.
private func figures(_ value: Double) -> String {
  rounded(value, value < 1 ? 4 : value < 10 ? 3 : value < 100 ? 2 : value < 1000 ? 1 : 0)
}

private func megabytes(_ bytes: Int?) -> String { bytes.map { rounded(Double($0) / 1e6, 0) } ?? "-" }
