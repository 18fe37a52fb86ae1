import RecurrentData
import RecurrentFormats

/// The texts that a training read, so that an evaluation tells those that a network may know by heart from new ones.
///
/// What is kept of a text, in the form in which texts are compared, is a checksum of 64 bits (XXH64): it cannot be read back,
/// but whoever guesses a text sees whether it was among them.
public struct KnownTexts: Sendable, Equatable, Codable {
  /// What the resource is called.
  static let resource = "training-texts.hashes"

  /// How many different texts there are.
  public let count: Int
  /// Their checksums; empty before the resource was read.
  private var hashes: Set<UInt64> = []

  private enum CodingKeys: CodingKey { case count }

  /// The texts of a training.
  public init(_ texts: some Sequence<String>) {
    hashes = Set(texts.map(KnownTexts.hash))
    count = hashes.count
  }

  /// Whether a text is among them, but for letter case and punctuation.
  public func contains(_ text: String) -> Bool { hashes.contains(KnownTexts.hash(text)) }

  private static func hash(_ text: String) -> UInt64 {
    var hash = XXHash64()
    hash.update(Array(TranscriptForm.normalized.text(text).utf8))
    return hash.value
  }

  // MARK: Resource

  /// The checksums in ascending order, 8 bytes each, little-endian.
  var bytes: [UInt8] {
    hashes.sorted().flatMap { hash in
      withUnsafeBytes(of: hash.littleEndian) { Array($0) }
    }
  }

  /// Takes over the checksums.
  ///
  /// - Throws: ``DataError/malformed(path:place:expected:found:)`` where there are more or fewer than the description says.
  mutating func restore(_ bytes: [UInt8]) throws(DataError) {
    let found: Set<UInt64> = bytes.withUnsafeBytes { bytes in
      Set(
        (0..<bytes.count / 8).map {
          UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self))
        })
    }
    guard bytes.count == 8 * count, found.count == count else {
      throw .malformed(
        path: KnownTexts.resource, place: .byte(bytes.count),
        expected: "\(count) different checksums of 8 bytes",
        found: "\(bytes.count) bytes, \(found.count) different checksums")
    }
    hashes = found
  }

  /// Throws where the values are impossible.
  func check() throws(ValueIssue) { try ValueIssue.check("knownTexts.count", count, in: 0...1 << 32) }
}
