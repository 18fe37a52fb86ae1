/// Plain data out of a pickle of Python, of any protocol: numbers, texts, truth values, None, and lists, tuples and dictionaries of them.
///
/// A pickle is a program for a stack machine that may call anything. This machine has no way to call: what is no plain data is refused by
/// its name, and nothing is ever run.
public enum PickledLists {
  /// Whether bytes begin as such a file does: of a protocol that says so, or as a dictionary or list of the first ones.
  public static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count > 2 else { return false }
    if bytes[0] == 0x80 { return (2...5).contains(bytes[1]) }
    return bytes[0] == UInt8(ascii: "(") && [UInt8(ascii: "d"), UInt8(ascii: "l")].contains(bytes[1])
  }

  /// The value that was pickled; tuples become lists.
  ///
  /// - Throws: ``FormatError``.
  public static func read(_ bytes: [UInt8], path: String = "<memory>") throws(FormatError) -> JSONValue {
    try bytes.withUnsafeBufferPointer { (buffer) throws(FormatError) in
      var machine = PlainPickleReader(UnsafeRawBufferPointer(buffer), path: path)
      return try machine.read()
    }
  }
}

/// The machine of ``PickledLists``.
private struct PlainPickleReader {
  private enum Value {
    case plain(JSONValue)
    case list(Int)
    case dictionary(Int)
  }

  private var reader: ByteReader
  private var stack: [Value] = []
  private var marks: [Int] = []
  private var memo: [Int: Value] = [:]
  /// The contents of lists and dictionaries, which hold each other by number; of dictionaries keys and values in turn.
  private var containers: [[Value]] = []
  /// Values that may still be made of the containers, some of which may stand in several others.
  private var budget: Int
  private static let deepest = 512

  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    reader = ByteReader(bytes, path: path)
    budget = 4 * bytes.count + 1024
  }

  mutating func read() throws(FormatError) -> JSONValue {
    while try !step() {}
    return try value(pop(), depth: 0)
  }

  private func mismatch(_ expected: String, _ found: String) -> FormatError {
    .unexpected(
      path: reader.path, offset: reader.offset, what: "the pickle", expected: expected, found: found)
  }

  private func refused(_ what: String) -> FormatError {
    .unsupported(
      path: reader.path,
      what: "the pickle at byte \(reader.offset) uses \(what), which is refused: no code is run",
      remedy: "pickle lists of numbers, or write JSON")
  }

  // MARK: Values

  private mutating func value(_ value: Value, depth: Int) throws(FormatError) -> JSONValue {
    budget -= 1
    guard budget > 0, depth < PlainPickleReader.deepest else {
      throw mismatch("values that stand once, at most 512 in each other", "more")
    }
    switch value {
    case .plain(let plain): return plain
    case .list(let index):
      var list: [JSONValue] = []
      for own in containers[index] { list.append(try self.value(own, depth: depth + 1)) }
      return .list(list)
    case .dictionary(let index):
      var members: [String: JSONValue] = [:]
      let own = containers[index]
      for place in stride(from: 0, to: own.count, by: 2) {
        guard case .text(let key) = try self.value(own[place], depth: depth + 1) else {
          throw mismatch("texts as keys", "another value")
        }
        members[key] = try self.value(own[place + 1], depth: depth + 1)
      }
      return .object(members)
    }
  }

  private mutating func pop() throws(FormatError) -> Value {
    guard stack.count > (marks.last ?? 0) else { throw mismatch("a value on the stack", "none") }
    return stack.removeLast()
  }

  private func top() throws(FormatError) -> Value {
    guard stack.count > (marks.last ?? 0), let value = stack.last else {
      throw mismatch("a value on the stack", "none")
    }
    return value
  }

  private mutating func popToMark() throws(FormatError) -> [Value] {
    guard let mark = marks.popLast() else { throw mismatch("a mark on the stack", "none") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func popped(_ count: Int) throws(FormatError) -> [Value] {
    var values: [Value] = []
    for _ in 0..<count { values.append(try pop()) }
    return values.reversed()
  }

  private mutating func push(list values: [Value]) {
    stack.append(.list(containers.count))
    containers.append(values)
  }

  private mutating func push(dictionary pairs: [Value]) throws(FormatError) {
    guard pairs.count.isMultiple(of: 2) else { throw mismatch("pairs of keys and values", "a key alone") }
    stack.append(.dictionary(containers.count))
    containers.append(pairs)
  }

  private mutating func push(_ value: JSONValue) { stack.append(.plain(value)) }

  private mutating func add(_ values: [Value], pairs: Bool) throws(FormatError) {
    switch try top() {
    case .list(let index) where !pairs: containers[index] += values
    case .dictionary(let index) where pairs && values.count.isMultiple(of: 2): containers[index] += values
    default: throw mismatch(pairs ? "a dict to add pairs to" : "a list to add to", "another value")
    }
  }

  private func recall(_ index: Int) throws(FormatError) -> Value {
    guard let value = memo[index] else { throw mismatch("a value kept under \(index)", "none") }
    return value
  }

  // MARK: One instruction

  /// Does the next instruction; whether it was the last.
  private mutating func step() throws(FormatError) -> Bool {
    let code = try reader.number(UInt8.self)
    switch Character(Unicode.Scalar(code)) {
    case ".": return true
    case "(": marks.append(stack.count)
    case "0": _ = try pop()
    case "1": _ = try popToMark()
    case "2": stack.append(try top())
    case "q": memo[Int(try reader.number(UInt8.self))] = try top()
    case "r": memo[Int(try reader.number(UInt32.self))] = try top()
    case "p": memo[try whole(try line())] = try top()
    case "h": stack.append(try recall(Int(try reader.number(UInt8.self))))
    case "j": stack.append(try recall(Int(try reader.number(UInt32.self))))
    case "g": stack.append(try recall(try whole(try line())))
    case "]": push(list: [])
    case ")": push(list: [])
    case "l", "t": push(list: try popToMark())
    case "}": try push(dictionary: [])
    case "d": try push(dictionary: try popToMark())
    case "a": try add([try pop()], pairs: false)
    case "e": try add(try popToMark(), pairs: false)
    case "s": try add(try popped(2), pairs: true)
    case "u": try add(try popToMark(), pairs: true)
    default:
      switch code {
      case 0x80: _ = try reader.number(UInt8.self)
      case 0x95: _ = try reader.number(UInt64.self)  // FRAME
      case 0x94: memo[memo.count] = try top()
      case 0x85, 0x86, 0x87: push(list: try popped(Int(code) - 0x84))
      default:
        guard try scalar(code) else { throw refused("the instruction 0x\(String(code, radix: 16))") }
      }
    }
    return false
  }

  /// Numbers and texts; whether `code` is one of them.
  private mutating func scalar(_ code: UInt8) throws(FormatError) -> Bool {
    switch Character(Unicode.Scalar(code)) {
    case "N": push(.null)
    case "J": push(.number(Double(try reader.number(Int32.self))))
    case "K": push(.number(Double(try reader.number(UInt8.self))))
    case "M": push(.number(Double(try reader.number(UInt16.self))))
    case "G": push(.number(Double(bitPattern: UInt64(bigEndian: try reader.number(UInt64.self)))))
    case "I":
      let text = try line()
      push(text == "00" ? .bool(false) : text == "01" ? .bool(true) : .number(Double(try whole(text))))
    case "L":
      let text = try line()
      push(.number(Double(try whole(text.hasSuffix("L") ? String(text.dropLast()) : text))))
    case "F":
      guard let number = Double(try line()) else { throw mismatch("a number", "another text") }
      push(.number(number))
    case "S": push(.text(String(try line().dropFirst().dropLast())))
    case "V": push(.text(try line()))
    case "U": push(.text(latin(try reader.take(Int(try reader.number(UInt8.self))))))
    case "T": push(.text(latin(try reader.take(Int(clamping: try reader.number(UInt32.self))))))
    case "X": push(.text(try reader.text(Int(try reader.number(UInt32.self)))))
    default:
      switch code {
      case 0x88, 0x89: push(.bool(code == 0x88))
      case 0x8A: push(.number(Double(try long(Int(try reader.number(UInt8.self))))))
      case 0x8C: push(.text(try reader.text(Int(try reader.number(UInt8.self)))))
      case 0x8D: push(.text(try reader.text(Int(clamping: try reader.number(UInt64.self)))))
      case UInt8(ascii: "c"):
        let (module, name) = (try line(), try line())
        throw refused("\(module).\(name)")
      default: return false
      }
    }
    return true
  }

  private func latin(_ bytes: UnsafeRawBufferPointer) -> String {
    String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }

  private mutating func line() throws(FormatError) -> String {
    var bytes: [UInt8] = []
    while true {
      let byte = try reader.number(UInt8.self)
      if byte == 0x0A { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
  }

  private func whole(_ text: String) throws(FormatError) -> Int {
    guard let number = Int(text) else { throw mismatch("a whole number", "another text") }
    return number
  }

  /// An integer of up to 8 bytes, the last one with the sign.
  private mutating func long(_ count: Int) throws(FormatError) -> Int {
    guard count <= 8 else { throw mismatch("an integer of 64 bits", "one of \(count) bytes") }
    let bytes = try reader.take(count)
    var value: UInt64 = 0
    for (place, byte) in bytes.enumerated() { value |= UInt64(byte) << UInt64(8 * place) }
    if count > 0, count < 8, bytes[count - 1] & 0x80 != 0 { value |= .max << UInt64(8 * count) }
    return Int(truncatingIfNeeded: value)
  }
}
