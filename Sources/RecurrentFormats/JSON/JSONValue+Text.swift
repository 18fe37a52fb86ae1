extension JSONValue {
  /// Lists and objects in each other: a hostile text must not exhaust the stack.
  private static let deepest = 512

  /// The value that a text is, in time linear in its length.
  ///
  /// Numbers are finite, keys of an object differ, and nothing but white space may follow.
  ///
  /// - Throws: ``FormatError`` with the offset from the beginning of `bytes`; it calls them `path`.
  public init(text bytes: some Sequence<UInt8>, path: String = "<memory>") throws(FormatError) {
    self = try Array(bytes).withUnsafeBufferPointer { (buffer) throws(FormatError) in
      var cursor = JSONCursor(UnsafeRawBufferPointer(buffer), path: path, offset: 0)
      let value = try JSONValue(&cursor, depth: 0)
      try cursor.end()
      return value
    }
  }

  private init(_ cursor: inout JSONCursor, depth: Int) throws(FormatError) {
    guard depth <= JSONValue.deepest else {
      throw .invalidJSON(
        path: cursor.path, offset: cursor.offset,
        expected: "at most \(JSONValue.deepest) values in each other",
        found: "more")
    }
    switch cursor.peek() {
    case UInt8(ascii: "{"):
      var members: [String: JSONValue] = [:]
      try cursor.open("{")
      while try cursor.more(until: "}", first: members.isEmpty) {
        let (key, offset) = try cursor.key()
        guard members.updateValue(try JSONValue(&cursor, depth: depth + 1), forKey: key) == nil else {
          throw .duplicateKey(path: cursor.path, offset: offset, key: key)
        }
      }
      self = .object(members)
    case UInt8(ascii: "["):
      var values: [JSONValue] = []
      try cursor.open("[")
      while try cursor.more(until: "]", first: values.isEmpty) {
        values.append(try JSONValue(&cursor, depth: depth + 1))
      }
      self = .list(values)
    case UInt8(ascii: "\""): self = .text(try cursor.string())
    case UInt8(ascii: "t"):
      try cursor.word("true")
      self = .bool(true)
    case UInt8(ascii: "f"):
      try cursor.word("false")
      self = .bool(false)
    case UInt8(ascii: "n"):
      try cursor.word("null")
      self = .null
    default: self = .number(try cursor.number())
    }
  }
}
