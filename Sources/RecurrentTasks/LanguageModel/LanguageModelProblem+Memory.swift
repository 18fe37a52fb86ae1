extension LanguageModelProblem {
  /// Bytes that a training takes besides the tensors of a step: the program itself, its threads and the small change of
  /// its heap.
  static let programBytes = 32_000_000

  /// Bytes of a training that do not depend on how windows are cut: the program; parameters with the statistics of the
  /// optimiser, the best and the averaged ones, and the clipped gradient; the tokens of a window and where they lead.
  func fixedBytes(_ model: LanguageModel) -> Int {
    var copies = 1 + settings.optimizer.make(learningRate: 1, weightDecay: 0).statisticsCount
    if validation.count > 1 { copies += 1 }
    if settings.training.averageDecay != nil { copies += 1 }
    if settings.training.clipValue != nil { copies += 1 }
    let parameters = model.parameters.map { MemoryMeter.size(of: $0.value.count * 4) }
    // a few that are made on the way, in an average or a checkpoint
    let passing = 3 * (parameters.max() ?? 0)
    let tokens = configuration.sequenceLength * settings.batchSize
    return LanguageModelProblem.programBytes + copies * parameters.reduce(0, +) + passing + 32 * tokens
  }

  /// The same problem with the memory of its chunks measured; nothing is to be done without a limit.
  ///
  /// - Throws: ``RecomputationError`` when the memory of the configuration is too little.
  public func prepared(for model: LanguageModel) throws -> LanguageModelProblem {
    guard let memory = configuration.bpttMemory, chunkMemory == nil else { return self }
    let window = try window(at: StepPosition())
    let loss = LanguageModelWindow(
      window, carry: initialCarry(model), mode: .training(RandomKey(seed: settings.training.seed)))
    var copy = self
    copy.chunkMemory = try withinMemory {
      try ChunkMemory(of: model, loss, upTo: memory.bytes - fixedBytes(model))
    }
    _ = try copy.plan(model, stepCount: configuration.sequenceLength)
    return copy
  }

  /// How windows of the full length are computed; nil without a limit of memory.
  ///
  /// - Throws: ``RecomputationError`` when it is too little.
  public func recomputation(for model: LanguageModel) throws -> Recomputation? {
    try prepared(for: model).plan(model, stepCount: configuration.sequenceLength)
  }

  /// The gradient of a window: on one tape, or in chunks when there is a limit of memory.
  public func gradient(
    _ model: LanguageModel, at position: StepPosition, carry: Carry, mode: Mode
  ) throws -> StepGradient<LanguageModel, Carry> {
    let window = try window(at: position)
    return try gradient(
      model, of: LanguageModelWindow(window, carry: carry, mode: mode),
      learningRateFactor: Double(window.learningRateFactor), whole: nil)
  }

  /// Unless memory is limited: a chunk of each at once would take more.
  public var computesShardsTogether: Bool { configuration.bpttMemory == nil }

  /// The gradient of the streams of a shard, in the chunks of the whole.
  public func gradient(
    _ model: LanguageModel, at position: StepPosition, carry: Carry, mode: Mode, of shard: Shard
  ) throws -> StepGradient<LanguageModel, Carry>? {
    try gradient(model, at: position, carry: carry, mode: mode, of: shard, whole: nil)
  }

  /// The same, which tells of gradients when they are whole.
  public func gradient(
    _ model: LanguageModel, at position: StepPosition, carry: Carry, mode: Mode, of shard: Shard,
    whole: WholeGradient?
  ) throws -> StepGradient<LanguageModel, Carry>? {
    let window = try window(at: position)
    let streams = shard.rows(of: window.inputs.shape[1])
    guard !streams.isEmpty else { return nil }
    return try gradient(
      model, of: LanguageModelWindow(window, streams: streams, carry: carry, mode: mode),
      learningRateFactor: Double(window.learningRateFactor), whole: whole)
  }

  private func gradient(
    _ model: LanguageModel, of loss: LanguageModelWindow, learningRateFactor: Double, whole: WholeGradient?
  ) throws -> StepGradient<LanguageModel, Carry> {
    let problem = try prepared(for: model)
    let plan =
      try problem.plan(model, stepCount: loss.stepCount)
      ?? Recomputation(stepCount: loss.stepCount, chunkLength: loss.stepCount)
    return try withinMemory {
      let weight = Double(loss.tokenCount)
      // a window begins with what the one before has handed over, which does not depend on the model
      let (value, state, gradient) = try valueAndGradient(
        of: model, loss, recomputing: plan, whole: whole.map { whole in { whole($0, $1, weight) } })
      return StepGradient(
        step: StepLoss(
          loss: value, carry: Carry(state), unitCount: loss.tokenCount, weight: weight,
          learningRateFactor: learningRateFactor),
        gradient: gradient)
    }
  }

  /// How windows of `stepCount` steps are computed, by what was measured.
  private func plan(_ model: LanguageModel, stepCount: Int) throws -> Recomputation? {
    guard let memory = configuration.bpttMemory, let chunkMemory else { return nil }
    let fixed = fixedBytes(model)
    guard let plan = chunkMemory.recomputation(of: stepCount, within: memory.bytes - fixed) else {
      throw RecomputationError.tooLittleMemory(
        given: memory, least: MemorySize(bytes: fixed + chunkMemory.leastBytes(of: stepCount)).roundedUp)
    }
    return plan
  }

  /// Works with the pool of tensors kept within the limit of memory.
  package func withinMemory<R>(_ body: () throws -> R) rethrows -> R {
    guard let memory = configuration.bpttMemory else { return try body() }
    return try StoragePool.shared.withLimit(memory.bytes - LanguageModelProblem.programBytes, body)
  }
}
