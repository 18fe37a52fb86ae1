/// The kinds of characters that splitting tells apart.
enum ScalarClass: UInt8 {
  /// Letters with their marks, and everything that is none of the others.
  case letter
  /// Numbers of any kind.
  case digit
  /// White space and line ends.
  case space
  /// Punctuation and symbols.
  case symbol

  @inline(__always)
  init(_ scalar: UInt32) {
    if scalar < 0x80 {
      switch UInt8(truncatingIfNeeded: scalar) {
      case 0x61...0x7A, 0x41...0x5A: self = .letter
      case 0x20, 0x09...0x0D: self = .space
      case 0x30...0x39: self = .digit
      default: self = .symbol
      }
    } else {
      self = Self.beyondASCII(scalar)
    }
  }

  @inline(never)
  private static func beyondASCII(_ value: UInt32) -> ScalarClass {
    guard let scalar = Unicode.Scalar(value) else { return .letter }
    if scalar.properties.isWhitespace { return .space }
    switch scalar.properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: return .digit
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol,
      .control:
      return .symbol
    default: return .letter
    }
  }
}
