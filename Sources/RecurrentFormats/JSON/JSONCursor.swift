/// A strict reader of JSON text (RFC 8259) that the caller drives: it asks for what must come next.
///
/// It builds no tree and does not recurse, so that neither nesting nor size of a hostile text costs memory;
/// keys come in the order of the text, repeated ones included. Offsets in errors count from the beginning of
/// the file.
package struct JSONCursor {
  /// The path that errors name.
  package let path: String
  private let bytes: UnsafeRawBufferPointer
  private let base: Int
  private var index = 0

  /// Reads `bytes`, which stand at byte `offset` of the file at `path` and must outlive the cursor.
  package init(_ bytes: UnsafeRawBufferPointer, path: String, offset: Int) {
    self.bytes = bytes
    self.path = path
    base = offset
  }

  /// Where in the file the next byte stands.
  package var offset: Int { base + index }

  /// Passes `{` or `[`, which must be the next byte.
  package mutating func open(_ bracket: Unicode.Scalar) throws(FormatError) {
    skipSpace()
    guard next == UInt8(ascii: bracket) else { throw mismatch("'\(bracket)'") }
    index += 1
  }

  /// Passes `bracket` if it comes next, else the comma that must precede every element but the first.
  ///
  /// Returns whether there is another element.
  package mutating func more(until bracket: Unicode.Scalar, first: Bool) throws(FormatError) -> Bool {
    skipSpace()
    if next == UInt8(ascii: bracket) {
      index += 1
      return false
    }
    if first { return true }
    guard next == UInt8(ascii: ",") else { throw mismatch("',' or '\(bracket)'") }
    index += 1
    return true
  }

  /// Reads a key and the colon after it.
  package mutating func key() throws(FormatError) -> (text: String, offset: Int) {
    skipSpace()
    let start = offset
    let text = try string()
    skipSpace()
    guard next == UInt8(ascii: ":") else { throw mismatch("':'") }
    index += 1
    return (text, start)
  }

  /// Reads an integer in decimal digits.
  package mutating func integer() throws(FormatError) -> Int {
    skipSpace()
    let start = index
    let negative = next == UInt8(ascii: "-")
    if negative { index += 1 }
    guard let first = next, isDigit(first) else { throw mismatch("an integer") }
    var magnitude: UInt64 = 0
    while let digit = next, isDigit(digit) {
      let (tens, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
      if overflow || carry || sum > UInt64(Int.max) {
        throw .invalidJSON(
          path: path, offset: base + start, expected: "an integer of 64 bits", found: "a larger one")
      }
      magnitude = sum
      index += 1
    }
    if first == UInt8(ascii: "0"), index - start > (negative ? 2 : 1) {
      throw .invalidJSON(
        path: path, offset: base + start, expected: "an integer", found: "one with a leading zero")
    }
    if let after = next, after == UInt8(ascii: ".") || after | 0x20 == UInt8(ascii: "e") {
      throw mismatch("the end of an integer")
    }
    return negative ? -Int(magnitude) : Int(magnitude)
  }

  /// Verifies that nothing but white space is left.
  package mutating func end() throws(FormatError) {
    skipSpace()
    guard next == nil else { throw mismatch("nothing but spaces") }
  }

  /// The next byte that is no white space; nil at the end.
  package mutating func peek() -> UInt8? {
    skipSpace()
    return next
  }

  /// Passes one of the words that JSON has.
  package mutating func word(_ word: StaticString) throws(FormatError) {
    skipSpace()
    for place in 0..<word.utf8CodeUnitCount {
      guard next == word.utf8Start[place] else { throw mismatch("\(word)") }
      index += 1
    }
    if let after = next, after | 0x20 >= UInt8(ascii: "a"), after | 0x20 <= UInt8(ascii: "z") {
      throw mismatch("the end of \(word)")
    }
  }

  /// Powers of ten that a Double has exactly.
  private static let powers = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21,
    1e22,
  ]

  /// Reads a finite number.
  ///
  /// Up to 15 digits are a whole number that a Double has exactly, and so is the power of ten beneath: one division rounds as the
  /// decimal number is rounded (Clinger, How to read floating point numbers accurately, 1990).
  package mutating func number() throws(FormatError) -> Double {
    skipSpace()
    let start = index
    var (mantissa, count, decimals) = (0 as UInt64, 0, 0)
    func digits(_ cursor: inout JSONCursor) -> Int {
      let start = cursor.index
      while let byte = cursor.next, cursor.isDigit(byte) {
        if count < 18 { mantissa = mantissa * 10 + UInt64(byte - UInt8(ascii: "0")) }
        // leading zeros say nothing
        if mantissa > 0 { count += 1 }
        cursor.index += 1
      }
      return cursor.index - start
    }
    let isNegative = next == UInt8(ascii: "-")
    if isNegative { index += 1 }
    let (place, first) = (index, next)
    let whole = digits(&self)
    guard whole > 0 else { throw mismatch(index == start ? "a value" : "a number") }
    guard whole == 1 || first != UInt8(ascii: "0") else {
      index = place
      throw mismatch("a number without a leading zero")
    }
    if next == UInt8(ascii: ".") {
      index += 1
      decimals = digits(&self)
      guard decimals > 0 else { throw mismatch("decimals") }
    }
    var isShort = count <= 15 && decimals < JSONCursor.powers.count
    if let mark = next, mark | 0x20 == UInt8(ascii: "e") {
      isShort = false
      index += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { index += 1 }
      guard digits(&self) > 0 else { throw mismatch("an exponent") }
    }
    if isShort {
      let value = Double(mantissa) / JSONCursor.powers[decimals]
      return isNegative ? -value : value
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw .invalidJSON(
        path: path, offset: base + start, expected: "a number within the range of 64 bits",
        found: "a larger one")
    }
    return value
  }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
  }

  private func mismatch(_ expected: String) -> FormatError {
    let found =
      switch next {
      case nil: "the end of the text"
      case let byte? where byte > 0x20 && byte < 0x7F: "'\(Unicode.Scalar(byte))'"
      case let byte?: "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    return .invalidJSON(path: path, offset: offset, expected: expected, found: found)
  }
}

extension JSONCursor {
  /// Reads a string with its escapes resolved.
  package mutating func string() throws(FormatError) -> String {
    skipSpace()
    guard next == UInt8(ascii: "\"") else { throw mismatch("a string") }
    index += 1
    var resolved: [UInt8] = []
    var start = index
    while true {
      guard let byte = next, byte >= 0x20 else { throw mismatch("a character of a string") }
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        resolved.append(contentsOf: try validated(start..<index))
        index += 1
        resolved.append(contentsOf: UTF8.encode(try escape()).unsafelyUnwrapped)
        start = index
      } else {
        index += 1
      }
    }
    let last = try validated(start..<index)
    index += 1
    guard !resolved.isEmpty else { return String(decoding: last, as: UTF8.self) }
    resolved.append(contentsOf: last)
    return String(decoding: resolved, as: UTF8.self)
  }

  /// The bytes in `range`, once they are known to be UTF-8.
  private func validated(_ range: Range<Int>) throws(FormatError) -> Slice<UnsafeRawBufferPointer> {
    let slice = bytes[range]
    // The fast check of the whole comes first; only a failure is looked into.
    if String(validating: slice, as: UTF8.self) != nil { return slice }
    var decoder = Unicode.UTF8.ForwardParser()
    var iterator = slice.makeIterator()
    var position = range.lowerBound
    while true {
      switch decoder.parseScalar(from: &iterator) {
      case .valid(let scalar): position += scalar.count
      case .error: throw .invalidUTF8(path: path, offset: base + position, byte: bytes[position])
      case .emptyInput: return slice
      }
    }
  }

  /// Reads what follows a backslash.
  private mutating func escape() throws(FormatError) -> Unicode.Scalar {
    guard let byte = next else { throw mismatch("an escape") }
    let plain: Unicode.Scalar? =
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): Unicode.Scalar(byte)
      case UInt8(ascii: "b"): "\u{8}"
      case UInt8(ascii: "f"): "\u{C}"
      case UInt8(ascii: "n"): "\n"
      case UInt8(ascii: "r"): "\r"
      case UInt8(ascii: "t"): "\t"
      default: nil
      }
    if let plain {
      index += 1
      return plain
    }
    guard byte == UInt8(ascii: "u") else { throw mismatch("an escape") }
    index += 1
    let start = offset
    let unit = try codeUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    // Only the first half of a surrogate pair may stand here, and only with the second half behind it.
    guard unit < 0xDC00, next == UInt8(ascii: "\\") else {
      throw .invalidJSON(path: path, offset: start, expected: "a surrogate pair", found: "one half of it")
    }
    index += 1
    guard next == UInt8(ascii: "u") else { throw mismatch("'u'") }
    index += 1
    let low = try codeUnit()
    guard low >= 0xDC00, low <= 0xDFFF,
      let scalar = Unicode.Scalar(0x10000 + (UInt32(unit - 0xD800) << 10 | UInt32(low - 0xDC00)))
    else {
      throw .invalidJSON(path: path, offset: start, expected: "a surrogate pair", found: "one half of it")
    }
    return scalar
  }

  private mutating func codeUnit() throws(FormatError) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw mismatch("a hexadecimal digit")
      }
      value = value << 4 | UInt16(digit)
      index += 1
    }
    return value
  }
}
