/// A checksum over a whole safetensors file, which stands first in its metadata: the ``XXHash64`` of all bytes of the file
/// with zeros in place of its digits.
///
/// A second entry names its kind, so that a file whose checksum has lost its name to damage is not taken for one that was
/// written without.
enum SafetensorsChecksum {
  static let key = "checksum"
  static let kindKey = "checksum_kind"
  static let kind = "xxh64"
  static let empty = String(repeating: "0", count: 16)
  /// What the header begins with before the digits.
  private static let beginning = Array("{\"\(SafetensorsHeader.metadataName)\":{\"\(key)\":\"".utf8)

  /// The place of the digits in a file.
  static let place = 8 + beginning.count..<8 + beginning.count + 16

  /// The checksum of a whole file.
  static func digits(of file: UnsafeRawBufferPointer) -> String {
    var hash = XXHash64()
    hash.update(UnsafeRawBufferPointer(rebasing: file[..<place.lowerBound]))
    hash.update(Array(empty.utf8))
    hash.update(UnsafeRawBufferPointer(rebasing: file[place.upperBound...]))
    return hash.digits
  }

  /// Whether the digits of a file stand where they belong.
  static func isInPlace(_ file: UnsafeRawBufferPointer) -> Bool {
    file.count >= place.upperBound && file[8..<place.lowerBound].elementsEqual(beginning)
  }
}

extension SafetensorsFile {
  /// Compares the file with the checksum that ``SafetensorsWriter/write(_:metadata:to:isChecked:)`` put into it; a file
  /// that was written without one passes.
  ///
  /// - Throws: ``FormatError/damaged(path:)``.
  public func verifyChecksum() throws(FormatError) {
    let (digits, kind) = (metadata[SafetensorsChecksum.key], metadata[SafetensorsChecksum.kindKey])
    guard digits != nil || kind != nil else { return }
    let isWhole = withFileBytes { bytes in
      kind == SafetensorsChecksum.kind && SafetensorsChecksum.isInPlace(bytes)
        && digits == SafetensorsChecksum.digits(of: bytes)
    }
    guard isWhole else { throw .damaged(path: path) }
  }

  /// The metadata without the entries of the checksum.
  public var notes: [String: String] {
    metadata.filter { $0.key != SafetensorsChecksum.key && $0.key != SafetensorsChecksum.kindKey }
  }
}
