#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

import RecurrentReports

/// How far back the losses of single steps reach in a cell: the norm of their gradients with respect to the state k steps
/// earlier, relative to that at the step itself.
///
///     reach_k = mean over t of  || d L_t / d h_(t-k) ||  /  || d L_t / d h_t ||
public struct GradientReach: Sendable, Equatable {
  /// By k, from 0; 1 there, or at 1 in a cell whose state is not its output. Empty where no loss has a gradient.
  public var byLag: [Double]

  /// Below this share of the beginning a gradient has vanished.
  public static let vanished = 0.01
  /// Above this multiple of the beginning a gradient explodes.
  public static let explodes = 100.0
  /// Below this share of the beginning nothing is learnt of what stands so far back: a gradient is a sum over the steps, and what
  /// is less than half a unit in the last place of its largest part is rounded away. That it parts trainings that come to solve tasks
  /// of long lags from others, by their first epoch, is tested (`AdviceTests`).
  public static let lost = Double(Float.ulpOfOne) / 2

  /// Of what it takes in.
  public init(byLag: [Double]) { self.byLag = byLag }

  /// The reach of losses at some times.
  ///
  /// - Parameters:
  ///   - norms: of the gradient with respect to the state at each time, a row for each loss.
  ///   - times: of the losses.
  ///   - isReverse: whether the cell reads backwards, so that later times are earlier steps.
  public init(_ norms: [[Double]], times: [Int], isReverse: Bool = false) {
    var (sums, counts) = ([Double](), [Int]())
    for (row, time) in zip(norms, times) {
      let count = isReverse ? row.count - time : time + 1
      // a state that is not put out is reached from the next step on
      let own = (0..<min(2, count)).map { row[isReverse ? time + $0 : time - $0] }
      guard let beginning = own.first(where: { $0 > 0 }) else { continue }
      if sums.count < count {
        sums += [Double](repeating: 0, count: count - sums.count)
        counts += [Int](repeating: 0, count: count - counts.count)
      }
      for lag in 0..<count {
        sums[lag] += row[isReverse ? time + lag : time - lag] / beginning
        counts[lag] += 1
      }
    }
    byLag = zip(sums, counts).map { $0 / Double($1) }
  }

  /// The effective memory: the first lag at which less than a hundredth of the gradient is left; nil where it is more
  /// everywhere.
  public var memory: Int? { byLag.indices.dropFirst().first { byLag[$0] < GradientReach.vanished } }

  /// The first lag at which the gradient is more than a hundred times that of the step itself, or no number; nil where it
  /// stays below.
  public var explosion: Int? { byLag.firstIndex { !($0 <= GradientReach.explodes) } }

  /// Whether so much of the gradient is left after `lag` steps that something can be learnt of what stands there; false where
  /// nothing was that far back.
  public func carries(over lag: Int) -> Bool {
    byLag.indices.contains(lag) && byLag[lag].isFinite && byLag[lag] >= GradientReach.lost
  }

  /// The effective memory in words.
  public var words: String {
    guard let last = byLag.indices.last else { return "no gradient" }
    if let explosion { return "explodes at \(explosion) steps" }
    if last == 0 { return "the step itself alone" }
    return memory.map { "\(counted($0, "step"))" } ?? "all \(counted(last, "step"))"
  }

  /// The decimal logarithm of the reach by lag, as far as there is one.
  var points: [(x: Double, y: Double)] {
    byLag.enumerated().compactMap { $1 > 0 && $1.isFinite ? (Double($0), log10($1)) : nil }
  }
}
