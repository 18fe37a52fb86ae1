/// A NumPy `.npz` file: a zip file of `.npy` files, stored (`numpy.savez`) or deflated (`numpy.savez_compressed`).
///
/// The arrays are looked at when they are asked for, since the type and shape of a deflated one are deflated too.
public struct NPZFile: ArrayFile {
  /// The path that the file was opened with.
  public let path: String
  /// The names of the arrays, without `.npy`.
  public let names: [String]
  private let archive: ZipArchive

  /// The archive's directory has the arrays as they were given.
  public var keepsOrder: Bool { true }
  /// NumPy keeps no texts.
  public var metadata: [String: String] { [:] }

  /// Opens the file at `path`.
  ///
  /// - Throws: ``FormatError``.
  public init(path: String) throws(FormatError) {
    try self.init(archive: ZipArchive(path: path))
  }

  /// Reads the content of a file from memory; errors call it `path`.
  ///
  /// - Throws: ``FormatError``.
  public init(bytes: [UInt8], path: String = "<memory>") throws(FormatError) {
    try self.init(archive: ZipArchive(storage: FileBytes(bytes), path: path))
  }

  init(archive: ZipArchive) throws(FormatError) {
    path = archive.path
    self.archive = archive
    names = archive.entries.map { $0.name.hasSuffix(".npy") ? String($0.name.dropLast(4)) : $0.name }
  }

  /// The array of a name.
  ///
  /// - Throws: ``FormatError``.
  public func array(named name: String) throws(FormatError) -> StoredArray {
    guard let entry = archive.entry(named: name + ".npy") ?? archive.entry(named: name) else {
      throw .unknownTensor(path: path, name: name, available: names)
    }
    return try NPYFile.array(named: name, in: archive.content(of: entry), path: "\(path)/\(entry.name)")
  }
}
