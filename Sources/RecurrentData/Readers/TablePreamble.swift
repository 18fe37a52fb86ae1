/// What stands above a table: lines of comments, and the line by which Excel is told the delimiter.
struct TablePreamble {
  private let bytes: UnsafeRawBufferPointer
  /// Where the table begins, and on which line.
  private(set) var offset: Int
  private(set) var line = 1
  /// The delimiter that a line says.
  private(set) var delimiter: UInt8?
  /// The first lines of comments, without the marks in front.
  private(set) var comments: [String] = []

  init(_ bytes: UnsafeRawBufferPointer, from offset: Int) {
    (self.bytes, self.offset) = (bytes, offset)
    let text = current()
    let lower = text.lowercased()
    if lower.hasPrefix("sep="), text.utf8.count <= 5 {
      delimiter = text.utf8.count == 5 ? text.utf8.last : UInt8(ascii: "\t")
      pass()
    }
  }

  /// Passes over so many lines.
  mutating func skip(lines: Int) { for _ in 0..<lines { pass() } }

  /// Passes over lines that begin with a number sign, a percent sign or two slashes, where others follow.
  mutating func passComments() {
    let before = self
    while offset < bytes.count {
      let text = current()
      if text.isEmpty {
        pass()
        continue
      }
      guard text.hasPrefix("#") || text.hasPrefix("%") || text.hasPrefix("//") else { return }
      comments.append(String(text.drop { "#%/ ".contains($0) }))
      pass()
    }
    self = before
  }

  /// The names of columns that a comment says: those of the first with so many fields; nil where none has.
  func names(_ delimiter: UInt8, count: Int) -> [String]? {
    comments.lazy.map { TablePreamble.fields($0, delimiter) }.first { $0.count == count && count > 1 }
  }

  /// Whether what looks like comments are records: of texts in one column, or as many as the texts of the rows below.
  func areRecords(_ cut: DialectSniffer.Cut) -> Bool {
    guard !comments.isEmpty, !ColumnKinds(cut).hasTyped else { return false }
    let fields = comments.map { TablePreamble.fields($0, cut.delimiter) }
    return fields.allSatisfy { $0.count == cut.width }
      && (cut.width == 1 || fields.count > 1 || fields[0].contains { $0.count { $0 == " " } >= 6 })
  }

  private static func fields(_ text: String, _ delimiter: UInt8) -> [String] {
    var text = text
    return text.withUTF8 { bytes in
      var parser = RecordParser(UnsafeRawBufferPointer(bytes), at: 0, line: 1, delimiter: delimiter, path: "")
      return (try? parser.fields().map(\.trimmingBlanks)) ?? []
    }
  }

  private func end() -> Int { bytes[offset...].firstIndex(of: 0x0A) ?? bytes.count }

  private func current() -> String {
    String(decoding: bytes[offset..<min(end(), offset + 4096)], as: UTF8.self).trimmingBlanks
  }

  private mutating func pass() {
    guard offset < bytes.count else { return }
    offset = min(end() + 1, bytes.count)
    line += 1
  }
}
