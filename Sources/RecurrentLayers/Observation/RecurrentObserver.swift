import Synchronization

/// Is shown what recurrent layers do while a loss is computed, and how its gradient goes back through their steps.
///
/// A model that is given ``Mode/observed(_:)`` computes the loss to the same bits, each cell step by step, with the parameters
/// of each step apart; what the steps give back when the gradient is taken is gathered here. ``observe(_:_:)`` does all of it.
///
/// A model that is given one in ``Mode/training(_:firstStep:shard:observer:)`` computes as fast as without it; a few rows of
/// each reading are kept, with what comes back to their outputs, to be looked at behind the step.
public final class RecurrentObserver: Sendable {
  /// What one step of one reading adds to the gradient of a parameter.
  struct Addition: Sendable {
    var reading: Int
    var step: Int
    var norm: Double
    /// The inner product with the whole gradient; 0 where that is not known.
    var product: Double
  }

  private struct Gathered: Sendable {
    var readings: [RecurrentReading] = []
    /// By the parameter's place in the walk of the model.
    var additions: [Int: [Addition]] = [:]
    var sums: [Int: Tensor] = [:]
  }

  private let gathered = Mutex(Gathered())
  /// The gradient of each parameter, in the order of the walk; empty where it is not known.
  private let totals: [[Float]]
  /// Rows of a reading that are kept at most; nil for all.
  private let rowCount: Int?
  /// Readings in training that are kept at most: what is read step by step is not worth more.
  private static let readingLimit = 16

  /// An observer of a loss whose whole gradient is not known.
  public convenience init() { self.init(totals: []) }

  init(totals: [[Float]]) { (self.totals, rowCount) = (totals, nil) }

  /// An observer of a step of training, which keeps so many rows of each reading at most.
  public init(rowCount: Int) { (totals, self.rowCount) = ([], rowCount) }

  /// Rows of a batch that are kept, evenly out of all that are not empty; nil for none.
  func rows(of batch: SequenceBatch) -> [Int]? {
    guard readings.count < RecurrentObserver.readingLimit, batch.stepCount > 1 else { return nil }
    let all = (0..<batch.batchSize).filter { batch.lengths?[$0] ?? batch.stepCount > 0 }
    guard let rowCount, rowCount < all.count else { return all.isEmpty ? nil : all }
    return (0..<rowCount).map { all[(2 * $0 + 1) * all.count / (2 * rowCount)] }
  }

  /// What recurrent layers read so far, in the order of the calls.
  public var readings: [RecurrentReading] { gathered.withLock { $0.readings } }

  /// What was added to the gradient of the parameter at a place of the walk, and the sum of it.
  func additions(to parameter: Int) -> (steps: [Addition], sum: Tensor)? {
    gathered.withLock { gathered in
      guard let sum = gathered.sums[parameter] else { return nil }
      return (gathered.additions[parameter] ?? [], sum)
    }
  }

  /// Begins a reading.
  ///
  /// - Returns: its number.
  func begin(_ reading: RecurrentReading) -> Int {
    gathered.withLock { gathered in
      gathered.readings.append(reading)
      return gathered.readings.count - 1
    }
  }

  /// Ends a reading: its outputs and final state, with their gradients watched, of some rows or of all.
  func end<C: Cell>(
    _ reading: Int, _ outputs: Tensor, _ final: RecurrentLayer<C>.State, rows: [Int]? = nil
  ) -> (outputs: Tensor, state: RecurrentLayer<C>.State) {
    @Sendable func kept(_ all: Tensor) -> Tensor { rows.map { all.columns($0) } ?? all }
    gathered.withLock { $0.readings[reading].outputs = kept(outputs.detached) }
    let own = outputs.detached.recorded(from: outputs) { upstream, gradients in
      let own = kept(upstream)
      self.gathered.withLock { $0.readings[reading].outputGradient = own }
      gradients.add(upstream, to: outputs.node)
    }
    return (own, watched(final, of: reading, rows: rows))
  }

  /// The state behind a reading, which who goes on from it learns through.
  private func watched<C: Cell>(
    _ final: RecurrentLayer<C>.State, of reading: Int, rows: [Int]?
  ) -> RecurrentLayer<C>.State {
    let parts = final.cells.map(\.tensors)
    let (all, counts) = (parts.flatMap { $0 }, parts.map(\.count))
    guard let tape = Tensor.tape(of: all) else { return final }
    let nodes = all.map(\.node)
    var recorded = tape.record(all.map(\.detached)) { upstream, gradients in
      var rest = upstream[...]
      let own = counts.map { count in
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).map { part in
          part.map { all in rows.map { all.rows($0) } ?? all }
        }
      }
      self.gathered.withLock { $0.readings[reading].finalGradient = own }
      for (gradient, node) in zip(upstream, nodes) {
        if let gradient { gradients.add(gradient, to: node) }
      }
    }[...]
    return RecurrentLayer<C>.State(
      cells: counts.map { count in
        defer { recorded = recorded.dropFirst(count) }
        return C.State(tensors: Array(recorded.prefix(count)))
      })
  }

  /// A cell over a sequence, step by step.
  func scan<C: Cell>(
    _ cell: C, part: RecurrentReading.Part, of reading: Int, _ x: Tensor, from state: C.State,
    plan: SequencePlan
  ) -> (outputs: Tensor, state: C.State) {
    var part = part
    part.values = cell.trace(x, from: state, plan: plan)
    part.stateGradients = Array(
      repeating: [Double](repeating: 0, count: plan.longestSegment), count: state.tensors.count)
    let number = gathered.withLock { [part] gathered in
      gathered.readings[reading].parts.append(part)
      return gathered.readings[reading].parts.count - 1
    }
    return cell.unrolled(x, from: state, plan: plan) { step, input, state in
      let own = cell.mappingParameters { _, value in watched(value, reading: reading, step: step) }
      let (output, next) = own.step(input, state)
      return cell.watched(output, next) { gradients in
        let norms = gradients.map { $0.map { $0.backend.sumOfSquares($0).squareRoot() } ?? 0 }
        self.gathered.withLock { gathered in
          for (index, norm) in norms.enumerated() {
            gathered.readings[reading].parts[number].stateGradients[index][step] = norm
          }
        }
      }
    }
  }

  /// A parameter as one step uses it.
  private func watched(_ value: Tensor, reading: Int, step: Int) -> Tensor {
    guard let node = value.node else { return value }
    return value.detached.recorded(from: value) { upstream, gradients in
      self.add(upstream, to: node.index, reading: reading, step: step)
      gradients.add(upstream, to: node)
    }
  }

  private func add(_ gradient: Tensor, to parameter: Int, reading: Int, step: Int) {
    var product = 0.0
    if totals.indices.contains(parameter) {
      for (own, whole) in zip(gradient.scalars, totals[parameter]) { product += Double(own) * Double(whole) }
    }
    let norm = gradient.backend.sumOfSquares(gradient).squareRoot()
    gathered.withLock { gathered in
      gathered.additions[parameter, default: []].append(
        Addition(reading: reading, step: step, norm: norm, product: product))
      gathered.sums[parameter] = gathered.sums[parameter].map { $0 + gradient } ?? gradient
    }
  }
}

extension Cell {
  /// What a step gave, with `look` called on the gradients of the parts of the state behind it, nil for zero. Where the
  /// output is the state, what goes back through it counts.
  func watched(
    _ output: Tensor, _ state: State, _ look: @escaping @Sendable ([Tensor?]) -> Void
  ) -> (output: Tensor, state: State) {
    let parts = state.tensors
    let all = [output] + parts
    guard let tape = Tensor.tape(of: all) else { return (output, state) }
    let isState =
      outputsState || (output.node != nil && output.node?.index == parts.first?.node?.index)
    let nodes = all.map(\.node)
    let recorded = tape.record(all.map(\.detached)) { upstream, gradients in
      var seen = Array(upstream.dropFirst())
      if isState, let through = upstream[0] { seen[0] = seen[0].map { $0 + through } ?? through }
      look(seen)
      for (gradient, node) in zip(upstream, nodes) {
        if let gradient { gradients.add(gradient, to: node) }
      }
    }
    return (recorded[0], State(tensors: Array(recorded.dropFirst())))
  }
}
