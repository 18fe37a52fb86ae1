/// A loss and its gradient, and how the steps of the recurrent layers made it.
public struct Observation<M: Module>: Sendable {
  /// The loss.
  public let loss: Double
  /// The gradient, computed in one piece as in training.
  public let gradient: M
  /// What recurrent layers read, in the order of the calls.
  public let readings: [RecurrentReading]
  /// What the steps add to the gradients of the parameters of recurrent cells, in the order of the walk.
  public let contributions: [ParameterContributions]
}

/// How the steps of recurrent layers make the gradient of one parameter.
public struct ParameterContributions: Sendable {
  /// One step.
  public struct Step: Sendable {
    /// The number of the reading.
    public let reading: Int
    /// The number of the step in the order of the reading.
    public let step: Int
    /// The norm of what it adds.
    public let norm: Double
    /// Its share of the whole: the inner product with the whole gradient by the square of its norm. The shares sum to one.
    public let share: Double
  }

  /// The name in the model.
  public let name: String
  /// The extents of the parameter.
  public let shape: [Int]
  /// The norm of the whole gradient.
  public let norm: Double
  /// The steps, those of each reading in its order.
  public let steps: [Step]
  /// How far the sum of what the steps add lies from the gradient computed in one piece: the largest distance of an element by
  /// the largest element. A few roundings of float32; larger where the parameter also serves outside recurrent layers.
  public let difference: Double
}

/// Computes a loss and its gradient, and looks at how the steps of the recurrent layers make them.
///
///     let seen = observe(model) { model, mode in crossEntropy(model(batch, mode: mode), labels) }
///     seen.contributions[0].steps.map(\.share)         // of the gradient of the first parameter, step by step
///     seen.readings[0].stateGradientNorms(at: [99])    // how far back the loss at step 99 reaches
///
/// The loss is computed twice, once in one piece and once step by step; both give the same bits.
///
/// - Parameters:
///   - model: the point at which to differentiate.
///   - loss: a function of the model, in the mode that it hands to its layers; its result has one element.
public func observe<M: Module>(_ model: M, _ loss: (M, Mode) throws -> Tensor) rethrows -> Observation<M> {
  let (value, gradient) = try valueAndGradient(of: model) { try loss($0, .inference) }
  let totals = gradient.parameters
  let observer = RecurrentObserver(totals: totals.map { $0.value.scalars })
  _ = try valueAndGradient(of: model) { try loss($0, .observed(observer)) }
  let contributions = totals.enumerated().compactMap { index, total -> ParameterContributions? in
    guard let (steps, sum) = observer.additions(to: index) else { return nil }
    let whole = total.value.scalars
    let square = whole.reduce(0) { $0 + Double($1) * Double($1) }
    let largest = whole.reduce(0) { max($0, abs(Double($1))) }
    let distance = zip(sum.scalars, whole).reduce(0) { max($0, abs(Double($1.0) - Double($1.1))) }
    return ParameterContributions(
      name: total.name, shape: total.value.shape, norm: square.squareRoot(),
      steps: steps.sorted { ($0.reading, $0.step) < ($1.reading, $1.step) }.map {
        .init(
          reading: $0.reading, step: $0.step, norm: $0.norm, share: square > 0 ? $0.product / square : 0)
      },
      difference: largest > 0 ? distance / largest : distance)
  }
  return Observation(
    loss: Double(value.scalar), gradient: gradient, readings: observer.readings, contributions: contributions
  )
}
