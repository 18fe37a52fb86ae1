/// Reads XML from its beginning on: elements and texts, without external entities and without declarations of types, but for those
/// of attributes and elements where they are passed over.
struct MarkupReader {
  /// What is read.
  enum Event: Equatable {
    /// The beginning of an element, by its name without a prefix, with its attributes by their whole names.
    case open(name: String, attributes: [String: String])
    /// The end of one.
    case close(name: String)
    /// Text between them.
    case text(String)
  }

  private let bytes: UnsafeRawBufferPointer
  private let path: String
  private var index: Int
  /// Line of the next byte, from 1.
  private(set) var line = 1
  private var open: [String] = []
  /// The name of an element that ends where it begins.
  private var closing: String?

  /// Whether a document may declare attributes and elements, which changes nothing that is read; never entities.
  private let passesDeclarations: Bool

  /// Elements in each other: a hostile file must not exhaust the memory.
  private static let deepest = 256

  init(
    _ bytes: UnsafeRawBufferPointer, from start: Int, path: String, passesDeclarations: Bool = false
  ) {
    (self.bytes, index, self.path) = (bytes, start, path)
    self.passesDeclarations = passesDeclarations
  }

  func malformed(_ expected: String, _ found: String) -> DataError {
    .malformed(path: path, place: .line(line), expected: expected, found: found)
  }

  /// What comes next; nil behind the last element.
  mutating func next() throws(DataError) -> Event? {
    if let name = closing {
      closing = nil
      open.removeLast()
      return .close(name: name)
    }
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<") else {
        let text = try readText()
        if open.isEmpty {
          guard text.allSatisfy(\.isWhitespace) else {
            throw malformed("an element", "\"\(text.prefix(40))\"")
          }
          continue
        }
        return .text(text)
      }
      if starts("<?") {
        try pass("?>")
      } else if starts("<!--") {
        try pass("-->")
      } else if starts("<![CDATA[") {
        let start = index + 9
        try pass("]]>")
        guard !open.isEmpty else { throw malformed("an element", "text") }
        return .text(String(decoding: bytes[start..<index - 3], as: UTF8.self))
      } else if starts("<!") {
        try passType()
      } else {
        return starts("</") ? try readEnd() : try readBeginning()
      }
    }
    guard open.isEmpty else {
      throw malformed("the end of \"\(open[open.count - 1])\"", endOfFile)
    }
    return nil
  }

  private var endOfFile: String { "the end of the file at byte \(bytes.count)" }

  /// What stands at the place at hand, for messages.
  private var found: String { index < bytes.count ? "something else" : endOfFile }

  private func starts(_ mark: StaticString) -> Bool {
    mark.withUTF8Buffer { bytes[index...].starts(with: $0) }
  }

  private mutating func advance(to end: Int) {
    for place in index..<end where bytes[place] == 0x0A { line += 1 }
    index = end
  }

  /// Passes over everything up to a mark and the mark itself.
  private mutating func pass(_ mark: StaticString) throws(DataError) {
    var place = index
    while place < bytes.count, !mark.withUTF8Buffer({ bytes[place...].starts(with: $0) }) { place += 1 }
    guard place < bytes.count else { throw malformed("\"\(mark)\"", endOfFile) }
    advance(to: place + mark.utf8CodeUnitCount)
  }

  /// Passes over a declaration of the type, without entities and other declarations of its own.
  private mutating func passType() throws(DataError) {
    let end = bytes[index...].firstIndex { $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "[") }
    // the mark of plain text, cut off, has a bracket too
    guard let end, bytes.count - index >= 9 || bytes[end] == UInt8(ascii: ">") else {
      throw malformed("\">\"", endOfFile)
    }
    if bytes[end] == UInt8(ascii: "[") {
      advance(to: end + 1)
      guard passesDeclarations else {
        throw malformed("a document without declarations of its own", declaration)
      }
      return try passDeclarations()
    }
    advance(to: end + 1)
  }

  /// Passes over declarations up to the bracket behind them and the end of the type.
  private mutating func passDeclarations() throws(DataError) {
    while true {
      passBlanks()
      if starts("]") {
        advance(to: index + 1)
        passBlanks()
        return try pass(">")
      }
      if starts("<!--") {
        try pass("-->")
      } else if starts("<!ATTLIST") || starts("<!ELEMENT") {
        try pass(">")
      } else {
        throw malformed(
          "declarations of attributes and elements alone", index < bytes.count ? declaration : endOfFile)
      }
    }
  }

  /// What is declared at the place at hand, an entity by its name.
  private var declaration: String {
    let words = bytes[index...].prefix(400).split(maxSplits: 2, whereSeparator: { $0 <= 0x20 })
      .map { String(decoding: $0.prefix(40), as: UTF8.self) }
    guard words.first == "<!ENTITY", words.count > 1 else { return "\"[\"" }
    return "the entity \"\(words[1])\""
  }

  private mutating func readText() throws(DataError) -> String {
    let end = bytes[index...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
    let text = try unescaped(index..<end)
    advance(to: end)
    return text
  }

  /// A text with its entities replaced.
  private func unescaped(_ range: Range<Int>) throws(DataError) -> String {
    guard bytes[range].contains(UInt8(ascii: "&")) else {
      return String(decoding: bytes[range], as: UTF8.self)
    }
    var result: [UInt8] = []
    var place = range.lowerBound
    while place < range.upperBound {
      guard bytes[place] == UInt8(ascii: "&") else {
        result.append(bytes[place])
        place += 1
        continue
      }
      let limit = min(range.upperBound, place + 12)
      guard let end = bytes[place..<limit].firstIndex(of: UInt8(ascii: ";")) else {
        throw malformed("\";\" behind \"&\"", limit == bytes.count ? endOfFile : "none")
      }
      let name = String(decoding: bytes[place + 1..<end], as: UTF8.self)
      guard let character = MarkupReader.entity(name) else {
        throw malformed("an entity of XML", "\"&\(name);\"")
      }
      result += Array(String(character).utf8)
      place = end + 1
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func entity(_ name: String) -> Character? {
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard name.hasPrefix("#") else { return nil }
      let digits = name.dropFirst()
      let code = digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
      // XML has no other control characters
      guard let code, code >= 0x20 || [9, 10, 13].contains(code) else { return nil }
      return Unicode.Scalar(code).map(Character.init)
    }
  }

  private mutating func readEnd() throws(DataError) -> Event {
    advance(to: index + 2)
    let name = try readName().local
    passBlanks()
    guard index < bytes.count, bytes[index] == UInt8(ascii: ">") else {
      throw malformed("\">\"", found)
    }
    guard open.last == name else {
      throw malformed(open.last.map { "the end of \"\($0)\"" } ?? "an element", "the end of \"\(name)\"")
    }
    open.removeLast()
    advance(to: index + 1)
    return .close(name: name)
  }

  private mutating func readBeginning() throws(DataError) -> Event {
    advance(to: index + 1)
    let name = try readName().local
    var attributes: [String: String] = [:]
    while true {
      passBlanks()
      if starts(">") || starts("/>") { break }
      let key = try readName().whole
      passBlanks()
      guard starts("=") else { throw malformed("\"=\" behind \"\(key)\"", found) }
      advance(to: index + 1)
      passBlanks()
      guard starts("\"") || starts("'"), let end = bytes[(index + 1)...].firstIndex(of: bytes[index]) else {
        throw malformed("the value of \"\(key)\" in quotes", starts("\"") || starts("'") ? endOfFile : found)
      }
      guard attributes.updateValue(try unescaped(index + 1..<end), forKey: key) == nil else {
        throw malformed("each attribute once", "\"\(key)\" twice")
      }
      advance(to: end + 1)
    }
    guard open.count < MarkupReader.deepest else {
      throw malformed("at most \(MarkupReader.deepest) elements in each other", "more")
    }
    open.append(name)
    if starts("/>") { closing = name }
    advance(to: index + (closing == nil ? 1 : 2))
    return .open(name: name, attributes: attributes)
  }

  private mutating func passBlanks() {
    while index < bytes.count, bytes[index] <= 0x20 { advance(to: index + 1) }
  }

  /// A name with and without its prefix.
  private mutating func readName() throws(DataError) -> (whole: String, local: String) {
    let start = index
    while index < bytes.count, bytes[index] > 0x20, !"=/>\"'<".utf8.contains(bytes[index]) { index += 1 }
    let name = String(decoding: bytes[start..<index], as: UTF8.self)
    guard let last = name.split(separator: ":").last else {
      throw malformed("a name", "none at byte \(index)")
    }
    return (name, String(last))
  }
}
