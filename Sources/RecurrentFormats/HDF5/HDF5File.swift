/// A file of HDF5 (The HDF Group, "HDF5 File Format Specification", versions 1 to 3): groups with data sets of numbers and of texts of
/// one length.
///
/// Read are superblocks 0 to 3, groups of the old and the new kind, data in one piece and in chunks under all five indices, the filters
/// deflate, shuffle and fletcher32, integers of 8 to 64 bits, truth values, and floats of 16 to 64 bits in either order of bytes. Anything
/// else is listed by its name, and refused with what to do when it is asked for.
public struct HDF5File: ArrayFile, Sendable {
  /// A data set or a group with texts beside it.
  struct Object: Sendable {
    var name: String
    /// nil for a group.
    var data: HDF5DataSet?
    var texts: [String: String]
  }

  /// The path that the file was opened with.
  public let path: String
  /// The data sets by their paths without a slash in front, group by group.
  public let names: [String]
  /// Groups by their paths; the root is an empty text.
  public let groups: [String]
  private let bytes: FileBytes
  private let objects: [String: Object]
  private let sizes: HDF5Sizes

  /// The mark of such a file.
  static let mark: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Whether bytes begin as such a file does.
  public static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: mark) }

  /// Maps a file.
  ///
  /// - Throws: ``FormatError``.
  public init(path: String) throws(FormatError) {
    try self.init(FileBytes(MappedFile(path: path)), path: path)
  }

  /// Reads the content of a file from memory; errors call it `path`.
  ///
  /// - Throws: ``FormatError``.
  public init(bytes: [UInt8], path: String = "<memory>") throws(FormatError) {
    try self.init(FileBytes(bytes), path: path)
  }

  init(_ bytes: FileBytes, path: String) throws(FormatError) {
    (self.path, self.bytes) = (path, bytes)
    let found = try bytes.withBytes {
      (raw) throws(FormatError) -> (sizes: HDF5Sizes, objects: [Object]) in
      let (sizes, root) = try HDF5Sizes.superblock(raw, path: path)
      var walk = HDF5Walk(HDF5Source(raw, path: path, sizes: sizes))
      try walk.read(root, name: "")
      return (sizes, walk.objects)
    }
    sizes = found.sizes
    names = found.objects.filter { $0.data != nil }.map(\.name)
    groups = found.objects.filter { $0.data == nil }.map(\.name)
    objects = Dictionary(found.objects.map { ($0.name, $0) }) { first, _ in first }
  }

  /// Names stand as the file sorts them.
  public var keepsOrder: Bool { false }

  /// The texts beside the root.
  public var metadata: [String: String] { texts(of: "") }

  /// The texts beside a group or a data set; empty where there is none of the name.
  public func texts(of name: String) -> [String: String] { objects[name]?.texts ?? [:] }

  /// What stands directly in a group, by its names there, sorted as the file has them.
  public func members(of group: String) -> [String] {
    let prefix = group.isEmpty ? "" : group + "/"
    return (groups + names).compactMap { name in
      guard name != group, name.hasPrefix(prefix) else { return nil }
      let rest = name.dropFirst(prefix.count)
      return rest.isEmpty || rest.contains("/") ? nil : String(rest)
    }
  }

  /// The extents of a data set; nil where there is none.
  public func shape(of name: String) -> [Int]? { objects[name]?.data?.shape }

  private func data(_ name: String) throws(FormatError) -> HDF5DataSet {
    guard let data = objects[name]?.data else {
      throw .unknownTensor(path: path, name: name, available: names)
    }
    return data
  }

  /// The numbers of a data set.
  ///
  /// - Throws: ``FormatError``, also for what is not read, with what to do.
  public func array(named name: String) throws(FormatError) -> StoredArray {
    let data = try data(name)
    guard case .number(let type, let isBigEndian) = data.type else {
      throw refused(name, data.type.text)
    }
    return StoredArray(
      path: path, name: name, elementType: type, shape: data.shape, isBigEndian: isBigEndian,
      bytes: try content(data, name, size: type.byteCount))
  }

  /// The texts of a data set of texts of one length.
  ///
  /// - Throws: ``FormatError``.
  public func texts(named name: String) throws(FormatError) -> [String] {
    let data = try data(name)
    guard case .text(let size) = data.type else { throw refused(name, data.type.text) }
    return try content(data, name, size: size).withBytes { bytes in
      stride(from: 0, to: bytes.count, by: max(size, 1)).map { start in
        String(decoding: bytes[start..<start + size].prefix { $0 != 0 }, as: UTF8.self)
      }
    }
  }

  private func content(_ data: HDF5DataSet, _ name: String, size: Int) throws(FormatError) -> FileBytes {
    if let issue = data.issue { throw refused(name, issue) }
    return try bytes.withBytes { (raw) throws(FormatError) in
      let reader = HDF5DataReader(HDF5Source(raw, path: path, sizes: sizes), data, name: name, size: size)
      return try reader.content(of: bytes)
    }
  }

  private func refused(_ name: String, _ what: String) -> FormatError {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return .unsupported(
      path: path, what: "the data set \"\(name)\" has \(what), which is not read",
      remedy: "export to CSV, such as by python -c \"import h5py, numpy; numpy.savetxt('data.csv', "
        + "h5py.File('\(file)')['\(name)'][:], delimiter=',')\"")
  }
}
