/// Something that can be trained: data in a fixed order, a loss on each step, an evaluation after each epoch.
///
/// Every method is a function of its arguments: together with the state that ``Trainer`` keeps, that makes a training
/// that was interrupted go on to the very bits of one that was not.
public protocol TrainingProblem: Sendable {
  /// What is trained.
  associatedtype Model: Module
  /// What one step hands to the next within an epoch: the state of truncated backpropagation through time.
  associatedtype Carry: RecurrentState

  /// Steps in an epoch.
  func stepCount(epoch: Int) throws -> Int

  /// What the first step of an epoch begins with.
  func initialCarry(_ model: Model) -> Carry

  /// What the first step of the next epoch begins with; by default what that of the first one does.
  ///
  /// - Parameters:
  ///   - model: after the last step.
  ///   - carry: from the last step, detached.
  func nextCarry(_ model: Model, after carry: Carry) -> Carry

  /// The loss of one step.
  ///
  /// - Parameters:
  ///   - model: on the tape.
  ///   - position: which step.
  ///   - carry: from the step before, detached.
  ///   - mode: training, with the key of this step.
  func loss(_ model: Model, at position: StepPosition, carry: Carry, mode: Mode) throws -> StepLoss<Carry>

  /// The gradient of one step; by default that of the loss, all of it on one tape.
  ///
  /// - Parameters:
  ///   - model: off the tape.
  ///   - position: which step.
  ///   - carry: from the step before, detached.
  ///   - mode: training, with the key of this step.
  func gradient(
    _ model: Model, at position: StepPosition, carry: Carry, mode: Mode
  ) throws -> StepGradient<Model, Carry>

  /// The same problem with what is better found out once, before the first step, than in each; by default itself.
  func prepared(for model: Model) throws -> Self

  /// Evaluates a model on data that it is not trained on; nil when there is none.
  func validate(_ model: Model) throws -> Validation?
}

extension TrainingProblem {
  /// The gradient of the loss, all of it on one tape.
  public func gradient(
    _ model: Model, at position: StepPosition, carry: Carry, mode: Mode
  ) throws -> StepGradient<Model, Carry> {
    let (_, step, gradient) = try valueAndGradient(of: model) { model in
      var step = try loss(model, at: position, carry: carry, mode: mode)
      let value = step.loss
      (step.loss, step.carry) = (value.detached, step.carry.detached)
      return (value, step)
    }
    return StepGradient(step: step, gradient: gradient)
  }

  /// What the first epoch begins with.
  public func nextCarry(_ model: Model, after carry: Carry) -> Carry { initialCarry(model) }

  /// The problem itself.
  public func prepared(for model: Model) throws -> Self { self }
}

/// A step of a training: its epoch and its number in it, both from 0.
public struct StepPosition: Sendable, Equatable, Codable {
  /// From 0.
  public var epoch: Int
  /// In the epoch, from 0.
  public var step: Int

  /// A position.
  public init(epoch: Int = 0, step: Int = 0) {
    self.epoch = epoch
    self.step = step
  }
}

/// What one step computed.
public struct StepLoss<Carry: RecurrentState>: Sendable {
  /// The mean loss, one element.
  public var loss: Tensor
  /// For the next step.
  public var carry: Carry
  /// How many units (characters, tokens, sequences) the step read, for the speed.
  public var unitCount: Int
  /// Over how much the loss is the mean, in any unit that is the same for all steps of a problem: what a step counts in the
  /// mean of an epoch, and its shard among others.
  public var weight: Double
  /// Multiplies the learning rate of this step.
  public var learningRateFactor: Double

  /// The result of a step. Traps unless the weight is at least 0.
  public init(
    loss: Tensor, carry: Carry, unitCount: Int, weight: Double = 1, learningRateFactor: Double = 1
  ) {
    trapUnless(
      weight >= 0 && weight.isFinite, "StepLoss: expected a weight of at least 0, received \(weight)")
    self.loss = loss
    self.carry = carry
    self.unitCount = unitCount
    self.weight = weight
    self.learningRateFactor = learningRateFactor
  }
}

/// What one step computed, and the gradient of its loss.
public struct StepGradient<Model: Module, Carry: RecurrentState>: Sendable {
  /// The step, off the tape.
  public var step: StepLoss<Carry>
  /// The derivative of the loss with respect to each parameter.
  public var gradient: Model

  /// The result of a step.
  public init(step: StepLoss<Carry>, gradient: Model) {
    self.step = step
    self.gradient = gradient
  }
}

/// An evaluation on data that the model is not trained on.
public struct Validation: Sendable, Equatable, Codable {
  /// What is to become small.
  public var loss: Double

  /// An evaluation.
  public init(loss: Double) { self.loss = loss }
}
