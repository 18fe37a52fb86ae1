import RecurrentData

/// The lines of an ARPA file and their fields.
///
/// Only tab, line feed, carriage return and space separate; a vertical tab may be in a word.
struct ARPALines {
  let bytes: UnsafeRawBufferPointer
  let path: String
  private var index = 0
  /// The number of the line at hand, from 1.
  private(set) var number = 0
  /// The line at hand without blanks around it.
  private(set) var line = 0..<0
  /// The fields of the line at hand, after ``split()``.
  private(set) var fields: [Range<Int>] = []

  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    (self.bytes, self.path) = (bytes, path)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  @inline(__always)
  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  /// Goes to the next line; false at the end of the file.
  mutating func next() -> Bool {
    guard index < bytes.count else { return false }
    var end = index
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    var (low, high) = (index, end)
    while low < high, ARPALines.isBlank(bytes[low]) { low += 1 }
    while high > low, ARPALines.isBlank(bytes[high - 1]) { high -= 1 }
    line = low..<high
    index = end + 1
    number += 1
    return true
  }

  /// Goes to the next line that is neither blank nor a comment, which begins with `#`; false at the end of the file.
  mutating func nextWithContent() -> Bool {
    while next() {
      if !line.isEmpty, bytes[line.lowerBound] != UInt8(ascii: "#") { return true }
    }
    return false
  }

  /// Finds the fields of the line at hand.
  mutating func split() {
    fields.removeAll(keepingCapacity: true)
    var place = line.lowerBound
    while place < line.upperBound {
      let start = place
      while place < line.upperBound, !ARPALines.isBlank(bytes[place]) { place += 1 }
      fields.append(start..<place)
      while place < line.upperBound, ARPALines.isBlank(bytes[place]) { place += 1 }
    }
  }

  /// Whether the line at hand begins with a backslash, as the head of a part does.
  var isHead: Bool { !line.isEmpty && bytes[line.lowerBound] == UInt8(ascii: "\\") }

  /// Whether the line at hand is `text`.
  func equals(_ text: String) -> Bool { bytes[line].elementsEqual(text.utf8) }

  /// The bytes of a field.
  @inline(__always)
  func field(_ number: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[fields[number]])
  }

  /// A field as a text for messages.
  func text(_ range: Range<Int>) -> String {
    let text = String(decoding: bytes[range.prefix(80)], as: UTF8.self)
    return range.count > 80 ? "\"\(text)\"..." : "\"\(text)\""
  }

  /// An error about the line at hand.
  func malformed(_ expected: String, _ found: String) -> DataError {
    .malformed(path: path, place: .line(max(number, 1)), expected: expected, found: found)
  }

  /// An error about the line at hand, which is quoted.
  func malformed(_ expected: String) -> DataError { malformed(expected, text(line)) }

  /// An error about a file that ends too early.
  func ended(_ expected: String) -> DataError { malformed(expected, "the end of the file") }
}
