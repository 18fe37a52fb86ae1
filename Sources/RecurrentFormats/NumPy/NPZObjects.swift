/// An `.npz` file whose parts are lists of arrays: `numpy.savez(path, train=objects)`, which NumPy keeps as a pickle.
///
/// Of the pickle nothing is run: it may name `numpy.core.multiarray._reconstruct` (or that of `numpy._core`), `numpy.ndarray` and
/// `numpy.dtype`, and anything else is refused by its name.
public struct NPZObjects: Sendable {
  /// The path that the file was opened with.
  public let path: String
  /// The names of the lists, without `.npy`.
  public let names: [String]
  private let archive: ZipArchive

  /// Opens the file at `path`.
  ///
  /// - Throws: ``FormatError``.
  public init(path: String) throws(FormatError) {
    try self.init(ZipArchive(path: path))
  }

  /// Reads the content of a file from memory; errors call it `path`.
  ///
  /// - Throws: ``FormatError``.
  public init(bytes: [UInt8], path: String = "<memory>") throws(FormatError) {
    try self.init(ZipArchive(storage: FileBytes(bytes), path: path))
  }

  private init(_ archive: ZipArchive) throws(FormatError) {
    (path, self.archive) = (archive.path, archive)
    names = archive.entries.map { $0.name.hasSuffix(".npy") ? String($0.name.dropLast(4)) : $0.name }
  }

  /// The arrays of a list, in order.
  ///
  /// - Throws: ``FormatError``.
  public func arrays(named name: String) throws(FormatError) -> [StoredArray] {
    guard let entry = archive.entry(named: name + ".npy") ?? archive.entry(named: name) else {
      throw .unknownTensor(path: path, name: name, available: names)
    }
    let place = "\(path)/\(entry.name)"
    return try archive.content(of: entry).withBytes { (bytes) throws(FormatError) in
      if let header = try? NPYHeader(parsing: bytes, path: place, base: 0) {
        throw .unexpected(
          path: place, offset: 0, what: "the list \"\(name)\"",
          expected: "an array of objects, an array each",
          found: "one of \(header.elementType.rawValue) of the shape \(header.shape)")
      }
      let start = try NPYHeader.length(of: bytes, path: place)
      let pickle = try PickleReader.read(
        UnsafeRawBufferPointer(rebasing: bytes[start...]), path: place, base: start, of: .numPy)
      return try NPZObjects.arrays(of: pickle, named: name, path: place)
    }
  }

  private static func arrays(
    of pickle: Pickle, named name: String, path: String
  ) throws(FormatError) -> [StoredArray] {
    func mismatch(_ expected: String, _ found: String) -> FormatError {
      .unexpected(path: path, offset: 0, what: "the list \"\(name)\"", expected: expected, found: found)
    }
    guard case .array(let number) = pickle.root, let list = pickle.arrays[number].list else {
      throw mismatch("an array of objects", pickle.root.kind)
    }
    let objects = pickle.containers[list]
    guard pickle.arrays[number].shape == [objects.count] else {
      throw mismatch("\(objects.count) objects in a row", "the shape \(pickle.arrays[number].shape)")
    }
    var met: Set<Int> = []
    var arrays: [StoredArray] = []
    arrays.reserveCapacity(objects.count)
    for (index, object) in objects.enumerated() {
      guard case .array(let number) = object else {
        throw mismatch("arrays", "\(object.kind) at place \(index)")
      }
      // a small file must not stand for many copies of a large array
      guard met.insert(number).inserted else {
        throw mismatch("arrays of their own", "the same one again at place \(index)")
      }
      let array = pickle.arrays[number]
      guard let type = array.type.map({ pickle.types[$0] }), let elementType = type.elementType else {
        throw .unsupported(
          path: path,
          what:
            "the array \(index) of \"\(name)\" has elements of the type '\(array.type.map { pickle.types[$0].name } ?? "?")'",
          remedy: "save it as one of " + NPYHeader.typeNames.keys.sorted().joined(separator: ", "))
      }
      guard array.shape.allSatisfy({ $0 >= 0 }), elementType.byteCount(of: array.shape) == array.bytes.count
      else {
        throw .invalidShape(
          path: path, name: "\(name)[\(index)]",
          problem: "the shape \(array.shape) does not fit its \(array.bytes.count) bytes")
      }
      let strides =
        array.isColumnMajor && array.shape.count > 1
        ? Array(StoredArray.rowMajorStrides(array.shape.reversed()).reversed()) : nil
      arrays.append(
        StoredArray(
          path: path, name: "\(name)[\(index)]", elementType: elementType, shape: array.shape,
          strides: strides,
          isBigEndian: type.isBigEndian, bytes: FileBytes(array.bytes)))
    }
    return arrays
  }
}
