extension OperatorCatalog {
  private static let shared: Set<String> = [
    "hidden_size", "direction", "activations", "activation_alpha", "activation_beta", "clip", "layout",
    "output_sequence",
  ]

  static let recurrent: [GraphOperator] = [
    GraphOperator("RNN", attributes: shared) { try RecurrentNode($0, .rnn).run() },
    GraphOperator("GRU", attributes: shared.union(["linear_before_reset"])) {
      try RecurrentNode($0, .gru).run()
    },
    GraphOperator("LSTM", attributes: shared.union(["input_forget"])) { try RecurrentNode($0, .lstm).run() },
    GraphOperator(
      "DynamicQuantizeLSTM", domain: "com.microsoft", versions: 1...1,
      attributes: shared.union(["input_forget"])
    ) { try RecurrentNode($0, .lstm, isQuantized: true).run() },
  ]
}

/// A node of one of the recurrent operators: what it is given, brought into the order of ``RecurrentWeights``.
struct RecurrentNode {
  enum Kind {
    case rnn, gru, lstm

    /// Gates as ONNX counts them.
    var gates: Int {
      switch self {
      case .rnn: 1
      case .gru: 3
      case .lstm: 4
      }
    }
  }

  let context: NodeContext
  let kind: Kind
  /// Whether the weights are bytes with scales (com.microsoft.DynamicQuantizeLSTM).
  let isQuantized: Bool
  let hidden: Int
  /// The directions in the order of the weights.
  let directions: [SequenceDirection]
  /// Activations of each direction: of the gates, of the candidate, of the cell state.
  let activations: [[Activation]]
  let clip: Float?
  let isBatchFirst: Bool
  /// LSTM: f = 1 - i.
  let couplesGates: Bool
  /// GRU: the reset gate after the product.
  let resetsAfter: Bool

  init(_ context: NodeContext, _ kind: Kind, isQuantized: Bool = false) throws(GraphError) {
    self.context = context
    self.kind = kind
    self.isQuantized = isQuantized
    let recurrent = try context.input(2)
    guard recurrent.shape.count == 3 else {
      throw context.invalid("R has the shape \(recurrent.shape), expected 3 axes")
    }
    // quantised weights stand transposed: [D, H, 4 H]
    hidden = try context.integer("hidden_size") ?? recurrent.shape[isQuantized ? 1 : 2]
    guard hidden >= 1 else { throw context.invalid("hidden_size is \(hidden)") }
    switch try context.text("direction") ?? "forward" {
    case "forward": directions = [.forward]
    case "reverse": directions = [.backward]
    case "bidirectional": directions = [.forward, .backward]
    case let other: throw context.unsupported("direction = \(other)")
    }
    activations = try RecurrentNode.activations(context, kind, directions: directions.count)
    clip = try context.float("clip")
    isBatchFirst = try context.integer("layout", or: 0) == 1
    couplesGates = try context.flag("input_forget")
    resetsAfter = try context.flag("linear_before_reset")
  }

  private static func activations(
    _ context: NodeContext, _ kind: Kind, directions: Int
  ) throws(GraphError) -> [[Activation]] {
    let standard =
      kind == .rnn ? ["Tanh"] : kind == .gru ? ["Sigmoid", "Tanh"] : ["Sigmoid", "Tanh", "Tanh"]
    let names = try context.texts("activations") ?? (0..<directions).flatMap { _ in standard }
    guard names.count == directions * standard.count else {
      throw context.invalid("\(names.count) activations, expected \(directions * standard.count)")
    }
    // parameters belong to the functions that have them, in order
    var alphas = (try context.floats(attribute: "activation_alpha") ?? [])[...]
    var betas = (try context.floats(attribute: "activation_beta") ?? [])[...]
    var found: [Activation] = []
    for name in names {
      guard let form = forms[name.lowercased()] else { throw context.unsupported("the activation \(name)") }
      let defaults = form.defaults
      let hasAlpha = ![.tanh, .relu, .sigmoid, .softsign, .softplus].contains(form)
      let hasBeta = [.affine, .scaledTanh, .hardSigmoid].contains(form)
      let alpha = hasAlpha ? alphas.popFirst() ?? defaults.alpha : defaults.alpha
      found.append(
        Activation(form, alpha: alpha, beta: hasBeta ? betas.popFirst() ?? defaults.beta : defaults.beta))
    }
    return (0..<directions).map { Array(found[$0 * standard.count..<($0 + 1) * standard.count]) }
  }

  private static let forms: [String: Activation.Form] = [
    "tanh": .tanh, "relu": .relu, "sigmoid": .sigmoid, "affine": .affine, "leakyrelu": .leakyReLU,
    "thresholdedrelu": .thresholdedReLU, "scaledtanh": .scaledTanh, "hardsigmoid": .hardSigmoid, "elu": .elu,
    "softsign": .softsign, "softplus": .softplus,
  ]

  // MARK: Running

  func run() throws -> [GraphValue?] {
    var x = try context.tensor(0)
    guard x.rank == 3 else { throw context.invalid("X has the shape \(x.shape), expected 3 axes") }
    if isBatchFirst { x = x.permuted([1, 0, 2]) }
    let (steps, batch) = (x.shape[0], x.shape[1])
    _ = try context.checkedCount([steps, batch, directions.count, hidden])
    let lengths = try sequenceLengths(steps: steps, batch: batch)
    let cells = try weights(inputSize: x.shape[2])
    let hiddenStates = try states(5, batch: batch)
    let cellStates = kind == .lstm ? try states(6, batch: batch) : nil
    var results: [DirectionResult] = []
    x.backend.concurrently(directions.count) { [x] index in
      let plan = SequencePlan(
        stepCount: steps, batchSize: batch, lengths: lengths, direction: directions[index])
      let start = DirectionStart(hidden: hiddenStates?[index], cell: cellStates?[index])
      return (isFused(index) ? fused(x, cells[index], plan, start) : nil)
        ?? composed(x, cells[index], plan, start, activations[index], lengths: lengths)
    } inOrder: {
      results.append($0)
    }
    return outputs(results, steps: steps, batch: batch)
  }

  /// What a direction begins with, `[B, H]` each; nil for zeros.
  struct DirectionStart {
    let hidden, cell: Tensor?
  }

  /// What a direction gives.
  struct DirectionResult {
    /// `[T, B, H]`.
    let output: Tensor
    /// `[B, H]`.
    let hidden: Tensor
    let cell: Tensor?
  }

  private func isFused(_ direction: Int) -> Bool {
    guard clip == nil else { return false }
    switch kind {
    case .rnn: return true
    case .gru: return activations[direction] == [Activation(.sigmoid), .tanh]
    case .lstm: return activations[direction] == [Activation(.sigmoid), .tanh, .tanh]
    }
  }

  private func sequenceLengths(steps: Int, batch: Int) throws(GraphError) -> [Int]? {
    guard let lengths = try context.optionalIntegers(4) else { return nil }
    guard lengths.count == batch, lengths.allSatisfy({ (0...steps).contains($0) }) else {
      throw context.invalid(
        "sequence_lens of \(lengths.prefix(8)) do not fit \(batch) rows of \(steps) steps")
    }
    return lengths.allSatisfy { $0 == steps } ? nil : lengths
  }

  /// The states of an input [D, B, H] by direction; nil where there is none.
  private func states(_ index: Int, batch: Int) throws(GraphError) -> [Tensor]? {
    guard var states = try context.optionalTensor(index) else { return nil }
    let expected = isBatchFirst ? [batch, directions.count, hidden] : [directions.count, batch, hidden]
    guard states.shape == expected else {
      throw context.invalid("input \(index) has the shape \(states.shape), expected \(expected)")
    }
    if isBatchFirst { states = states.permuted([1, 0, 2]) }
    return directions.indices.map { states.sliced(axis: 0, $0..<$0 + 1).reshaped(to: [batch, hidden]) }
  }

  private func outputs(_ results: [DirectionResult], steps: Int, batch: Int) -> [GraphValue?] {
    let count = results.count
    func joined(_ tensors: [Tensor], _ shape: [Int], axis: Int) -> Tensor {
      let parts = tensors.map { $0.reshaped(to: shape) }
      return parts.count == 1 ? parts[0] : concatenate(parts, axis: axis)
    }
    func state(_ tensors: [Tensor]) -> GraphValue {
      GraphValue(
        joined(tensors, isBatchFirst ? [batch, 1, hidden] : [1, batch, hidden], axis: isBatchFirst ? 1 : 0))
    }
    var all: GraphValue?
    if context.wanted.first ?? false {
      var y = joined(results.map(\.output), [steps, 1, batch, hidden], axis: 1)
      if isBatchFirst {
        y = count == 1 && batch == 1 ? y.reshaped(to: [batch, steps, 1, hidden]) : y.permuted([2, 0, 1, 3])
      }
      all = GraphValue(y)
    }
    return [all, state(results.map(\.hidden))] + (kind == .lstm ? [state(results.compactMap(\.cell))] : [])
  }
}

extension RecurrentNode {
  /// The call of a fused kernel; nil where the backend has none.
  private func fused(
    _ x: Tensor, _ cell: RecurrentNodeWeights, _ plan: SequencePlan, _ start: DirectionStart
  ) -> DirectionResult? {
    let batch = plan.batchSize
    let rows = plan.isIdentity ? nil : Indices(plan.rowOfSegment.map { Int32($0) })
    func state(_ tensor: Tensor?) -> Tensor {
      guard let tensor else { return Tensor(zeros: [plan.segmentCount, hidden]) }
      return rows.map { gather(tensor, rows: $0) } ?? tensor
    }
    func ofRows(_ tensor: Tensor) -> Tensor {
      plan.isIdentity ? tensor : gather(tensor, rows: Indices(plan.lastSegmentOfRow.map { Int32($0) }))
    }
    let call = RecurrentCall(
      kind: cell.kind, weights: cell.weights, prepared: cell.prepared, options: cell.options, input: x,
      hidden: state(start.hidden), cell: kind == .lstm ? state(start.cell) : nil, plan: plan)
    guard let result = x.backend.recurrentForward(call, isTraining: false) else { return nil }
    return DirectionResult(
      output: result.output.reshaped(to: [plan.stepCount, batch, hidden]), hidden: ofRows(result.hidden),
      cell: result.cell.map(ofRows))
  }

  /// The equations step by step, for activations and clipping that no kernel has.
  private func composed(
    _ x: Tensor, _ cell: RecurrentNodeWeights, _ plan: SequencePlan, _ start: DirectionStart,
    _ activations: [Activation], lengths: [Int]?
  ) -> DirectionResult {
    let (steps, batch) = (plan.stepCount, plan.batchSize)
    let own = lengths ?? [Int](repeating: steps, count: batch)
    var h = start.hidden ?? Tensor(zeros: [batch, hidden])
    var c = start.cell ?? Tensor(zeros: [batch, hidden])
    var outputs = [Tensor?](repeating: nil, count: steps * batch)
    let flat = x.reshaped(to: [steps * batch, x.shape[2]])
    for step in 0..<(own.max() ?? 0) {
      let places = own.indices.map { row -> Int32 in
        let at = plan.direction == .forward ? step : own[row] - 1 - step
        return Int32(Swift.max(at, 0) * batch + row)
      }
      let (next, nextCell) = equations(gather(flat, rows: Indices(places)), h, c, cell, activations)
      // rows that have ended keep their state
      let alive = Tensor(own.map { step < $0 ? 1 : 0 }, shape: [batch, 1])
      h = alive * next + (1 - alive) * h
      c = alive * nextCell + (1 - alive) * c
      for row in own.indices where step < own[row] {
        outputs[Int(places[row])] = next.sliced(axis: 0, row..<row + 1)
      }
    }
    let zero = Tensor(zeros: [1, hidden])
    let y = outputs.isEmpty ? Tensor(zeros: [0, hidden]) : concatenate(outputs.map { $0 ?? zero })
    return DirectionResult(
      output: y.reshaped(to: [steps, batch, hidden]), hidden: h, cell: kind == .lstm ? c : nil)
  }

  private func equations(
    _ x: Tensor, _ h: Tensor, _ c: Tensor, _ cell: RecurrentNodeWeights, _ activations: [Activation]
  ) -> (h: Tensor, c: Tensor) {
    let weights = cell.weights
    func limited(_ tensor: Tensor) -> Tensor {
      guard let clip else { return tensor }
      return minimum(maximum(tensor, Tensor(-clip)), Tensor(clip))
    }
    func gate(_ tensor: Tensor, _ index: Int) -> Tensor {
      tensor.sliced(axis: tensor.rank - 1, index * hidden..<(index + 1) * hidden)
    }
    var fromInput = matmul(x, weights.inputHidden, transposeB: true)
    if let bias = weights.inputBias { fromInput = fromInput + bias }
    let bias = weights.hiddenBias ?? Tensor(zeros: [weights.hiddenHidden.shape[0]])
    let fromState = matmul(h, weights.hiddenHidden, transposeB: true) + bias
    switch kind {
    case .rnn: return (activations[0](limited(fromInput + fromState)), c)
    case .gru:
      // gates r z n
      let reset = activations[0](limited(gate(fromInput, 0) + gate(fromState, 0)))
      let update = activations[0](limited(gate(fromInput, 1) + gate(fromState, 1)))
      var inner = reset * gate(fromState, 2)
      if !resetsAfter {
        let rows = weights.hiddenHidden.sliced(axis: 0, 2 * hidden..<3 * hidden)
        inner = matmul(reset * h, rows, transposeB: true) + gate(bias, 2)
      }
      let candidate = activations[1](limited(gate(fromInput, 2) + inner))
      return ((1 - update) * candidate + update * h, c)
    case .lstm:
      // gates i f g o, coupled i g o; peepholes i f o, coupled i o
      let sums = fromInput + fromState
      let last = couplesGates ? 2 : 3
      func sees(_ index: Int, _ state: Tensor) -> Tensor? { weights.peephole.map { gate($0, index) * state } }
      func opened(_ sum: Tensor, _ peephole: Tensor?) -> Tensor {
        activations[0](limited(peephole.map { sum + $0 } ?? sum))
      }
      let input = opened(gate(sums, 0), sees(0, c))
      let forget = couplesGates ? 1 - input : opened(gate(sums, 1), sees(1, c))
      let candidate = activations[1](limited(gate(sums, last - 1)))
      let next = forget * c + input * candidate
      let output = opened(gate(sums, last), sees(last - 1, next))
      return (output * activations[2](next), next)
    }
  }
}
