import Synchronization

/// A place on a tape: where the gradient of a tensor is gathered.
package struct TapeNode: Sendable {
  package let tape: Tape
  package let index: Int
}

/// A flat record of differentiable operations, in the order in which they ran.
///
/// Each entry is one operation, a whole sequence of a cell for example, with a closure that turns the gradients of its
/// outputs into gradients of its inputs. The record is an array, not a graph of objects: walking it backwards needs no
/// recursion however long the sequence is.
package final class Tape: Sendable {
  /// Turns the gradients of an operation's outputs (nil where nothing depends on one) into those of its inputs.
  package typealias Pullback = @Sendable (_ upstream: [Tensor?], _ gradients: inout Gradients) -> Void

  /// Told that the gradient of a leaf, given by its number, is whole; nil for zeros.
  package typealias WholeGradient = (_ leaf: Int, _ gradient: Tensor?) -> Void

  private struct Entry {
    let first: Int
    let count: Int
    let pullback: Pullback
  }

  private struct State {
    var entries: [Entry] = []
    var nodes = 0
    var isClosed = false
    /// Of each leaf that came before the first entry, the first entry that may depend on it; empty where nobody asks.
    var firstUses: [Int] = []
  }

  private let state = Mutex(State())
  /// Whether it is to be known when the gradient of a leaf is whole.
  private let watchesLeaves: Bool

  /// An empty tape.
  ///
  /// - Parameter watchesLeaves: whether `gradients(from:addingTo:whole:)` is to tell when gradients are whole.
  package init(watchesLeaves: Bool = false) { self.watchesLeaves = watchesLeaves }

  /// Gives `tensor` a place of its own: a leaf.
  package func leaf(_ tensor: Tensor) -> Tensor {
    let index = state.withLock { state -> Int in
      if watchesLeaves, state.entries.isEmpty { state.firstUses.append(.max) }
      defer { state.nodes += 1 }
      return state.nodes
    }
    return tensor.with(node: TapeNode(tape: self, index: index))
  }

  /// Records an operation and gives its outputs their places.
  package func record(_ outputs: [Tensor], pullback: @escaping Pullback) -> [Tensor] {
    let first = state.withLock { state -> Int in
      trapUnless(
        !state.isClosed,
        "a tensor of a finished valueAndGradient(of:) was used in a new operation; take its .detached value instead"
      )
      state.entries.append(Entry(first: state.nodes, count: outputs.count, pullback: pullback))
      defer { state.nodes += outputs.count }
      return state.nodes
    }
    return outputs.enumerated().map { $1.with(node: TapeNode(tape: self, index: first + $0)) }
  }

  /// Notes that the next entry may depend on some tensors.
  fileprivate func noteUse(of inputs: [Tensor]) {
    guard watchesLeaves else { return }
    state.withLock { state in
      for input in inputs {
        guard let node = input.node, node.tape === self, node.index < state.firstUses.count else { continue }
        state.firstUses[node.index] = min(state.firstUses[node.index], state.entries.count)
      }
    }
  }

  /// Walks the record backwards from `loss`, a single number; the record is used up.
  package func gradients(of loss: Tensor, whole: WholeGradient? = nil) -> Gradients {
    var none: [Tensor?] = []
    return gradients(
      from: [(loss, loss.backend.filled(1, shape: loss.shape))], addingTo: &none, whole: whole)
  }

  /// Walks the record backwards from given gradients of tensors on it; the record is used up.
  ///
  /// - Parameters:
  ///   - seeds: tensors, of which those on this tape count, with the gradients that they begin with.
  ///   - leaves: what the gradients of the first leaves are added to, in place; taken.
  ///   - whole: told of the gradient of each leaf that came before the first entry as soon as nothing more is added to it; the tape
  ///     has to watch leaves.
  package func gradients(
    from seeds: [(tensor: Tensor, gradient: Tensor)], addingTo leaves: inout [Tensor?],
    whole: WholeGradient? = nil
  ) -> Gradients {
    var (entries, nodes, firstUses) = state.withLock { state -> ([Entry], Int, [Int]) in
      defer { state.entries = [] }
      return (state.entries, state.nodes, state.firstUses)
    }
    var waiting = whole == nil ? [] : firstUses.indices.sorted { firstUses[$0] < firstUses[$1] }
    var gradients = Gradients(nodes: nodes)
    for index in leaves.indices {
      gradients.values[index] = leaves[index]
      leaves[index] = nil
    }
    for (tensor, gradient) in seeds where tensor.node?.tape === self {
      gradients.add(gradient, to: tensor.node)
    }
    while true {
      // entries that are left come before the first that depends on these
      while let last = waiting.last, firstUses[last] >= entries.count {
        waiting.removeLast()
        whole?(last, gradients.values[last])
      }
      guard let entry = entries.popLast() else { break }
      var upstream: [Tensor?] = []
      upstream.reserveCapacity(entry.count)
      var isReached = false
      for index in entry.first..<entry.first + entry.count {
        let gradient = gradients.take(index)
        isReached = isReached || gradient != nil
        upstream.append(gradient)
      }
      if isReached { entry.pullback(upstream, &gradients) }
    }
    return gradients
  }

  /// Forgets everything; recording afterwards traps.
  package func close() {
    state.withLock { state in
      state.entries = []
      state.isClosed = true
    }
  }
}

/// The gradients gathered so far while a tape is walked backwards.
package struct Gradients: Sendable {
  fileprivate(set) package var values: [Tensor?]

  fileprivate init(nodes: Int) { values = Array(repeating: nil, count: nodes) }

  /// Adds `gradient` to that of the tensor at `node`; nothing happens for a tensor that is not on the tape.
  package mutating func add(_ gradient: @autoclosure () -> Tensor, to node: TapeNode?) {
    guard let index = node?.index else { return }
    let gradient = gradient()
    guard var sum = take(index) else {
      values[index] = gradient
      return
    }
    sum.accumulate(gradient)
    values[index] = sum
  }

  /// Adds `gradient` to a part of the gradient of the tensor at `node`, which has `shape`.
  package mutating func add(
    _ gradient: @autoclosure () -> Tensor, to node: TapeNode?, shape: [Int], axis: Int, start: Int
  ) {
    guard let index = node?.index else { return }
    let gradient = gradient()
    var sum = take(index) ?? gradient.backend.filled(0, shape: shape)
    sum.backend.add(gradient, to: &sum, axis: axis, start: start)
    values[index] = sum
  }

  /// Removes and returns a gradient, so that it is uniquely referenced and can be added to in place.
  package mutating func take(_ index: Int) -> Tensor? {
    let value = values[index]
    values[index] = nil
    return value
  }
}

extension Tensor {
  /// Records an operation with one output on the tape of its inputs, if any of them is on one.
  package func recorded(
    from inputs: Tensor...,
    pullback: @escaping @Sendable (_ upstream: Tensor, _ gradients: inout Gradients) -> Void
  ) -> Tensor {
    guard let tape = Tensor.tape(of: inputs) else { return self }
    return tape.record([self]) { upstream, gradients in
      if let gradient = upstream[0] { pullback(gradient, &gradients) }
    }[0]
  }

  /// The tape that any of `inputs` is on, which is about to get an entry that depends on no others. Traps when they are on different
  /// ones.
  package static func tape(of inputs: [Tensor]) -> Tape? {
    var found: Tape?
    for input in inputs {
      guard let tape = input.node?.tape else { continue }
      trapUnless(
        found == nil || found === tape,
        "tensors of two different valueAndGradient(of:) calls were used together")
      found = tape
    }
    found?.noteUse(of: inputs)
    return found
  }
}
