#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How the learning rate changes during training, as a factor of its first value.
public struct LearningRateSchedule: Sendable, Equatable, Codable {
  /// The shape of the curve after the warm-up.
  public enum Shape: Sendable, Equatable, Codable {
    /// Always 1.
    case constant
    /// Half a cosine from 1 down to `final` (Loshchilov and Hutter 2017, arXiv:1608.03983).
    case cosine(final: Double)
    /// Times `factor` after every `epochs` epochs.
    case step(epochs: Int, factor: Double)
    /// Times `factor` in every epoch behind the first `epochs` (Zaremba et al. 2014, arXiv:1409.2329).
    case decay(after: Int, factor: Double)
    /// Times `factor` when the validation loss has not fallen for `patience` epochs.
    case plateau(patience: Int, factor: Double)
  }

  /// The shape of the curve.
  public var shape: Shape
  /// Steps over which the factor first rises from 0 to 1.
  public var warmUpSteps: Int

  /// A schedule.
  public init(_ shape: Shape, warmUpSteps: Int = 0) {
    self.shape = shape
    self.warmUpSteps = warmUpSteps
  }

  /// The factor of a step.
  ///
  /// - Parameters:
  ///   - step: from 0.
  ///   - stepCount: of the whole training.
  ///   - epoch: from 0.
  ///   - reductions: how often the loss has reached a plateau.
  public func factor(step: Int, stepCount: Int, epoch: Int, reductions: Int) -> Double {
    if step < warmUpSteps { return Double(step + 1) / Double(warmUpSteps + 1) }
    switch shape {
    case .constant: return 1
    case .cosine(let final):
      let progress = Double(step - warmUpSteps) / Double(Swift.max(1, stepCount - warmUpSteps))
      return final + (1 - final) * 0.5 * (1 + cos(.pi * Swift.min(1, progress)))
    case .step(let epochs, let factor): return pow(factor, Double(epoch / Swift.max(1, epochs)))
    case .decay(let epochs, let factor): return pow(factor, Double(Swift.max(0, epoch + 1 - epochs)))
    case .plateau(_, let factor): return pow(factor, Double(reductions))
    }
  }
}
