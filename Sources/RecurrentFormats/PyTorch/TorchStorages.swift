import Synchronization

/// The bytes of the storages of a checkpoint, by their keys.
enum TorchStorages: Sendable {
  /// Parts of a zip file, `data/KEY` in its folder.
  case archive(ZipArchive, folder: String, ArchivedStorages)
  /// One behind the other, as PyTorch wrote before version 1.6.
  case plain([String: FileBytes], Range<Int>)

  /// The bytes of a storage and where they begin in the file.
  ///
  /// - Throws: ``FormatError`` where there is none.
  func content(of key: String, path: String) throws(FormatError) -> (bytes: FileBytes, offset: Int) {
    switch self {
    case .archive(let archive, let folder, let known):
      let place = "\(folder)data/\(key)"
      guard let entry = archive.entry(named: place) else {
        throw .unknownTensor(path: path, name: place, available: archive.entries.map(\.name))
      }
      return (try known.content(of: entry, in: archive), entry.byteRange.lowerBound)
    case .plain(let parts, let range):
      guard let bytes = parts[key] else {
        throw .unknownTensor(path: path, name: "the storage \(key)", available: parts.keys.sorted())
      }
      return (bytes, range.lowerBound)
    }
  }
}

/// The bytes of storages, decompressed and verified once, however many tensors show them.
final class ArchivedStorages: Sendable {
  private let known = Mutex<[String: FileBytes]>([:])

  func content(of entry: ZipArchive.Entry, in archive: ZipArchive) throws(FormatError) -> FileBytes {
    if let content = known.withLock({ $0[entry.name] }) { return content }
    let content = try archive.content(of: entry)
    known.withLock { $0[entry.name] = content }
    return content
  }
}
