extension FieldNumber {
  /// A number that is spelled in another way than with an exponent behind `e`: with the exponents of Fortran (`1.5D+02`), or as the
  /// texts that Excel keeps (`'1.5`, `="1.5"`). Nil for what is spelled as usual.
  static func respelled(_ text: String) -> String? {
    guard text.utf8.count <= 80 else { return nil }
    var own = text
    if own.hasPrefix("=\""), own.hasSuffix("\""), own.utf8.count > 3 {
      own = String(own.dropFirst(2).dropLast())
    }
    if own.hasPrefix("'"), own.utf8.count > 1 { own.removeFirst() }
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
