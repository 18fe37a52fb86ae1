/// Texts one after the other in one piece of memory, so that a million short ones take little more than their bytes.
struct TextStore: Sendable {
  private var bytes: [UInt8] = []
  private var rows = RowIndex()

  /// The number of texts.
  var count: Int { rows.count }

  /// Adds a text with the line of its file that it begins on.
  mutating func append(_ text: some Collection<UInt8>, line: Int) {
    rows.append(offset: bytes.count, line: line)
    bytes.append(contentsOf: text)
  }

  private func range(_ index: Int) -> Range<Int> {
    rows.offset(of: index)..<(index + 1 < count ? rows.offset(of: index + 1) : bytes.count)
  }

  /// A text.
  func text(_ index: Int) -> String { String(decoding: bytes[range(index)], as: UTF8.self) }

  /// The line of a text in its file, from 1.
  func line(_ index: Int) -> Int { rows.line(of: index) }

  /// Whether a text has nothing but white space.
  func isBlank(_ index: Int) -> Bool {
    let own = bytes[range(index)]
    // most texts begin with a character of ASCII that is none
    if let first = own.first, first > 0x20, first < 0x7F { return false }
    return String(decoding: own, as: UTF8.self).allSatisfy(\.isWhitespace)
  }
}
