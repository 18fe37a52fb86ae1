/// A checkpoint of `torch.save`: a zip file with a pickle and the bytes of the storages, or what PyTorch wrote before version 1.6, pickles
/// with the storages behind them.
///
/// Tensors in dicts, lists and tuples are called by their way there, joined by points: `model.lstm.weight_ih_l0`. Other
/// values are texts under ``metadata``. No code of the pickle is run.
public struct TorchFile: ArrayFile {
  /// The path that the file was opened with.
  public let path: String
  /// The names of the tensors, in the order of the pickle.
  public let names: [String]
  /// Dicts of Python keep their order.
  public var keepsOrder: Bool { true }
  /// Numbers and texts beside the tensors.
  public let metadata: [String: String]
  private let storages: TorchStorages
  private let tensors: [String: TorchTensor]
  private let isBigEndian: Bool

  /// Opens the file at `path`.
  ///
  /// - Throws: ``FormatError``.
  public init(path: String) throws(FormatError) {
    try self.init(storage: FileBytes(MappedFile(path: path)), path: path)
  }

  /// Reads the content of a file from memory; errors call it `path`.
  ///
  /// - Throws: ``FormatError``.
  public init(bytes: [UInt8], path: String = "<memory>") throws(FormatError) {
    try self.init(storage: FileBytes(bytes), path: path)
  }

  private init(storage: FileBytes, path: String) throws(FormatError) {
    if storage.withBytes({ PlainCheckpoint.begins($0) }) {
      try self.init(PlainCheckpoint(storage, path: path), count: storage.count, path: path)
      return
    }
    guard storage.withBytes({ ZipArchive.begins($0) }) else {
      throw .unsupported(
        path: path, what: "this is neither a zip file nor one of PyTorch before version 1.6",
        remedy: "load it there and save it again by torch.save(model.state_dict(), ...)")
    }
    try self.init(archive: ZipArchive(storage: storage, path: path))
  }

  private init(_ file: PlainCheckpoint, count: Int, path: String) throws(FormatError) {
    var tree = Tree(path: path, pickle: file.pickle)
    try tree.visit(file.pickle.root, name: "", depth: 0)
    self.path = path
    (names, tensors, metadata) = (tree.names, tree.tensors, tree.metadata)
    storages = .plain(file.storages, file.range)
    isBigEndian = file.isBigEndian
    try checkExpansion(of: count)
  }

  init(archive: ZipArchive) throws(FormatError) {
    path = archive.path
    guard
      let program = archive.entries.first(where: { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") })
    else {
      throw .unsupported(
        path: path, what: "the zip file has no data.pkl; it is no checkpoint of PyTorch",
        remedy: "save one by torch.save(model.state_dict(), ...)")
    }
    let folder = String(program.name.dropLast("data.pkl".count))
    if archive.entries.contains(where: { $0.name.hasPrefix(folder + "code/") }) {
      throw .unsupported(
        path: path, what: "this is a TorchScript program, not a checkpoint",
        remedy: "save its state_dict by torch.save, or export it as ONNX")
    }
    if let order = archive.entry(named: folder + "byteorder") {
      isBigEndian = try archive.content(of: order).withBytes { $0.elementsEqual("big".utf8) }
    } else {
      isBigEndian = false
    }
    let content = try archive.content(of: program)
    let path = "\(path)/\(program.name)"
    let pickle = try content.withBytes { (bytes) throws(FormatError) in
      try PickleReader.read(bytes, path: path, of: .torch)
    }
    var tree = Tree(path: path, pickle: pickle)
    try tree.visit(pickle.root, name: "", depth: 0)
    (names, tensors, metadata) = (tree.names, tree.tensors, tree.metadata)
    storages = .archive(archive, folder: folder, ArchivedStorages())
    try checkExpansion(of: archive.count)
  }

  /// Refuses a file whose tensors take, together, far more than the file: those with a step of 0 repeat an element as often
  /// as they like, and many may show the same storage.
  private func checkExpansion(of fileSize: Int) throws(FormatError) {
    let limit = ExpansionLimit.bytes(of: fileSize)
    var sum = 0
    for name in names {
      // what cannot be counted is refused when it is asked for
      guard let tensor = tensors[name],
        let size = (tensor.storage.elementType ?? .u8).byteCount(of: tensor.shape)
      else { continue }
      let (next, overflows) = sum.addingReportingOverflow(size)
      guard !overflows, next <= limit else {
        throw .unsupported(
          path: path,
          what:
            "its tensors show its \(fileSize) bytes as more than \(limit), with \"\(name)\" of the shape "
            + "\(tensor.shape)",
          remedy: "save expanded tensors after clone(), or " + ExpansionLimit.remedy)
      }
      sum = next
    }
  }

  /// The tensor of a name.
  ///
  /// - Throws: ``FormatError``.
  public func array(named name: String) throws(FormatError) -> StoredArray {
    guard let tensor = tensors[name] else {
      throw .unknownTensor(path: path, name: name, available: names)
    }
    let type = tensor.storage.elementType ?? .u8
    let (content, offset) = try storages.content(of: tensor.storage.key, path: path)
    guard tensor.storage.count <= content.count / type.byteCount else {
      throw .truncated(
        path: path, offset: offset,
        needed: type.byteCount(of: [tensor.storage.count]).map { UInt64($0) } ?? .max, found: content.count)
    }
    let end = try tensor.end(path: path, name: name, type: type)
    let isPlain = tensor.strides == StoredArray.rowMajorStrides(tensor.shape) || tensor.shape.contains(0)
    return StoredArray(
      path: path, name: name, elementType: type, shape: tensor.shape, strides: isPlain ? nil : tensor.strides,
      isBigEndian: isBigEndian, bytes: content.part(tensor.offset * type.byteCount..<end * type.byteCount))
  }
}

extension TorchTensor {
  /// The element behind the last one, which must be in the storage.
  fileprivate func end(path: String, name: String, type: ElementType) throws(FormatError) -> Int {
    func impossible(_ problem: String) -> FormatError {
      .invalidShape(path: path, name: name, problem: problem)
    }
    guard let count = type.count(of: shape) else {
      throw impossible("its bytes cannot be counted in 64 bits")
    }
    guard offset >= 0, strides.allSatisfy({ $0 >= 0 }) else {
      throw impossible("an offset or stride is negative")
    }
    if count == 0 {
      guard offset <= storage.count else { throw impossible("it begins behind its storage") }
      return offset
    }
    var last = offset
    for (extent, stride) in zip(shape, strides) {
      let (reach, first) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, second) = last.addingReportingOverflow(reach)
      guard !first, !second else { throw impossible("it ends behind its storage") }
      last = sum
    }
    guard last < storage.count else {
      throw impossible("it ends at element \(last) of a storage of \(storage.count)")
    }
    return last + 1
  }
}

/// Collects tensors and texts of nested containers.
private struct Tree {
  let path: String
  let pickle: Pickle
  var names: [String] = []
  var tensors: [String: TorchTensor] = [:]
  var metadata: [String: String] = [:]
  private var visited = 0
  private var characters = 0

  init(path: String, pickle: Pickle) {
    self.path = path
    self.pickle = pickle
  }

  mutating func visit(_ value: PickleValue, name: String, depth: Int) throws(FormatError) {
    visited += 1
    characters += name.utf8.count
    // containers may hold each other, and themselves
    guard depth < 32, visited < 1 << 20, characters < 1 << 26 else {
      throw .unsupported(
        path: path, what: "the checkpoint is nested too deeply at \"\(name.prefix(80))\"",
        remedy: "save the state_dict alone")
    }
    switch value {
    case .tensor(let tensor):
      guard tensors.updateValue(tensor, forKey: name) == nil else {
        throw .duplicateName(path: path, name: name)
      }
      names.append(name)
    case .dictionary(let index):
      let items = pickle.containers[index]
      for item in stride(from: 0, to: items.count, by: 2) {
        try visit(items[item + 1], name: join(name, text(items[item])), depth: depth + 1)
      }
    case .list(let index), .tuple(let index):
      for (place, value) in pickle.containers[index].enumerated() {
        try visit(value, name: join(name, "\(place)"), depth: depth + 1)
      }
    default: metadata[name] = text(value)
    }
  }

  private func join(_ name: String, _ part: String) -> String { name.isEmpty ? part : "\(name).\(part)" }

  private func text(_ value: PickleValue) -> String {
    switch value {
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .double(let value): "\(value)"
    case .string(let value): value
    default: value.kind
    }
  }
}
