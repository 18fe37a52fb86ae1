#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the score of a sequence is divided by, so that long ones are not worse for their length alone.
public enum LengthPenalty: Sendable, Equatable, Codable {
  /// 1.
  case none
  /// ((5 + n) / 6)^alpha (Wu et al. 2016, arXiv:1609.08144).
  case wu(alpha: Double)
  /// n^alpha: with 1 the mean of the logarithms.
  case average(alpha: Double)

  /// The divisor of a sequence of n tokens, its end among them.
  public func divisor(_ count: Int) -> Double {
    switch self {
    case .none: 1
    case .wu(let alpha): pow(Double(5 + count) / 6, alpha)
    case .average(let alpha): pow(Double(max(count, 1)), alpha)
    }
  }

  /// How the length counts; nil without a penalty.
  public var alpha: Double? {
    switch self {
    case .none: nil
    case .wu(let alpha), .average(let alpha): alpha
    }
  }
}
