import RecurrentFormats

/// The text of a table as UTF-8 with line feeds, whatever it was written in.
struct TableText {
  /// The bytes.
  let file: DataBytes
  /// What was converted.
  private(set) var notes: [DataNote] = []
  /// Whether it is the sheet of a workbook, whose numbers have points before decimals.
  private(set) var isWorkbook = false

  /// Converts a file where it has to be; others are seen in place.
  ///
  /// - Throws: ``DataError`` for files that are no text, with the way out, and for what is neither UTF-8 nor as somebody says;
  ///   a format error for a damaged workbook.
  init(_ source: DataBytes, format: TableFormat?) throws {
    let path = source.path
    if let book = try TableText.workbook(source) {
      let sheet = format?.sheet ?? book.sheets[0]
      file = DataBytes(ExcelWorkbook.commaSeparated(try book.rows(of: sheet)), path: path)
      isWorkbook = true
      if book.sheets.count > 1 {
        let others = book.sheets.filter { $0 != sheet }.map { "\"\($0)\"" }.joined(separator: ", ")
        notes.append(
          DataNote(
            format?.sheet == nil ? .assumed : .found,
            "the sheet \"\(sheet)\" of \(path) is read, and not \(others)",
            setting: "sheet"))
      }
      return
    }
    if let found = source.withBytes({ ForeignTable($0) }) { throw found.error(path) }
    if source.withBytes({ $0.starts(with: [0xFF, 0xFE, 0, 0]) || $0.starts(with: [0, 0, 0xFE, 0xFF]) }) {
      throw DataError.malformed(
        path: path, place: .byte(0), expected: "UTF-8, UTF-16 or Latin-1",
        found: "UTF-32, which `iconv -f UTF-32 -t UTF-8` converts")
    }
    var file = source
    func replace(_ bytes: [UInt8]) { file = DataBytes(bytes, path: path) }
    let encoding = format?.encoding ?? TableText.encoding(source)
    switch encoding {
    case .utf8: break
    case .utf16:
      let text = source.withBytes(TableText.utf16)
      replace(Array(text.utf8))
    case .latin1:
      replace(Array(source.withBytes { String(String.UnicodeScalarView($0.map(TableText.scalar))) }.utf8))
    }
    if encoding != .utf8, format?.encoding == nil {
      let name = encoding == .utf16 ? "UTF-16" : "Windows-1252, of which Latin-1 is a part"
      notes.append(
        DataNote(.assumed, "\(path) is no UTF-8 and is read as \(name)", setting: "encoding"))
    }
    let hasReturnsOnly = file.withBytes { !$0.contains(0x0A) && $0.contains(0x0D) }
    if hasReturnsOnly { replace(file.withBytes { $0.map { $0 == 0x0D ? 0x0A : $0 } }) }
    if let converted = try ARFFText.converted(file) {
      replace(converted)
    } else if file.withBytes({ $0.prefix(1 << 16).contains(0x0A) }), format?.delimiter == nil,
      let table = FixedWidthText.converted(file)
    {
      replace(table)
      notes.append(
        DataNote(.assumed, "columns are those of fixed width that blanks leave open", setting: "delimiter"))
    }
    self.file = file
  }

  /// The workbook that a file is; nil where it is none.
  private static func workbook(_ source: DataBytes) throws -> ExcelWorkbook? {
    guard let bytes = source.withBytes({ ZipParts.recognizes($0) ? Array($0) : nil }) else { return nil }
    let parts: ZipParts
    do {
      parts = try ZipParts(bytes: bytes, path: source.path)
    } catch {
      // of an archive of another kind its kind is said
      guard bytes.prefix(1 << 12).contains("[Content_Types].xml".utf8) else { return nil }
      throw error
    }
    return ExcelWorkbook.recognizes(parts) ? try ExcelWorkbook(parts, path: source.path) : nil
  }

  /// How bytes are characters: as a mark says, as zeros in every second byte do, else UTF-8, or Windows-1252 where that is wrong
  /// and was not right before.
  private static func encoding(_ file: DataBytes) -> TableFormat.Encoding {
    file.withBytes { bytes in
      if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return .utf16 }
      let head = bytes.prefix(400)
      var zeros = (even: 0, odd: 0)
      for (place, byte) in head.enumerated() where byte == 0 {
        if place % 2 == 0 { zeros.even += 1 } else { zeros.odd += 1 }
      }
      let (most, least) = (max(zeros.even, zeros.odd), min(zeros.even, zeros.odd))
      if head.count >= 8, least == 0, 20 * most > 9 * head.count { return .utf16 }
      switch checkUTF8(bytes.bindMemory(to: UInt8.self)) {
      case .complete, .incomplete: return .utf8
      case .invalid(let index):
        let wasRight = bytes[..<index].contains { $0 >= 0x80 }
        let isText = !bytes.prefix(1 << 16).contains { $0 < 0x09 }
        // of one character between others that are alike nobody knows what it is
        return wasRight || !isText || bytes.count < 16 ? .utf8 : .latin1
      }
    }
  }

  private static func utf16(_ bytes: UnsafeRawBufferPointer) -> String {
    let isBig =
      bytes.starts(with: [0xFE, 0xFF]) || !bytes.starts(with: [0xFF, 0xFE]) && bytes.first == 0
    let hasMark = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count / 2)
    for place in stride(from: hasMark ? 2 : 0, to: bytes.count - 1, by: 2) {
      let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
      units.append(isBig ? first << 8 | second : second << 8 | first)
    }
    return String(decoding: units, as: UTF16.self)
  }

  /// The characters of Windows-1252 from 0x80 to 0x9F; 0 where there is none.
  private static let upper: [UInt16] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
    0x017D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,
    0x017E,
    0x0178,
  ]

  private static func scalar(_ byte: UInt8) -> Unicode.Scalar {
    guard (0x80...0x9F).contains(byte), let scalar = Unicode.Scalar(upper[Int(byte) - 0x80]), scalar.value > 0
    else { return Unicode.Scalar(byte) }
    return scalar
  }
}
