import RecurrentCore

/// Prefix beam search over the outputs of a network that was trained with connectionist temporal classification (Graves et al.
/// 2006; Hannun et al. 2014, arXiv:1408.2873): finds the texts with the largest
/// `log p(text | frames) + scorer(text)`.
///
/// p sums over all paths of a text, as far as they stay in the beam. So a beam of one hypothesis is not the text of the
/// likeliest outputs, see ``greedy(_:units:)``. The scorer counts as it is: weights are its own. All logarithms are natural.
///
/// Frames come in any number at a time: neither the cuts nor other inputs beside it change a bit of a result.
///
///     var state = search.start
///     try search.push(logits, to: &state)          // [T, V], as often as there are some
///     let words = search.takeStable(from: &state)  // for certain
///     let texts = search.finish(state, best: 3)
public struct CTCSearch: Sendable {
  /// What the outputs spell.
  public let units: OutputUnits
  /// How much it looks at.
  public let settings: CTCSearchSettings
  /// Before the first frame.
  public let start: CTCSearchState

  let largestScore: Double
  let blankLimit: Double
  let pieces: [TextFingerprint.Piece]
  let wordStart = TextFingerprint.Piece([256])
  let isUsable: [Bool]

  /// A search without a scorer. Traps where the settings have an ``CTCSearchSettings/issue``.
  public init(units: OutputUnits, settings: CTCSearchSettings = CTCSearchSettings()) {
    self.init(units, settings, nil, largestScore: 0)
  }

  /// A search with a scorer of outputs, numbered as in the frames: a ``LexicalScorer``, a ``HotWordScorer``, a language model
  /// over the same tokens by ``OutputScorer``, or several by ``ScorerPair``. Traps where the settings have an
  /// ``CTCSearchSettings/issue``.
  public init(
    units: OutputUnits, scorer: some Scorer, settings: CTCSearchSettings = CTCSearchSettings()
  ) {
    let bound = (scorer as? any BoundedScorer)?.largestScore
    self.init(units, settings, StatesOf(scorer), largestScore: bound.map { Double($0) } ?? .infinity)
  }

  private init(
    _ units: OutputUnits, _ settings: CTCSearchSettings, _ scorer: (any ScorerStates)?, largestScore: Double
  ) {
    trapUnless(settings.issue == nil, "CTCSearch: \(settings.issue ?? "")")
    (self.units, self.settings, self.largestScore) = (units, settings, largestScore)
    start = CTCSearchState(scorer: scorer)
    blankLimit =
      settings.blankThreshold > 1 ? .infinity : LogDomain.log(max(settings.blankThreshold, 1e-300))
    pieces = units.outputs.map { TextFingerprint.Piece($0.bytes.lazy.map { UInt64($0) }) }
    isUsable = units.outputs.map(\.isUsable)
  }

  /// Reads frames.
  ///
  /// - Parameters:
  ///   - logits: `[T, V]`, scores before the softmax, or logarithms of probabilities; minus infinity for none.
  ///   - state: what was read before.
  /// - Throws: ``SearchError`` about a frame; the frames before it are read.
  public func push(_ logits: [Float], to state: inout CTCSearchState) throws(SearchError) {
    try logits.withUnsafeBufferPointer { (frames) throws(SearchError) in try push(frames, to: &state) }
  }

  /// Reads frames. A frame like those before allocates nothing.
  ///
  /// - Parameters:
  ///   - logits: `[T, V]`, scores before the softmax, or logarithms of probabilities; minus infinity for none.
  ///   - state: what was read before.
  /// - Throws: ``SearchError`` about a frame; the frames before it are read.
  public func push(
    _ logits: UnsafeBufferPointer<Float>, to state: inout CTCSearchState
  ) throws(SearchError) {
    guard logits.count % units.count == 0 else {
      throw .incompleteFrame(outputs: units.count, found: logits.count)
    }
    guard let base = logits.baseAddress else { return }
    for frame in 0..<logits.count / units.count {
      try state.read(base + frame * units.count, self)
      if state.tree.count > state.treeLimit { state.clearTree(units) }
      if let span = settings.commitAfter, state.frameCount % max(1, span / 8) == 0 {
        state.commit(units, before: state.frameCount - span)
      }
    }
  }

  /// The best texts of a whole input.
  ///
  /// - Parameters:
  ///   - logits: `[T, V]`, see ``push(_:to:)-([Float],_)``.
  ///   - best: how many texts at most.
  /// - Throws: ``SearchError`` about a frame.
  public func decode(_ logits: [Float], best: Int = 1) throws(SearchError) -> [DecodedHypothesis] {
    var state = start
    try push(logits, to: &state)
    return finish(state, best: best)
  }
}
