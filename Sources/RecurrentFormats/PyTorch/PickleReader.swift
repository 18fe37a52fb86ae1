/// Reads the pickles of PyTorch's checkpoints (protocols 2 to 5) as data.
///
/// A pickle is a program for a stack machine that may call anything. This machine knows containers, numbers, texts and
/// the rebuilding of tensors, or of NumPy's arrays; everything else is refused by its name, and nothing is ever run.
struct PickleReader {
  /// Who wrote a pickle, which says what it may call.
  enum Writer {
    case torch, numPy
  }

  private var reader: ByteReader
  private let writer: Writer
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  var pickle = Pickle()

  /// The pickle in `bytes`.
  static func read(
    _ bytes: UnsafeRawBufferPointer, path: String, base: Int = 0, of writer: Writer = .torch
  ) throws(FormatError) -> Pickle {
    var machine = PickleReader(reader: ByteReader(bytes, path: path, base: base), writer: writer)
    while try !machine.step() {}
    machine.pickle.root = try machine.pop()
    return machine.pickle
  }

  private init(reader: ByteReader, writer: Writer) { (self.reader, self.writer) = (reader, writer) }

  func mismatch(_ expected: String, _ found: String, at offset: Int? = nil) -> FormatError {
    .unexpected(
      path: reader.path, offset: offset ?? reader.offset, what: "the pickle", expected: expected, found: found
    )
  }

  func refused(_ what: String) -> FormatError {
    .unsupported(
      path: reader.path,
      what: "the pickle at byte \(reader.offset) uses \(what), which is refused: no code is run",
      remedy: writer == .torch
        ? "save the state_dict of the model, or safetensors" : "save arrays of numbers, or lists of such")
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
    case 0x94: memo[memo.count] = try top()
    case UInt8(ascii: "h"): stack.append(try recall(Int(try reader.number(UInt8.self))))
    case UInt8(ascii: "j"): stack.append(try recall(Int(try reader.number(UInt32.self))))
    case UInt8(ascii: "c"): stack.append(.global(PickleGlobal(try line(), try line())))
    case 0x93: try stackGlobal()
    case UInt8(ascii: "R"), 0x81: try call()
    case UInt8(ascii: "b"): try build()
    case UInt8(ascii: "Q"): try persistent()
    default:
      if try !scalar(code), try !container(code) {
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
    case UInt8(ascii: "T") where writer == .numPy:
      stack.append(try byteString(Int(clamping: try reader.number(UInt32.self))))
    case UInt8(ascii: "C"): stack.append(.bytes(Array(try reader.take(Int(try reader.number(UInt8.self))))))
    case UInt8(ascii: "B"): stack.append(.bytes(Array(try reader.take(Int(try reader.number(UInt32.self))))))
    default: return false
    }
    return true
  }

  /// A string of Python 2: of PyTorch text, of NumPy bytes.
  private mutating func byteString(_ count: Int) throws(FormatError) -> PickleValue {
    writer == .torch ? .string(try reader.text(count)) : .bytes(Array(try reader.take(count)))
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
    if writer == .numPy { return stack.append(try called(global, arguments)) }
    switch (global.module, global.name) {
    case ("collections", "OrderedDict"), ("collections", "defaultdict"):
      stack.append(.dictionary(hold()))
    case ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_tensor_v3"):
      stack.append(.tensor(try tensor(arguments)))
    case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"):
      guard case .tensor(let tensor)? = arguments.first else {
        throw mismatch("a tensor for a parameter", arguments.first?.kind ?? "nothing")
      }
      stack.append(.tensor(tensor))
    case ("torch", "Size"):
      guard let extents = arguments.first else { throw mismatch("extents of a torch.Size", "none") }
      stack.append(extents)
    case ("torch", "device"): stack.append(arguments.first ?? .none)
    default: throw refused("\(global)")
    }
  }

  /// The attributes of a dict are PyTorch's notes about versions, which carry no parameters.
  private mutating func build() throws(FormatError) {
    let state = try pop()
    if writer == .numPy { return try setState(of: try top(), to: state) }
    guard case .dictionary = try top() else { throw refused("the state of \(try top().kind)") }
  }

  /// `('storage', type, key, device, count)`.
  private mutating func persistent() throws(FormatError) {
    let identity = try pop()
    guard let parts = pickle.tuple(identity), parts.count == 5, parts[0].string == "storage",
      case .global(let type) = parts[1], let key = parts[2].string, let count = parts[4].int, count >= 0
    else { throw mismatch("the description of a storage", identity.kind) }
    if type == PickleGlobal("torch.storage", "UntypedStorage") {
      stack.append(.storage(TorchStorage(key: key, elementType: nil, count: count)))
      return
    }
    guard let elementType = PickleReader.storageTypes[type] else {
      throw refused("storages of the type \(type)")
    }
    stack.append(.storage(TorchStorage(key: key, elementType: elementType, count: count)))
  }

  private func tensor(_ arguments: [PickleValue]) throws(FormatError) -> TorchTensor {
    guard arguments.count >= 4, case .storage(var storage) = arguments[0], let offset = arguments[1].int,
      let shape = pickle.ints(arguments[2]), let strides = pickle.ints(arguments[3]),
      shape.count == strides.count
    else { throw mismatch("a storage, an offset, extents and strides", "other arguments of a tensor") }
    if storage.elementType == nil {
      guard arguments.count >= 7, case .global(let name) = arguments[6],
        let type = PickleReader.elementTypes[name]
      else { throw mismatch("the type of an untyped storage", "none that is known") }
      storage = TorchStorage(key: storage.key, elementType: type, count: storage.count / type.byteCount)
    }
    return TorchTensor(storage: storage, offset: offset, shape: shape, strides: strides)
  }

  private static let storageTypes: [PickleGlobal: ElementType] = Dictionary(
    uniqueKeysWithValues: [
      ("Float", ElementType.f32), ("Double", .f64), ("Half", .f16), ("BFloat16", .bf16), ("Long", .i64),
      ("Int", .i32), ("Short", .i16), ("Char", .i8), ("Byte", .u8), ("Bool", .bool),
    ].map { (PickleGlobal("torch", $0.0 + "Storage"), $0.1) })

  private static let elementTypes: [PickleGlobal: ElementType] = Dictionary(
    uniqueKeysWithValues: [
      ("float32", ElementType.f32), ("float64", .f64), ("float16", .f16), ("bfloat16", .bf16),
      ("int64", .i64),
      ("int32", .i32), ("int16", .i16), ("int8", .i8), ("uint8", .u8), ("bool", .bool), ("uint16", .u16),
      ("uint32", .u32), ("uint64", .u64), ("float8_e4m3fn", .f8E4M3), ("float8_e5m2", .f8E5M2),
    ].map { (PickleGlobal("torch", $0.0), $0.1) })
}
