import Synchronization

/// Throws unless backpropagation through time in chunks gives the loss, the final state and every gradient of the plain
/// pass: full and ragged with rows without steps and resets, one to three layers, dropout with one mask a step and with
/// one for all, initial states of zero and trained; to 1e-6 on the ``ReferenceBackend``, 1e-4 on the CPU, with the same
/// bits on any number of threads, and with as many steps as the schedule predicts.
///
/// - Parameters:
///   - shape: T, B, I and H of the sequences.
///   - makeCell: makes a cell for an input width and a key.
public func checkRecomputation<C: Cell>(
  _ shape: CellShape, makeCell: (_ inputSize: Int, _ key: RandomKey) -> C
) throws {
  let variants: [(layers: Int, initial: InitialState, dropout: Float, isVariational: Bool, isRagged: Bool)] =
    [
      (1, .zero, 0, false, false), (2, .trained, 0.4, false, true), (3, .zero, 0.3, true, true),
    ]
  for (number, variant) in variants.enumerated() {
    let model = StackedModel(
      layer: RecurrentLayer(
        layerCount: variant.layers, inputSize: shape.I, dropoutRate: variant.dropout,
        isDropoutVariational: variant.isVariational, initialState: variant.initial,
        key: RandomKey(seed: 7).child(number), makeCell: makeCell))
    let check = RecomputationChecker(model: model, shape: shape, isRagged: variant.isRagged)
    for plan in [
      Recomputation(stepCount: shape.T, chunkLength: shape.T),
      Recomputation(stepCount: shape.T, chunkLength: 5),
      Recomputation(stepCount: shape.T, chunkLength: 3, keptStates: 1),
      Recomputation(stepCount: shape.T, chunkLength: 1, keptStates: 2),
      Recomputation(stepCount: shape.T, chunkLength: 4, keptStates: 0),
    ] {
      let what =
        "\(C.self), \(variant), \(plan.chunkCount) chunks with \(plan.schedule.keptStates) states kept"
      try Backends.$current.withValue(ReferenceBackend()) {
        try check.compare(plan, on: ReferenceBackend(), relative: 1e-6, absolute: 1e-9, what)
      }
      for threads in [1, 2, 4] {
        let backend = CPUBackend(exactThreadCount: threads)
        try Backends.$current.withValue(backend) {
          try check.compare(plan, on: backend, relative: 1e-4, absolute: 1e-5, what)
        }
      }
    }
    try checkSameBits("\(C.self), \(variant)") {
      let plan = Recomputation(stepCount: shape.T, chunkLength: 5, keptStates: 2)
      let moved = model.moved(to: Backends.current)
      let result = try valueAndGradient(of: moved, check.loss(on: Backends.current), recomputing: plan)
      return [result.value] + result.gradient.parameters.map(\.value) + result.state.tensors
    }
  }
}

/// Layers under a linear map.
private struct StackedModel<C: Cell>: Module {
  var layer: RecurrentLayer<C>
  var head: Linear

  init(layer: RecurrentLayer<C>) {
    let key = RandomKey(seed: 11)
    self.layer = layer
    head = Linear(inputSize: layer.outputSize, outputSize: 2, key: key)
    // trained initial states begin at zero, where too much is symmetric
    for cell in layer.initialStates.indices {
      for (part, tensor) in layer.initialStates[cell].enumerated() {
        self.layer.initialStates[cell][part] = .random(tensor.shape, key: key.child(cell).child(part))
      }
    }
  }

  mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("layer", &layer)
    visitor.visit("head", &head)
  }
}

private struct RecomputationChecker<C: Cell> {
  let model: StackedModel<C>
  let shape: CellShape
  let isRagged: Bool

  func loss(on backend: any Backend) -> StackedLoss<C> {
    let key = RandomKey(seed: 13)
    var lengths = key.child(1).integers(shape.B, below: shape.T + 1)
    lengths[shape.B / 2] = 0
    lengths[0] = shape.T
    let resets = key.child(2).uniforms(shape.T * shape.B).map { $0 < 0.15 }
    return StackedLoss(
      batch: SequenceBatch(
        Tensor.random([shape.T, shape.B, shape.I], key: key.child(3)).moved(to: backend),
        lengths: isRagged ? lengths : nil, resets: isRagged ? resets : nil),
      targets: Tensor.random([shape.T, shape.B, 2], key: key.child(4)).moved(to: backend),
      mode: .training(key.child(5)))
  }

  func compare(
    _ plan: Recomputation, on backend: any Backend, relative: Double, absolute: Double, _ what: String
  ) throws {
    let model = model.moved(to: backend)
    let loss = loss(on: backend)
    let (value, state, gradient) = valueAndGradient(of: model) { model in
      loss.loss(model, over: 0..<loss.stepCount, from: loss.initialState(of: model))
    }
    let counts = StepCounts()
    var counted = loss
    counted.counts = counts
    let result = try valueAndGradient(of: model, counted, recomputing: plan)
    let found = counts.values.withLock { $0 }
    try require(
      found.advanced == plan.advancedStepCount && found.differentiated == plan.stepCount,
      "\(what): \(found) steps, predicted were \(plan.advancedStepCount) and \(plan.stepCount)")
    try requireClose(result.value, value, relative: relative, absolute: absolute, "\(what): loss")
    for (index, (actual, expected)) in zip(result.state.tensors, state.tensors).enumerated() {
      try requireClose(actual, expected, relative: relative, absolute: absolute, "\(what): state \(index)")
    }
    for (actual, expected) in zip(result.gradient.parameters, gradient.parameters) {
      try require(
        expected.value.doubles.contains { $0 != 0 }, "\(what): \(expected.name) has no gradient to compare")
      try requireClose(
        actual.value, expected.value, relative: relative, absolute: absolute,
        "\(what): gradient of \(actual.name)")
    }
  }
}

/// Steps computed without a tape and with one.
private final class StepCounts: Sendable {
  let values = Mutex((advanced: 0, differentiated: 0))
}

/// The squared error over all real steps.
private struct StackedLoss<C: Cell>: SequenceLoss {
  let batch: SequenceBatch
  let targets: Tensor
  let mode: Mode
  var counts: StepCounts?

  init(batch: SequenceBatch, targets: Tensor, mode: Mode) {
    (self.batch, self.targets, self.mode) = (batch, targets, mode)
  }

  var stepCount: Int { batch.stepCount }

  func initialState(of model: StackedModel<C>) -> RecurrentLayer<C>.State {
    model.layer.initialState(batch: batch.batchSize)
  }

  func loss(
    _ model: StackedModel<C>, over steps: Range<Int>, from state: RecurrentLayer<C>.State
  ) -> (loss: Tensor, state: RecurrentLayer<C>.State) {
    counts?.values.withLock { $0.differentiated += steps.count }
    let part = batch.part(steps)
    let mode = mode.advanced(by: steps.lowerBound)
    let (outputs, next) = model.layer(part, state: state, mode: mode)
    let dropout = Dropout(rate: model.layer.dropoutRate, isVariational: model.layer.isDropoutVariational)
    let predictions = model.head(dropout(outputs, mode: mode.child(99)))
    func count(_ batch: SequenceBatch) -> Int {
      batch.lengths?.reduce(0, +) ?? batch.stepCount * batch.batchSize
    }
    let error = squaredError(predictions, targets.sliced(axis: 0, steps), lengths: part.lengths)
    return (error * (Float(count(part)) / Float(count(batch))), next)
  }

  func advance(
    _ model: StackedModel<C>, over steps: Range<Int>, from state: RecurrentLayer<C>.State
  ) -> RecurrentLayer<C>.State {
    counts?.values.withLock { $0.advanced += steps.count }
    return model.layer(batch.part(steps), state: state, mode: mode.advanced(by: steps.lowerBound)).state
  }
}
