import RecurrentFormats

/// A workbook of Excel (`.xlsx`, ECMA-376): the cells of one of its sheets as text.
///
/// Numbers are digits with a point, dates are written as in ISO 8601, what a formula gave last stands for it. Pictures, charts,
/// macros and what a password protects are not read.
struct ExcelWorkbook {
  /// The names of the sheets that are not hidden, in their order.
  let sheets: [String]
  private let parts: ZipParts
  private let path: String
  private let targets: [String: String]
  private let strings: [String]
  private let dates: ExcelDates

  /// Whether the parts of a zip file are those of a workbook.
  static func recognizes(_ parts: ZipParts) -> Bool { parts.names.contains("xl/workbook.xml") }

  /// Reads what all sheets share.
  ///
  /// - Throws: ``DataError`` or ``FormatError``.
  init(_ parts: ZipParts, path: String) throws {
    (self.parts, self.path) = (parts, path)
    var relations: [String: String] = [:]
    try ExcelWorkbook.each(in: parts, "xl/_rels/workbook.xml.rels", path) { event in
      guard case .open("Relationship", let own) = event, let id = own["Id"], let target = own["Target"] else {
        return
      }
      relations[id] = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
    }
    var (names, targets, countsFrom1904) = ([String](), [String: String](), false)
    try ExcelWorkbook.each(in: parts, "xl/workbook.xml", path) { event in
      guard case .open(let name, let own) = event else { return }
      if name == "workbookPr" { countsFrom1904 = own["date1904"] == "1" || own["date1904"] == "true" }
      guard name == "sheet", own["state"] ?? "visible" == "visible", let title = own["name"],
        let id = own.first(where: { $0.key.hasSuffix(":id") })?.value, let target = relations[id],
        target.contains("worksheets/")
      else { return }
      names.append(title)
      targets[title] = target
    }
    guard !names.isEmpty else {
      throw DataError.malformed(
        path: path, place: .byte(0), expected: "a workbook of Excel with a sheet of cells", found: "none")
    }
    (sheets, self.targets) = (names, targets)
    strings = try ExcelWorkbook.sharedStrings(parts, path)
    dates = try ExcelDates(parts, path: path, countsFrom1904: countsFrom1904)
  }

  /// Calls `body` with what stands in a part; nothing where there is no such part.
  static func each(
    in parts: ZipParts, _ name: String, _ path: String, _ body: (MarkupReader.Event) throws -> Void
  ) throws {
    guard let bytes = try parts.content(named: name) else { return }
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    try bytes.withUnsafeBytes { bytes in
      var reader = MarkupReader(bytes, from: start, path: "\(path)/\(name)")
      while let event = try reader.next() { try body(event) }
    }
  }

  /// The texts that cells of all sheets name by their numbers; how they are pronounced is no part of them.
  private static func sharedStrings(_ parts: ZipParts, _ path: String) throws -> [String] {
    var strings: [String] = []
    var (isText, isPhonetic) = (false, false)
    try each(in: parts, "xl/sharedStrings.xml", path) { event in
      switch event {
      case .open("si", _): strings.append("")
      case .open("rPh", _): isPhonetic = true
      case .close("rPh"): isPhonetic = false
      case .open("t", _): isText = true
      case .close("t"): isText = false
      case .text(let text) where isText && !isPhonetic && !strings.isEmpty:
        strings[strings.count - 1] += text
      default: break
      }
    }
    return strings
  }

  /// The rows of a sheet, empty ones too, each from the first column on.
  ///
  /// - Throws: ``DataError`` or ``FormatError``, also where no sheet has the name.
  func rows(of sheet: String) throws -> [[String]] {
    guard let target = targets[sheet] else {
      let names = sheets.map { "\"\($0)\"" }.joined(separator: ", ")
      throw DataError.invalidSetting(
        name: "sheet", expected: "one of the sheets of \(path): \(names)", found: "\"\(sheet)\"")
    }
    var rows: [[String]] = []
    var cell = Cell()
    var (isValue, column, row) = (false, 0, 0)
    try ExcelWorkbook.each(in: parts, target, path) { event in
      switch event {
      case .open("row", let own):
        row = own["r"].flatMap { Int($0) } ?? rows.count + 1
        guard (rows.count + 1...1 << 20).contains(row) else {
          throw malformed(target, "rows of rising numbers up to 1048576", "row \(row)")
        }
        while rows.count < row { rows.append([]) }
        column = 0
      case .open("c", let own):
        cell = Cell(kind: own["t"] ?? "n", style: own["s"].flatMap { Int($0) } ?? 0)
        if let place = own["r"] {
          guard let own = ExcelWorkbook.column(of: place) else {
            throw malformed(target, "a cell such as B7", "\"\(place.prefix(20))\"")
          }
          column = own
        }
      case .open("v", _), .open("t", _): isValue = true
      case .close("v"), .close("t"): isValue = false
      case .text(let text) where isValue: cell.text += text
      case .close("c"):
        guard !rows.isEmpty else { throw malformed(target, "a row around each cell", "none") }
        let text = try text(of: cell, target)
        if !text.isEmpty {
          while rows[rows.count - 1].count < column { rows[rows.count - 1].append("") }
          rows[rows.count - 1].append(text)
        }
        column += 1
      default: break
      }
    }
    return rows
  }

  private struct Cell {
    var kind = "n"
    var style = 0
    var text = ""
  }

  private func text(of cell: Cell, _ target: String) throws -> String {
    switch cell.kind {
    case "s":
      guard let index = Int(cell.text), strings.indices.contains(index) else {
        throw malformed(target, "the number of one of \(strings.count) texts", "\"\(cell.text.prefix(20))\"")
      }
      return strings[index]
    case "b": return cell.text == "1" ? "TRUE" : "FALSE"
    case "n", "":
      guard !cell.text.isEmpty else { return "" }
      guard let number = Double(cell.text), number.isFinite else {
        throw malformed(target, "a number", "\"\(cell.text.prefix(20))\"")
      }
      return dates.text(number, style: cell.style) ?? cell.text
    default: return cell.text
    }
  }

  private func malformed(_ part: String, _ expected: String, _ found: String) -> DataError {
    .malformed(path: "\(path)/\(part)", place: .byte(0), expected: expected, found: found)
  }

  /// The column of a cell such as `AB12`, from 0; nil where it is none.
  private static func column(of place: String) -> Int? {
    var column = 0
    for letter in place.utf8.prefix(while: { (0x41...0x5A).contains($0) }) {
      column = 26 * column + Int(letter) - 0x40
      if column > 1 << 14 { return nil }
    }
    return column > 0 ? column - 1 : nil
  }

  /// Rows as text with commas, of equal widths.
  static func commaSeparated(_ rows: [[String]]) -> [UInt8] {
    let width = rows.map(\.count).max() ?? 0
    var bytes: [UInt8] = []
    for row in rows {
      for column in 0..<width {
        if column > 0 { bytes.append(UInt8(ascii: ",")) }
        guard column < row.count else { continue }
        let field = row[column].utf8
        if field.contains(where: { ",\"\n\r".utf8.contains($0) }) {
          bytes.append(UInt8(ascii: "\""))
          for byte in field {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
          }
          bytes.append(UInt8(ascii: "\""))
        } else {
          bytes += field
        }
      }
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }
}
