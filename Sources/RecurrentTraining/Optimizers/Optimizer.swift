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
    var visitor = TakeParameters(
      gradients: gradient.parameters.map(\.value).reversed(), statistics: state.statistics,
      statisticsCount: statisticsCount)
    // taken out of the model and the state, parameters and statistics have one owner and change in place
    state.statistics = [:]
    model.walk(&visitor)
    var updates = visitor.updates
    let names = visitor.names
    visitor.updates = []
    updates.first?.parameter.backend.optimize(step, &updates)
    for (name, update) in zip(names, updates) { state.statistics[name] = update.statistics }
    var putBack = PutParameters(values: updates.map(\.parameter).reversed())
    model.walk(&putBack)
  }
}

/// Moves all parameters out of a model, which is left with zeros that take no memory.
private struct TakeParameters: ParameterVisitor {
  var path = ParameterPath()
  var gradients: [Tensor]
  var statistics: [String: [Tensor]]
  let statisticsCount: Int
  var names: [String] = []
  var updates: [ParameterUpdate] = []

  init(gradients: [Tensor], statistics: [String: [Tensor]], statisticsCount: Int) {
    self.gradients = gradients
    self.statistics = statistics
    self.statisticsCount = statisticsCount
  }

  mutating func visitParameter(_ name: String, _ parameter: inout Tensor) {
    let own =
      statistics.removeValue(forKey: name)
      ?? (0..<statisticsCount).map { _ in parameter.backend.filled(0, shape: parameter.shape) }
    names.append(name)
    updates.append(
      ParameterUpdate(parameter: parameter, gradient: gradients.removeLast(), statistics: own))
    parameter = .zero(shape: parameter.shape, backend: parameter.backend)
  }
}

private struct PutParameters: ParameterVisitor {
  var path = ParameterPath()
  var values: [Tensor]

  init(values: [Tensor]) { self.values = values }

  mutating func visitParameter(_ name: String, _ parameter: inout Tensor) { parameter = values.removeLast() }
}
