/// The fields of the records of a delimited text, one after the other.
///
/// A quote counts where a field begins with it; elsewhere it is a character like others. Between tabs a quote counts only where
/// the field also ends with one, on the same line, for such files are often written without a thought for quotes. A space as the
/// delimiter stands for any number of blanks.
struct RecordParser {
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
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let space = UInt8(ascii: " ")
  private static let tab = UInt8(ascii: "\t")

  /// The fields of the next record.
  mutating func fields() throws(DataError) -> [String] {
    var fields: [String] = []
    var isLast = false
    passBlanks()
    while !isLast {
      passBlanksBeforeQuote()
      let begin = index
      if isQuoted {
        let end = try passQuoted()
        fields.append(RecordParser.unquoted(bytes[begin + 1..<end]))
      } else {
        passPlain()
        var end = index
        if isAtLineEnd, end > begin, bytes[end - 1] == RecordParser.carriageReturn { end -= 1 }
        fields.append(String(decoding: bytes[begin..<end], as: UTF8.self))
      }
      isLast = passMark()
    }
    return fields
  }

  /// What a record is that was passed over.
  struct Passed {
    /// Fields.
    var count: Int
    /// Whether there is anything in it but delimiters, quotes and blanks.
    var isFilled: Bool
    /// Whether there is anything but blanks.
    var isMarked: Bool
  }

  /// Passes over a record.
  mutating func skip() throws(DataError) -> Passed {
    let begin = index
    var (isLast, count, quoted) = (false, 0, 0)
    passBlanks()
    while !isLast {
      passBlanksBeforeQuote()
      if isQuoted {
        _ = try passQuoted()
        quoted += 1
      } else {
        passPlain()
      }
      isLast = passMark()
      count += 1
    }
    let own = bytes[begin..<min(index, bytes.count)]
    // a quote within quotes is one that is written twice
    let isFilled =
      own.contains { $0 > RecordParser.space && $0 != delimiter && $0 != RecordParser.quote }
      || quoted > 0 && own.count { $0 == RecordParser.quote } > 2 * quoted
    return Passed(
      count: count, isFilled: isFilled,
      isMarked: isFilled
        || own.contains { $0 > RecordParser.space || $0 == delimiter && $0 != RecordParser.space })
  }

  private var isQuoted: Bool {
    guard index < bytes.count, bytes[index] == RecordParser.quote else { return false }
    return delimiter != RecordParser.tab || isClosed(at: index)
  }

  /// Passes over blanks between a delimiter and a field in quotes that end on the same line.
  private mutating func passBlanksBeforeQuote() {
    guard index < bytes.count, bytes[index] == RecordParser.space, delimiter > RecordParser.space else {
      return
    }
    var place = index
    while place < bytes.count, bytes[place] == RecordParser.space { place += 1 }
    if place < bytes.count, bytes[place] == RecordParser.quote, isClosed(at: place) { index = place }
  }

  /// Whether a field that begins with a quote ends with one, too, on the same line.
  private func isClosed(at index: Int) -> Bool {
    var (place, isOpen) = (index + 1, true)
    while place < bytes.count, bytes[place] != RecordParser.lineFeed {
      if bytes[place] == delimiter, !isOpen { break }
      if bytes[place] == RecordParser.quote {
        isOpen.toggle()
      } else if !isOpen, bytes[place] != RecordParser.carriageReturn, bytes[place] != RecordParser.space {
        return false
      }
      place += 1
    }
    return !isOpen
  }

  /// Passes over the blanks that are one delimiter.
  private mutating func passBlanks() {
    guard delimiter == RecordParser.space else { return }
    while index < bytes.count, isBlank(bytes[index]) { index += 1 }
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == RecordParser.space || byte == RecordParser.tab || byte == RecordParser.carriageReturn
  }

  private func isDelimiter(_ byte: UInt8) -> Bool {
    byte == delimiter || delimiter == RecordParser.space && isBlank(byte)
  }

  private var isAtLineEnd: Bool { index >= bytes.count || bytes[index] == RecordParser.lineFeed }

  /// Passes over the delimiter or the end of the line; whether it was the latter.
  private mutating func passMark() -> Bool {
    passBlanks()
    let isLast = isAtLineEnd
    if isLast { line += 1 } else if delimiter == RecordParser.space { return false }
    index += 1
    return isLast
  }

  private mutating func passPlain() {
    while index < bytes.count, !isDelimiter(bytes[index]), bytes[index] != RecordParser.lineFeed {
      index += 1
    }
  }

  /// Passes over a quoted field and the blanks behind it; where its second quote stands.
  private mutating func passQuoted() throws(DataError) -> Int {
    let begin = line
    index += 1
    while true {
      guard index < bytes.count else {
        throw .malformed(
          path: path, place: .line(begin), expected: "a quote that ends", found: "the end of the file")
      }
      if bytes[index] == RecordParser.quote {
        guard index + 1 < bytes.count, bytes[index + 1] == RecordParser.quote else { break }
        index += 1
      } else if bytes[index] == RecordParser.lineFeed {
        line += 1
      }
      index += 1
    }
    let end = index
    index += 1
    while index < bytes.count,
      bytes[index] == RecordParser.carriageReturn || bytes[index] == RecordParser.space
    {
      index += 1
    }
    guard isAtLineEnd || isDelimiter(bytes[index]) else {
      let found = String(decoding: bytes[index..<min(index + 10, bytes.count)], as: UTF8.self)
      throw .malformed(
        path: path, place: .line(line), expected: "a delimiter behind a quoted field", found: "\"\(found)\"")
    }
    return end
  }

  /// What stands between two quotes, of which every pair within means one.
  private static func unquoted(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
    guard bytes.contains(quote) else { return String(decoding: bytes, as: UTF8.self) }
    var text: [UInt8] = []
    var isSecond = false
    for byte in bytes {
      isSecond = byte == quote && !isSecond
      if !isSecond { text.append(byte) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
