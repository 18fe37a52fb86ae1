/// A type of elements as a pickle of NumPy has it.
struct PickledType {
  /// Its name without the order of bytes, such as `i2`; `O8` for objects.
  let name: String
  var isBigEndian = false

  /// The type of numbers; nil for objects and for others.
  var elementType: ElementType? { NPYHeader.typeNames[name] }
  var areObjects: Bool { name.first == "O" }
}

/// An array as a pickle of NumPy has it.
struct PickledArray {
  var shape: [Int] = []
  /// The number of its type; nil until its state is known.
  var type: Int?
  var isColumnMajor = false
  /// Of numbers.
  var bytes: [UInt8] = []
  /// Of objects the number of their list.
  var list: Int?
}

extension PickleReader {
  /// NumPy 2 has another name for the module of its arrays.
  private static let arrayMakers = ["numpy.core.multiarray", "numpy._core.multiarray"].map {
    PickleGlobal($0, "_reconstruct")
  }

  /// What a call of NumPy gives: `_reconstruct(ndarray, (0,), b'b')` an array and `dtype('i2', 0, 1)` a type, whose states follow.
  ///
  /// - Throws: ``FormatError`` for anything else, which is never called.
  mutating func numPyValue(
    _ global: PickleGlobal, _ arguments: [PickleValue]
  ) throws(FormatError) -> PickleValue {
    if PickleReader.arrayMakers.contains(global) {
      guard case .global(let name)? = arguments.first, name == PickleGlobal("numpy", "ndarray") else {
        throw refused("\(global) of \(arguments.first?.kind ?? "nothing")")
      }
      pickle.arrays.append(PickledArray())
      return .array(pickle.arrays.count - 1)
    }
    guard global == PickleGlobal("numpy", "dtype") else { throw refused("\(global)") }
    guard let name = arguments.first?.plainText else {
      throw mismatch("the name of a type", arguments.first?.kind ?? "nothing")
    }
    pickle.types.append(PickledType(name: name))
    return .type(pickle.types.count - 1)
  }

  /// The state of an array, `(1, shape, type, is column-major, bytes or a list)`, or of a type, `(3, order of bytes, ...)`.
  mutating func setState(of value: PickleValue, to state: PickleValue) throws(FormatError) {
    guard let parts = pickle.tuple(state) else { throw mismatch("a state, a tuple", state.kind) }
    switch value {
    case .type(let number):
      guard parts.count >= 2, let order = parts[1].plainText else {
        throw mismatch("the order of bytes of a type", "another state")
      }
      pickle.types[number].isBigEndian = order == ">"
    case .array(let number):
      guard parts.count == 5, let shape = pickle.ints(parts[1]), case .type(let type) = parts[2] else {
        throw mismatch("the shape, type and content of an array", "another state")
      }
      var array = PickledArray(shape: shape, type: type)
      switch parts[3] {
      case .bool(let isColumnMajor): array.isColumnMajor = isColumnMajor
      case .int(let isColumnMajor): array.isColumnMajor = isColumnMajor != 0
      default: throw mismatch("whether columns come first", parts[3].kind)
      }
      switch parts[4] {
      case .bytes(let bytes): array.bytes = bytes
      case .list(let list) where pickle.types[type].areObjects: array.list = list
      default: throw mismatch("the bytes of an array", parts[4].kind)
      }
      pickle.arrays[number] = array
    default: throw refused("the state of \(value.kind)")
    }
  }
}

extension PickleValue {
  /// A text, or bytes that are one, as Python 2 wrote it.
  fileprivate var plainText: String? {
    switch self {
    case .string(let text): text
    case .bytes(let bytes) where bytes.count <= 16: String(decoding: bytes, as: UTF8.self)
    default: nil
    }
  }
}
