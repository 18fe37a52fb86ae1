/// How the fields of a table are set apart.
public struct DelimitedDialect: Sendable, Equatable, Codable {
  /// What stands between two fields, an ASCII character.
  public var delimiter: UInt8
  /// Whether the first line names the columns.
  public var hasHeader: Bool
  /// Whether numbers have a comma before their decimals.
  public var hasDecimalComma: Bool

  /// A dialect.
  public init(delimiter: UInt8 = UInt8(ascii: ","), hasHeader: Bool = true, hasDecimalComma: Bool = false) {
    self.delimiter = delimiter
    self.hasHeader = hasHeader
    self.hasDecimalComma = hasDecimalComma
  }
}

/// A table of text: comma, semicolon or tab between fields, quotes after RFC 4180, in UTF-8 with or without a byte order
/// mark.
///
/// The file is seen in place; only where its records begin is kept, so that a table may be larger than the memory.
public struct DelimitedFile: Sendable {
  /// The path, for errors.
  public var path: String { file.path }
  /// How the fields are set apart.
  public let dialect: DelimitedDialect
  /// The names of the columns; `1`, `2` and so on without a header.
  public let columns: [String]
  private let file: DataBytes
  /// Where each record begins, and its line.
  private let starts: [(offset: Int, line: Int)]
  private let end: Int

  /// Opens a table.
  ///
  /// - Parameters:
  ///   - path: the file, which gzip may have compressed.
  ///   - dialect: nil to find it out from the first lines.
  /// - Throws: ``DataError`` or a format error.
  public init(path: String, dialect: DelimitedDialect? = nil) throws {
    try self.init(DataBytes(path: path), dialect: dialect)
  }

  /// Reads the head of a file that was opened.
  ///
  /// - Throws: ``DataError``.
  public init(_ file: DataBytes, dialect: DelimitedDialect? = nil) throws(DataError) {
    self.file = file
    let parsed = try file.withBytes { (bytes) throws(DataError) in
      try DelimitedFile.index(bytes, path: file.path, dialect: dialect)
    }
    (self.dialect, starts, columns, end) = (parsed.dialect, parsed.starts, parsed.columns, file.count)
  }

  /// The number of records, without the header.
  public var count: Int { starts.count }

  /// The line of the file on which a record begins, from 1.
  public func line(of record: Int) -> Int { starts[record].line }

  /// The place of a column.
  ///
  /// - Throws: ``DataError/noColumn(path:name:available:)``.
  public func column(_ name: String) throws(DataError) -> Int {
    guard let place = columns.firstIndex(of: name) else {
      throw .noColumn(path: path, name: name, available: columns)
    }
    return place
  }

  /// The fields of a record, as many as there are columns.
  ///
  /// - Throws: ``DataError`` where there are more or fewer, or a quote is not closed.
  public func record(_ index: Int) throws(DataError) -> [String] {
    try file.withBytes { (bytes) throws(DataError) in
      var parser = RecordParser(
        bytes, at: starts[index].offset, line: starts[index].line, delimiter: dialect.delimiter, path: path)
      let fields = try parser.fields()
      guard fields.count == columns.count else {
        throw .malformed(
          path: path, place: .line(starts[index].line), expected: "\(columns.count) fields",
          found: "\(fields.count)")
      }
      return fields
    }
  }

  /// The number in a field; nil where it is missing: empty, `NA`, `NaN`, `null`, `?` or `-`.
  ///
  /// - Throws: ``DataError`` for anything else that is no number.
  public func number(_ field: String, record: Int, column: Int) throws(DataError) -> Double? {
    let text = field.trimmingBlanks
    if DelimitedFile.missing.contains(text.lowercased()) { return nil }
    guard let value = DelimitedFile.number(text, hasDecimalComma: dialect.hasDecimalComma) else {
      throw .malformed(
        path: path, place: .field(line: starts[record].line, column: columns[column]), expected: "a number",
        found: "\"\(field.prefix(40))\"")
    }
    return value.isNaN ? nil : value
  }

  private static let missing: Set<String> = ["", "na", "nan", "n/a", "null", "none", "?", "-"]

  static func number(_ text: String, hasDecimalComma: Bool) -> Double? {
    guard hasDecimalComma else { return Double(text) }
    // points group thousands
    let plain = text.filter { $0 != "." }.replacing(",", with: ".")
    return Double(plain)
  }

  private static func index(
    _ bytes: UnsafeRawBufferPointer, path: String, dialect: DelimitedDialect?
  ) throws(DataError) -> (dialect: DelimitedDialect, starts: [(offset: Int, line: Int)], columns: [String]) {
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let buffer = bytes.bindMemory(to: UInt8.self)
    switch checkUTF8(buffer) {
    case .complete: break
    case .incomplete(let index), .invalid(let index):
      throw .invalidUTF8(path: path, byteOffset: index, byte: bytes[index])
    }
    let first = hasMark ? 3 : 0
    let found: DelimitedDialect
    if let dialect {
      found = dialect
    } else {
      found = try DialectSniffer(bytes, from: first, path: path).dialect()
    }
    var starts: [(offset: Int, line: Int)] = []
    var parser = RecordParser(bytes, at: first, line: 1, delimiter: found.delimiter, path: path)
    while !parser.isAtEnd {
      let place = (parser.index, parser.line)
      if try parser.skip() { starts.append(place) }
    }
    guard let head = starts.first else { throw .empty(path: path) }
    var headParser = RecordParser(
      bytes, at: head.offset, line: head.line, delimiter: found.delimiter, path: path)
    let fields = try headParser.fields()
    guard found.hasHeader else { return (found, starts, fields.indices.map { "\($0 + 1)" }) }
    let names = fields.map(\.trimmingBlanks)
    if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) && !names[$0].isEmpty }) {
      throw .malformed(
        path: path, place: .line(head.line), expected: "columns of different names",
        found: "\"\(names[twice])\" twice")
    }
    starts.removeFirst()
    return (found, starts, names)
  }
}

/// The fields of records, one after the other.
private struct RecordParser {
  let bytes: UnsafeRawBufferPointer
  let delimiter: UInt8
  let path: String
  private(set) var index: Int
  private(set) var line: Int

  init(_ bytes: UnsafeRawBufferPointer, at index: Int, line: Int, delimiter: UInt8, path: String) {
    (self.bytes, self.index, self.line, self.delimiter, self.path) = (bytes, index, line, delimiter, path)
  }

  var isAtEnd: Bool { index >= bytes.count }

  private static let quote = UInt8(ascii: "\"")

  /// The fields of the next record.
  mutating func fields() throws(DataError) -> [String] {
    var fields: [String] = []
    while true {
      let (text, isLast) = try field()
      fields.append(text)
      if isLast { return fields }
    }
  }

  /// Passes over a record; whether there is anything in it.
  mutating func skip() throws(DataError) -> Bool {
    let start = index
    var isQuoted = false
    let begin = line
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == RecordParser.quote { isQuoted.toggle() }
      if byte == 0x0A {
        line += 1
        if !isQuoted { break }
      }
    }
    guard !isQuoted else {
      throw .malformed(
        path: path, place: .line(begin), expected: "a quote that ends", found: "the end of the file")
    }
    return bytes[start..<index].contains { $0 != 0x0A && $0 != 0x0D && $0 != 0x20 && $0 != 0x09 }
  }

  private mutating func field() throws(DataError) -> (text: String, isLast: Bool) {
    if index < bytes.count, bytes[index] == RecordParser.quote { return try quoted() }
    let start = index
    while index < bytes.count, bytes[index] != delimiter, bytes[index] != 0x0A { index += 1 }
    var end = index
    let isLast = index >= bytes.count || bytes[index] == 0x0A
    index += 1
    if isLast, end > start, bytes[end - 1] == 0x0D { end -= 1 }
    return (String(decoding: bytes[start..<end], as: UTF8.self), isLast)
  }

  private mutating func quoted() throws(DataError) -> (text: String, isLast: Bool) {
    var text: [UInt8] = []
    index += 1
    while index < bytes.count {
      if bytes[index] == RecordParser.quote {
        guard index + 1 < bytes.count, bytes[index + 1] == RecordParser.quote else { break }
        index += 1
      }
      text.append(bytes[index])
      index += 1
    }
    index += 1
    while index < bytes.count, bytes[index] == 0x0D || bytes[index] == 0x20 { index += 1 }
    guard index >= bytes.count || bytes[index] == delimiter || bytes[index] == 0x0A else {
      throw .malformed(
        path: path, place: .line(line), expected: "a delimiter behind a quoted field",
        found: "\"\(String(decoding: bytes[index..<min(index + 10, bytes.count)], as: UTF8.self))\"")
    }
    let isLast = index >= bytes.count || bytes[index] == 0x0A
    index += 1
    return (String(decoding: text, as: UTF8.self), isLast)
  }
}

/// Finds out how a table is written from its first lines.
private struct DialectSniffer {
  private let bytes: UnsafeRawBufferPointer
  private let start: Int
  private let path: String
  private static let lineCount = 20

  init(_ bytes: UnsafeRawBufferPointer, from start: Int, path: String) {
    (self.bytes, self.start, self.path) = (bytes, start, path)
  }

  func dialect() throws(DataError) -> DelimitedDialect {
    var best: (delimiter: UInt8, score: Int) = (UInt8(ascii: ","), 0)
    for delimiter in [UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "|")] {
      let counts = records(delimiter).map(\.count)
      guard let first = counts.first, first > 1 else { continue }
      // the delimiter that cuts every line into the same number of fields
      let score = counts.allSatisfy { $0 == first } ? 1000 + first : 0
      if score > best.score { best = (delimiter, score) }
    }
    let records = records(best.delimiter)
    var dialect = DelimitedDialect(delimiter: best.delimiter)
    let body = records.dropFirst().flatMap { $0 }
    dialect.hasDecimalComma =
      best.delimiter != UInt8(ascii: ",")
      && body.contains { $0.contains(",") && DelimitedFile.number($0, hasDecimalComma: true) != nil }
      && !body.contains { $0.contains(".") && Double($0) != nil && !$0.contains(",") }
    // a first line with a number in it is a record already
    let isNumber = { (field: String) in
      DelimitedFile.number(field.trimmingBlanks, hasDecimalComma: dialect.hasDecimalComma) != nil
    }
    dialect.hasHeader = records.count > 1 && !(records.first ?? []).contains(where: isNumber)
    return dialect
  }

  private func records(_ delimiter: UInt8) -> [[String]] {
    var parser = RecordParser(bytes, at: start, line: 1, delimiter: delimiter, path: path)
    var records: [[String]] = []
    while records.count < DialectSniffer.lineCount, !parser.isAtEnd {
      guard let fields = try? parser.fields() else { break }
      if fields.count > 1 || !(fields.first ?? "").trimmingBlanks.isEmpty { records.append(fields) }
    }
    return records
  }
}

extension String {
  /// Without blanks around it.
  var trimmingBlanks: String {
    var text = self[...]
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
    return String(text)
  }
}
