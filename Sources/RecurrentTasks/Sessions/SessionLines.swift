/// Lines of a session: values of JSON, or steps of so many numbers each.
public enum SessionLines: Sendable, ExpressibleByArrayLiteral {
  /// Values, by the form that the task reads.
  case values([JSONValue])
  /// Lists of `width` numbers, one behind the other, `[T, width]`.
  case numbers([Double], width: Int)

  /// Values.
  public init(arrayLiteral elements: JSONValue...) { self = .values(elements) }

  /// How many.
  public var count: Int {
    switch self {
    case .values(let values): values.count
    case .numbers(let numbers, let width): numbers.count / width
    }
  }

  /// Each line as a value of JSON.
  public var values: [JSONValue] {
    switch self {
    case .values(let values): values
    case .numbers(let numbers, let width):
      stride(from: 0, to: numbers.count, by: width).map { JSONValue(numbers[$0..<$0 + width]) }
    }
  }
}

extension JSONValue {
  /// A list of numbers.
  init(_ numbers: ArraySlice<Double>) { self = .list(numbers.map { .number($0) }) }
}
