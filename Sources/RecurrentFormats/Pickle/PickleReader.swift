/// Reads pickles of Python, of any protocol, as data.
///
/// A pickle is a program for a stack machine that may call anything. This machine knows containers, numbers, texts and, by
/// who wrote it, the rebuilding of PyTorch's tensors or of NumPy's arrays; everything else is refused by its name, and nothing
/// is ever run.
struct PickleReader {
  /// Who wrote a pickle, which says what it may call; of plain data nothing.
  enum Writer {
    case torch, numPy, python
  }

  private var reader: ByteReader
  private let writer: Writer
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  var pickle = Pickle()

  /// The pickle in `bytes`.
  static func read(
    _ bytes: UnsafeRawBufferPointer, path: String, base: Int = 0, of writer: Writer
  ) throws(FormatError) -> Pickle {
    try readFirst(bytes, path: path, base: base, of: writer).pickle
  }

  /// The pickle that `bytes` begin with, and the number of its bytes.
  static func readFirst(
    _ bytes: UnsafeRawBufferPointer, path: String, base: Int = 0, of writer: Writer
  ) throws(FormatError) -> (pickle: Pickle, count: Int) {
    var machine = PickleReader(reader: ByteReader(bytes, path: path, base: base), writer: writer)
    while try !machine.step() {}
    machine.pickle.root = try machine.pop()
    return (machine.pickle, machine.reader.index)
  }

  private init(reader: ByteReader, writer: Writer) { (self.reader, self.writer) = (reader, writer) }

  func mismatch(_ expected: String, _ found: String, at offset: Int? = nil) -> FormatError {
    .unexpected(
      path: reader.path, offset: offset ?? reader.offset, what: "the pickle", expected: expected, found: found
    )
  }

  func refused(_ what: String) -> FormatError {
    let remedy =
      switch writer {
      case .torch: "save the state_dict of the model, or safetensors"
      case .numPy: "save arrays of numbers, or lists of such"
      case .python: "pickle lists of numbers, or write JSON"
      }
    return .unsupported(
      path: reader.path,
      what: "the pickle at byte \(reader.offset) uses \(what), which is refused: no code is run",
      remedy: remedy)
  }

  // MARK: The stack

  private mutating func pop() throws(FormatError) -> PickleValue {
    guard stack.count > (marks.last ?? 0) else { throw mismatch("a value on the stack", "none") }
    return stack.removeLast()
  }

  private func top() throws(FormatError) -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.last else {
      throw mismatch("a value on the stack", "none")
    }
    return value
  }

  private mutating func popToMark() throws(FormatError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw mismatch("a mark on the stack", "none") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func tuple(_ count: Int) throws(FormatError) {
    var values: [PickleValue] = []
    for _ in 0..<count { values.append(try pop()) }
    stack.append(.tuple(hold(values.reversed())))
  }

  /// The number of new content.
  private mutating func hold(_ values: [PickleValue] = []) -> Int {
    pickle.containers.append(values)
    return pickle.containers.count - 1
  }

  private func recall(_ index: Int) throws(FormatError) -> PickleValue {
    guard let value = memo[index] else { throw mismatch("a value kept under \(index)", "none") }
    return value
  }

  // MARK: One instruction

  /// Does the next instruction; whether it was the last.
  private mutating func step() throws(FormatError) -> Bool {
    let code = try reader.number(UInt8.self)
    switch code {
    case 0x80: try checkProtocol()
    case 0x95: _ = try reader.number(UInt64.self)  // FRAME
    case UInt8(ascii: "."): return true
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "1"): _ = try popToMark()
    case UInt8(ascii: "2"): stack.append(try top())
    case UInt8(ascii: "q"): memo[Int(try reader.number(UInt8.self))] = try top()
    case UInt8(ascii: "r"): memo[Int(try reader.number(UInt32.self))] = try top()
    case UInt8(ascii: "p"): memo[try wholeLine()] = try top()
    case 0x94: memo[memo.count] = try top()
    case UInt8(ascii: "h"): stack.append(try recall(Int(try reader.number(UInt8.self))))
    case UInt8(ascii: "j"): stack.append(try recall(Int(try reader.number(UInt32.self))))
    case UInt8(ascii: "g"): stack.append(try recall(try wholeLine()))
    case UInt8(ascii: "c"): stack.append(.global(PickleGlobal(try line(), try line())))
    case 0x93: try stackGlobal()
    case UInt8(ascii: "R"), 0x81: try call()
    case UInt8(ascii: "b"): try build()
    case UInt8(ascii: "Q") where writer == .torch:
      let storage = try storage(try pop())
      pickle.storages[storage.key] = storage
      stack.append(.storage(storage))
    default:
      if try !scalar(code), try !lineScalar(code), try !container(code) {
        throw refused("the instruction 0x\(String(code, radix: 16))")
      }
    }
    return false
  }

  private mutating func checkProtocol() throws(FormatError) {
    let version = try reader.number(UInt8.self)
    guard (2...5).contains(version) else { throw mismatch("protocol 2 to 5", "\(version)") }
  }

  private mutating func line() throws(FormatError) -> String {
    var bytes: [UInt8] = []
    while true {
      let byte = try reader.number(UInt8.self)
      if byte == 0x0A { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
  }

  /// Numbers, texts and bytes; whether `code` is one of them.
  private mutating func scalar(_ code: UInt8) throws(FormatError) -> Bool {
    switch code {
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.bool(true))
    case 0x89: stack.append(.bool(false))
    case UInt8(ascii: "J"): stack.append(.int(Int(try reader.number(Int32.self))))
    case UInt8(ascii: "K"): stack.append(.int(Int(try reader.number(UInt8.self))))
    case UInt8(ascii: "M"): stack.append(.int(Int(try reader.number(UInt16.self))))
    case 0x8A: stack.append(.int(try long(Int(try reader.number(UInt8.self)))))
    case UInt8(ascii: "G"):
      stack.append(.double(Double(bitPattern: UInt64(bigEndian: try reader.number(UInt64.self)))))
    case 0x8C: stack.append(.string(try reader.text(Int(try reader.number(UInt8.self)))))
    case UInt8(ascii: "X"): stack.append(.string(try reader.text(Int(try reader.number(UInt32.self)))))
    case 0x8D: stack.append(.string(try reader.text(Int(clamping: try reader.number(UInt64.self)))))
    case UInt8(ascii: "U"): stack.append(try byteString(Int(try reader.number(UInt8.self))))
    case UInt8(ascii: "T"): stack.append(try byteString(Int(try reader.number(UInt32.self))))
    case UInt8(ascii: "C"): stack.append(.bytes(Array(try reader.take(Int(try reader.number(UInt8.self))))))
    case UInt8(ascii: "B"): stack.append(.bytes(Array(try reader.take(Int(try reader.number(UInt32.self))))))
    default: return false
    }
    return true
  }

  /// A string of Python 2: of PyTorch text, of NumPy bytes, of others text in Latin-1.
  private mutating func byteString(_ count: Int) throws(FormatError) -> PickleValue {
    switch writer {
    case .torch: return .string(try reader.text(count))
    case .numPy: return .bytes(Array(try reader.take(count)))
    case .python:
      let bytes = try reader.take(count)
      return .string(String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })))
    }
  }

  /// Numbers and texts of a line each, as protocol 0 has them; whether `code` is one of them.
  private mutating func lineScalar(_ code: UInt8) throws(FormatError) -> Bool {
    switch code {
    case UInt8(ascii: "I"):
      let text = try line()
      stack.append(text == "00" ? .bool(false) : text == "01" ? .bool(true) : .int(try whole(text)))
    case UInt8(ascii: "L"):
      let text = try line()
      stack.append(.int(try whole(text.hasSuffix("L") ? String(text.dropLast()) : text)))
    case UInt8(ascii: "F"):
      guard let number = Double(try line()) else { throw mismatch("a number", "another text") }
      stack.append(.double(number))
    case UInt8(ascii: "S"): stack.append(.string(String(try line().dropFirst().dropLast())))
    case UInt8(ascii: "V"): stack.append(.string(try line()))
    default: return false
    }
    return true
  }

  private func whole(_ text: String) throws(FormatError) -> Int {
    guard let number = Int(text) else { throw mismatch("a whole number", "another text") }
    return number
  }

  private mutating func wholeLine() throws(FormatError) -> Int { try whole(try line()) }

  /// An integer of up to 8 bytes, the last one with the sign.
  private mutating func long(_ count: Int) throws(FormatError) -> Int {
    guard count <= 8 else { throw mismatch("an integer of 64 bits", "one of \(count) bytes") }
    let bytes = try reader.take(count)
    var value: UInt64 = 0
    for (place, byte) in bytes.enumerated() { value |= UInt64(byte) << UInt64(8 * place) }
    if count > 0, count < 8, bytes[count - 1] & 0x80 != 0 { value |= .max << UInt64(8 * count) }
    return Int(truncatingIfNeeded: value)
  }

  /// Tuples, lists and dicts; whether `code` is about one of them.
  private mutating func container(_ code: UInt8) throws(FormatError) -> Bool {
    switch code {
    case UInt8(ascii: ")"): stack.append(.tuple(hold()))
    case 0x85: try tuple(1)
    case 0x86: try tuple(2)
    case 0x87: try tuple(3)
    case UInt8(ascii: "t"): stack.append(.tuple(hold(try popToMark())))
    case UInt8(ascii: "]"): stack.append(.list(hold()))
    case UInt8(ascii: "}"): stack.append(.dictionary(hold()))
    case UInt8(ascii: "l"): stack.append(.list(hold(try popToMark())))
    case UInt8(ascii: "d"):
      let pairs = try popToMark()
      stack.append(.dictionary(hold()))
      try insert(pairs)
    case UInt8(ascii: "a"): try extend([try pop()])
    case UInt8(ascii: "e"): try extend(try popToMark())
    case UInt8(ascii: "s"):
      let value = try pop()
      try insert([try pop(), value])
    case UInt8(ascii: "u"): try insert(try popToMark())
    default: return false
    }
    return true
  }

  private mutating func extend(_ values: [PickleValue]) throws(FormatError) {
    guard case .list(let list) = try top() else { throw mismatch("a list to add to", try top().kind) }
    pickle.containers[list] += values
  }

  private mutating func insert(_ pairs: [PickleValue]) throws(FormatError) {
    guard case .dictionary(let dictionary) = try top() else {
      throw mismatch("a dict to add to", try top().kind)
    }
    guard pairs.count.isMultiple(of: 2) else { throw mismatch("pairs of keys and values", "a key alone") }
    pickle.containers[dictionary] += pairs
  }

  private mutating func stackGlobal() throws(FormatError) {
    let (name, module) = (try pop(), try pop())
    guard let name = name.string, let module = module.string else {
      throw mismatch("a module and a name", "\(module.kind) and \(name.kind)")
    }
    stack.append(.global(PickleGlobal(module, name)))
  }

  // MARK: What may be called

  private mutating func call() throws(FormatError) {
    let (arguments, callee) = (try pop(), try pop())
    guard case .global(let global) = callee, let arguments = pickle.tuple(arguments) else {
      throw mismatch("a name and its arguments", "\(callee.kind) and \(arguments.kind)")
    }
    switch writer {
    case .torch: stack.append(try torchValue(global, arguments))
    case .numPy: stack.append(try numPyValue(global, arguments))
    case .python: throw refused("\(global)")
    }
  }

  private mutating func build() throws(FormatError) {
    let state = try pop()
    if writer == .numPy { return try setState(of: try top(), to: state) }
    // the attributes of a dict are PyTorch's notes about versions, which carry no parameters
    guard writer == .torch, case .dictionary = try top() else {
      throw refused("the state of \(try top().kind)")
    }
  }

  /// A new dict without content.
  mutating func emptyDictionary() -> PickleValue { .dictionary(hold()) }
}
