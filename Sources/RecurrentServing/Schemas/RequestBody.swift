import RecurrentTasks

/// An object of JSON that a request is, member by member.
public struct RequestBody {
  /// The members.
  public let members: [String: JSONValue]
  /// What it is, for errors.
  private let place: String

  /// Reads an object; an empty text stands for one without members.
  ///
  /// - Throws: ``ServingError`` of the kind `malformed`.
  public init(_ bytes: some Collection<UInt8>) throws(ServingError) {
    place = "the request"
    if bytes.isEmpty {
      members = [:]
      return
    }
    let value: JSONValue
    do { value = try JSONValue(text: bytes, path: "the request") } catch {
      guard case .invalidJSON(_, let offset, let expected, let found) = error else {
        // it is no file, which could be written again
        let reason = "\(error)".replacing("the request: ", with: "").split(separator: "; write the file")
        throw ServingError(.malformed, "the request is not JSON: \(reason.first ?? "")")
      }
      // a request is no file with a header
      let place = found.replacing("the header", with: "the request")
      throw ServingError(
        .malformed, "the request is not JSON: at byte \(offset) it needs \(expected), found \(place)")
    }
    guard case .object(let members) = value else {
      throw ServingError(.malformed, "the request is JSON, expected an object, found \(value.found)")
    }
    self.members = members
  }

  /// Members that were read already.
  ///
  /// - Parameter place: what they are of, for errors.
  init(_ members: [String: JSONValue], _ place: String) { (self.members, self.place) = (members, place) }

  /// That a member is something else.
  func wrong(_ name: String, _ expected: String) -> ServingError {
    let found = members[name]?.found ?? "not there"
    return ServingError(.malformed, "\"\(name)\" is \(found), expected \(expected)", parameter: name)
  }

  /// A member; nil where it is not there, or null.
  public func value(_ name: String) -> JSONValue? {
    if case .null? = members[name] { nil } else { members[name] }
  }

  /// A text; nil where it is not there.
  public func text(_ name: String) throws(ServingError) -> String? {
    switch value(name) {
    case nil: return nil
    case .text(let text)?: return text
    default: throw wrong(name, "a text")
    }
  }

  /// A text that must be there.
  public func neededText(_ name: String) throws(ServingError) -> String {
    guard let text = try text(name) else {
      throw ServingError(.malformed, "\(place) has no \"\(name)\"", parameter: name)
    }
    return text
  }

  /// A number within bounds; nil where it is not there.
  public func number(_ name: String, in bounds: ClosedRange<Double>) throws(ServingError) -> Double? {
    switch value(name) {
    case nil: return nil
    case .number(let number)? where bounds.contains(number): return number
    default:
      let (least, most) = (JSONValue.text(bounds.lowerBound), JSONValue.text(bounds.upperBound))
      // what is just above 0 is written in 300 digits
      let isAboveZero = bounds.lowerBound == .leastNonzeroMagnitude
      throw wrong(
        name, isAboveZero ? "a number above 0, at most \(most)" : "a number from \(least) to \(most)")
    }
  }

  /// A whole number within bounds; nil where it is not there.
  public func integer(_ name: String, in bounds: ClosedRange<Int>) throws(ServingError) -> Int? {
    switch value(name) {
    case nil: return nil
    case .number(let number)?
    where number == number.rounded() && abs(number) < 0x1p62
      && bounds.contains(Int(number)):
      return Int(number)
    default: throw wrong(name, "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
    }
  }

  /// Yes or no; nil where it is not there.
  public func flag(_ name: String) throws(ServingError) -> Bool? {
    switch value(name) {
    case nil: return nil
    case .bool(let flag)?: return flag
    default: throw wrong(name, "true or false")
    }
  }

  /// An object; empty where it is not there.
  public func object(_ name: String) throws(ServingError) -> RequestBody {
    switch value(name) {
    case nil: return RequestBody([:], "\"\(name)\"")
    case .object(let members)?: return RequestBody(members, "\"\(name)\"")
    default: throw wrong(name, "an object")
    }
  }

  /// A list; nil where it is not there.
  public func list(_ name: String) throws(ServingError) -> [JSONValue]? {
    switch value(name) {
    case nil: return nil
    case .list(let values)?: return values
    default: throw wrong(name, "a list")
    }
  }
}
