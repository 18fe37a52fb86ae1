/// A network of music that reads one step of B pieces after the other, and measures each by what it had expected.
public struct MusicStepper: RowStepper {
  /// The keys, and how steps are written.
  let tokens: MusicTokens
  /// The model, its weights packed.
  let model: MusicModel
  private var events: LanguageModelStepper?
  private var roll: PianoRollStepper?
  private var rows: [Row]
  /// How much of each style the pieces have; empty where none is told.
  private var shares: [Float] = []

  /// A piece.
  private struct Row {
    /// What is to be read.
    var step: [MusicPiece.Tone]?
    /// What was read last.
    var before: [MusicPiece.Tone] = []
    var hasBegun = false
    /// The scores of what may come next.
    var scores: [Float] = []
    var prediction = MusicStepPrediction(nats: 0, correct: 0, counted: 0, eventCount: 0, probabilities: [])
  }

  /// The beginning of pieces; the weights of the model are packed.
  init(packed model: MusicModel, _ tokens: MusicTokens, rowCount: Int) {
    (self.model, self.tokens) = (model, tokens)
    events = model.events.map { LanguageModelStepper(packed: $0, rowCount: rowCount) }
    roll = model.roll.map { PianoRollStepper(packed: $0, rowCount: rowCount) }
    rows = Array(repeating: Row(), count: rowCount)
  }

  /// B.
  public var rowCount: Int { rows.count }

  /// So many rows at the beginning.
  public func beginning(rowCount: Int) -> MusicStepper {
    var fresh = MusicStepper(packed: model, tokens, rowCount: rowCount)
    if !shares.isEmpty { fresh.setStyle(shares) }
    return fresh
  }

  /// What is read from here on is read as of a mixture of styles, so much of each of them; of none where `shares` is empty.
  mutating func setStyle(_ shares: [Float]) {
    guard shares != self.shares, let table = model.styles else { return }
    self.shares = shares
    let shift =
      model.shift(shares.isEmpty ? [Float](repeating: 0, count: table.weight.shape[0]) : shares) ?? []
    if let events = model.events {
      self.events?.embedding = events.embedding.moved(by: shift)
    } else {
      roll?.setShift(shift)
    }
  }

  /// Puts a step of a row beside those of other rows; keys out of range are moved by octaves.
  public mutating func load(_ step: [MusicPiece.Tone], row: Int) {
    rows[row].step = step.transposed(by: 0, within: tokens.range)
  }

  /// Reads what comes before the first step of rows that have not begun.
  mutating func begin(_ chosen: [Int]) {
    let fresh = chosen.filter { !rows[$0].hasBegun }
    guard !fresh.isEmpty else { return }
    for row in fresh { rows[row].hasBegun = true }
    if events != nil {
      read(tokens: fresh.map { ($0, tokens.beginning) })
    } else {
      read(keys: fresh.map { ($0, [tokens.keyCount]) })
    }
  }

  /// Reads a token of some rows.
  private mutating func read(tokens chosen: [(row: Int, token: Int32)]) {
    for (row, token) in chosen { events?.load(token, row: row) }
    events?.advance()
    for (row, _) in chosen {
      var scores: [Float] = []
      swap(&scores, &rows[row].scores)
      events?.withScores(row: row) { MusicStepper.take($0, into: &scores) }
      swap(&scores, &rows[row].scores)
    }
  }

  /// Takes over scores in the memory of those before.
  private static func take(_ scores: UnsafeBufferPointer<Float>, into own: inout [Float]) {
    if own.count != scores.count { own = [Float](repeating: 0, count: scores.count) }
    for place in scores.indices { own[place] = scores[place] }
  }

  /// Reads a vector of zeros and some ones of some rows.
  private mutating func read(keys chosen: [(row: Int, ones: [Int])]) {
    for (row, ones) in chosen { roll?.load(ones, row: row) }
    roll?.advance()
    for (row, _) in chosen {
      var scores: [Float] = []
      swap(&scores, &rows[row].scores)
      roll?.withScores(row: row) { MusicStepper.take($0, into: &scores) }
      swap(&scores, &rows[row].scores)
    }
  }

  /// Reads the steps that were loaded.
  public mutating func advance() {
    let loaded = rows.indices.filter { rows[$0].step != nil }
    begin(loaded)
    if events == nil {
      for row in loaded {
        let step = rows[row].step ?? []
        rows[row].prediction = rows[row].scores.withUnsafeBufferPointer { MusicMeter.roll(step, $0, tokens) }
      }
      read(keys: loaded.map { row in (row, (rows[row].step ?? []).map { $0.key - tokens.lowest }) })
    } else {
      let own = loaded.map { tokens.tokens(of: rows[$0].step ?? []) }
      var meters = loaded.map { MusicMeter(tokens, after: rows[$0].before) }
      for place in 0..<(own.map(\.count).max() ?? 0) {
        var chosen: [(row: Int, token: Int32)] = []
        for (index, row) in loaded.enumerated() where place < own[index].count {
          rows[row].scores.withUnsafeBufferPointer { meters[index].push(own[index][place], $0) }
          chosen.append((row, own[index][place]))
        }
        read(tokens: chosen)
      }
      for (index, row) in loaded.enumerated() { rows[row].prediction = meters[index].prediction }
    }
    for row in loaded { (rows[row].before, rows[row].step) = (rows[row].step ?? [], nil) }
  }

  /// How likely the last step of a row was.
  func prediction(row: Int) -> MusicStepPrediction { rows[row].prediction }

  /// What sounded at the last step of a row.
  func last(row: Int) -> [MusicPiece.Tone] { rows[row].before }

  // MARK: Choosing

  /// A next step of the first row; of one that has not begun what comes first.
  ///
  /// - Parameters:
  ///   - sampler: how to choose.
  ///   - key: of the random numbers of the step.
  func sample(_ sampler: MusicSampler, key: RandomKey) -> [MusicPiece.Tone] {
    var own = self
    return own.choose(sampler, key: key)
  }

  /// Chooses a next step of the first row and reads it, each token once; nothing is measured.
  ///
  /// - Parameters:
  ///   - sampler: how to choose.
  ///   - key: of the random numbers of the step.
  mutating func write(_ sampler: MusicSampler, key: RandomKey) -> [MusicPiece.Tone] {
    let step = choose(sampler, key: key)
    if events == nil {
      read(keys: [(row: 0, ones: step.map { $0.key - tokens.lowest })])
    } else {
      read(tokens: [(row: 0, token: tokens.stepEnd)])
    }
    rows[0].before = step
    return step
  }

  /// Chooses a step of the first row; its tokens are read but for the end.
  private mutating func choose(_ sampler: MusicSampler, key: RandomKey) -> [MusicPiece.Tone] {
    begin([0])
    if events == nil { return independentKeys(sampler, key: key) }
    var grammar = MusicGrammar(tokens, after: rows[0].before, voices: sampler.voices)
    var workspace = SamplerWorkspace()
    for place in 0... {
      let masked = rows[0].scores.withUnsafeBufferPointer { grammar.masked($0) }
      let token = masked.withUnsafeBufferPointer {
        sampler.tokens.choose(
          $0, recent: [], excluded: nil, uniform: Double(key.uniform(at: place)), workspace: &workspace)
      }
      if grammar.push(token) { break }
      read(tokens: [(row: 0, token: token)])
    }
    return grammar.tones
  }

  private func independentKeys(_ sampler: MusicSampler, key: RandomKey) -> [MusicPiece.Tone] {
    let draws = key.uniforms(tokens.keyCount)
    let temperature = sampler.tokens.temperature
    let chosen = rows[0].scores.indices.filter { place in
      let score = Double(rows[0].scores[place])
      return temperature > 0
        ? Double(draws[place]) < BernoulliOutput.probability(score / temperature) : score > 0
    }
    // of too many the likeliest stay
    let kept = chosen.sorted { rows[0].scores[$0] > rows[0].scores[$1] }.prefix(sampler.voices ?? .max)
    return kept.sorted(by: >).map { MusicPiece.Tone($0 + tokens.lowest) }
  }

  // MARK: State

  /// What is kept of a row.
  public func state(row: Int) -> SessionState {
    var state = SessionState()
    if let events { state = state + events.state(row: row) }
    if let roll { state = state + roll.state(row: row) }
    let kept = rows[row]
    if !kept.scores.isEmpty { state.tensors.append((name: "logits", value: Tensor(kept.scores))) }
    if !shares.isEmpty { state.tensors.append((name: "style", value: Tensor(shares))) }
    state.integers.append(
      (name: "before", values: kept.before.map { Int64($0.key * 2 + ($0.isHeld ? 1 : 0)) }))
    return state
  }

  /// Goes on with a row from a state that was kept.
  public mutating func restore(_ state: SessionState, row: Int) throws {
    var kept = Row()
    let before = try state.integers("before")
    kept.before = before.map { MusicPiece.Tone(Int(clamping: $0) >> 1, isHeld: $0 & 1 == 1) }
    let keys = kept.before.map(\.key)
    try state.check(
      keys.allSatisfy(tokens.range.contains) && zip(keys, keys.dropFirst()).allSatisfy { $0 > $1 },
      "its last step is none of the model's")
    kept.hasBegun = state.optional("logits") != nil
    if kept.hasBegun {
      let width = events == nil ? tokens.keyCount : tokens.count
      kept.scores = try state.tensor("logits", [width]).scalars
    }
    let style =
      state.optional("style") == nil
      ? [] : try state.tensor("style", [model.styles?.weight.shape[0] ?? 0]).scalars
    try state.check(rows.count == 1 || style == shares, "it is of another style than the rows beside it")
    setStyle(style)
    try events?.restore(state, row: row)
    try roll?.restore(state, row: row)
    rows[row] = kept
  }
}

/// How the next step is chosen.
public struct MusicSampler: Sendable, Equatable {
  /// How tokens are chosen; of independent keys the temperature alone counts.
  public var tokens: Sampler
  /// The most tones of a step; nil for any number.
  public var voices: Int?

  /// A way to choose. Traps where no tone is allowed.
  public init(_ tokens: Sampler = Sampler(), voices: Int? = nil) {
    trapUnless(voices ?? 1 >= 1, "MusicSampler: expected one voice or more, received \(voices ?? 0)")
    (self.tokens, self.voices) = (tokens, voices)
  }
}
