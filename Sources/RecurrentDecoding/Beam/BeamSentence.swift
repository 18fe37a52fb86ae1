import RecurrentCore

/// The search of one row: what is alive, and what has ended.
struct BeamSentence: Sendable {
  /// A sequence that may go on.
  struct Live: Sendable {
    /// Its last token.
    var node: Int32
    /// The logarithm of its probability, and what a scorer has added.
    var logProbability, scorerScore: Double
    /// The number of the scorer's state.
    var scorerState: Int32
    /// What it is ranked by among those that are as long.
    var sum: Double { logProbability + scorerScore }
  }

  /// A sequence that has ended, by its last token and what the end has given.
  private struct Ended: Sendable {
    var live: Live
    var endLogProbability: Float
    var endAttention: [Float]
    var score: Double
  }

  /// What goes on, the best first.
  private(set) var live = [Live(node: HypothesisTree.root, logProbability: 0, scorerScore: 0, scorerState: 0)]
  /// For each of them the row that it comes from, and the token that it read there.
  private(set) var parents: [Int] = []
  private(set) var tokens: [Int32] = []

  private let settings: BeamSearchSettings
  private let maximum: Int
  private let end: Int32
  private let excluded: Set<Int32>
  private let tokenCount: Int
  private let places: Int
  private var tree = HypothesisTree()
  /// By node.
  private var attention: [[Float]] = [[]]
  private var scorer: (any ScorerStates)?
  private let isBounded: Bool
  private var ended: [Ended] = []
  private var length = 0
  /// For each of ``live`` the tokens that would repeat a group.
  private var repeated: [Set<Int32>] = []

  /// - Parameters:
  ///   - places: of the source.
  ///   - model: whose tokens these are.
  ///   - isBounded: whether no score is above 0.
  init(
    _ settings: BeamSearchSettings, places: Int, _ model: some StepModel, scorer: (any ScorerStates)?,
    isBounded: Bool
  ) {
    (self.settings, self.places) = (settings, places)
    (end, excluded, tokenCount) = (model.endToken, model.excludedTokens, model.tokenCount)
    (self.scorer, self.isBounded) = (scorer, isBounded)
    maximum = settings.maximumLength(places)
  }

  /// What may follow.
  private struct Candidate {
    var parent: Int
    var token: Int32
    var logProbability: Float
    var scorerScore = 0.0
    var scorerState: Int32 = 0
  }

  /// Of how many that follow, as things stand.
  private var room: Int {
    settings.isThorough ? settings.beamWidth : max(settings.beamWidth - ended.count, 0)
  }

  /// For each of ``live`` how many of the likeliest tokens ``advance(_:from:_:)`` needs to know.
  mutating func wantedCounts() -> [Int] {
    repeated = live.map { repeatedTokens($0.node) }
    // at the last place nothing but the end may stand
    if length >= maximum { return live.map { _ in 0 } }
    // the end may be one that is not allowed
    let needed = 1 + (scorer == nil ? mostCandidates : min(settings.scoredTokens, tokenCount))
    return repeated.map { min(needed + excluded.count + $0.count, tokenCount) }
  }

  /// Each sequence has one end, so that with as many as there are besides the room enough go on.
  private var mostCandidates: Int { min(room, Int(Int32.max) - live.count) + live.count }

  /// Reads what may follow each of ``live``.
  ///
  /// - Parameters:
  ///   - found: as many tokens of each row as ``wantedCounts()`` says, and what the end is given.
  ///   - first: the row of the first of ``live``.
  ///   - looks: `[live, S]`, S at least the places; empty for none.
  mutating func advance(_ found: LikeliestResult, from first: Int, _ looks: UnsafeBufferPointer<Float>) {
    let room = room
    let ranked = candidates(found, from: first)
    let width = live.isEmpty ? 0 : looks.count / live.count
    func look(_ parent: Int) -> [Float] {
      looks.isEmpty ? [] : Array(looks[parent * width..<parent * width + places])
    }
    var next: [Live] = []
    (parents, tokens) = ([], [])
    for candidate in ranked {
      if next.count >= room { break }
      var own = live[candidate.parent]
      own.logProbability += Double(candidate.logProbability)
      own.scorerScore += candidate.scorerScore
      own.scorerState = candidate.scorerState
      if candidate.token == end {
        finish(own, candidate, look(candidate.parent))
      } else {
        own.node = tree.append(
          candidate.token, to: own.node, time: length, previousEnd: length - 1,
          score: candidate.logProbability)
        attention.append(look(candidate.parent))
        next.append(own)
        parents.append(candidate.parent)
        tokens.append(candidate.token)
      }
    }
    length += 1
    live = next
    scorer?.keep(live.map(\.scorerState))
    if scorer != nil { for index in live.indices { live[index].scorerState = Int32(index) } }
    if isDone { (live, parents, tokens) = ([], [], []) }
  }

  private mutating func finish(_ own: Live, _ candidate: Candidate, _ look: [Float]) {
    var score = own.sum / settings.lengthPenalty.divisor(length + 1)
    if !settings.coveragePenalty.isNone, places > 0 {
      var coverage = look.map { Double($0) }
      for node in tree.path(to: own.node) {
        for (place, share) in attention[Int(node)].enumerated() { coverage[place] += Double(share) }
      }
      score -= settings.coveragePenalty.penalty(coverage)
    }
    ended.append(
      Ended(live: own, endLogProbability: candidate.logProbability, endAttention: look, score: score))
  }

  /// What may follow, by falling sums; equal ones in the order of the sequences, then of the tokens. Of those that go on there
  /// are as many as there is room for.
  private mutating func candidates(_ found: LikeliestResult, from first: Int) -> [Candidate] {
    var heap = RankedHeap()
    heap.clear(limit: min(mostCandidates, live.count * tokenCount))
    var all: [Candidate] = []
    for parent in live.indices {
      let base = live[parent].sum
      for (token, value) in following(parent, found, row: first + parent) {
        var own = Candidate(parent: parent, token: token, logProbability: value)
        let state = live[parent].scorerState
        if token == end {
          own.scorerScore = Double(scorer?.finish(state) ?? 0)
        } else if let (score, next) = scorer?.extend(state, by: token) {
          (own.scorerScore, own.scorerState) = (Double(score), next)
        }
        let key = base + Double(own.logProbability) + own.scorerScore
        // what is no number is no candidate
        guard key > -.infinity else { continue }
        // without a scorer nothing behind it is better
        if scorer == nil, let bound = heap.bound, key <= bound { break }
        heap.offer(key, Int32(all.count))
        all.append(own)
      }
    }
    heap.sort()
    return heap.items.map { all[Int($0.index)] }
  }

  /// What may follow a sequence: the likeliest first, for a scorer by rising tokens. A scorer is asked about the likeliest tokens,
  /// and always about the end.
  private func following(
    _ parent: Int, _ found: LikeliestResult, row: Int
  ) -> [(token: Int32, value: Float)] {
    let mayEnd = length >= settings.minimumLength
    let ending = mayEnd ? [(token: end, value: found.column[row])] : []
    if length >= maximum { return ending }
    var tokens: [(token: Int32, value: Float)] = []
    let most = scorer == nil ? .max : settings.scoredTokens
    for place in found.ranges[row] {
      if tokens.count >= most { break }
      let token = found.classes[place]
      let isAllowed =
        token == end
        ? mayEnd && scorer == nil : !excluded.contains(token) && !repeated[parent].contains(token)
      if isAllowed { tokens.append((token, found.values[place])) }
    }
    return scorer == nil ? tokens : (tokens + ending).sorted { $0.token < $1.token }
  }

  /// Tokens that would repeat a group.
  private func repeatedTokens(_ node: Int32) -> Set<Int32> {
    guard let size = settings.noRepeatNGramSize, length >= size else { return [] }
    let tokens = tree.tokens(of: node)
    let last = Array(tokens.suffix(size - 1))
    var found: Set<Int32> = []
    for start in 0...tokens.count - size where Array(tokens[start..<start + size - 1]) == last {
      found.insert(tokens[start + size - 1])
    }
    return found
  }

  private var isDone: Bool {
    if live.isEmpty { return true }
    if !settings.isThorough { return ended.count >= settings.beamWidth }
    guard isBounded, ended.count >= settings.best else { return false }
    // no sum grows, and no divisor is larger than that of the longest sequence
    let worst = ended.map(\.score).sorted(by: >)[settings.best - 1]
    let most = live.map(\.sum).max() ?? -.infinity
    return most / settings.lengthPenalty.divisor(maximum + 1) < worst
  }

  /// The best sequences, the best first; equal ones in the order in which they ended.
  func results() -> [BeamHypothesis] {
    let order = ended.indices.sorted { (ended[$1].score, $0) < (ended[$0].score, $1) }
    return order.prefix(settings.best).map { index in
      let (own, path) = (ended[index], tree.path(to: ended[index].live.node))
      return BeamHypothesis(
        tokens: path.map { tree[$0].token }, score: own.score, logProbability: own.live.logProbability,
        scorerScore: own.live.scorerScore,
        tokenLogProbabilities: path.map { tree[$0].score } + [own.endLogProbability],
        attention: places == 0 || own.endAttention.isEmpty
          ? [] : path.map { attention[Int($0)] } + [own.endAttention])
    }
  }
}
