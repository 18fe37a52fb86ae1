#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A distribution of vectors that a network gives out as numbers: how these are learnt, and what they stand for.
///
///     let output = NumberOutput<StudentT>()
///     let numbers = head(hidden)                                              // [N, P]
///     let loss = output.loss(numbers, targets, weights: nil)                  // targets [N, D]
///     let draw = output.sample(output.parameters(numbers.scalars.prefix(3)), key: key, index: 0)
///
/// Distributions of several numbers are composed by ``ProductOutput``.
public protocol OutputDistribution: Sendable {
  /// The P parameters, in the order of the numbers of the network.
  var parameters: [OutputParameter] { get }
  /// D: numbers of a draw.
  var size: Int { get }

  /// The weighted mean of the negative log-likelihoods, of shape [].
  ///
  /// - Parameters:
  ///   - numbers: of the network, `[N, P]`.
  ///   - targets: `[N, D]`, not differentiated.
  ///   - weights: `[N]`; nil for ones.
  func loss(_ numbers: Tensor, _ targets: Tensor, weights: Tensor?) -> Tensor

  /// A draw of D numbers: the same for the same key and index.
  ///
  /// - Parameters:
  ///   - parameters: of one distribution.
  ///   - key: of the random numbers.
  ///   - index: which of the draws of this key, from 0.
  func sample(_ parameters: [Double], key: RandomKey, index: Int) -> [Float]

  /// The mean of each of the D numbers.
  func mean(_ parameters: [Double]) -> [Double]

  /// For each of the D numbers that below which lies the share `level` of its probability, 0 < `level` < 1.
  func quantile(_ level: Double, _ parameters: [Double]) -> [Double]
}

/// A parameter of a distribution that a network gives out.
public struct OutputParameter: Sendable, Equatable {
  /// What becomes of it where the data are moved and made larger.
  public enum Role: Sendable {
    /// It moves and grows with them.
    case location
    /// It grows with them.
    case scale
    /// It stays.
    case shape
  }

  /// Its name in files and graphs.
  public let name: String
  /// What it does.
  public let role: Role
  /// What it stays above; nil for any number.
  public let least: Float?

  /// A parameter; by default scales stay above 0.001, others are any number.
  public init(_ name: String, _ role: Role, least: Float? = nil) {
    (self.name, self.role) = (name, role)
    self.least = least ?? (role == .scale ? 1e-3 : nil)
  }

  /// The parameter that a number of the network stands for: x, or log(1 + e^x) above the least.
  func value(_ x: Double) -> Double { least.map { (x > 30 ? x : log1p(exp(x))) + Double($0) } ?? x }

  /// The same on the data that are `size` times as large and lie `offset` higher.
  public func restored(_ value: Double, size: Double, offset: Double) -> Double {
    switch role {
    case .location: value * size + offset
    case .scale: value * size
    case .shape: value
    }
  }
}

extension OutputDistribution {
  /// The parameters that the numbers of a network `[..., P]` stand for, P times `[..., 1]`.
  public func parameters(_ numbers: Tensor) -> [Tensor] {
    parameters.enumerated().map { index, parameter in
      let own = numbers.sliced(axis: numbers.rank - 1, index..<index + 1)
      return parameter.least.map { softplus(own) + $0 } ?? own
    }
  }

  /// The parameters that P numbers of a network stand for.
  public func parameters(_ numbers: some Collection<Float>) -> [Double] {
    zip(parameters, numbers.array).map { $0.value(Double($1)) }
  }
}

extension Collection<Float> {
  /// The numbers as an array: a loop over a type that only the caller knows takes ten times as long.
  var array: [Float] { withContiguousStorageIfAvailable { Array($0) } ?? Array(self) }
}
