import ArgumentParser
import Recurrent

/// How a row of predictions is written, as far as that depends on no other row: many threads may ask at the same time.
struct PredictionForm: Sendable {
  let format: PredictionFormat
  /// The columns of a table for programs whose rows may lack some; nil for those of each row.
  let columns: [String]?

  /// A row as it is written.
  enum Line: Sendable {
    /// A whole line of what a terminal may have.
    case plain([UInt8])
    /// A whole line, or nothing.
    case text(String)
    /// A line of a table for programs, and the names of its columns.
    case cells(names: [String], line: String)
    /// A row whose columns depend on those of others.
    case row([Field])
  }

  /// A row as it is written.
  func line(_ row: [Field]) throws -> Line {
    switch format {
    case .jsonl:
      try JSONLine.bytes(of: row).map { .plain($0) } ?? .text(JSONLine.text(PredictionObject(row)) + "\n")
    case .pharaoh: .text(try PredictionForm.alignment(row).map { $0 + "\n" } ?? "")
    case .text: .text(try PredictionForm.text(row).map { $0.onOneLine + "\n" } ?? "")
    case .csv: cells(row, columns ?? row.map(\.name))
    default: .row(row)
    }
  }

  private func cells(_ row: [Field], _ names: [String]) -> Line {
    let cells = names.map { name in
      row.first { $0.name == name }.map {
        PredictionForm.quoted(PredictionForm.text($0.value, decimals: nil))
      } ?? ""
    }
    return .cells(names: names, line: cells.joined(separator: ",") + "\n")
  }

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

  /// A value for people, or with all its digits.
  static func text(_ value: FieldValue, decimals: Int?) -> String {
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

  /// A cell of a table for programs.
  static func quoted(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
