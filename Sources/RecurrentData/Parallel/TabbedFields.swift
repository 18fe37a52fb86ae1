/// The fields of lines with tabs between them. A quote is a character like others, as in text that nobody thought of as a table,
/// unless all of the file is quoted after RFC 4180.
enum TabbedFields {
  private static let quote = UInt8(ascii: "\"")

  /// Whether quotes are those of a table: some field in quotes has doubled ones, and none breaks the rule.
  static func areQuoted(_ file: DataBytes) -> Bool {
    var (hasDoubled, isBroken) = (false, false)
    var cursor = LineCursor(file)
    while !isBroken,
      cursor.next({ line in
        guard line.contains(quote) else { return }
        for field in line.split(separator: 0x09, omittingEmptySubsequences: false) where field.contains(quote)
        {
          guard let doubled = doubledQuotes(field) else {
            isBroken = true
            return
          }
          hasDoubled = hasDoubled || doubled
        }
      })
    {}
    return hasDoubled && !isBroken
  }

  /// Whether a field in quotes has doubled ones; nil where it is not in quotes, or has single ones.
  private static func doubledQuotes(_ field: Slice<UnsafeRawBufferPointer>) -> Bool? {
    guard field.count >= 2, field.first == quote, field.last == quote else { return nil }
    var (count, hasDoubled) = (0, false)
    for byte in field.dropFirst().dropLast() {
      if byte == quote {
        count += 1
      } else {
        guard count % 2 == 0 else { return nil }
        hasDoubled = hasDoubled || count > 0
        count = 0
      }
    }
    return count % 2 == 0 ? hasDoubled || count > 0 : nil
  }

  /// Calls `body` with the fields of each line that is not empty, until it returns false.
  static func forEach(
    _ file: DataBytes, isQuoted: Bool, _ body: (_ line: Int, _ fields: [[UInt8]]) throws(DataError) -> Bool
  ) throws(DataError) {
    var cursor = LineCursor(file)
    var fields: [[UInt8]] = []
    while true {
      let line = cursor.line
      let isLine = cursor.next { bytes in
        fields = bytes.split(separator: 0x09, omittingEmptySubsequences: false).map { field in
          isQuoted && field.first == quote ? unquoted(field) : Array(field)
        }
      }
      guard isLine else { return }
      if fields.count == 1, fields[0].allSatisfy({ $0 <= 0x20 }) { continue }
      guard try body(line, fields) else { return }
    }
  }

  private static func unquoted(_ field: Slice<UnsafeRawBufferPointer>) -> [UInt8] {
    var (text, isSecond) = ([UInt8](), false)
    for byte in field.dropFirst().dropLast() {
      isSecond = byte == quote && !isSecond
      if !isSecond { text.append(byte) }
    }
    return text
  }
}
