/// What is wrong with a value that comes from a file, as a sentence with the key.
package struct ValueIssue: Error {
  /// The sentence.
  package let text: String

  /// What is wrong.
  package init(_ text: String) { self.text = text }

  /// The first issue that `check` throws; nil for none.
  package static func found(_ check: () throws(ValueIssue) -> Void) -> String? {
    do throws(ValueIssue) {
      try check()
      return nil
    } catch {
      return error.text
    }
  }

  /// Throws the sentence where `isRight` is false.
  package static func check(_ isRight: Bool, _ text: @autoclosure () -> String) throws(ValueIssue) {
    if !isRight { throw ValueIssue(text()) }
  }

  /// Throws an issue that was found elsewhere; `place` stands before its key.
  package static func pass(_ issue: String?, in place: String = "") throws(ValueIssue) {
    if let issue { throw ValueIssue(place + issue) }
  }

  /// Throws where a value is not within bounds; what is not a number is not.
  package static func check<Value: Comparable>(
    _ key: String, _ value: Value, in range: ClosedRange<Value>
  ) throws(ValueIssue) {
    try check(
      range.contains(value), "\(key) is \(value), expected \(range.lowerBound) to \(range.upperBound)")
  }

  /// Throws where one of the values is not within bounds.
  package static func check<Value: Comparable>(
    _ key: String, each values: [Value], in range: ClosedRange<Value>
  ) throws(ValueIssue) {
    guard let place = values.firstIndex(where: { !range.contains($0) }) else { return }
    try check("\(key)[\(place)]", values[place], in: range)
  }

  /// Throws where a value is not another one.
  package static func check<Value: Equatable>(
    _ key: String, _ value: Value, equals other: Value, _ reason: String
  ) throws(ValueIssue) {
    try check(value == other, "\(key) is \(value), expected \(other), \(reason)")
  }

  /// Throws where two names are the same to the program.
  package static func check(_ key: String, distinct names: [String]) throws(ValueIssue) {
    var met: Set<String> = []
    let second = names.first { !met.insert($0).inserted }
    try check(second == nil, "\(key) has \"\(second ?? "")\" twice")
  }
}
