/// The state of a model as a file: named tensors, the hash of the model that they belong to, and what else must be known
/// to go on. It is a safetensors file with a checksum.
public struct StateFile: Sendable {
  /// The version of the layout.
  public static let currentVersion = 1

  /// The hash of the model.
  public var model: String
  /// The parts of the state, by name.
  public var tensors: [(name: String, value: Tensor)]
  /// Integers beside them, by name.
  public var integers: [(name: String, values: [Int64])]
  /// Texts beside them.
  public var notes: [String: String]

  /// A state.
  public init(
    model: String, tensors: [(name: String, value: Tensor)], integers: [(name: String, values: [Int64])] = [],
    notes: [String: String] = [:]
  ) {
    self.model = model
    self.tensors = tensors
    self.integers = integers
    self.notes = notes
  }

  private var content: (entries: [ArrayEntry], metadata: [String: String]) {
    var metadata = notes
    metadata["format"] = "recurrent-state"
    metadata["version"] = "\(StateFile.currentVersion)"
    metadata["model"] = model
    let entries =
      tensors.map { tensor in
        ArrayEntry(name: tensor.name, shape: tensor.value.shape, floats: tensor.value.scalars)
      }
      + integers.map { ArrayEntry(name: $0.name, shape: [$0.values.count], integers: $0.values) }
    return (entries, metadata)
  }

  /// Writes the state, atomically.
  ///
  /// - Throws: ``FormatError``.
  public func write(to path: String) throws(FormatError) {
    let (entries, metadata) = content
    try SafetensorsWriter.write(entries, metadata: metadata, to: path, isChecked: true)
  }

  /// The bytes of the file.
  ///
  /// - Throws: ``FormatError``.
  public func bytes() throws(FormatError) -> [UInt8] {
    let (entries, metadata) = content
    return try SafetensorsWriter.encode(entries, metadata: metadata, isChecked: true)
  }

  /// Reads the state of the model with the hash `model`.
  ///
  /// - Throws: ``InterchangeError`` where it is no state, or that of another model; or a format error.
  public init(path: String, model: String) throws {
    try self.init(SafetensorsFile(path: path), path: path, model: model)
  }

  /// Reads the state of the model with the hash `model` from the bytes of a file.
  ///
  /// - Throws: ``InterchangeError`` where it is no state, or that of another model; or a format error.
  public init(bytes: [UInt8], model: String) throws {
    try self.init(SafetensorsFile(bytes: bytes), path: "<memory>", model: model)
  }

  private init(_ file: SafetensorsFile, path: String, model: String) throws {
    try file.verifyChecksum()
    guard file.metadata["format"] == "recurrent-state" else {
      throw InterchangeError.notAState(
        path: path, reason: "its format is \"\(file.metadata["format"] ?? "")\"")
    }
    guard file.metadata["version"] == "\(StateFile.currentVersion)" else {
      throw InterchangeError.notAState(
        path: path,
        reason:
          "it is of version \(file.metadata["version"] ?? "?"), this program reads version \(StateFile.currentVersion)"
      )
    }
    guard let found = file.metadata["model"], found == model else {
      throw InterchangeError.otherModel(path: path, expected: model, found: file.metadata["model"] ?? "?")
    }
    self.model = model
    notes = file.notes.filter { !["format", "version", "model"].contains($0.key) }
    tensors = []
    integers = []
    for name in file.names {
      let array = try file.array(named: name)
      if array.elementType.isFloat {
        tensors.append((name, Tensor(try array.floats(), shape: array.shape)))
      } else {
        integers.append((name, try array.integers()))
      }
    }
  }

  /// The tensor of a name in a shape.
  ///
  /// - Throws: ``InterchangeError``.
  public func tensor(_ name: String, shape: [Int], path: String) throws(InterchangeError) -> Tensor {
    guard let tensor = tensors.first(where: { $0.name == name })?.value, tensor.shape == shape else {
      throw .notAState(path: path, reason: "it has no \"\(name)\" of the shape \(shape)")
    }
    return tensor
  }
}

extension RecurrentLayer where C == AnyCell {
  /// The parts of a state by PyTorch's names: `h_l0`, `c_l0`, `h_l0_reverse`.
  public func named(_ state: State) -> [(name: String, value: Tensor)] {
    let directions = isBidirectional ? 2 : 1
    return state.cells.enumerated().flatMap { index, state in
      let suffix = "_l\(index / directions)" + (index % directions == 1 ? "_reverse" : "")
      return state.tensors.enumerated().map { part, tensor in
        (
          name: ["h", "c"].indices.contains(part) ? ["h", "c"][part] + suffix : "s\(part)" + suffix,
          value: tensor
        )
      }
    }
  }

  /// The state of `batch` rows in a file.
  ///
  /// - Throws: ``InterchangeError``.
  public func state(from file: StateFile, batch: Int, path: String) throws -> State {
    let names = named(initialState(batch: batch))
    var values = try names.map { try file.tensor($0.name, shape: $0.value.shape, path: path) }[...]
    return State(
      cells: initialState(batch: batch).cells.map { cell in
        defer { values = values.dropFirst(cell.tensors.count) }
        return AnyCell.State(tensors: Array(values.prefix(cell.tensors.count)))
      })
  }
}
