/// Computes a loss over a sequence and its gradient with respect to every parameter of a model in chunks, so that memory
/// follows the length of a chunk and not that of the sequence.
///
/// It is full backpropagation through time: nothing is truncated, and the result is that of
/// ``valueAndGradient(of:_:)->(_,_)`` over the whole sequence up to the rounding of sums. States are computed once more
/// for all chunks but the last, as the schedule says.
///
/// - Parameters:
///   - model: the point at which to differentiate.
///   - loss: the loss, in parts.
///   - recomputation: chunks and kept states.
/// - Returns: the loss, of one element; the state after the last step, off the tape; the gradient.
public func valueAndGradient<Loss: SequenceLoss>(
  of model: Loss.Model, _ loss: Loss, recomputing recomputation: Recomputation
) throws -> (value: Tensor, state: Loss.State, gradient: Loss.Model) {
  try valueAndGradient(of: model, loss, recomputing: recomputation, whole: nil)
}

/// The same, which tells of the gradient of each parameter, by its number in the order of the walk, as soon as it is whole, while others
/// are still computed. The initial state is not to depend on the model then.
package func valueAndGradient<Loss: SequenceLoss>(
  of model: Loss.Model, _ loss: Loss, recomputing recomputation: Recomputation, whole: Tape.WholeGradient?
) throws -> (value: Tensor, state: Loss.State, gradient: Loss.Model) {
  trapUnless(
    recomputation.stepCount == loss.stepCount,
    "valueAndGradient(of:_:recomputing:): chunks of \(recomputation.stepCount) steps for a loss over \(loss.stepCount)"
  )
  let initial = try loss.initialState(of: model)
  var kept: [Int: [Tensor]] = [0: initial.tensors.map(\.detached)]
  var atHand: [Tensor]?
  var final: [Tensor] = []
  var upstream: [Tensor?] = []
  var gradient: [Tensor?] = []
  var total: Tensor?
  func known(_ state: [Tensor]?) -> [Tensor] {
    guard let state else { fatalError("the schedule asks for a state that is not kept") }
    return state
  }
  for action in recomputation.schedule {
    switch action {
    case .advance(let from, let to, let isKept):
      var state = known(kept[from])
      for chunk in from..<to {
        state = try loss.advance(
          model, over: recomputation.steps(ofChunk: chunk), from: initial.replacing(state)
        ).tensors
      }
      if isKept { kept[to] = state.map(\.compact) } else { atHand = state }
    case .differentiate(let chunk):
      let state = known(atHand ?? kept.removeValue(forKey: chunk))
      atHand = nil
      let piece = try pieceGradient(
        of: model, state: state, upstream: upstream, addingTo: &gradient, whole: chunk == 0 ? whole : nil
      ) { model, state -> (loss: Tensor?, state: [Tensor]) in
        let result = try loss.loss(
          model, over: recomputation.steps(ofChunk: chunk), from: initial.replacing(state))
        return (result.loss, result.state.tensors)
      }
      if chunk == recomputation.chunkCount - 1 { final = piece.state }
      if let value = piece.loss {
        total = total.map { $0 + value.reshaped(to: []) } ?? value.reshaped(to: [])
      }
      upstream = piece.stateGradient
    }
  }
  if whole == nil, upstream.contains(where: { $0 != nil }) {
    _ = try pieceGradient(of: model, state: [], upstream: upstream, addingTo: &gradient) { model, _ in
      (nil, try loss.initialState(of: model).tensors)
    }
  }
  gradient.reverse()
  let result = model.mappingParameters { _, parameter in
    (gradient.popLast() ?? nil) ?? parameter.backend.filled(0, shape: parameter.shape)
  }
  guard let total else { fatalError("a schedule has at least one chunk") }
  return (total, initial.replacing(final), result)
}

extension Tensor {
  /// The same numbers in storage of their own, when they are a small part of a larger one.
  fileprivate var compact: Tensor {
    let most = count * MemoryLayout<Double>.size + 512
    return storage.bytes > most && rank > 0 ? backend.concatenate([detached], axis: 0) : detached
  }
}
