extension FieldNumber {
  /// A number that is spelled in another way than digits of ASCII with an exponent behind `e`: digits of other scripts, the exponents
  /// of Fortran (`1.5D+02`), numbers that Excel keeps as texts (`'1.5`, `="1.5"`). Nil for what is spelled as usual.
  static func respelled(_ text: String) -> String? {
    guard text.utf8.count <= 80 else { return nil }
    var own = text
    if own.hasPrefix("=\""), own.hasSuffix("\""), own.utf8.count > 3 {
      own = String(own.dropFirst(2).dropLast())
    }
    if own.hasPrefix("'"), own.utf8.count > 1 { own.removeFirst() }
    if own.utf8.contains(where: { $0 > 0x7F }) {
      own = String(
        own.map { character in
          switch character {
          case "٫", "．": return "."
          case "٬", "，": return ","
          default:
            // raised digits are those of notes
            guard !character.isASCII, let scalar = character.unicodeScalars.first,
              scalar.properties.generalCategory == .decimalNumber, let digit = character.wholeNumberValue
            else { return character }
            return Character("\(digit)")
          }
        })
    }
    if let place = own.firstIndex(where: { $0 == "D" || $0 == "d" }), place > own.startIndex {
      let exponent = own[own.index(after: place)...]
      let digits = exponent.drop { $0 == "+" || $0 == "-" }
      if (2...3).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }),
        exponent.count == digits.count + 1,
        own[own.index(before: place)].isNumber || own[own.index(before: place)] == "."
      {
        own.replaceSubrange(place...place, with: "e")
      }
    }
    return own == text ? nil : own
  }
}
