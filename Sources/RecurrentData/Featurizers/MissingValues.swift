#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What stands in place of values that are missing, and what the network is told about it (GRU-D's inputs, Che et al. 2018,
/// arXiv:1606.01865): for each channel the last value that was seen, whether one is there, and for how long none was.
public struct MissingValues: Sendable, Equatable, Codable {
  /// Whether mask and time are put beside the values: where the training part had values missing.
  public var marksMissing: Bool
  /// The typical time from one value to the next, by which times are divided.
  public var timeScale: Double

  /// A rule.
  public init(marksMissing: Bool, timeScale: Double = 1) {
    self.marksMissing = marksMissing
    self.timeScale = timeScale > 0 ? timeScale : 1
  }

  /// Numbers of a step for so many channels.
  public func featureCount(channels: Int) -> Int { marksMissing ? 3 * channels : channels }

  /// Fills the steps of a sequence, `[step][channel]` on the common scale with NaN where a value is missing.
  ///
  /// - Parameters:
  ///   - steps: the values.
  ///   - times: when the steps were; nil for every time unit one.
  public func filled(_ steps: [[Float]], times: [Double]? = nil) -> [[Float]] {
    guard let width = steps.first?.count else { return [] }
    var filler = Filler(self, channels: width)
    return steps.enumerated().map { index, step in filler.fill(step, time: times?[index]) }
  }

  /// Fills one step after the other.
  struct Filler: Sendable {
    private let rule: MissingValues
    // zero is the mean of the scaled channel
    private var last: [Float]
    private var seen: [Double?]
    private var first: Double?
    private var count = 0

    init(_ rule: MissingValues, channels: Int) {
      self.rule = rule
      last = [Float](repeating: 0, count: channels)
      seen = [Double?](repeating: nil, count: channels)
    }

    mutating func fill(_ step: [Float], time: Double?) -> [Float] {
      let now = time ?? Double(count) * rule.timeScale
      first = first ?? time
      count += 1
      var (mask, age) = ([Float](), [Float]())
      for channel in last.indices {
        let isKnown = step[channel].isFinite
        if isKnown {
          last[channel] = step[channel]
          seen[channel] = now
        }
        mask.append(isKnown ? 1 : 0)
        let elapsed = (now - (seen[channel] ?? first ?? 0)) / rule.timeScale
        // the logarithm keeps long gaps within reach
        age.append(Float(elapsed > 0 ? log1p(elapsed) : 0))
      }
      return rule.marksMissing ? last + mask + age : last
    }

    /// What is kept of the steps so far.
    var stored: [Int64] {
      [Int64(count)] + StoredNumbers.stored(first) + last.map { Double($0).stored }
        + seen.flatMap { StoredNumbers.stored($0) }
    }

    /// Takes over what was kept.
    mutating func restore(_ numbers: inout StoredNumbers) {
      count = numbers.integer()
      first = numbers.optionalDouble()
      last = numbers.doubles(last.count).map { Float($0) }
      seen = seen.map { _ in numbers.optionalDouble() }
    }
  }
}
