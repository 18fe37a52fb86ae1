/// The losses of connectionist temporal classification, one a row, in one piece where the backend can; as one entry on the
/// tape then.
///
/// - Parameters: as of ``CTCCall``, which fit each other; the logits may be on the tape.
/// - Returns: `[B]`, in nats.
package func ctcLosses(logits: Tensor, targets: [[Int32]], lengths: [Int], blank: Int32) -> Tensor {
  let call = CTCCall(logits: logits.detached, targets: targets, lengths: lengths, blank: blank)
  let node = logits.node
  guard let result = call.logits.backend.ctc(call, wantsOccupancies: node != nil) else {
    let states = CTCStates(call)
    return states.losses(emissions: states.emissions(logits))
  }
  return result.losses.recorded(from: logits) { upstream, gradients in
    gradients.add(upstream.backend.ctcGradient(call, result: result, weights: upstream), to: node)
  }
}

/// For each row the probabilities of where its alignment is in each frame; off the tape.
///
/// - Returns: `[length, L + 1]` a row: column i is token i of the target, column L all blanks.
package func ctcOccupancies(_ call: CTCCall) -> [Tensor] {
  guard let result = call.logits.backend.ctc(call, wantsOccupancies: true), let all = result.occupancies
  else {
    return CTCStates(call).occupancies()
  }
  var start = 0
  return call.targets.indices.map { row in
    let shape = [call.lengths[row], call.width(ofRow: row)]
    defer { start += shape[0] * shape[1] }
    return all.viewed(as: shape, from: start).sliced(axis: 1, 0..<call.targets[row].count + 1)
  }
}

/// The states of all rows side by side, S = 2 L + 1 of the longest target: blank, token, blank, ... blank; composed of
/// primitives, in logarithms.
private struct CTCStates {
  private let call: CTCCall
  /// S.
  private let count: Int
  /// What stands for the logarithm of zero: differences of it are numbers.
  private static let nothing: Float = -1e30

  init(_ call: CTCCall) {
    self.call = call
    count = 2 * (call.targets.map(\.count).max() ?? 0) + 1
  }

  private var longest: Int { call.lengths.max() ?? 0 }

  /// The logarithms of the probabilities of each state's class, `[longest, B, S]`; any number past the lengths and beyond the
  /// states of a row.
  func emissions(_ logits: Tensor) -> Tensor {
    let (rows, classes) = (call.batchSize, call.classCount)
    var (frames, places) = ([Int32](), [Int32]())
    for step in 0..<longest {
      for row in 0..<rows {
        let isReal = step < call.lengths[row]
        let first = isReal ? frames.count * classes : 0
        if isReal { frames.append(Int32(step * rows + row)) }
        let target = call.targets[row]
        for state in 0..<count {
          let token = state % 2 == 1 && state / 2 < target.count ? target[state / 2] : call.blank
          places.append(Int32(first) + token)
        }
      }
    }
    // only frames that are read, so that what stands past a row's length is in no sum of any gradient
    let real = gather(logits.reshaped(to: [call.stepCount * rows, classes]), rows: Indices(frames))
    return gather(logSoftmax(real).reshaped(to: [real.count, 1]), rows: Indices(places))
      .reshaped(to: [longest, rows, count])
  }

  /// The losses `[B]` for emissions as above.
  func losses(emissions: Tensor) -> Tensor {
    let (rows, nothing) = (call.batchSize, CTCStates.nothing)
    func constant(_ shape: [Int], _ value: (_ row: Int, _ state: Int) -> Float) -> Tensor {
      let numbers = (0..<rows).flatMap { row in (0..<shape[1]).map { value(row, $0) } }
      return Tensor(numbers, shape: shape, like: emissions)
    }
    let penalties = constant([rows, count]) { row, state in
      let (target, token) = (call.targets[row], state / 2)
      let isOpen = state % 2 == 1 && (1..<max(1, target.count)).contains(token)
      return isOpen && target[token] != target[token - 1] ? 0 : nothing
    }
    let edge = constant([rows, 2]) { _, _ in nothing }
    var states = constant([rows, count]) { $1 == 0 ? 0 : nothing }
    for step in 0..<longest {
      let before = concatenate([edge, states], axis: 1)
      let sum = logSum([
        states, before.sliced(axis: 1, 1..<count + 1), before.sliced(axis: 1, 0..<count) + penalties,
      ])
      let isReal = constant([rows, 1]) { row, _ in step < call.lengths[row] ? 1 : 0 }
      states = isReal * (sum + emissions[step]) + (1 - isReal) * states
    }
    let flat = states.reshaped(to: [rows * count, 1])
    func last(_ offset: Int) -> Tensor {
      let places = call.targets.enumerated().map { row, target in
        Int32(row * count + max(0, 2 * target.count - offset))
      }
      return gather(flat, rows: Indices(places))
    }
    let hasToken = constant([rows, 1]) { row, _ in call.targets[row].isEmpty ? nothing : 0 }
    return -logSum([last(0), last(1) + hasToken]).reshaped(to: [rows])
  }

  /// By the gradient with respect to the emissions: that of a state in a frame is minus its probability.
  func occupancies() -> [Tensor] {
    let tape = Tape()
    defer { tape.close() }
    let leaf = tape.leaf(emissions(call.logits))
    var gradients = tape.gradients(of: losses(emissions: leaf).sum())
    let shares = leaf.node.flatMap { gradients.take($0.index) } ?? leaf.detached * 0
    return call.targets.enumerated().map { row, target in
      let states = 2 * target.count + 1
      let own = -shares.sliced(axis: 0, 0..<call.lengths[row]).sliced(axis: 1, row..<row + 1)
        .sliced(axis: 2, 0..<states).reshaped(to: [call.lengths[row], states])
      let columns = (0..<states).map { own.sliced(axis: 1, $0..<$0 + 1) }
      let blanks = stride(from: 2, to: states, by: 2).reduce(columns[0]) { $0 + columns[$1] }
      return concatenate(stride(from: 1, to: states, by: 2).map { columns[$0] } + [blanks], axis: 1)
    }
  }

  /// log sum exp of tensors, element by element.
  private func logSum(_ terms: [Tensor]) -> Tensor {
    let top = terms.dropFirst().reduce(terms[0].detached) { maximum($0, $1.detached) }
    let sum = terms.dropFirst().reduce(exp(terms[0] - top)) { $0 + exp($1 - top) }
    return log(sum) + top
  }
}
