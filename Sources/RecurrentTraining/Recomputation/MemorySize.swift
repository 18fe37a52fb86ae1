/// An amount of memory as people write it: `512MB`, `2GB`, `1GiB`.
///
/// kB, MB, GB and TB are powers of 1,000, KiB, MiB, GiB and TiB powers of 1,024; upper and lower case are the same.
public struct MemorySize: Sendable, Hashable {
  /// The number of bytes.
  public let bytes: Int

  /// So many bytes.
  public init(bytes: Int) {
    trapUnless(bytes >= 0, "MemorySize: expected no negative number of bytes, received \(bytes)")
    self.bytes = bytes
  }

  /// So many millions of bytes.
  public static func megabytes(_ count: Int) -> MemorySize { MemorySize(bytes: count * 1_000_000) }

  /// Reads a number and its unit, such as `1.5GB`. Throws ``InvalidMemorySize`` for anything else.
  public init(_ text: String) throws(InvalidMemorySize) {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let name = text.dropFirst(number.count).drop { $0 == " " }.lowercased()
    guard let unit = MemorySize.units.first(where: { $0.name.lowercased() == name })?.bytes else {
      throw InvalidMemorySize(text: text)
    }
    guard let value = Double(number), value > 0, number.first != ".", number.last != "." else {
      throw InvalidMemorySize(text: text)
    }
    let bytes = (value * Double(unit)).rounded()
    guard bytes >= 1, bytes < 0x1p62 else { throw InvalidMemorySize(text: text) }
    self.bytes = Int(bytes)
  }

  /// From large to small; of two the decimal one first.
  private static let units: [(name: String, bytes: Int)] = [
    ("TiB", 1 << 40), ("TB", 1_000_000_000_000), ("GiB", 1 << 30), ("GB", 1_000_000_000), ("MiB", 1 << 20),
    ("MB", 1_000_000), ("KiB", 1 << 10), ("kB", 1000), ("B", 1),
  ]

  /// The smallest amount in whole megabytes that is not less.
  public var roundedUp: MemorySize { MemorySize(bytes: (bytes + 999_999) / 1_000_000 * 1_000_000) }
}

extension MemorySize: CustomStringConvertible {
  /// The number in the largest unit in which it is whole; ``init(_:)`` reads it back.
  public var description: String {
    let unit = MemorySize.units.first { bytes >= $0.bytes && bytes % $0.bytes == 0 } ?? ("B", 1)
    return "\(bytes / unit.bytes)\(unit.name)"
  }
}

extension MemorySize: Codable {
  /// Reads a text such as `512MB`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do { self = try MemorySize(container.decode(String.self)) } catch let error as InvalidMemorySize {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  /// Writes the description.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// A text that is no amount of memory.
public struct InvalidMemorySize: Error, Equatable, Sendable, CustomStringConvertible {
  /// The text.
  public let text: String

  /// Names the text.
  public init(text: String) { self.text = text }

  /// What was expected.
  public var description: String {
    "\"\(text)\" is no amount of memory; expected a number and a unit, such as 512MB, 2GB or 1GiB"
  }
}
