import RecurrentFormats

/// Numbers of several channels at successive steps.
public struct NumericSeries: Sendable, Equatable {
  /// The names of the channels.
  public var channels: [String]
  /// Step by step all channels; NaN where a value is missing.
  public var values: [Float]
  /// When each step was, in seconds; nil where steps are numbered.
  public var times: [Double]?

  /// A series. Traps when the values are no whole number of steps, or the times are of another number.
  public init(channels: [String], values: [Float], times: [Double]? = nil) {
    let width = max(channels.count, 1)
    trapUnless(
      values.count % width == 0,
      "NumericSeries: \(values.count) values are no whole number of steps of \(channels.count) channels")
    trapUnless(
      times == nil || times?.count == values.count / width,
      "NumericSeries: expected \(values.count / width) times, received \(times?.count ?? 0)")
    self.channels = channels
    self.values = values
    self.times = times
  }

  /// Numbers of a step.
  public var channelCount: Int { channels.count }

  /// How many steps there are.
  public var stepCount: Int { channels.isEmpty ? 0 : values.count / channels.count }

  /// All values of a channel.
  public func column(_ channel: Int) -> [Float] {
    stride(from: channel, to: values.count, by: max(channels.count, 1)).map { values[$0] }
  }

  /// The channels of some names, in their order; nil where it does not have each of them once.
  func choosing(_ names: [String]) -> NumericSeries? {
    let places = names.compactMap { name in
      channels.count { $0 == name } == 1 ? channels.firstIndex(of: name) : nil
    }
    guard places.count == names.count, !names.isEmpty else { return nil }
    var chosen: [Float] = []
    chosen.reserveCapacity(stepCount * places.count)
    for step in 0..<stepCount { for place in places { chosen.append(values[step * channels.count + place]) } }
    return NumericSeries(channels: names, values: chosen, times: times)
  }

  /// That channels stand for others in their places; nil where they have the names of those, or are not as many.
  ///
  /// - Parameters:
  ///   - names: of the channels that are needed, in order.
  ///   - origin: what the series is from.
  package func noteOnPlaces(of names: [String], in origin: String) -> DataNote? {
    guard channels != names, channelCount == names.count, choosing(names) == nil else { return nil }
    func listed(_ names: [String]) -> String {
      names.prefix(6).joined(separator: ", ") + (names.count > 6 ? ", ..." : "")
    }
    let missing = names.first { !channels.contains($0) }.map { "there is no channel \"\($0)\"; " } ?? ""
    return DataNote(
      .warning, "\(origin): \(missing)\(listed(channels)) stand for \(listed(names)), in this order")
  }

  /// The steps from one to another.
  public func part(_ steps: Range<Int>) -> NumericSeries {
    let width = channels.count
    return NumericSeries(
      channels: channels, values: Array(values[steps.lowerBound * width..<steps.upperBound * width]),
      times: times.map { Array($0[steps]) })
  }
}

extension NumericSeries {
  /// The series that a list of numbers is, or of lists with those of a step; null where one is missing.
  ///
  /// - Throws: what `malformed` makes of lists of different lengths, and of anything else among the numbers.
  init(_ steps: [JSONValue], malformed: (_ expected: String, _ found: String) -> DataError) throws(DataError)
  {
    var values: [Float] = []
    var width: Int?
    for step in steps {
      let numbers: [JSONValue]
      if case .list(let list) = step { numbers = list } else { numbers = [step] }
      guard numbers.count == width ?? numbers.count else {
        throw malformed("steps of \(width ?? 0) numbers", "\(numbers.count)")
      }
      width = numbers.count
      for number in numbers {
        switch number {
        case .number(let value) where Float(value).isFinite: values.append(Float(value))
        case .null: values.append(.nan)
        default: throw malformed("numbers within \(Float.greatestFiniteMagnitude)", "another value")
        }
      }
    }
    self.init(channels: (0..<(width ?? 1)).map { "\($0 + 1)" }, values: values)
  }
}
