/// The digits of a number with something around them: a currency, a percent sign, K, M or B for thousands, millions and billions,
/// parentheses or another minus for negatives, blanks or apostrophes between thousands, marks of notes behind it.
struct DecoratedNumber {
  /// The sign, the digits, points and commas.
  private(set) var digits: String
  /// By what the number of the digits is multiplied.
  private(set) var factor = 1.0
  private var text: Substring
  private var hasSign = false

  private static let currencies: Set<String> = [
    "$", "€", "£", "¥", "₹", "₽", "₩", "₺", "₴", "₿", "R$", "US$", "C$", "A$", "HK$", "kr", "zł", "Kč", "Ft",
    "Fr.",
    "EUR", "USD", "GBP", "JPY", "CHF", "CNY", "RMB", "INR", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "BRL",
    "CAD",
    "AUD", "NZD", "KRW", "MXN", "ZAR", "TRY", "RUB", "Rs", "Rs.", "₱", "฿", "₫", "₦", "₪", "₡", "Rp", "Rp.",
    "CA$",
    "AU$", "NZ$", "S$", "NT$", "kr.", "Ks", "lei", "руб", "руб.", "元", "円", "원", "AED", "SAR", "THB", "PHP",
    "IDR",
    "MYR", "SGD", "HKD", "TWD", "VND", "ILS", "RON", "BGN", "UAH", "EGP", "NGN", "KES", "ARS", "CLP", "COP",
    "PEN",
  ]
  private static let factors: [String: Double] = [
    "K": 1e3, "k": 1e3, "M": 1e6, "B": 1e9, "T": 1e12, "bn": 1e9, "mn": 1e6, "mln": 1e6, "mio": 1e6,
    "Mio.": 1e6,
    "Mio": 1e6, "Mrd.": 1e9, "Mrd": 1e9, "thousand": 1e3, "million": 1e6, "billion": 1e9, "lakh": 1e5,
    "crore": 1e7,
  ]

  /// Takes a text without blanks around it apart; nil where something else is in it.
  init?(_ whole: String) {
    guard whole.utf8.count <= 40, whole.utf8.contains(where: { (0x30...0x39).contains($0) }) else {
      return nil
    }
    (text, digits) = (whole[...], "")
    if text.hasPrefix("("), text.hasSuffix(")") {
      text = text.dropFirst().dropLast()
      factor = -1
    }
    passSign()
    passCurrency()
    passSign()
    let number = text.prefix { $0.isASCII && $0.isNumber || " .,'’\u{A0}\u{202F}\u{2009}".contains($0) }
    text = text.dropFirst(number.count)
    let isApart = number.last == " " || number.last == "\u{A0}"
    guard passMarks(isApart: isApart), let plain = DecoratedNumber.withoutBlanks(number) else { return nil }
    digits = plain
  }

  /// Passes over a sign, of which there is one.
  private mutating func passSign() {
    text = text.drop { $0 == " " }
    guard !hasSign, let first = text.first, "-+−–".contains(first) else { return }
    hasSign = true
    if first != "+" { factor = -factor }
    text = text.dropFirst()
  }

  private mutating func passCurrency() {
    let word = text.prefix { !$0.isNumber && !" -+−–".contains($0) }
    if DecoratedNumber.currencies.contains(String(word)) { text = text.dropFirst(word.count) }
    text = text.drop { " \u{A0}\u{202F}".contains($0) }
  }

  /// What stands behind the digits; false where that is something else.
  ///
  /// - Parameter isApart: whether there is a blank between.
  private mutating func passMarks(isApart: Bool) -> Bool {
    while let first = text.first {
      if "%*†‡ \u{A0}¹²³⁴⁵⁶⁷⁸⁹⁰".contains(first) {
        text = text.dropFirst()
      } else if first == "-", text.count == 1 {
        factor = -factor
        return true
      } else if first == "(" || first == "[" {
        // a note: `(1)`, `[b]`, `(p)`
        let end = text.firstIndex { $0 == ")" || $0 == "]" }
        guard let end, text[..<end].count <= 3 else { return false }
        text = text[text.index(after: end)...]
      } else {
        let word = String(text.prefix { !$0.isNumber && $0 != " " && $0 != "\u{A0}" })
        text = text.dropFirst(word.count)
        if let own = DecoratedNumber.factors[word] {
          factor *= own
        } else if !DecoratedNumber.currencies.contains(word) {
          guard isApart, text.isEmpty, DecoratedNumber.isFlag(word) else { return false }
        }
        if word.isEmpty { return false }
      }
    }
    return true
  }

  /// Whether a word is one to three small letters, as the marks behind the numbers of statistical offices.
  private static func isFlag(_ word: String) -> Bool {
    (1...3).contains(word.utf8.count) && word.utf8.allSatisfy { (0x61...0x7A).contains($0) }
  }

  /// Digits without what stands between groups of three; nil where it stands elsewhere.
  private static func withoutBlanks(_ number: Substring) -> String? {
    let trimmed = String(number).trimmingBlanks
    let groups = trimmed.split(omittingEmptySubsequences: false) { " '’\u{A0}\u{202F}\u{2009}".contains($0) }
    guard groups.count > 1 else { return trimmed.isEmpty ? nil : trimmed }
    guard let last = groups.last, (1...3).contains(groups[0].count),
      groups.dropFirst().dropLast().allSatisfy({ $0.count == 3 }),
      last.prefix(while: \.isNumber).count == 3,
      groups.dropLast().allSatisfy({ $0.allSatisfy(\.isNumber) })
    else { return nil }
    return groups.joined()
  }
}
