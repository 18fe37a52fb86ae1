#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What is done to the targets before anything else.
public enum ForecastTransform: String, Sendable, Codable, CaseIterable {
  /// The targets as they are.
  case none
  /// The logarithm, for prices: differences are then returns. Only for what is above zero.
  case log

  /// A value as it is predicted; not a number where it has no logarithm.
  public func applied(_ value: Double) -> Double {
    self == .none ? value : value > 0 ? logarithm(value) : .nan
  }

  /// A value as it was.
  public func undone(_ value: Double) -> Double { self == .none ? value : exp(value) }
}

/// The natural logarithm, which the case of the same name hides.
private func logarithm(_ value: Double) -> Double { log(value) }
