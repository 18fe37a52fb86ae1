/// Decides where words need a space between them, looking at one after the other.
struct WordSpacing: Sendable {
  private let splitsPunctuation: Bool
  private var needsSpace = false
  private var isInsideQuotes = false

  init(splitsPunctuation: Bool) { self.splitsPunctuation = splitsPunctuation }

  /// Whether a space belongs before `word`.
  mutating func space(before word: String) -> Bool {
    if word == "\n" {
      needsSpace = false
      isInsideQuotes = false
      return false
    }
    guard splitsPunctuation, let scalar = word.unicodeScalars.first, word.unicodeScalars.count == 1 else {
      defer { needsSpace = true }
      return needsSpace
    }
    let (before, after) = sides(of: scalar)
    defer { needsSpace = after }
    return needsSpace && before
  }

  /// Whether a word of one character wants a space on each side.
  private mutating func sides(of scalar: Unicode.Scalar) -> (before: Bool, after: Bool) {
    switch scalar {
    case "\"":
      isInsideQuotes.toggle()
      return (isInsideQuotes, !isInsideQuotes)
    case "/", "_": return (false, false)
    case "&", "*": return (true, true)
    case "#", "@": return (true, false)
    default:
      switch scalar.properties.generalCategory {
      case .openPunctuation, .initialPunctuation, .currencySymbol: return (true, false)
      case .closePunctuation, .finalPunctuation, .otherPunctuation: return (false, true)
      default: return (true, true)
      }
    }
  }
}
