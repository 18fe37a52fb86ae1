import ArgumentParser
import Recurrent

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes predictions as they come: columns for people, lines of JSON or a table for programs.
struct PredictionWriter {
  let format: PredictionFormat
  /// The columns of a table for programs whose rows may lack some; nil for those of the first row.
  private let columns: [String]?
  private var hasHeader = false
  private var held: [[Field]] = []
  private var widths: [Int] = []

  /// - Parameter hasHeader: whether the head of the table is written already.
  init(format: PredictionFormat, columns: [String]? = nil, hasHeader: Bool = false) {
    (self.format, self.columns, self.hasHeader) = (format, columns, hasHeader)
  }

  /// Writes a row. A table for people waits for its first rows to know their widths.
  mutating func write(_ row: [Field]) throws {
    switch format {
    case .jsonl:
      if let line = JSONLine.bytes(of: row) {
        Terminal.stream(String(decoding: line, as: UTF8.self))
      } else {
        try JSONLine.output(PredictionObject(row))
      }
    case .pharaoh:
      if let line = try PredictionWriter.alignment(row) { Terminal.stream(line + "\n") }
    case .text: if let line = try PredictionWriter.text(row) { Terminal.stream(line.onOneLine + "\n") }
    case .csv:
      let names = columns ?? row.map(\.name)
      if !hasHeader {
        Terminal.stream(names.map { PredictionWriter.quoted($0) }.joined(separator: ",") + "\n")
      }
      hasHeader = true
      let cells = names.map { name in
        row.first { $0.name == name }.map {
          PredictionWriter.quoted(PredictionWriter.text($0.value, decimals: nil))
        }
          ?? ""
      }
      Terminal.stream(cells.joined(separator: ",") + "\n")
    default:
      if hasHeader {
        Terminal.output(line(cells(row)))
      } else {
        held.append(row)
        if held.count == 100 { begin() }
      }
    }
  }

  /// Writes what was held back.
  mutating func finish() { if !hasHeader, !held.isEmpty { begin() } }

  /// The alignment of the best translation; nil for a further one.
  static func alignment(_ row: [Field]) throws -> String? {
    try best("alignment", of: row, "--format pharaoh is for translations, which alone have alignments")
  }

  /// The best text; nil for a further one.
  private static func text(_ row: [Field]) throws -> String? {
    try best("text", of: row, "--format text is for transcripts, captions and translations")
  }

  /// What a row says, where it is the best one of its record.
  private static func best(_ name: String, of row: [Field], _ refusal: String) throws -> String? {
    func value(_ name: String) -> FieldValue? { row.first { $0.name == name }?.value }
    guard case .text(let text)? = value(name) else { throw ValidationError(refusal) }
    if case .integer(let rank)? = value("rank"), rank > 1 { return nil }
    return text
  }

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
    row.map { PredictionWriter.text($0.value, decimals: 4).onOneLine }
  }

  private func line(_ cells: [String]) -> String {
    let padded = cells.enumerated().map { column, cell in
      cell + String(repeating: " ", count: max(0, (column < widths.count ? widths[column] : 0) - cell.count))
    }
    var text = padded.joined(separator: "  ")
    while text.last == " " { text.removeLast() }
    return text
  }

  private static func text(_ value: FieldValue, decimals: Int?) -> String {
    switch value {
    case .text(let text): text
    case .texts(let texts): texts.joined(separator: " ")
    case .integer(let number): "\(number)"
    case .number(let number): decimals.map { rounded(number, $0) } ?? "\(number)"
    case .numbers(let numbers): numbers.map { "\($0)" }.joined(separator: " ")
    case .floats(let numbers): numbers.map { "\($0)" }.joined(separator: " ")
    case .bool(let value): value ? "true" : "false"
    }
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
