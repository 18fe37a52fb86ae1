/// The formats of files of named arrays, told apart by their first bytes. A new one gets one line here.
public enum ArrayFileCatalog: String, CaseIterable, Sendable {
  /// ``SafetensorsFile``.
  case safetensors
  /// ``NPYFile``.
  case npy
  /// ``NPZFile``.
  case npz
  /// ``TorchFile``.
  case torch = "pt"
  /// ``HDF5File``.
  case hdf5 = "h5"

  /// The format of the file that `bytes` are; nil for none of these.
  static func format(of bytes: UnsafeRawBufferPointer) -> ArrayFileCatalog? {
    if bytes.starts(with: NPYHeader.magic) { return .npy }
    if ZipArchive.begins(bytes) { return .npz }
    if HDF5File.recognizes(bytes) { return .hdf5 }
    if PlainCheckpoint.begins(bytes) { return .torch }
    // a length of 64 bits and the brace of the header
    if bytes.count > 8, bytes[8] == UInt8(ascii: "{"), bytes[5] | bytes[6] | bytes[7] == 0 {
      return .safetensors
    }
    return nil
  }

  /// Whether the file at `path` can be read and is of one of these formats.
  public static func recognizes(_ path: String) -> Bool {
    guard let file = try? MappedFile(path: path) else { return false }
    return file.withBytes { format(of: $0) } != nil
  }

  /// Opens the file at `path` as what it is.
  ///
  /// - Throws: ``FormatError``, also where it is none of the known formats.
  public static func open(_ path: String) throws(FormatError) -> (
    format: ArrayFileCatalog, file: any ArrayFile
  ) {
    let file = try MappedFile(path: path)
    guard file.count > 0 else { throw .truncated(path: path, offset: 0, needed: 8, found: 0) }
    switch file.withBytes({ format(of: $0) }) {
    case .safetensors: return (.safetensors, try SafetensorsFile(path: path))
    case .npy: return (.npy, try NPYFile(path: path))
    case .hdf5: return (.hdf5, try HDF5File(path: path))
    case .torch: return (.torch, try TorchFile(path: path))
    case .npz:
      let archive = try ZipArchive(storage: FileBytes(file), path: path)
      if archive.entries.contains(where: { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }) {
        return (.torch, try TorchFile(archive: archive))
      }
      return (.npz, try NPZFile(archive: archive))
    case nil:
      throw .unsupported(
        path: path, what: "the file is of no known format",
        remedy: "known are safetensors, .npy, .npz, HDF5 and the checkpoints of torch.save")
    }
  }
}
