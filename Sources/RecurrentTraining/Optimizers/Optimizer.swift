/// A rule that changes the parameters of a model along its gradient.
///
/// Optimisers are values: copying one copies its statistics. The rules and defaults are PyTorch's.
///
///     var optimizer = Adam(learningRate: 1e-3)
///     optimizer.update(&model, gradient.clipped(norm: 1))
public protocol Optimizer: Sendable {
  /// The step size; schedules change it between steps.
  var learningRate: Double { get set }
  /// Running statistics and the number of steps, for checkpoints.
  var state: OptimizerState { get set }
  /// How many statistics of the shape of a parameter there are for each.
  var statisticsCount: Int { get }
  /// The step with number `number`, counted from 1.
  func step(number: Int) -> OptimizerStep
}

/// What an optimiser remembers between steps.
public struct OptimizerState: Sendable {
  /// Steps taken.
  public var stepCount = 0
  /// For each parameter, by name, tensors of its shape.
  public var statistics: [String: [Tensor]] = [:]

  /// Nothing yet.
  public init() {}
}

extension Optimizer {
  /// One step: changes every parameter of `model` in place.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - gradient: the gradient of the loss, of the model's own type.
  ///   - gradientScale: multiplies the gradient on the way: clipping its norm costs no pass of its own.
  public mutating func update<M: Module>(_ model: inout M, _ gradient: M, gradientScale: Double = 1) {
    state.stepCount += 1
    var step = step(number: state.stepCount)
    step.gradientScale = gradientScale
    var gradients = gradient.parameters.map(\.value)
    gradients.reverse()
    var visitor = UpdateParameters(
      step: step, gradients: gradients, statistics: state.statistics, statisticsCount: statisticsCount)
    state.statistics = [:]  // the visitor holds the only reference: statistics change in place
    model.walk(&visitor)
    state.statistics = visitor.statistics
  }
}

private struct UpdateParameters: ParameterVisitor {
  var path = ParameterPath()
  let step: OptimizerStep
  var gradients: [Tensor]
  var statistics: [String: [Tensor]]
  let statisticsCount: Int

  init(step: OptimizerStep, gradients: [Tensor], statistics: [String: [Tensor]], statisticsCount: Int) {
    self.step = step
    self.gradients = gradients
    self.statistics = statistics
    self.statisticsCount = statisticsCount
  }

  mutating func visitParameter(_ name: String, _ parameter: inout Tensor) {
    let gradient = gradients.removeLast()
    var own =
      statistics.removeValue(forKey: name)
      ?? (0..<statisticsCount).map { _ in parameter.backend.filled(0, shape: parameter.shape) }
    parameter.backend.optimize(step, parameter: &parameter, gradient: gradient, statistics: &own)
    statistics[name] = own
  }
}
