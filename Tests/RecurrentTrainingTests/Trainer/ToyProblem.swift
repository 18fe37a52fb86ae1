import RecurrentTestSupport

/// A problem whose losses are written down: one parameter w, the loss w s_t, and validation losses from a list.
struct ToyProblem: TrainingProblem {
  struct Model: Module {
    var w: Tensor
    mutating func walk(_ visitor: inout some ParameterVisitor) { visitor.visit("w", &w) }
  }

  struct Carry: RecurrentState {
    var tensors: [Tensor]
  }

  /// The validation loss of each epoch, told apart by the number of steps that the parameter has gone down; the last one
  /// goes on for ever. Nil for no validation.
  var validationLosses: [Double]?
  /// Steps in each epoch.
  var steps = 2
  /// Multiplies the loss of each step, counted through all epochs.
  var slopes: [Int: Float] = [:]

  func stepCount(epoch: Int) -> Int { steps }

  func initialCarry(_ model: Model) -> Carry { Carry(tensors: [Tensor(zeros: [1])]) }

  func loss(_ model: Model, at position: StepPosition, carry: Carry, mode: Mode) -> StepLoss<Carry> {
    let slope = slopes[position.epoch * steps + position.step] ?? 1
    return StepLoss(
      loss: model.w.sum() * slope, carry: Carry(tensors: [carry.tensors[0] + 1]), unitCount: 3)
  }

  func validate(_ model: Model) -> Validation? {
    guard let losses = validationLosses else { return nil }
    // plain descent with rate 1 takes 1 off in every step
    let epoch = Int((100 - Double(model.w.scalar)).rounded()) / steps - 1
    return Validation(loss: losses[min(epoch, losses.count - 1)])
  }

  /// A training by plain descent from w = 100.
  func trainer(_ settings: TrainerSettings) -> Trainer<ToyProblem> {
    Trainer(
      problem: self, model: Model(w: Tensor([100])), optimizer: SGD(learningRate: 1), settings: settings)
  }
}
