/// What a pickle can hold: data, and no code.
enum PickleValue {
  case none
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  case bytes([UInt8])
  /// With the number of its content.
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  /// A name of a module that is called later, or stands for a type.
  case global(PickleGlobal)
  case storage(TorchStorage)
  case tensor(TorchTensor)
  /// With the number of an array of NumPy.
  case array(Int)
  /// With the number of a type of NumPy.
  case type(Int)

  /// What it is, for errors.
  var kind: String {
    switch self {
    case .none: "None"
    case .bool: "a truth value"
    case .int: "an integer"
    case .double: "a float"
    case .string: "a text"
    case .bytes: "bytes"
    case .tuple: "a tuple"
    case .list: "a list"
    case .dictionary: "a dict"
    case .global(let global): "\(global)"
    case .storage: "a storage"
    case .tensor: "a tensor"
    case .array: "an array"
    case .type: "a type of NumPy"
    }
  }

  var int: Int? { if case .int(let value) = self { value } else { nil } }
  var string: String? { if case .string(let value) = self { value } else { nil } }
}

/// The result of a pickle. Containers stand side by side and hold each other by number, so that a deep nest takes no
/// stack when it is released.
struct Pickle {
  /// The value that was pickled.
  var root = PickleValue.none
  /// The content of tuples, lists and dicts; of dicts keys and values in turn.
  var containers: [[PickleValue]] = []
  /// Arrays of NumPy, and their types.
  var arrays: [PickledArray] = []
  var types: [PickledType] = []
  /// Storages of PyTorch by their keys.
  var storages: [String: TorchStorage] = [:]

  /// The values of a tuple.
  func tuple(_ value: PickleValue) -> [PickleValue]? {
    if case .tuple(let index) = value { containers[index] } else { nil }
  }

  /// The values of a dict whose keys are texts.
  func items(_ value: PickleValue) -> [String: PickleValue]? {
    guard case .dictionary(let index) = value else { return nil }
    let content = containers[index]
    let pairs = stride(from: 0, to: content.count - 1, by: 2).compactMap { place in
      content[place].string.map { ($0, content[place + 1]) }
    }
    return Dictionary(pairs) { _, last in last }
  }

  /// A tuple of integers.
  func ints(_ value: PickleValue) -> [Int]? {
    guard let values = tuple(value) else { return nil }
    let ints = values.compactMap(\.int)
    return ints.count == values.count ? ints : nil
  }
}

/// A name of Python's.
struct PickleGlobal: Hashable, CustomStringConvertible {
  let module, name: String
  var description: String { "\(module).\(name)" }

  init(_ module: String, _ name: String) {
    self.module = module
    self.name = name
  }
}

/// The elements of one or several tensors.
struct TorchStorage {
  /// The name of its part under `data/`, or in the list of an old file.
  let key: String
  /// nil for an untyped one, whose tensors name the type.
  let elementType: ElementType?
  /// The number of elements.
  let count: Int
}

/// A view of a storage.
struct TorchTensor {
  let storage: TorchStorage
  let offset: Int
  let shape: [Int]
  let strides: [Int]
}
