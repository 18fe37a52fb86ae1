/// A language model that reads one token of B texts after the other. A token is read without allocation; an adaptive softmax is
/// computed by tensors, which allocate.
public struct LanguageModelStepper: RowStepper {
  /// The model, its weights packed.
  let model: LanguageModel
  /// B.
  public let rowCount: Int
  /// The vectors of tokens.
  var embedding: Embedding
  private var recurrent: RecurrentStepper<AnyCell>
  private var ids: [Int32]
  private var isLoaded: [Bool]
  /// The scores where the stepper does not compute them, `[B, V]`.
  private var composedScores: [Float] = []
  /// What else makes tokens likely; nil for nothing.
  private var cache: NeuralCache?

  /// The beginning of texts.
  ///
  /// - Parameters:
  ///   - model: its weights packed.
  ///   - rowCount: B.
  ///   - cache: is mixed into what may come; it stays as it is.
  init(packed model: LanguageModel, rowCount: Int, cache: NeuralCache? = nil) {
    (self.model, self.rowCount, embedding) = (model, rowCount, model.embedding)
    self.cache = cache
    recurrent = RecurrentStepper(
      model.recurrent, heads: cache == nil ? model.heads : [], batchSize: rowCount)
    ids = [Int32](repeating: 0, count: rowCount)
    isLoaded = [Bool](repeating: false, count: rowCount)
  }

  /// So many rows at the beginning.
  public func beginning(rowCount: Int) -> LanguageModelStepper {
    LanguageModelStepper(packed: model, rowCount: rowCount, cache: cache)
  }

  /// Whether scores are computed by tensors.
  private var composesScores: Bool { model.adaptiveSoftmax != nil || cache != nil }

  /// Puts a token of a row beside those of other rows.
  public mutating func load(_ id: Int32, row: Int) {
    ids[row] = id
    isLoaded[row] = true
  }

  /// Reads the tokens that were loaded.
  public mutating func advance() {
    let count = recurrent.rowCount
    ids.withUnsafeBufferPointer { recurrent.step(UnsafeBufferPointer(rebasing: $0[..<count]), in: embedding) }
    for row in 0..<count {
      if !isLoaded[row] { recurrent.takeBack(row: row) }
      isLoaded[row] = false
    }
    guard composesScores else { return }
    let outputs = Tensor(
      Array(recurrent.output[..<(count * recurrent.outputSize)]), shape: [count, recurrent.outputSize],
      like: model.embedding.weight)
    // of an adaptive softmax there is no projection
    let scores = model.scores(model.hidden(outputs))
    composedScores = cache == nil ? scores.scalars : mixed(scores, outputs)
  }

  /// The log-probabilities of tokens with what the cache makes likely.
  private mutating func mixed(_ scores: Tensor, _ outputs: Tensor) -> [Float] {
    let (logs, width) = (logSoftmax(scores).scalars, scores.shape[1])
    return (0..<outputs.shape[0]).flatMap { row -> [Float] in
      let own = Array(logs[row * width..<(row + 1) * width])
      return cache?.mixed(outputs.sliced(axis: 0, row..<row + 1), own) ?? own
    }
  }

  /// So many rows that come and go; nil for cells that the backend does not fuse.
  public func slots(count: Int) -> LanguageModelStepper? {
    recurrent.rowStateCount == nil ? nil : beginning(rowCount: count)
  }

  /// Lets the next steps be of the first rows alone.
  public mutating func setRowCount(_ count: Int) { recurrent.setRowCount(count) }

  /// Goes on with a row from that of another stepper.
  public mutating func setRow(_ row: Int, from other: LanguageModelStepper, row otherRow: Int) {
    guard recurrent.rowStateCount != nil else {
      cells = cells.replacing(
        zip(cells.tensors, other.cells.tensors).map { $0.replacingRow(row, by: $1[otherRow]) })
      return
    }
    recurrent.setRow(row, from: other.recurrent, row: otherRow)
  }

  /// Calls `body` with the scores of what may come next in a row, `[V]`, with an adaptive softmax log-probabilities.
  public func withScores<R>(row: Int, _ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    if composesScores {
      return try composedScores.withUnsafeBufferPointer { try body($0.row(row, of: recurrent.rowCount)) }
    }
    return try recurrent.withOutput { try body($0.row(row, of: rowCount)) }
  }

  /// The states of all layers.
  var cells: LanguageModel.State {
    get { recurrent.state }
    set { recurrent.state = newValue }
  }

  /// What is kept of a row.
  public func state(row: Int) -> SessionState { model.recurrent.state(cells, row: row) }

  /// Goes on with a row from a state that was kept.
  public mutating func restore(_ state: SessionState, row: Int) throws {
    cells = try model.recurrent.replacing(cells, row: row, from: state)
  }
}

/// The tokens of a text that is being read or written, with the scores of what may come next.
public struct LanguageModelHead: SessionHead {
  /// A token that was read.
  public struct Output: Sendable, Equatable {
    /// Its number.
    public var token: Int32
    /// Its cross-entropy in nats; nil for the first one.
    public var nats: Float?
  }

  /// The vocabulary of the model.
  public let vocabulary: any Tokenizer
  /// The last tokens of the text.
  public private(set) var recent: [Int32] = []
  /// The scores of what may come next; empty before the first token.
  private var scores: [Float] = []
  /// Those before the last token.
  private var before: [Float] = []
  private var hasEnded = false

  /// The most tokens that are remembered; when there are more, half of them are forgotten.
  private static let memory = 2048

  init(_ vocabulary: any Tokenizer) { self.vocabulary = vocabulary }

  /// The scores of what may come next, `[V]`, with an adaptive softmax log-probabilities; nil before the first token.
  public var logits: [Float]? { scores.isEmpty ? nil : scores }

  /// Takes the scores behind a token.
  public mutating func read(_ id: Int32, _ stepper: LanguageModelStepper, row: Int) {
    swap(&scores, &before)
    stepper.withScores(row: row) { own in
      if scores.count != own.count { scores = [Float](repeating: 0, count: own.count) }
      for place in own.indices { scores[place] = own[place] }
    }
    remember(id)
  }

  /// Nothing comes behind the text.
  public mutating func end() { hasEnded = true }

  /// Takes a token whose scores nobody asks for.
  mutating func remember(_ id: Int32) {
    let most = LanguageModelHead.memory
    if recent.capacity <= most { recent.reserveCapacity(most + 1) }
    recent.append(id)
    if recent.count > most { recent.removeFirst(recent.count - most / 2) }
  }

  /// Chooses the next token.
  func choose(_ sampler: Sampler, uniform: Double, workspace: inout SamplerWorkspace) -> Int32 {
    scores.withUnsafeBufferPointer {
      sampler.choose(
        $0, recent: recent, excluded: vocabulary.unknownID, uniform: uniform, workspace: &workspace)
    }
  }

  /// The last token; nothing behind the end.
  public var outputs: [Output] {
    guard !hasEnded, let last = recent.last else { return [] }
    let nats =
      before.isEmpty ? nil : LanguageModelTask.nats(Tensor(before, shape: [1, before.count]), [last])[0]
    return [Output(token: last, nats: nats)]
  }

  /// What is kept.
  public var state: SessionState {
    SessionState(
      tensors: scores.isEmpty ? [] : [(name: "logits", value: Tensor(scores))],
      integers: [(name: "recent", values: recent.map { Int64($0) })])
  }

  /// Goes on from what was kept.
  public mutating func restore(_ state: SessionState) throws {
    let ids = try state.integers("recent")
    try state.check(
      ids.count <= LanguageModelHead.memory && ids.allSatisfy { (0..<Int64(vocabulary.count)).contains($0) },
      "it names a token that the model does not know")
    recent = ids.map { Int32($0) }
    scores =
      state.optional("logits") == nil ? [] : try state.tensor("logits", [vocabulary.count]).scalars
    (before, hasEnded) = ([], false)
  }
}
