import RecurrentData

extension CTCSearch {
  /// Everything that a state keeps, as integers by names; numbers in double precision are their bits. Nil where the scorer is no
  /// ``StorableScorer``.
  public func stored(_ state: CTCSearchState) -> [(name: String, values: [Int64])]? {
    var scorer: [Int64] = []
    if let states = state.scorer {
      guard let stored = states.stored else { return nil }
      scorer = stored.flatMap { [Int64($0.count)] + $0 }
    }
    let beam = state.beam.flatMap { own in
      [
        Int64(bitPattern: own.text.first), Int64(bitPattern: own.text.second),
        Int64(bitPattern: own.sequence), Int64(own.last), own.blank.stored, own.token.stored,
        own.sum.stored, own.scorerScore.stored, own.blankPath.score.stored, Int64(own.blankPath.node),
        Int64(own.blankPath.end), own.tokenPath.score.stored, Int64(own.tokenPath.node),
        Int64(own.tokenPath.end),
      ]
    }
    let tree = state.tree.nodes.flatMap { node in
      [
        Int64(node.parent), Int64(node.token), Int64(node.time), Int64(node.previousEnd),
        Double(node.score).stored,
      ]
    }
    let settled = state.settled.flatMap { spike in
      [
        Int64(spike.output), Int64(spike.first), Int64(spike.last), Double(spike.score).stored,
        spike.confidence.stored,
      ]
    }
    return [
      (name: "counts", values: [state.frameCount, state.treeLimit, state.beam.count].map { Int64($0) }),
      (name: "beam", values: beam), (name: "tree", values: tree), (name: "settled", values: settled),
      (name: "scorer", values: scorer),
    ]
  }

  /// The state of integers that ``stored(_:)`` gave; the search must be the same.
  ///
  /// - Throws: ``SearchError/notAState(reason:)`` where they are damaged, or of another search.
  public func state(of stored: [(name: String, values: [Int64])]) throws(SearchError) -> CTCSearchState {
    func values(_ name: String) throws(SearchError) -> [Int64] {
      guard let own = stored.first(where: { $0.name == name }) else {
        throw .notAState(reason: "it has no integers \"\(name)\"")
      }
      return own.values
    }
    func whole(_ numbers: StoredNumbers, _ name: String) throws(SearchError) {
      guard numbers.areWhole else {
        throw .notAState(reason: "\"\(name)\" is too short, too long, or outside its bounds")
      }
    }
    var state = start
    var counts = StoredNumbers(try values("counts"))
    state.frameCount = counts.integer(in: 0...1 << 56)
    state.treeLimit = counts.integer(in: CTCSearchState.smallestLimit...1 << 32)
    let width = counts.integer(in: 1...min(settings.beamWidth, 1 << 32))
    try whole(counts, "counts")

    let nodes = try values("tree")
    var tree = StoredNumbers(nodes)
    let limit = state.frameCount
    state.tree = try restoredTree(&tree, nodes.count / 5, limit)
    try whole(tree, "tree")

    let spikes = try values("settled")
    var settled = StoredNumbers(spikes)
    for _ in 0..<spikes.count / 5 {
      let output = outputNumber(&settled)
      let (first, last) = (settled.integer(in: 0...limit), settled.integer(in: 0...limit))
      let score = Float(settled.double())
      state.settled.append(
        Spike(output: output, first: first, last: last, score: score, confidence: settled.double()))
    }
    try whole(settled, "settled")
    guard state.settled.allSatisfy({ $0.output >= 0 }) else {
      throw .notAState(reason: "\"settled\" has a token that is none")
    }

    let own = try values("beam")
    guard own.count == 14 * width else { throw .notAState(reason: "\"beam\" is not \(width) hypotheses") }
    var beam = StoredNumbers(own)
    state.beam = (0..<width).map { index in
      var own = hypothesis(&beam, own[(14 * index)..<(14 * index + 3)], state)
      own.state = Int32(index)
      return own
    }
    try whole(beam, "beam")
    guard state.beam.allSatisfy({ $0.sum > -.infinity && $0.score.isFinite }) else {
      throw .notAState(reason: "\"beam\" has a hypothesis without a probability")
    }
    try restoreScorer(&state, try values("scorer"))
    return state
  }

  private func restoredTree(
    _ numbers: inout StoredNumbers, _ count: Int, _ limit: Int
  ) throws(SearchError) -> HypothesisTree {
    var nodes: [HypothesisTree.Node] = []
    for _ in 0..<count {
      let parent = Int32(numbers.integer(in: 0...max(0, nodes.count - 1)))
      let token = outputNumber(&numbers)
      let (time, end) = (numbers.integer(in: -1...limit), numbers.integer(in: -1...limit))
      nodes.append(
        HypothesisTree.Node(
          parent: parent, token: token, time: time, previousEnd: end, score: Float(numbers.double())))
    }
    guard let tree = HypothesisTree(nodes), nodes.dropFirst().allSatisfy({ $0.token >= 0 }) else {
      throw .notAState(reason: "\"tree\" has a token that follows none")
    }
    return tree
  }

  /// An output that may be emitted, or -1 for none.
  private func outputNumber(_ numbers: inout StoredNumbers) -> Int32 {
    let output = numbers.integer(in: -1...units.count - 1)
    return output >= 0 && isUsable[output] ? Int32(output) : -1
  }

  private func hypothesis(
    _ numbers: inout StoredNumbers, _ bits: ArraySlice<Int64>, _ state: CTCSearchState
  ) -> CTCHypothesis {
    var own = CTCHypothesis()
    for _ in bits { _ = numbers.double() }
    let words = bits.map { UInt64(bitPattern: $0) }
    // the halves of a text are below 2^61 - 1
    own.text = TextFingerprint(first: words[0] % ((1 << 61) - 1), second: words[1] % ((1 << 61) - 1))
    own.sequence = words[2]
    own.last = outputNumber(&numbers)
    (own.blank, own.token, own.sum) = (numbers.double(), numbers.double(), numbers.double())
    own.scorerScore = numbers.double()
    func path() -> CTCHypothesis.Path {
      let (score, node) = (numbers.double(), Int32(numbers.integer(in: 0...state.tree.count - 1)))
      return CTCHypothesis.Path(score: score, node: node, end: numbers.integer(in: -1...state.frameCount))
    }
    own.blankPath = path()
    own.tokenPath = path()
    return own
  }

  private func restoreScorer(_ state: inout CTCSearchState, _ values: [Int64]) throws(SearchError) {
    var (lists, rest) = ([[Int64]](), values[...])
    while let count = rest.popFirst() {
      guard count >= 0, count <= rest.count else { throw .notAState(reason: "\"scorer\" is cut off") }
      lists.append(Array(rest.prefix(Int(count))))
      rest = rest.dropFirst(Int(count))
    }
    guard let states = state.scorer else {
      guard lists.isEmpty else { throw .notAState(reason: "it is of a search with a scorer") }
      return
    }
    guard lists.count == state.beam.count, let restored = states.restored(lists) else {
      throw .notAState(reason: "\"scorer\" is not a state of this scorer for each hypothesis")
    }
    state.scorer = restored
  }
}
