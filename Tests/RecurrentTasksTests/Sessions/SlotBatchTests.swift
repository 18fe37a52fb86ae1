import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Sessions that are read together have the bits that each has alone, each with its own number of steps.
@Suite struct SlotBatchTests {
  @Test func classification() throws {
    let task = SessionCases.classification(SequencePooling.allCases)
    try checkSlotBatch(#require(task.session(task.makeModel(key: SessionCases.key)))) {
      SessionCases.steps(40, seed: $0)
    }
  }

  @Test func regression() throws {
    let task = SessionCases.regression
    try checkSlotBatch(#require(task.session(task.makeModel(key: SessionCases.key)))) {
      SessionCases.steps(40, seed: $0)
    }
  }

  @Test(arguments: [(false, false), (true, false), (false, true)])
  func tagging(_ usesCRF: Bool, _ hasEvents: Bool) throws {
    let task = SessionCases.tagging(usesCRF: usesCRF, hasEvents: hasEvents)
    try checkSlotBatch(#require(task.session(task.makeModel(key: SessionCases.key)))) {
      SessionCases.steps(40, seed: $0)
    }
  }

  @Test(arguments: [CellCatalog.lstm, .gru, .gruResetBefore, .elman])
  func languageModels(_ cell: CellCatalog) throws {
    var (task, _) = try SessionCases.languageModel()
    task.configuration.cell = cell
    try checkSlotBatch(#require(task.session(task.makeModel(key: SessionCases.key)))) { number in
      SessionCases.key.child(number).uniforms(40).map { Int32(1 + 8 * $0) }
    }
  }

  @Test func sketches() throws {
    let task = SketchTaskTests.task()
    try checkSlotBatch(#require(task.session(task.makeModel(key: SessionCases.key)))) { number in
      SketchTaskTests.drawing(40, seed: UInt64(number)).penSteps
    }
  }

  @Test(arguments: [CellCatalog.lstm, .gru, .elman]) func layers(_ cell: CellCatalog) throws {
    let layer = RecurrentLayer<AnyCell>(layerCount: 2, inputSize: 3, key: SessionCases.key) {
      cell.make(inputSize: $0, hiddenSize: 37, key: $1)
    }
    let session = LayerSession(LayerStepper(layer.packed(), rowCount: 1), LayerHead())
    try checkSlotBatch(session, schedules: 200) { number in
      (0..<40).map { SessionCases.key.child(number).child($0).uniforms(3) }
    }
  }

  /// What is no number in one session shows in no other one, whose place it took.
  @Test func nothingIsLeftBehind() throws {
    let layer = RecurrentLayer<AnyCell>(layerCount: 1, inputSize: 2, key: SessionCases.key) {
      CellCatalog.lstm.make(inputSize: $0, hiddenSize: 5, key: $1)
    }
    let session = LayerSession(LayerStepper(layer.packed(), rowCount: 1), LayerHead())
    var table = SessionTable(session, LayerStepReader(inputSize: 2), batchSize: 4) { own, _ in
      [[Field("output", .numbers(own.outputs.first.map { $0.map(Double.init) } ?? []))]]
    }
    let poisoned = (0..<4).map { _ in table.open() }
    table.read(poisoned.map { SlotSteps(slot: $0, steps: [[.nan, 1], [.infinity, 0]]) })
    for slot in poisoned { table.close(slot) }
    let fresh = (0..<4).map { _ in table.open() }
    #expect(Set(fresh) == Set(poisoned))
    table.read(fresh.map { SlotSteps(slot: $0, steps: [[1, 2]]) })
    var alone = session
    let expected = alone.push([1, 2])
    for slot in fresh { #expect(table[slot].outputs == expected) }
  }

  /// Lines of sessions of a table give the rows of a stream of JSON; a line that cannot be read is an error of its session alone,
  /// which has read nothing.
  @Test func tables() throws {
    let task = SessionCases.classification([.mean, .last])
    let trained = TrainedTask(task, task.makeModel(key: SessionCases.key))
    var table = try trained.sessions(Settings(), batchSize: 2)
    #expect(table.isBatched)
    var streams = try (0..<3).map { _ in try trained.stream() }
    let slots = (0..<3).map { _ in table.open() }
    func line(_ a: Double) -> JSONValue { .list([.number(a), .number(-a), .number(0.5)]) }
    for round in 0..<5 {
      let lines = (0..<3).map { slot in (0..<slot + 1).map { line(Double(slot * 7 + round * 3 + $0) / 10) } }
      let found = table.push(slots.map { SlotLines(slot: $0, lines: lines[$0]) })
      for slot in 0..<3 {
        let expected = try lines[slot].enumerated().flatMap { try streams[slot].push($1, line: $0 + 1) }
        #expect(try found[slot].get() == expected)
      }
      let bad = table.push([
        SlotLines(slot: slots[0], lines: [line(1), .text("x")]), SlotLines(slot: slots[1], lines: [line(2)]),
      ])
      #expect(throws: DataError.self) { try bad[0].get() }
      #expect(try bad[1].get() == streams[1].push(line(2), line: 1))
    }
    let fork = table.fork(slots[2])
    let same = table.push([
      SlotLines(slot: slots[2], lines: [line(1), line(2)]),
      SlotLines(slot: fork, lines: .numbers([1, -1, 0.5, 2, -2, 0.5], width: 3)),
    ])
    #expect(try same[0].get() == same[1].get())
    for number in 1...2 { _ = try streams[2].push(line(Double(number)), line: number) }
    #expect(table.finish(fork) == streams[2].finish())
    #expect(table.openCount == 4)
  }
}
