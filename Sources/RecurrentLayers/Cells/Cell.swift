/// One step of a recurrent network.
///
/// A cell is a small value: parameters, the state that it starts from, and one step. Everything else (layers,
/// directions, ragged batches, resets, streaming, training) works with any cell. Cells that a backend fuses override
/// ``scan(_:from:plan:)``; the results are the same, sooner. What else a cell offers it is asked for; by default it offers
/// nothing else.
///
///     struct MinimalGatedCell: Cell {
///       var update, candidate, inner, bias: Tensor      // [I, H], [I, H], [H, H], [H]
///       ...
///       func step(_ x: Tensor, _ h: Tensor) -> (output: Tensor, state: Tensor) {
///         let z = sigmoid(matmul(x, update) + bias)
///         let next = (1 - z) * h + z * tanh(matmul(x, candidate) + matmul(h, inner))
///         return (next, next)
///       }
///     }
public protocol Cell: Module {
  /// What is carried from step to step; every tensor in it has the batch as its first axis.
  associatedtype State: RecurrentState

  /// I: the width of the input.
  var inputSize: Int { get }
  /// The width of the output.
  var outputSize: Int { get }

  /// The zero state for `batch` rows.
  func initialState(batch: Int) -> State

  /// One step for B independent rows.
  ///
  /// - Parameters:
  ///   - x: `[B, I]`.
  ///   - state: of B rows.
  /// - Returns: the output `[B, outputSize]` and the next state.
  func step(_ x: Tensor, _ state: State) -> (output: Tensor, state: State)

  /// A whole sequence. The result is that of ``step(_:_:)`` applied step by step to each segment of the plan.
  ///
  /// - Parameters:
  ///   - x: `[T, B, I]`.
  ///   - state: one row for each segment of the plan.
  ///   - plan: which rows are read in which order.
  /// - Returns: outputs `[T, B, outputSize]`, zero where the plan reads nothing, and the state after the last step of
  ///   each segment.
  func scan(_ x: Tensor, from state: State, plan: SequencePlan) -> (outputs: Tensor, state: State)

  /// A whole sequence with the noise inside the cell that `mode` asks for: dropout of weights or states, zoneout.
  ///
  /// - Parameters:
  ///   - x: `[T, B, I]`.
  ///   - state: one row for each segment of the plan.
  ///   - plan: which rows are read in which order.
  ///   - mode: training for noise.
  /// - Returns: as ``scan(_:from:plan:)``, which is what cells without noise do.
  func scan(
    _ x: Tensor, from state: State, plan: SequencePlan, mode: Mode
  ) -> (outputs: Tensor, state: State)

  /// The same cell with its weights once in the form that kernels read, for many short calls with fixed weights.
  func packed() -> Self

  /// The same cell with the operands of its products rounded to `precision`; itself when it knows float32 alone.
  func with(precision: Precision) -> Self

  /// Whether a scan depends on its arguments and the parameters alone and leaves nothing behind, so that two may run at
  /// the same time. By default unknown: false.
  var isSelfContained: Bool { get }

  /// The cell as a stage of a stack that a backend steps in memory of its own; nil when it has no such form.
  ///
  /// - Parameter state: of B rows, to begin with.
  func stepStage(from state: State) -> StepStage?

  /// One step in float32 and without noise that shows what happens inside: activated gates, then what comes out as
  /// `hidden`, then further states, by name. By default the output and the parts of the state.
  ///
  /// - Parameters:
  ///   - x: `[B, I]`.
  ///   - state: of B rows.
  /// - Returns: values `[B, ...]` under the same names in every step, and the next state.
  func tracedStep(_ x: Tensor, _ state: State) -> (values: [(name: String, values: Tensor)], state: State)

  /// Whether the output of a step is the first part of the state behind it. By default only where a step gives the same
  /// tensor for both.
  var outputsState: Bool { get }
}

/// What a cell carries from step to step.
public protocol RecurrentState: CarriedState {
  /// The parts, in a fixed order; the first axis of each is the batch.
  var tensors: [Tensor] { get }
  /// A state of the given parts.
  init(tensors: [Tensor])
}

extension RecurrentState {
  /// The same state off the tape: what is carried into the next window of truncated backpropagation through time.
  public var detached: Self { Self(tensors: tensors.map(\.detached)) }

  /// The rows with the given numbers.
  public func rows(_ numbers: [Int]) -> Self {
    let indices = Indices(numbers.map { Int32($0) })
    return Self(
      tensors: tensors.map { tensor in
        let width = tensor.shape.dropFirst().reduce(1, *)
        return gather(tensor.reshaped(to: [tensor.shape[0], width]), rows: indices)
          .reshaped(to: [numbers.count] + tensor.shape.dropFirst())
      })
  }
}

extension Tensor: RecurrentState {
  /// The tensor itself.
  public var tensors: [Tensor] { [self] }

  /// The only part.
  public init(tensors: [Tensor]) { self = tensors[0] }
}

extension Cell {
  /// The cell itself: it has no form of its own for kernels.
  public func packed() -> Self { self }

  /// The cell itself: what is composed of operations knows float32 alone.
  public func with(precision: Precision) -> Self { self }

  /// Unknown, since a cell may keep what is not among its parameters.
  public var isSelfContained: Bool { false }

  /// The cell is no stage: it is stepped by its operations.
  public func stepStage(from state: State) -> StepStage? { nil }

  /// The output, and the parts of the state behind it.
  public func tracedStep(
    _ x: Tensor, _ state: State
  ) -> (values: [(name: String, values: Tensor)], state: State) {
    let (output, next) = step(x, state)
    let parts = next.tensors
    let names = parts.count == 1 ? ["state"] : parts.indices.map { "state \($0)" }
    return ([("hidden", output)] + zip(names, parts).map { ($0, $1) }, next)
  }

  /// Unknown.
  public var outputsState: Bool { false }

  /// What happens inside the cell over a sequence, for looking at: the values of ``tracedStep(_:_:)``, off the tape.
  ///
  /// - Parameters:
  ///   - x: `[T, B, I]`.
  ///   - state: one row for each segment of the plan.
  ///   - plan: which rows are read in which order.
  /// - Returns: `[T, B, width]` by name, zero where the plan reads nothing; empty where the plan has no step.
  public func trace(
    _ x: Tensor, from state: State, plan: SequencePlan
  ) -> [(name: String, values: Tensor)] {
    let cell = mappingParameters { $1.detached }
    var parts: [(name: String, width: Int)] = []
    let steps = cell.unrolled(x.detached, from: state.detached, plan: plan) { _, x, state in
      let (values, next) = cell.tracedStep(x, state)
      let rows = values.map { $0.values.asMatrix }
      parts = zip(values, rows).map { ($0.name, $1.shape[1]) }
      return (concatenate(rows, axis: 1), next)
    }.outputs
    var end = 0
    return parts.map { name, width in
      end += width
      return (name, steps.sliced(axis: 2, end - width..<end))
    }
  }

  /// The unrolled sequence: one ``step(_:_:)`` after the other on the tape.
  public func scan(_ x: Tensor, from state: State, plan: SequencePlan) -> (outputs: Tensor, state: State) {
    unrolledScan(x, from: state, plan: plan)
  }

  /// Without noise.
  public func scan(
    _ x: Tensor, from state: State, plan: SequencePlan, mode: Mode
  ) -> (outputs: Tensor, state: State) {
    scan(x, from: state, plan: plan)
  }

  /// The sequence as a chain of single steps, whatever ``scan(_:from:plan:)`` does: the unrolled view of the network.
  public func unrolledScan(
    _ x: Tensor, from state: State, plan: SequencePlan
  ) -> (outputs: Tensor, state: State) {
    unrolled(x, from: state, plan: plan) { step($1, $2) }
  }

  /// The sequence as a chain of `advance(step, x, state)`.
  func unrolled(
    _ x: Tensor, from state: State, plan: SequencePlan,
    advance: (Int, Tensor, State) -> (output: Tensor, state: State)
  ) -> (outputs: Tensor, state: State) {
    let rows = x.reshaped(to: [plan.stepCount * plan.batchSize, x.shape[2]])
    return plan.walk(from: state, outputSize: outputSize, on: x.backend) { step, state in
      advance(step, plan.inputRows(of: rows, at: step), state)
    }
  }
}

extension RecurrentState {
  /// Neighbouring rows.
  func part(_ range: Range<Int>) -> Self { Self(tensors: tensors.map { $0.sliced(axis: 0, range) }) }

  /// States put one after the other.
  static func joined(_ states: [Self]) -> Self {
    let count = states[0].tensors.count
    return Self(tensors: (0..<count).map { index in concatenate(states.map { $0.tensors[index] }) })
  }
}

extension SequencePlan {
  /// The length of the longest segment.
  var longestSegment: Int { alive.count }

  /// How many segments are longer than `step`.
  func aliveSegments(at step: Int) -> Int { Int(alive[step]) }

  /// A chain of `advance(step, state)`, each with one row for each segment that is longer than `step`.
  ///
  /// - Parameters:
  ///   - state: one row for each segment.
  ///   - outputSize: the width of the output of a plan without steps.
  ///   - backend: of that output.
  /// - Returns: outputs `[T, B, H]`, zero where the plan reads nothing, and the last state of each segment.
  func walk<S: RecurrentState>(
    from state: S, outputSize: Int, on backend: any Backend,
    advance: (Int, S) -> (output: Tensor, state: S)
  ) -> (outputs: Tensor, state: S) {
    var state = state
    var alive = segmentCount
    var outputs: [Tensor] = []
    var ended: [S] = []
    for step in 0..<longestSegment {
      let next = aliveSegments(at: step)
      if next < alive {
        ended.append(state.part(next..<alive))
        state = state.part(0..<next)
        alive = next
      }
      let (output, following) = advance(step, state)
      outputs.append(output)
      state = following
    }
    // segments are sorted by falling length: those that ended last come first
    ended.append(state)
    let width = outputs.first?.shape[1] ?? outputSize
    let flat =
      outputs.isEmpty
      ? backend.filled(0, shape: [stepCount * batchSize, width]) : scattered(concatenate(outputs))
    return (flat.reshaped(to: [stepCount, batchSize, width]), S.joined(ended.reversed()))
  }

  /// Of `rows`, in the order of ``realRows(of:)``, those of one step.
  func realRows(_ rows: Tensor, at step: Int) -> Tensor {
    if isFull { return inputRows(of: rows, at: step) }
    let first = Int(offset[step])
    return rows.sliced(axis: 0, first..<first + aliveSegments(at: step))
  }

  /// The inputs `[alive, I]` of a step from the flat inputs `[T * B, I]`.
  func inputRows(of rows: Tensor, at step: Int) -> Tensor {
    let numbers = (0..<aliveSegments(at: step)).map { Int(first[$0] + Int64(step) * stride) }
    if numbers.enumerated().allSatisfy({ $1 == numbers[0] + $0 }) {
      return rows.sliced(axis: 0, numbers[0]..<numbers[0] + numbers.count)
    }
    return gather(rows, rows: Indices(numbers.map { Int32($0) }))
  }

  /// Outputs in slot order `[slots, H]` put at their places in `[T * B, H]`, zero elsewhere.
  func scattered(_ slots: Tensor) -> Tensor {
    let count = stepCount * batchSize
    var slotOfRow = Array(repeating: Int32(slotCount), count: count)
    for step in alive.indices {
      for segment in 0..<Int(alive[step]) {
        slotOfRow[Int(first[segment] + Int64(step) * stride)] = Int32(Int(offset[step]) + segment)
      }
    }
    // where only the last place is empty, its slot would have its number too
    if isFull, slotOfRow.enumerated().allSatisfy({ Int($1) == $0 }) { return slots }
    let padded = concatenate([slots, slots.backend.filled(0, shape: [1, slots.shape[1]])])
    return gather(padded, rows: Indices(slotOfRow))
  }
}
