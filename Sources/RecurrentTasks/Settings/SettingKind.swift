/// The values that a setting takes.
public enum SettingKind: Sendable, Equatable {
  /// Any text.
  case text
  /// One of a few words.
  case choice([String])
  /// Texts, separated by commas.
  case texts
  /// A whole number in a range.
  case integer(ClosedRange<Int>)
  /// A number in a range; the bounds of an open one are not among the values.
  case number(ClosedRange<Double>, isOpenBelow: Bool = false, isOpenAbove: Bool = false)
  /// So many numbers, or any number of them, each in a range, separated by commas.
  case numbers(ClosedRange<Double>, count: Int?)
  /// A text of a form of its own; the words say which, and the function whether a text has it.
  case form(String, @Sendable (String) -> Bool)
  /// On or off.
  case bool

  /// The same kind of value.
  public static func == (a: SettingKind, b: SettingKind) -> Bool { a.expectation == b.expectation }

  /// What a value must be, in words.
  public var expectation: String {
    switch self {
    case .text: "a text"
    case .choice(let words):
      words.dropLast().joined(separator: ", ") + (words.count > 1 ? " or " : "") + (words.last ?? "")
    case .texts: "words separated by commas"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range, let isOpenBelow, let isOpenAbove):
      switch (isOpenBelow, isOpenAbove || range.upperBound > 1e38) {
      case (true, true) where range.lowerBound == 0: "a positive number"
      case (_, true) where range.upperBound > 1e38: "at least \(plain(range.lowerBound))"
      case (true, _): "above \(plain(range.lowerBound)) and at most \(plain(range.upperBound))"
      case (_, true): "at least \(plain(range.lowerBound)) and below \(plain(range.upperBound))"
      default: "a number from \(plain(range.lowerBound)) to \(plain(range.upperBound))"
      }
    case .numbers(let range, let count):
      "\(count.map { "\($0) " } ?? "")numbers from \(plain(range.lowerBound)) to \(plain(range.upperBound)), separated by commas"
    case .form(let words, _): words
    case .bool: "true or false"
    }
  }

  private func plain(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
  }

  /// The value that a text stands for; nil where it is none of this kind.
  public func parse(_ text: String) -> FieldValue? {
    switch self {
    case .text: return text.isEmpty ? nil : .text(text)
    case .choice(let words): return words.contains(text) ? .text(text) : nil
    case .texts:
      let parts = text.split(separator: ",").map(String.init)
      return parts.isEmpty ? nil : .texts(parts)
    case .integer(let range): return Int(text).flatMap { range.contains($0) ? .integer($0) : nil }
    case .number(let range, let isOpenBelow, let isOpenAbove):
      // as a float keeps it: 0.99999999 would round to 1
      guard let number = Double(text), range.contains(number),
        !(isOpenBelow && Float(number) == Float(range.lowerBound)),
        !(isOpenAbove && Float(number) == Float(range.upperBound))
      else { return nil }
      return .number(number)
    case .numbers(let range, let count):
      let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
      let numbers = parts.compactMap { $0 }.filter(range.contains)
      guard !numbers.isEmpty, numbers.count == parts.count, count ?? numbers.count == numbers.count else {
        return nil
      }
      return .numbers(numbers)
    case .form(_, let matches): return matches(text) ? .text(text) : nil
    case .bool: return text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
    }
  }
}
