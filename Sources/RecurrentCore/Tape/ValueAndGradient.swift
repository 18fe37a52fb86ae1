/// Computes a loss and its gradient with respect to every parameter of a model.
///
/// The gradient is a value of the model's own type that holds, in place of each parameter, the derivative of the loss
/// with respect to it; parameters that the loss does not depend on get zeros.
///
///     let (loss, gradient) = valueAndGradient(of: model) { crossEntropy($0(inputs), labels) }
///
/// - Parameters:
///   - model: the point at which to differentiate.
///   - loss: a function of the model whose result has one element.
/// - Returns: the loss, of shape [], and the gradient.
public func valueAndGradient<M: Module>(of model: M, _ loss: (M) throws -> Tensor) rethrows -> (
  value: Tensor, gradient: M
) {
  let (value, _, gradient) = try valueAndGradient(of: model) { (try loss($0), ()) }
  return (value, gradient)
}

/// Computes a loss, something else on the side, and the gradient of the loss.
///
/// What is returned on the side, the final state of a window for example, is still on the tape; take its detached
/// value before it is used again.
///
/// - Parameters:
///   - model: the point at which to differentiate.
///   - loss: a function of the model; the first part of its result has one element.
/// - Returns: the loss, what came with it, and the gradient.
public func valueAndGradient<M: Module, Extra>(of model: M, _ loss: (M) throws -> (Tensor, Extra)) rethrows
  -> (
    value: Tensor, extra: Extra, gradient: M
  )
{ try valueAndGradient(of: model, whole: nil, loss) }

/// The same, which tells of the gradient of each parameter, by its number in the order of the walk, as soon as it is whole, while others
/// are still computed.
package func valueAndGradient<M: Module, Extra>(
  of model: M, whole: Tape.WholeGradient?, _ loss: (M) throws -> (Tensor, Extra)
) rethrows -> (value: Tensor, extra: Extra, gradient: M) {
  let tape = Tape(watchesLeaves: whole != nil)
  defer { tape.close() }
  var traced = model
  var attach = AttachToTape(tape: tape)
  traced.walk(&attach)
  let (value, extra) = try loss(traced)
  trapUnless(
    value.count == 1, "valueAndGradient(of:): expected a loss with one element, received shape \(value.shape)"
  )
  let gradients = tape.gradients(of: value, whole: whole)
  var gradient = model
  var collect = CollectGradients(gradients: gradients, nodes: attach.nodes)
  gradient.walk(&collect)
  return (value.detached, extra, gradient)
}

/// Puts every parameter on a tape.
struct AttachToTape: ParameterVisitor {
  var path = ParameterPath()
  let tape: Tape
  var nodes: [Int] = []

  init(tape: Tape) { self.tape = tape }

  mutating func visitParameter(_ name: String, _ parameter: inout Tensor) {
    parameter = tape.leaf(parameter.detached)
    nodes.append(parameter.node?.index ?? -1)
  }
}

/// Replaces every parameter by its gradient.
private struct CollectGradients: ParameterVisitor {
  var path = ParameterPath()
  let gradients: Gradients
  let nodes: [Int]
  var next = 0

  init(gradients: Gradients, nodes: [Int]) {
    self.gradients = gradients
    self.nodes = nodes
  }

  mutating func visitParameter(_ name: String, _ parameter: inout Tensor) {
    let index = nodes[next]
    next += 1
    let gradient = index < gradients.values.count ? gradients.values[index] : nil
    parameter = gradient ?? .zero(shape: parameter.shape, backend: parameter.backend)
  }
}
