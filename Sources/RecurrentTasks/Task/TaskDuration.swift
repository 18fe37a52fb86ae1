/// A length of time in seconds, or in steps of a recording: frames of a clip, rows of a table.
public enum TaskDuration: Sendable, Equatable, Codable {
  /// Seconds.
  case seconds(Double)
  /// Steps.
  case steps(Double)

  /// Reads `0.05`, `0.05 s`, `50 ms`, `5 min`, `1 h`, `2 steps` or `2 frames`; nil for anything else, and for what is negative or endless.
  public init?(_ text: String) {
    let unit = text.drop { !$0.isLetter || $0 == "e" }
    let number = text.dropLast(unit.count).filter { $0 != " " }
    guard let value = Double(number), value.isFinite, (0...1e6).contains(value) else { return nil }
    switch unit {
    case "", "s", "second", "seconds": self = .seconds(value)
    case "ms": self = .seconds(value / 1000)
    case "min", "minute", "minutes": self = .seconds(60 * value)
    case "h", "hour", "hours": self = .seconds(3600 * value)
    case "step", "steps", "frame", "frames": self = .steps(value)
    default: return nil
    }
  }

  /// In seconds.
  ///
  /// - Parameter rate: steps a second.
  public func seconds(rate: Double) -> Double {
    switch self {
    case .seconds(let value): value
    case .steps(let value): value / rate
    }
  }

  /// As ``init(_:)`` reads it.
  public var text: String {
    switch self {
    case .seconds(let value): "\(value)"
    case .steps(let value): "\(value) steps"
    }
  }

  /// From a number of seconds or a text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text: String
    if let number = try? container.decode(Double.self) {
      text = "\(number)"
    } else {
      text = try container.decode(String.self)
    }
    guard let value = TaskDuration(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\"\(text)\" is no length of time such as 0.05, 50 ms or 2 steps")
    }
    self = value
  }

  /// As a text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
