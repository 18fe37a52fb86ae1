/// A request of HTTP, as far as it matters.
public struct HTTPQuestion: Sendable {
  /// `GET`, `POST` and so on.
  public var method: String
  /// The path, without what follows a question mark.
  public var path: String
  /// What follows a question mark, decoded.
  public var query: [String: String]
  /// Fields of the head.
  public var fields: HTTPFields
  /// What follows the head.
  public var body: [UInt8]

  /// A request.
  ///
  /// - Parameter target: path and what follows a question mark, as they stand in the first line.
  public init(_ method: String, _ target: String, fields: HTTPFields = [:], body: [UInt8] = []) {
    (self.method, self.fields, self.body, query) = (method, fields, body, [:])
    guard target.utf8.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "%") }) else {
      path = target
      return
    }
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = HTTPQuestion.decoded(parts.first ?? "") ?? String(parts.first ?? "")
    for pair in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
      let both = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if let name = HTTPQuestion.decoded(both[0]) {
        query[name] = both.count > 1 ? HTTPQuestion.decoded(both[1]) ?? "" : ""
      }
    }
  }

  /// Text without its escapes; nil where they are none, or no UTF-8.
  static func decoded(_ text: Substring) -> String? {
    var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else {
        return nil
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

/// Fields of the head of a request, in their order; of those of the same name the last one counts.
public struct HTTPFields: Sendable, ExpressibleByDictionaryLiteral {
  private let all: [(name: String, value: String)]

  /// Fields by names of any case.
  public init(_ all: [(name: String, value: String)]) { self.all = all }

  /// Fields by their names.
  public init(dictionaryLiteral elements: (String, String)...) {
    all = elements.map { (name: $0.0, value: $0.1) }
  }

  /// The value of a field; nil where it is not there.
  ///
  /// - Parameter name: in small letters.
  public subscript(_ name: String) -> String? {
    all.last { own in
      own.name.utf8.count == name.utf8.count
        && zip(own.name.utf8, name.utf8).allSatisfy { byte, wanted in
          byte == wanted || ((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) && byte | 0x20 == wanted)
        }
    }?.value
  }
}
