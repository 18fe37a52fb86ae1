/// The named parts of a zip file, for readers of documents that are one.
public struct ZipParts: Sendable {
  private let archive: ZipArchive

  /// Whether a file begins as zip files do.
  public static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool { ZipArchive.begins(bytes) }

  /// Reads the directory of a file.
  ///
  /// - Throws: ``FormatError``.
  public init(bytes: [UInt8], path: String) throws(FormatError) {
    archive = try ZipArchive(storage: FileBytes(bytes), path: path)
  }

  /// The names, in the order of the directory.
  public var names: [String] { archive.entries.map(\.name) }

  /// A part, decompressed; nil where there is none of the name.
  ///
  /// - Throws: ``FormatError``.
  public func content(named name: String) throws(FormatError) -> [UInt8]? {
    guard let entry = archive.entry(named: name) else { return nil }
    return try archive.content(of: entry).withBytes { Array($0) }
  }
}
