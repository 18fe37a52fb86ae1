import RecurrentTestSupport
import Testing

@testable import RecurrentTraining

/// The same file for any number of ranks.
@Suite struct ShardedTrainingTests {
  /// Streams of an LSTM whose state is carried on, with everything that draws random numbers; steps may have fewer rows.
  private struct StreamProblem: ShardedProblem {
    struct Model: Module {
      var layer: RecurrentLayer<LSTM>
      var head: Linear

      mutating func walk(_ visitor: inout some ParameterVisitor) {
        visitor.visit("layer", &layer)
        visitor.visit("head", &head)
      }
    }

    struct Carry: RecurrentState {
      var tensors: [Tensor]
    }

    var rowCount = 13
    /// Whether a state is carried; otherwise the last step of an epoch has two rows alone.
    var carries = true
    var data = Tensor.random([5 * 4, 13, 3], key: RandomKey(seed: 8))

    func stepCount(epoch: Int) -> Int { 4 }

    func initialCarry(_ model: Model) -> Carry {
      Carry(tensors: carries ? model.layer.initialState(batch: rowCount).detached.tensors : [])
    }

    private func loss(
      _ model: Model, at position: StepPosition, rows: Range<Int>, carry: Carry, mode: Mode
    ) -> StepLoss<Carry> {
      let x = data.sliced(axis: 0, 5 * position.step..<5 * position.step + 5).sliced(axis: 1, rows)
      let lengths = rows.map { carries ? 5 : 1 + $0 % 5 }
      let state = carries ? model.layer.initialState(batch: rows.count).replacing(carry.tensors) : nil
      let dropped = Dropout(rate: 0.3)(x, mode: mode.child(0))
      let (outputs, next) = model.layer(
        SequenceBatch(dropped, lengths: lengths), state: state, mode: mode.child(1))
      let count = lengths.reduce(0, +)
      let value = square(model.head(outputs) - x.sliced(axis: 2, 0..<2)).sum() * (1 / Float(count))
      return StepLoss(
        loss: value, carry: Carry(tensors: carries ? next.tensors : []), unitCount: rows.count,
        weight: Double(count))
    }

    private func rows(_ position: StepPosition) -> Int { !carries && position.step == 3 ? 2 : rowCount }

    func loss(_ model: Model, at position: StepPosition, carry: Carry, mode: Mode) -> StepLoss<Carry> {
      loss(model, at: position, rows: 0..<rows(position), carry: carry, mode: mode)
    }

    func gradient(
      _ model: Model, at position: StepPosition, carry: Carry, mode: Mode, of shard: Shard
    ) -> StepGradient<Model, Carry>? {
      gradient(model, at: position, carry: carry, mode: mode, of: shard, whole: nil)
    }

    func gradient(
      _ model: Model, at position: StepPosition, carry: Carry, mode: Mode, of shard: Shard,
      whole: WholeGradient?
    ) -> StepGradient<Model, Carry>? {
      let rows = shard.rows(of: rows(position))
      guard !rows.isEmpty else { return nil }
      var weight = 0.0
      let told = whole.map { whole in { whole($0, $1, weight) } as Tape.WholeGradient }
      let (_, step, gradient) = valueAndGradient(of: model, whole: told) { model in
        var step = loss(model, at: position, rows: rows, carry: carry, mode: mode)
        weight = step.weight
        let value = step.loss
        (step.loss, step.carry) = (value.detached, step.carry.detached)
        return (value, step)
      }
      return StepGradient(step: step, gradient: gradient)
    }

    func validate(_ model: Model) -> Validation? {
      Validation(loss: model.parameters.reduce(0) { $0 + abs(Double($1.value.sum().scalar)) })
    }
  }

  private static func trainer(
    _ problem: StreamProblem, shards: Int?, ranks: any Communicator = SoloCommunicator()
  ) -> Trainer<StreamProblem> {
    let key = RandomKey(seed: 4)
    let regularization = RecurrentRegularization(
      zoneout: 0.1, zoneoutCell: 0.1, inputDropout: 0.2, recurrentDropout: 0.2, weightDrop: 0.3)
    let model = StreamProblem.Model(
      layer: RecurrentLayer(layerCount: 2, inputSize: 3, dropoutRate: 0.2, key: key) { size, key in
        LSTM(inputSize: size, hiddenSize: 5, regularization: regularization, key: key)
      }, head: Linear(inputSize: 5, outputSize: 2, key: key.child(9)))
    var trainer = Trainer(
      problem: problem, model: model,
      optimizer: OptimizerCatalog.adamw.make(learningRate: 1e-2, weightDecay: 0.1),
      settings: TrainerSettings(epochs: 2, clipNorm: 0.5, averageDecay: 0.9, seed: 3, shards: shards))
    trainer.ranks = ranks
    return trainer
  }

  /// The bytes of the checkpoint at the end, without the time that was spent.
  private static func file(
    _ problem: StreamProblem, shards: Int, ranks: Int, stopsAfter: Int? = nil, from start: String? = nil,
    to path: String
  ) throws {
    _ = try ThreadRanks.run(ranks) {
      try file(problem, shards: shards, as: $0, stopsAfter: stopsAfter, from: start, to: path)
    }
  }

  /// The same by this rank.
  private static func file(
    _ problem: StreamProblem, shards: Int, as own: any Communicator = SoloCommunicator(),
    stopsAfter: Int? = nil, from start: String? = nil, to path: String
  ) throws {
    var trainer = trainer(problem, shards: shards, ranks: own)
    if let start { try trainer.restore(from: start) }
    trainer.checkpointPath = own.rank == 0 ? path : nil
    var steps = 0
    let end = try trainer.run(
      shouldStop: {
        steps += 1
        // one rank asks: before its step, alone behind it
        return own.rank == own.size - 1 && steps == stopsAfter
      }, clock: { 0 })
    try #require(end == (stopsAfter == nil ? .completed : .interrupted))
  }

  @Test(arguments: [
    (4, [1, 2, 4], true), (12, [1, 3, 6], true), (4, [1, 2, 4], false), (12, [1, 3, 6], false),
  ])
  func anyNumberOfRanks(_ shards: Int, _ sizes: [Int], _ carries: Bool) throws {
    let folder = try ScratchFolder()
    let problem = StreamProblem(carries: carries)
    var files: [[UInt8]] = []
    for size in sizes {
      let path = folder.path + "/\(size).safetensors"
      try Self.file(problem, shards: shards, ranks: size, to: path)
      files.append(try MappedFile(path: path).withBytes { Array($0) })
    }
    #expect(Set(files).count == 1 && files[0].count > 1000)
  }

  /// Several shards of a rank at the same time, by any number of threads.
  @Test(arguments: [2, 5]) func anyNumberOfThreads(_ shards: Int) throws {
    let folder = try ScratchFolder()
    for carries in [true, false] {
      let files = try (1...3).map { threads in
        let path = try folder.file("\(carries)-\(threads)")
        try Backends.$current.withValue(CPUBackend(exactThreadCount: threads)) {
          try Self.file(StreamProblem(carries: carries), shards: shards, to: path)
        }
        return try MappedFile(path: path).withBytes { Array($0) }
      }
      #expect(Set(files).count == 1 && files[0].count > 1000)
    }
  }

  /// Stopped with some ranks and gone on with others: the file of one that was never stopped.
  @Test(arguments: [(4, 2), (4, 1), (1, 4), (2, 4)]) func goneOnWithOthers(_ first: Int, _ second: Int) throws
  {
    let folder = try ScratchFolder()
    let problem = StreamProblem()
    try Self.file(problem, shards: 4, ranks: 1, to: folder.path + "/whole")
    try Self.file(problem, shards: 4, ranks: first, stopsAfter: 3, to: folder.path + "/half")
    try Self.file(problem, shards: 4, ranks: second, from: folder.path + "/half", to: folder.path + "/end")
    let (whole, end) = (
      try MappedFile(path: folder.path + "/whole").withBytes { Array($0) },
      try MappedFile(path: folder.path + "/end").withBytes { Array($0) }
    )
    #expect(whole == end)
  }

  /// Without random numbers shards are the step, up to rounding.
  @Test func shardsAreTheStep() throws {
    var gradients: [[Float]] = []
    for shards in [1, 4, 13] {
      let trainer = Self.trainer(StreamProblem(), shards: nil)
      let problem = trainer.problem
      let steps = try ShardedSteps(SoloCommunicator(), shards: shards, configuration: 0)
      let model = trainer.model
      let quiet = QuietProblem(problem: problem)
      let result = try steps.step(
        quiet, model, at: StepPosition(), carry: problem.initialCarry(model), key: RandomKey(seed: 1),
        stepCount: 0, wishes: [])
      #expect(result.weight == 65 && result.unitCount == 13)
      gradients.append(result.gradient.parameters.flatMap(\.value.scalars))
    }
    for other in gradients.dropFirst() {
      #expect(zip(gradients[0], other).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  /// Gradients that are exchanged in slices while others are computed, by ranks of which one may have no rows: those of one rank.
  @Test(arguments: [(4, 4), (4, 2), (12, 3)]) func slices(_ shards: Int, _ size: Int) throws {
    // the last step has two rows
    for step in [0, 3] {
      @Sendable func gradient(_ ranks: any Communicator, leastSlice: Int) throws -> [Float] {
        let trainer = Self.trainer(StreamProblem(carries: false), shards: nil)
        var steps = try ShardedSteps(ranks, shards: shards, configuration: 0)
        steps.leastSlice = leastSlice
        let result = try steps.step(
          trainer.problem, trainer.model, at: StepPosition(epoch: 0, step: step), carry: trainer.carry,
          key: RandomKey(seed: 1), stepCount: 0, wishes: [])
        return result.gradient.parameters.flatMap(\.value.scalars)
      }
      let alone = try gradient(SoloCommunicator(), leastSlice: 1)
      for least in [1, 40, 1000] {
        for own in try ThreadRanks.run(size, { try gradient($0, leastSlice: least) }) {
          #expect(own.map(\.bitPattern) == alone.map(\.bitPattern))
        }
      }
    }
  }

  /// Slices hold all parameters once, the last first.
  @Test func slicesOfParameters() {
    let slices = GradientSlices(of: [3, 10, 2, 7, 5], ranks: 2, leastCount: 8)
    #expect(slices.slices.map(\.parameters) == [3..<5, 1..<3, 0..<1])
    #expect(slices.slices.map(\.count) == [12, 12, 4])
    #expect(GradientSlices(of: [3, 10], ranks: 1, leastCount: 1).slices.map(\.parameters) == [0..<2])
  }

  /// The same without random numbers.
  private struct QuietProblem: ShardedProblem {
    let problem: StreamProblem
    func stepCount(epoch: Int) -> Int { problem.stepCount(epoch: epoch) }
    func initialCarry(_ model: StreamProblem.Model) -> StreamProblem.Carry { problem.initialCarry(model) }
    func validate(_ model: StreamProblem.Model) -> Validation? { nil }
    func loss(
      _ model: StreamProblem.Model, at position: StepPosition, carry: StreamProblem.Carry, mode: Mode
    ) -> StepLoss<StreamProblem.Carry> { problem.loss(model, at: position, carry: carry, mode: .inference) }
    func gradient(
      _ model: StreamProblem.Model, at position: StepPosition, carry: StreamProblem.Carry, mode: Mode,
      of shard: Shard
    ) -> StepGradient<StreamProblem.Model, StreamProblem.Carry>? {
      problem.gradient(model, at: position, carry: carry, mode: .inference, of: shard)
    }
  }

  /// Ranks that are about to do something else are named before anything is learnt from them.
  @Test func differencesAreNamed() throws {
    #expect {
      try ThreadRanks.run(2) { ranks in
        var trainer = Self.trainer(StreamProblem(), shards: 2, ranks: ranks)
        trainer.configuration = UInt64(ranks.rank)
        _ = try trainer.run()
      }
    } throws: { "\($0)".hasPrefix("rank 1 on thread 1 trains with another configuration") }
    let folder = try ScratchFolder()
    let trained = try folder.file("trained.checkpoint")
    try Self.file(StreamProblem(), shards: 2, ranks: 1, stopsAfter: 3, to: trained)
    #expect {
      try ThreadRanks.run(2) { ranks in
        var trainer = Self.trainer(StreamProblem(), shards: 2, ranks: ranks)
        if ranks.rank == 1 { try trainer.restore(from: trained) }
        _ = try trainer.run()
      }
    } throws: { "\($0)".contains("rank 1 on thread 1 is at step 3, rank 0 at step 0") }
    #expect {
      try ThreadRanks.run(2) { ranks in
        let base = Self.trainer(StreamProblem(), shards: 2)
        var trainer = Trainer(
          problem: base.problem, model: base.model.mappingParameters { $1 * Float(1 + ranks.rank) },
          optimizer: SGD(learningRate: 1e-2), settings: base.settings)
        trainer.ranks = ranks
        _ = try trainer.run()
      }
    } throws: { "\($0)".contains("rank 1 on thread 1 has other parameters than rank 0 before step 1") }
  }

  @Test func impossible() {
    #expect(throws: ShardError.ranks(2, shards: 12)) {
      try ThreadRanks.run(2) { ranks in
        var trainer = Self.trainer(StreamProblem(), shards: 12, ranks: ranks)
        _ = try trainer.run()
      }
    }
    #expect(throws: ShardError.notSharded) {
      var trainer = ToyProblem().trainer(TrainerSettings(epochs: 1, shards: 2))
      _ = try trainer.run()
    }
  }
}
