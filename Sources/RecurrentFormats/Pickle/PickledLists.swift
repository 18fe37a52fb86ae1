/// Plain data out of a pickle of Python, of any protocol: numbers, texts, truth values, None, and lists, tuples and dictionaries of them.
///
/// What is no plain data is refused by its name, and nothing is ever run.
public enum PickledLists {
  /// Whether bytes begin as such a file does: of a protocol that says so, or as a dictionary or list of the first ones.
  public static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count > 2 else { return false }
    if bytes[0] == 0x80 { return (2...5).contains(bytes[1]) }
    return bytes[0] == UInt8(ascii: "(") && [UInt8(ascii: "d"), UInt8(ascii: "l")].contains(bytes[1])
  }

  /// The value that was pickled; tuples become lists, integers the nearest numbers.
  ///
  /// - Throws: ``FormatError``.
  public static func read(_ bytes: [UInt8], path: String = "<memory>") throws(FormatError) -> JSONValue {
    try bytes.withUnsafeBufferPointer { (buffer) throws(FormatError) in
      let pickle = try PickleReader.read(UnsafeRawBufferPointer(buffer), path: path, of: .python)
      var values = PlainValues(pickle: pickle, path: path, budget: 4 * bytes.count + 1024)
      return try values.value(pickle.root, depth: 0)
    }
  }
}

/// Makes plain data of what a pickle holds.
private struct PlainValues {
  let pickle: Pickle
  let path: String
  /// Values that may still be made of the containers, some of which may stand in several others.
  var budget: Int
  private static let deepest = 512

  init(pickle: Pickle, path: String, budget: Int) {
    (self.pickle, self.path, self.budget) = (pickle, path, budget)
  }

  private func mismatch(_ expected: String, _ found: String) -> FormatError {
    .unexpected(path: path, offset: 0, what: "the pickle", expected: expected, found: found)
  }

  mutating func value(_ value: PickleValue, depth: Int) throws(FormatError) -> JSONValue {
    budget -= 1
    guard budget > 0, depth < PlainValues.deepest else {
      throw mismatch("values that stand once, at most \(PlainValues.deepest) in each other", "more")
    }
    switch value {
    case .none: return .null
    case .bool(let value): return .bool(value)
    case .int(let value): return .number(Double(value))
    case .double(let value): return .number(value)
    case .string(let text): return .text(text)
    case .list(let index), .tuple(let index):
      var list: [JSONValue] = []
      for own in pickle.containers[index] { list.append(try self.value(own, depth: depth + 1)) }
      return .list(list)
    case .dictionary(let index):
      var members: [String: JSONValue] = [:]
      let own = pickle.containers[index]
      for place in stride(from: 0, to: own.count, by: 2) {
        guard let key = own[place].string else { throw mismatch("texts as keys", own[place].kind) }
        members[key] = try self.value(own[place + 1], depth: depth + 1)
      }
      return .object(members)
    case .bytes, .global, .storage, .tensor, .array, .type:
      throw mismatch("plain data: numbers, texts, lists and dicts", value.kind)
    }
  }
}
