/// A loss over a long sequence that can be computed in parts: the sum of the losses of the parts, with a state that goes
/// from each part to the next.
///
/// Every method is a function of its arguments. In particular dropout has to give each part its part of the masks of the
/// whole, see ``Mode/advanced(by:)``; networks that read backwards cannot be computed in parts.
///
///     struct Copying: SequenceLoss {
///       let batch: SequenceBatch, targets: Tensor, mode: Mode
///       var stepCount: Int { batch.stepCount }
///       func initialState(of model: Net) -> Net.State { model.layer.initialState(batch: batch.batchSize) }
///       func loss(_ model: Net, over steps: Range<Int>, from state: Net.State) -> (loss: Tensor, state: Net.State) {
///         let (outputs, next) = model.layer(
///           batch.part(steps), state: state, mode: mode.advanced(by: steps.lowerBound))
///         // a mean over the whole: each part weighs as many steps as it has
///         let mean = squaredError(model.head(outputs), targets.sliced(axis: 0, steps))
///         return (mean * (Float(steps.count) / Float(stepCount)), next)
///       }
///     }
public protocol SequenceLoss {
  /// What is differentiated.
  associatedtype Model: Module
  /// What goes from part to part.
  associatedtype State: CarriedState

  /// T: steps of the whole sequence.
  var stepCount: Int { get }

  /// The state before the first step; gradients flow through it.
  func initialState(of model: Model) throws -> State

  /// What some steps add to the loss, one element, and the state after them.
  func loss(_ model: Model, over steps: Range<Int>, from state: State) throws -> (loss: Tensor, state: State)

  /// The state after some steps, the same as that of ``loss(_:over:from:)``; without what only the loss needs it is
  /// sooner there.
  func advance(_ model: Model, over steps: Range<Int>, from state: State) throws -> State
}

extension SequenceLoss {
  /// The state of ``loss(_:over:from:)``.
  public func advance(_ model: Model, over steps: Range<Int>, from state: State) throws -> State {
    try loss(model, over: steps, from: state).state
  }
}
