/// Goes through the bytes of a time.
struct TimeCursor {
  /// Digits: what they say, and how many there are.
  struct Number {
    var value: Int
    var count: Int

    /// The year that they mean: two digits are one from 1970 to 2069.
    var year: Int { count <= 2 ? value + (value < 70 ? 2000 : 1900) : value }
  }

  let bytes: UnsafeBufferPointer<UInt8>
  var index = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int = 0) { (self.bytes, self.index) = (bytes, index) }

  /// What stands between brackets around the whole of a text, as in logs of servers, else all of it.
  static func withoutBrackets(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    guard bytes.count > 2, bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") else {
      return bytes
    }
    return UnsafeBufferPointer(rebasing: bytes[1..<bytes.count - 1])
  }

  /// Passes over a day of the week, in parentheses or not, with blanks before it and a mark behind it; whether there was one.
  mutating func passWeekday() -> Bool {
    var ahead = self
    ahead.passBlanks()
    let isBracketed = ahead.next == UInt8(ascii: "(")
    if isBracketed { ahead.skip() }
    guard MonthNames.isWeekday(ahead.word()) else { return false }
    if isBracketed {
      guard ahead.next == UInt8(ascii: ")") else { return false }
      ahead.skip()
    } else {
      while ahead.pass(anyOf: ".,") != nil {}
    }
    self = ahead
    return true
  }

  var isAtEnd: Bool { index >= bytes.count }
  /// The next byte; 0 at the end.
  var next: UInt8 { index < bytes.count ? bytes[index] : 0 }
  /// The next byte, a letter in lower case.
  var nextLetter: UInt8 { next >= 0x41 && next <= 0x5A ? next + 32 : next }

  mutating func skip() { index += 1 }

  /// Passes over blanks, also those that do not break a line.
  mutating func passBlanks() {
    while index < bytes.count {
      if bytes[index] == 0x20 || bytes[index] == 0x09 || bytes[index] == 0x0D {
        index += 1
      } else if index + 1 < bytes.count, bytes[index] == 0xC2, bytes[index + 1] == 0xA0 {
        index += 2
      } else if index + 2 < bytes.count, bytes[index] == 0xE2, bytes[index + 1] == 0x80,
        bytes[index + 2] == 0xAF || bytes[index + 2] == 0x89
      {
        index += 3
      } else {
        return
      }
    }
  }

  /// Passes over a mark of a footnote at the end, such as `(1)` or `*`, and blanks.
  mutating func passFootnote() {
    passBlanks()
    let begin = index
    if next == UInt8(ascii: "(") || next == UInt8(ascii: "[") {
      skip()
      guard number()?.count ?? 9 <= 2, next == UInt8(ascii: ")") || next == UInt8(ascii: "]") else {
        index = begin
        return
      }
      skip()
    } else {
      while next == UInt8(ascii: "*") { skip() }
    }
    passBlanks()
  }

  /// The next byte where it is one of some, which is passed over then.
  mutating func pass(anyOf marks: StaticString) -> UInt8? {
    guard index < bytes.count else { return nil }
    let byte = bytes[index]
    for place in 0..<marks.utf8CodeUnitCount where (marks.utf8Start + place).pointee == byte {
      index += 1
      return byte
    }
    return nil
  }

  /// Up to 18 digits; nil where there are none.
  mutating func number() -> Number? {
    var number = Number(value: 0, count: 0)
    while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39, number.count < 18 {
      number.value = number.value * 10 + Int(bytes[index] - 0x30)
      number.count += 1
      index += 1
    }
    return number.count == 0 ? nil : number
  }

  /// The word that comes next, as ``word()`` gives it.
  func wordAhead() -> String {
    guard next >= 0x41 else { return "" }
    var ahead = self
    return ahead.word()
  }

  /// The letters of a word, in lower case; empty where there are none. Letters beyond ASCII count.
  mutating func word() -> String {
    let begin = index
    while index < bytes.count,
      bytes[index] >= 0x80 || bytes[index] | 0x20 >= 0x61 && bytes[index] | 0x20 <= 0x7A
    {
      index += 1
    }
    return String(decoding: bytes[begin..<index], as: UTF8.self).lowercased()
  }
}
