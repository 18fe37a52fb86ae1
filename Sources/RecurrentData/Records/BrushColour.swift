/// A colour of a brush in sRGB, without transparency.
public struct BrushColour: Sendable, Hashable {
  /// Its parts.
  public var red, green, blue: UInt8

  /// A colour of parts.
  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// What a line has where nobody gives it a colour.
  public static let black = BrushColour(0, 0, 0)

  /// As `#rrggbb`.
  public var hex: String {
    let parts = [red, green, blue].map { part -> String in
      let digits = String(part, radix: 16)
      return part < 16 ? "0" + digits : digits
    }
    return "#" + parts.joined()
  }

  /// The square of the distance to another colour, in parts of 255.
  package func square(to other: BrushColour) -> Int {
    func square(_ a: UInt8, _ b: UInt8) -> Int { (Int(a) - Int(b)) * (Int(a) - Int(b)) }
    return square(red, other.red) + square(green, other.green) + square(blue, other.blue)
  }
}

extension BrushColour {
  /// The colours that have names in CSS 2.1, and the other spelling of gray.
  private static let names: [String: UInt32] = [
    "black": 0x000000, "silver": 0xC0C0C0, "gray": 0x808080, "grey": 0x808080, "white": 0xFFFFFF,
    "maroon": 0x800000, "red": 0xFF0000, "purple": 0x800080, "fuchsia": 0xFF00FF, "magenta": 0xFF00FF,
    "green": 0x008000, "lime": 0x00FF00, "olive": 0x808000, "yellow": 0xFFFF00, "navy": 0x000080,
    "blue": 0x0000FF, "teal": 0x008080, "aqua": 0x00FFFF, "cyan": 0x00FFFF, "orange": 0xFFA500,
    "brown": 0xA52A2A, "pink": 0xFFC0CB,
  ]

  private init(_ digits: UInt32) {
    self.init(
      UInt8(truncatingIfNeeded: digits >> 16), UInt8(truncatingIfNeeded: digits >> 8),
      UInt8(truncatingIfNeeded: digits))
  }

  /// Reads a colour as CSS writes it: `#rgb`, `#rrggbb`, each with or without a part for transparency, which is not read, `rgb(255, 0, 0)`,
  /// `rgb(100% 0% 0%)`, or the name of a basic one; nil for all else.
  public init?(_ text: String) {
    let lowered = text.lowercased().drop(while: \.isWhitespace)
    let word = String(lowered.reversed().drop(while: \.isWhitespace).reversed())
    if word.hasPrefix("#") {
      self.init(hexadecimal: word.utf8.dropFirst().map { UInt8($0) })
    } else if let digits = BrushColour.names[word] {
      self.init(digits)
    } else {
      self.init(function: word)
    }
  }

  /// Reads 3, 4, 6 or 8 digits.
  private init?(hexadecimal bytes: [UInt8]) {
    guard [3, 4, 6, 8].contains(bytes.count) else { return nil }
    let digits = bytes.compactMap { byte -> UInt8? in
      switch byte {
      case 0x30...0x39: byte - 0x30
      case 0x61...0x66: byte - 0x61 + 10
      default: nil
      }
    }
    guard digits.count == bytes.count else { return nil }
    // a single digit stands for two of it
    let whole = digits.count < 6 ? digits.flatMap { [$0, $0] } : digits
    self.init(whole[0] * 16 + whole[1], whole[2] * 16 + whole[3], whole[4] * 16 + whole[5])
  }

  /// Reads `rgb(...)` and `rgba(...)`.
  private init?(function text: String) {
    guard let open = text.firstIndex(of: "("), ["rgb", "rgba"].contains(text[..<open]), text.hasSuffix(")")
    else { return nil }
    let parts = text[text.index(after: open)...].dropLast().split {
      $0.isWhitespace || $0 == "," || $0 == "/"
    }
    let values = parts.prefix(3).compactMap { part -> UInt8? in
      let isShare = part.hasSuffix("%")
      guard let number = Double(isShare ? part.dropLast() : part), number.isFinite else { return nil }
      let value = isShare ? number * 255 / 100 : number
      return UInt8(min(max(value, 0), 255).rounded())
    }
    guard values.count == 3, parts.count <= 4 else { return nil }
    self.init(values[0], values[1], values[2])
  }
}

extension BrushColour: Codable {
  /// Reads a colour as CSS writes it.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let own = BrushColour(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a colour such as #ff0000, found \"\(text.prefix(40))\"")
    }
    self = own
  }

  /// Writes `#rrggbb`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }
}
