/// Looks at a training from inside: the parameters and the gradient after the steps that it asks for. It changes nothing.
///
///     final class LargestGradient: Probe {
///       var largest = 0.0
///       func wantsStep(at position: StepPosition, of stepsInEpoch: Int) -> Bool { true }
///       func see<M: Module>(_ step: StepReport, model: M, gradient: M) { largest = max(largest, gradient.norm) }
///     }
///
/// Without a probe a training keeps nothing for one; with one it keeps the gradient of the steps that are asked for until
/// they were seen. The time that a probe takes does not count as that of the training.
public protocol Probe: AnyObject {
  /// Whether to show a step; asked before it is taken.
  ///
  /// - Parameters:
  ///   - position: of the step.
  ///   - stepsInEpoch: of which the last is at `stepsInEpoch - 1`.
  func wantsStep(at position: StepPosition, of stepsInEpoch: Int) -> Bool

  /// What the recurrent layers show some of their rows to in a step that was asked for; by default nothing.
  ///
  /// - Parameter position: of the step.
  /// - Returns: made for some rows; it changes no bit of the step.
  func observer(at position: StepPosition) -> RecurrentObserver?

  /// Shows a step that was asked for, after its ``TrainingEvent/step(_:)``.
  ///
  /// - Parameters:
  ///   - step: what is reported of it.
  ///   - model: after the step.
  ///   - gradient: of the step before clipping: in place of each parameter the derivative of the loss.
  /// - Throws: what ends the training.
  func see<M: Module>(_ step: StepReport, model: M, gradient: M) throws
}

extension Probe {
  /// No observer: a probe that reads models and gradients alone.
  public func observer(at position: StepPosition) -> RecurrentObserver? { nil }
}
