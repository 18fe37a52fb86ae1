import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Sessions side by side have the bits that each has alone, whichever of them have a step.
@Suite struct SessionBatchTests {
  private func check<Head: SessionHead>(
    _ session: SteppedSession<Head>?, _ steps: (Int) -> [Head.Stepper.Step]
  ) throws {
    let beginning = try #require(session)
    let rows = 5
    var batch = SessionBatch(beginning, rowCount: rows)
    var alone = Array(repeating: beginning, count: rows)
    let inputs = (0..<rows).map(steps)
    var places = [Int](repeating: 0, count: rows)
    for round in 0..<120 {
      let draws = SessionCases.key.child(round).uniforms(rows)
      let own = (0..<rows).filter { draws[$0] < 0.6 && places[$0] < inputs[$0].count }
      let found = batch.push(own.map { (row: $0, step: inputs[$0][places[$0]]) })
      for (row, outputs) in zip(own, found) {
        let expected = alone[row].push(inputs[row][places[row]])
        #expect(String(reflecting: outputs) == String(reflecting: expected), "row \(row), round \(round)")
        places[row] += 1
      }
      // a session moves to another row, another one begins
      if round == 40 {
        (batch[0], batch[3]) = (batch[3], batch[0])
        alone.swapAt(0, 3)
      }
      if round == 60 {
        let (found, expected) = (batch.finish(row: 2), alone[2].finish())
        #expect(String(reflecting: found) == String(reflecting: expected))
        alone[2] = beginning
      }
    }
    for row in 0..<rows {
      #expect(String(reflecting: batch[row].outputs) == String(reflecting: alone[row].outputs))
      let (state, other) = (batch[row].state, alone[row].state)
      #expect(state.integers.map(\.values) == other.integers.map(\.values))
      try requireSameBits(state.tensors.map(\.value), other.tensors.map(\.value), "row \(row)")
    }
  }

  @Test func classification() throws {
    let task = SessionCases.classification(SequencePooling.allCases)
    try check(task.session(task.makeModel(key: SessionCases.key))) { SessionCases.steps(60, seed: $0) }
  }

  @Test func regression() throws {
    let task = SessionCases.regression
    try check(task.session(task.makeModel(key: SessionCases.key))) { SessionCases.steps(60, seed: $0) }
  }

  @Test(arguments: [(false, false), (true, false), (false, true)])
  func tagging(_ usesCRF: Bool, _ hasEvents: Bool) throws {
    let task = SessionCases.tagging(usesCRF: usesCRF, hasEvents: hasEvents)
    try check(task.session(task.makeModel(key: SessionCases.key))) { SessionCases.steps(60, seed: $0) }
  }

  @Test(arguments: [CellCatalog.lstm, .gru, .mlstm, .qrnn, .elman])
  func languageModels(_ cell: CellCatalog) throws {
    var (task, _) = try SessionCases.languageModel()
    task.configuration.cell = cell
    try check(task.session(task.makeModel(key: SessionCases.key))) { row in
      SessionCases.key.child(row).uniforms(60).map { Int32(1 + 8 * $0) }
    }
  }
}
