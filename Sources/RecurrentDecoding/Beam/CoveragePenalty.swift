#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What is taken off the score of a sequence for how its tokens have looked at the source.
public enum CoveragePenalty: Sendable, Equatable, Codable {
  /// How often a place was looked at does not count.
  case none
  /// -beta times the sum over places of log min(c, 1), where c is how much a place was looked at in all (Wu et al. 2016).
  case wu(beta: Double)
  /// beta times (the sum over places of max(c, 1) - the number of places): for looking again and again.
  case summary(beta: Double)

  /// The penalty for how much each place was looked at in all.
  public func penalty(_ coverage: [Double]) -> Double {
    switch self {
    case .none: 0
    case .wu(let beta): coverage.reduce(0) { $0 - beta * log(min(max($1, 1e-9), 1)) }
    case .summary(let beta): coverage.reduce(0) { $0 + beta * (max($1, 1) - 1) }
    }
  }

  /// Whether there is none.
  var isNone: Bool { self == .none }
}
