/// What the backward pass of a piece of a longer computation hands to the piece before it.
package struct PieceGradient: Sendable {
  /// The loss of the piece, of one element; nil when it has none.
  package var loss: Tensor?
  /// The state after the piece.
  package var state: [Tensor]
  /// The gradient of the losses of this piece and all later ones with respect to the state before the piece; nil for
  /// zeros.
  package var stateGradient: [Tensor?]
}

/// Differentiates one piece of a computation that goes through a state: loss_k, s_{k+1} = piece(model, s_k). The total is
/// the sum of all losses.
///
///     d total / d s_k     = d loss_k / d s_k + (d s_{k+1} / d s_k)^T d total / d s_{k+1}
///     d total / d model  += d loss_k / d model + (d s_{k+1} / d model)^T d total / d s_{k+1}
///
/// - Parameters:
///   - model: the point at which to differentiate.
///   - state: s_k.
///   - upstream: the gradient of the later losses with respect to s_{k+1}, nil for zeros; empty for all zeros.
///   - gradient: with respect to each parameter in the order of the walk, nil for zeros; this piece's is added in place.
///     Empty for all zeros.
///   - whole: told of the sum of each parameter, by its number, as soon as this piece adds nothing more to it.
///   - piece: the loss, nil for none, and the next state.
package func pieceGradient<M: Module>(
  of model: M, state: [Tensor], upstream: [Tensor?], addingTo gradient: inout [Tensor?],
  whole: Tape.WholeGradient? = nil,
  _ piece: (M, [Tensor]) throws -> (loss: Tensor?, state: [Tensor])
) rethrows -> PieceGradient {
  let tape = Tape(watchesLeaves: whole != nil)
  defer { tape.close() }
  var traced = model
  var attach = AttachToTape(tape: tape)
  traced.walk(&attach)
  let leaves = state.map { tape.leaf($0.detached) }
  let (loss, next) = try piece(traced, leaves)
  trapUnless(
    upstream.isEmpty || upstream.count == next.count,
    "expected a state of \(upstream.count) parts after a piece, received \(next.count)")
  var seeds: [(tensor: Tensor, gradient: Tensor)] = []
  if let loss {
    trapUnless(
      loss.count == 1, "expected the loss of a piece to have one element, received shape \(loss.shape)")
    seeds.append((loss, loss.backend.filled(1, shape: loss.shape)))
  }
  for (tensor, gradient) in zip(next, upstream) {
    if let gradient { seeds.append((tensor, gradient)) }
  }
  let parameterCount = attach.nodes.count
  var gradients = tape.gradients(
    from: seeds, addingTo: &gradient,
    whole: whole.map { whole in { if $0 < parameterCount { whole($0, $1) } } })
  gradient = attach.nodes.map { gradients.take($0) }
  return PieceGradient(
    loss: loss?.detached, state: next.map(\.detached),
    stateGradient: leaves.map { leaf in leaf.node.flatMap { gradients.take($0.index) } })
}
