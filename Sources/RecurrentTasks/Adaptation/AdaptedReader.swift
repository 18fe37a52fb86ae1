#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A next-token model that goes on learning from the tokens that it reads: each is scored first and learnt from afterwards.
///
/// A value; the model that it began with stays as it is. However tokens come, one by one or in pieces, scores and weights have the
/// same bits. Memory does not grow with the tokens.
struct AdaptedReader<Model: AdaptableModel>: Sendable {
  typealias State = RecurrentLayer<AnyCell>.State

  /// What was read of a segment that is not whole.
  struct Segment: Sendable {
    /// Tokens whose next one is known too.
    var inputs: [Int32] = []
    /// The state before the first of them.
    var start: State?
  }

  /// What is done while tokens are read.
  let rule: Adaptation.Rule
  /// With the weights that it has now.
  private(set) var model: Model
  /// The cache; nil for none.
  private(set) var cache: NeuralCache?
  /// The state before the last token; nil for the beginning.
  private(set) var state: State?
  /// The last tokens of the sequence, the very last among them, whose next one is not known.
  private(set) var recent: [Int32] = []
  /// What was read of a segment.
  private(set) var segment = Segment()
  private var optimizer: AnchoredSGD?

  /// Tokens that are read at once where nothing is learnt behind them.
  private static var pieceLength: Int { 256 }
  /// The most tokens that are remembered.
  private static var memory: Int { 2048 }

  /// The beginning of a sequence.
  ///
  /// - Parameters:
  ///   - model: not packed.
  ///   - rule: what is done. Traps where it has an issue.
  init(_ model: Model, _ rule: Adaptation.Rule) {
    trapUnless(rule.issue == nil, "AdaptedReader: \(rule.issue ?? "")")
    self.rule = rule
    self.model = rule.dynamic == nil ? model.packed() : model
    cache = rule.cache.map { NeuralCache($0, width: model.recurrent.outputSize) }
    optimizer = rule.dynamic.map { AnchoredSGD(at: model, learningRate: $0.rate, pull: $0.pull) }
  }

  /// The last token; nil before the first one.
  var last: Int32? { recent.last }

  /// Reads tokens behind those before.
  ///
  /// - Parameters:
  ///   - ids: the tokens.
  ///   - seen: called with the outputs of the network `[n, H]`, the tokens behind them and the cross-entropies that the network
  ///     alone gives these.
  ///   - scored: called with the place of each token in `ids` and the log-probabilities of all that might have come there, `[V]`;
  ///     costs memory and time of that size.
  /// - Returns: the cross-entropy of each token in nats; the first of a sequence, which nothing predicts, is left out.
  mutating func read(
    _ ids: [Int32],
    seen: ((_ outputs: Tensor, _ targets: [Int32], _ nats: [Float]) -> Void)? = nil,
    scored: ((_ place: Int, _ logs: [Float]) -> Void)? = nil
  ) -> [Double] {
    var place = 0
    if last == nil, let first = ids.first {
      recent = [first]
      place = 1
    }
    var nats: [Double] = []
    nats.reserveCapacity(ids.count)
    while place < ids.count, let last {
      let length = rule.dynamic?.segment
      let room = length.map { $0 - segment.inputs.count } ?? AdaptedReader.pieceLength
      let targets = Array(ids[place..<min(ids.count, place + room)])
      let inputs = [last] + targets.dropLast()
      let isWhole = targets.count == length
      // held only where it is asked for: weights of two owners are copied before they change
      let before = scored == nil ? nil : model
      let piece = isWhole ? learn(inputs, targets, from: state) : forward(inputs, targets)
      seen?(piece.outputs, targets, piece.nats)
      if let scored, let before {
        nats += score(piece, targets, of: before) { scored(place + $0, $1) }
      } else {
        nats += score(piece, targets)
      }
      if !isWhole, let length {
        if segment.inputs.isEmpty { segment.start = state }
        segment.inputs += inputs
        if segment.inputs.count == length { learn(behind: targets[targets.count - 1]) }
      }
      state = piece.state
      remember(targets)
      place += targets.count
    }
    return nats
  }

  /// Reads tokens without learning from them, as those that the model writes itself. The segment before them is to be finished.
  mutating func follow(_ ids: [Int32]) {
    trapUnless(segment.inputs.isEmpty, "AdaptedReader.follow: expected a segment that was learnt from")
    for start in stride(from: 0, to: ids.count, by: AdaptedReader.pieceLength) {
      let piece = Array(ids[start..<min(ids.count, start + AdaptedReader.pieceLength)])
      let inputs = (last.map { [$0] } ?? []) + piece.dropLast()
      if !inputs.isEmpty { state = model.outputs(inputs, from: state).state }
      remember(piece)
    }
  }

  /// Learns from what is left of a segment, as where a sequence ends or a text is read before another one is written.
  mutating func finishSegment() {
    guard let last, !segment.inputs.isEmpty else { return }
    learn(behind: last)
  }

  /// Begins another sequence with what was learnt.
  mutating func beginSequence() {
    finishSegment()
    (state, recent) = (nil, [])
  }

  private mutating func remember(_ ids: [Int32]) {
    recent += ids
    if recent.count > AdaptedReader.memory { recent.removeFirst(recent.count - AdaptedReader.memory / 2) }
  }

  // MARK: Steps

  /// What the network makes of tokens.
  private struct Piece {
    /// `[n, H]`.
    var outputs: Tensor
    /// The cross-entropy of the token behind each, by the network alone.
    var nats: [Float]
    /// Behind the last input.
    var state: State
  }

  private func forward(_ inputs: [Int32], _ targets: [Int32]) -> Piece {
    let (outputs, next) = model.outputs(inputs, from: state)
    let rows = model.losses(model.hidden(outputs), targets: Indices(targets)).rows
    return Piece(outputs: outputs, nats: rows.scalars, state: next)
  }

  /// Learns from the segment that is at hand, whose last target is given.
  private mutating func learn(behind last: Int32) {
    _ = learn(segment.inputs, segment.inputs.dropFirst() + [last], from: segment.start)
    segment = Segment()
  }

  /// Reads a segment and learns from it; one that ends early counts for less.
  private mutating func learn(_ inputs: [Int32], _ targets: [Int32], from start: State?) -> Piece {
    guard let dynamic = rule.dynamic else { fatalError("AdaptedReader: nothing is to be learnt") }
    let share = Float(targets.count) / Float(dynamic.segment)
    let (_, piece, gradient) = valueAndGradient(of: model) { model -> (Tensor, Piece) in
      let (outputs, next) = model.outputs(inputs, from: start)
      let (mean, rows) = model.losses(model.hidden(outputs), targets: Indices(targets))
      return (
        share == 1 ? mean : mean * share,
        Piece(outputs: outputs.detached, nats: rows.scalars, state: next.detached)
      )
    }
    // taken out of the optional, its statistics have one owner and nothing is copied
    if var own = optimizer {
      optimizer = nil
      own.update(&model, gradient)
      optimizer = own
    }
    return piece
  }

  /// The cross-entropies of tokens; the cache learns from them.
  private mutating func score(_ piece: Piece, _ targets: [Int32]) -> [Double] {
    guard let found = cache?.read(piece.outputs, targets) else { return piece.nats.map(Double.init) }
    return zip(piece.nats, found).map { nats, found in
      guard found.weight > 0 else { return Double(nats) }
      return -log((1 - found.weight) * exp(-Double(nats)) + found.weight * found.probability)
    }
  }

  /// The same with the log-probabilities of all tokens.
  private mutating func score(
    _ piece: Piece, _ targets: [Int32], of model: Model, calling scored: (Int, [Float]) -> Void
  ) -> [Double] {
    let logs = logSoftmax(model.scores(model.hidden(piece.outputs))).scalars
    let width = logs.count / targets.count
    return targets.enumerated().map { row, target in
      let output = piece.outputs.sliced(axis: 0, row..<row + 1)
      var own = Array(logs[row * width..<(row + 1) * width])
      if let mixed = cache?.mixed(output, own) { own = mixed }
      cache?.add(output, [target])
      scored(row, own)
      return -Double(own[Int(target)])
    }
  }
}

extension NeuralCache {
  /// Log-probabilities with what the cache makes likely behind an output `[1, H]`; nil where it is empty.
  mutating func mixed(_ output: Tensor, _ logs: [Float]) -> [Float]? {
    guard count > 0 else { return nil }
    var probabilities = logs.map { exp(Double($0)) }
    mix(output, into: &probabilities)
    return probabilities.map { Float(log($0)) }
  }
}

// MARK: State

extension AdaptedReader {
  /// Everything that was learnt and read, by names that begin with `adapted.`: the weights as they are now, not by how much they
  /// have changed, so that no bit is lost.
  var kept: SessionState {
    let beginning = model.initialState(batch: 1)
    var kept = model.recurrent.state(state ?? beginning, row: 0, "adapted.")
    kept += model.recurrent.state(segment.start ?? beginning, row: 0, "adapted.segment.")
    if rule.dynamic != nil {
      kept.tensors += model.parameters.map { (name: "adapted.weights." + $0.name, value: $0.value) }
    }
    if let entries = cache?.entries {
      kept.tensors.append((name: "adapted.cache", value: entries.outputs))
      kept.integers.append((name: "adapted.cache.tokens", values: entries.symbols.map { Int64($0) }))
    }
    kept.integers += [
      (name: "adapted.recent", values: recent.map { Int64($0) }),
      (name: "adapted.segment.tokens", values: segment.inputs.map { Int64($0) }),
      (name: "adapted.begun", values: [state == nil ? 0 : 1, segment.start == nil ? 0 : 1]),
    ]
    kept.texts["adaptation"] = rule.text
    return kept
  }

  /// Goes on from what was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)``.
  mutating func restore(_ kept: SessionState) throws {
    guard let text = kept.texts["adaptation"] else {
      throw kept.damaged("nothing was learnt in it; give it without --adapt")
    }
    try kept.check(text == rule.text, "it was adapted otherwise (\(text)), expected \(rule.text)")
    func tokens(_ name: String) throws -> [Int32] {
      let ids = try kept.integers("adapted." + name)
      let count = Int64(model.embedding.weight.shape[0])
      try kept.check(
        ids.allSatisfy { (0..<count).contains($0) }, "it names a token that the model does not know")
      return ids.map { Int32($0) }
    }
    let begun = try kept.integers("adapted.begun", count: 2, in: 0...1)
    let beginning = model.initialState(batch: 1)
    let own = try model.recurrent.replacing(beginning, row: 0, from: kept, "adapted.")
    let start = try model.recurrent.replacing(beginning, row: 0, from: kept, "adapted.segment.")
    let (recent, inputs) = (try tokens("recent"), try tokens("segment.tokens"))
    try kept.check(
      recent.count <= AdaptedReader.memory && inputs.count < rule.dynamic?.segment ?? 1
        && (inputs.isEmpty || !recent.isEmpty), "its tokens are impossible")
    var adapted = model
    if rule.dynamic != nil {
      adapted = try model.mappingParameters { name, value in
        try kept.tensor("adapted.weights." + name, value.shape)
      }
    }
    if let settings = rule.cache {
      let symbols = try tokens("cache.tokens")
      try kept.check(symbols.count <= settings.window, "its cache has too many entries")
      var cache = NeuralCache(settings, width: model.recurrent.outputSize)
      cache.add(
        try kept.tensor("adapted.cache", [symbols.count, model.recurrent.outputSize]), symbols)
      self.cache = cache
    }
    (self.model, self.recent) = (adapted, recent)
    state = begun[0] == 0 ? nil : own
    segment = Segment(inputs: inputs, start: begun[1] == 0 ? nil : start)
  }
}
