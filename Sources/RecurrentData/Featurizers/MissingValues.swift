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
    // zero is the mean of the scaled channel
    var last = [Float](repeating: 0, count: width)
    var seen = [Double?](repeating: nil, count: width)
    return steps.enumerated().map { index, step in
      let now = times?[index] ?? Double(index) * timeScale
      var (mask, age) = ([Float](), [Float]())
      for channel in 0..<width {
        let isThere = step[channel].isFinite
        if isThere {
          last[channel] = step[channel]
          seen[channel] = now
        }
        mask.append(isThere ? 1 : 0)
        let elapsed = (now - (seen[channel] ?? times?.first ?? 0)) / timeScale
        // the logarithm keeps long gaps within reach
        age.append(Float(elapsed > 0 ? log1p(elapsed) : 0))
      }
      return marksMissing ? last + mask + age : last
    }
  }
}
