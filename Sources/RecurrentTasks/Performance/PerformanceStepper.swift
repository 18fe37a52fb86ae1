/// A network that reads one event of B performances after the other, and measures each by what it had expected.
public struct PerformanceStepper: RowStepper {
  private let task: PerformanceTask
  private var network: LanguageModelStepper
  private var rows: [Row]

  /// A performance.
  private struct Row {
    /// What is to be read.
    var token: Int32?
    var hasBegun = false
    /// The scores of what may come next, `[V]`; empty before the beginning was read.
    var scores: [Float] = []
    var grammar = PerformanceGrammar()
    var prediction = PerformanceTask.EventPrediction(nats: 0, isLikeliest: false)
  }

  /// The beginning of performances; the weights of the model are packed.
  init(packed model: LanguageModel, _ task: PerformanceTask, rowCount: Int) {
    self.init(LanguageModelStepper(packed: model, rowCount: rowCount), task)
  }

  private init(_ network: LanguageModelStepper, _ task: PerformanceTask) {
    (self.network, self.task) = (network, task)
    rows = [Row](repeating: Row(), count: network.rowCount)
  }

  /// B.
  public var rowCount: Int { rows.count }

  /// So many rows at the beginning.
  public func beginning(rowCount: Int) -> PerformanceStepper {
    PerformanceStepper(network.beginning(rowCount: rowCount), task)
  }

  /// Puts a token of a row beside those of other rows.
  public mutating func load(_ token: Int32, row: Int) { rows[row].token = token }

  /// Reads what comes before the first token of rows that have not begun.
  private mutating func begin(_ chosen: [Int]) {
    let fresh = chosen.filter { !rows[$0].hasBegun }
    guard !fresh.isEmpty else { return }
    for row in fresh { rows[row].hasBegun = true }
    read(fresh.map { ($0, task.tokens.beginning) })
  }

  /// Reads a token of some rows.
  private mutating func read(_ chosen: [(row: Int, token: Int32)]) {
    for (row, token) in chosen { network.load(token, row: row) }
    network.advance()
    for (row, _) in chosen {
      var scores: [Float] = []
      swap(&scores, &rows[row].scores)
      network.withScores(row: row) { own in
        if scores.count != own.count { scores = [Float](repeating: 0, count: own.count) }
        for place in own.indices { scores[place] = own[place] }
      }
      swap(&scores, &rows[row].scores)
    }
  }

  /// Reads the tokens that were loaded.
  public mutating func advance() {
    let loaded = rows.indices.filter { rows[$0].token != nil }
    begin(loaded)
    var chosen: [(row: Int, token: Int32)] = []
    for row in loaded {
      guard let token = rows[row].token else { continue }
      var grammar = rows[row].grammar
      rows[row].prediction = rows[row].scores.withUnsafeBufferPointer {
        task.measured(token, $0, &grammar)
      }
      (rows[row].grammar, rows[row].token) = (grammar, nil)
      chosen.append((row, token))
    }
    read(chosen)
  }

  /// How likely the last token of a row was.
  func prediction(row: Int) -> PerformanceTask.EventPrediction { rows[row].prediction }

  /// What may come next in a row.
  func grammar(row: Int) -> PerformanceGrammar { rows[row].grammar }

  /// Chooses the next token of the first row; it is not read.
  ///
  /// - Parameters:
  ///   - sampler: how to choose.
  ///   - voices: the most keys at a time; nil for any number.
  ///   - uniform: a random number from 0 to 1.
  mutating func choose(
    _ sampler: Sampler, voices: Int? = nil, uniform: Double, workspace: inout SamplerWorkspace
  ) -> Int32 {
    begin([0])
    let (own, task) = (rows[0], task)
    let masked = own.scores.indices.map {
      task.allows(Int32($0), own.grammar, voices: voices) ? own.scores[$0] : -.infinity
    }
    return masked.withUnsafeBufferPointer {
      sampler.choose($0, recent: [], excluded: nil, uniform: uniform, workspace: &workspace)
    }
  }

  // MARK: State

  /// What is kept of a row.
  public func state(row: Int) -> SessionState {
    var state = network.state(row: row)
    let kept = rows[row]
    if !kept.scores.isEmpty { state.tensors.append((name: "logits", value: Tensor(kept.scores))) }
    state.integers.append((name: "keys", values: kept.grammar.stored))
    return state
  }

  /// Goes on with a row from a state that was kept.
  public mutating func restore(_ state: SessionState, row: Int) throws {
    var kept = Row()
    let grammar = PerformanceGrammar(stored: try state.integers("keys"))
    try state.check(grammar != nil, "its keys are none of a performance")
    kept.grammar = grammar ?? PerformanceGrammar()
    kept.hasBegun = state.optional("logits") != nil
    if kept.hasBegun { kept.scores = try state.tensor("logits", [task.tokens.count]).scalars }
    try network.restore(state, row: row)
    rows[row] = kept
  }
}
