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
  private let places: Int
  private var tree = HypothesisTree()
  /// By node.
  private var attention: [[Float]] = [[]]
  private var scorer: (any ScorerStates)?
  private let isBounded: Bool
  private var ended: [Ended] = []
  private var length = 0

  /// - Parameters:
  ///   - places: of the source.
  ///   - isBounded: whether no score is above 0.
  init(
    _ settings: BeamSearchSettings, places: Int, end: Int32, scorer: (any ScorerStates)?, isBounded: Bool
  ) {
    (self.settings, self.places, self.end) = (settings, places, end)
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

  /// Reads what may follow each of ``live``.
  ///
  /// - Parameters:
  ///   - logs: `[live, V]`.
  ///   - looks: `[live, S]`, S at least the places; empty for none.
  mutating func advance(
    _ logs: UnsafeBufferPointer<Float>, _ looks: UnsafeBufferPointer<Float>, tokenCount: Int
  ) {
    let room = settings.isThorough ? settings.beamWidth : max(settings.beamWidth - ended.count, 0)
    let ranked = candidates(logs, tokenCount: tokenCount, room: room)
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
  private mutating func candidates(
    _ logs: UnsafeBufferPointer<Float>, tokenCount: Int, room: Int
  ) -> [Candidate] {
    var heap = RankedHeap()
    // each sequence has one end, so that twice the room holds as many that go on
    heap.clear(limit: min(clamped(room, live.count), live.count * tokenCount))
    var all: [Candidate] = []
    for parent in live.indices {
      let row = UnsafeBufferPointer(rebasing: logs[parent * tokenCount..<(parent + 1) * tokenCount])
      let base = live[parent].sum
      let forbidden = repeated(live[parent].node)
      func isAllowed(_ token: Int32) -> Bool {
        token == end ? length >= settings.minimumLength : length < maximum && !forbidden.contains(token)
      }
      if scorer == nil {
        var bound = heap.bound ?? -.infinity
        for token in 0..<tokenCount {
          let key = base + Double(row[token])
          // what is no number is no candidate
          guard key > bound, isAllowed(Int32(token)) else { continue }
          heap.offer(key, Int32(parent * tokenCount + token))
          bound = heap.bound ?? -.infinity
        }
      } else {
        for token in likeliest(row, isAllowed) {
          var own = Candidate(parent: parent, token: token, logProbability: row[Int(token)])
          let state = live[parent].scorerState
          if token == end {
            own.scorerScore = Double(scorer?.finish(state) ?? 0)
          } else if let (score, next) = scorer?.extend(state, by: token) {
            (own.scorerScore, own.scorerState) = (Double(score), next)
          }
          let key = base + Double(own.logProbability) + own.scorerScore
          guard key > -.infinity else { continue }
          heap.offer(key, Int32(all.count))
          all.append(own)
        }
      }
    }
    heap.sort()
    return heap.items.map { item in
      if scorer != nil { return all[Int(item.index)] }
      let (parent, token) = Int(item.index).quotientAndRemainder(dividingBy: tokenCount)
      return Candidate(
        parent: parent, token: Int32(token), logProbability: logs[parent * tokenCount + token])
    }
  }

  private func clamped(_ room: Int, _ count: Int) -> Int {
    room > Int(Int32.max) ? Int(Int32.max) : room + count
  }

  /// The likeliest tokens that are allowed, in their order; the end is always among them where it is.
  private func likeliest(_ row: UnsafeBufferPointer<Float>, _ isAllowed: (Int32) -> Bool) -> [Int32] {
    var heap = RankedHeap()
    heap.clear(limit: min(settings.scoredTokens, row.count))
    for token in row.indices where row[token] > -.infinity && isAllowed(Int32(token)) && token != Int(end) {
      heap.offer(Double(row[token]), Int32(token))
    }
    var tokens = heap.items.map(\.index)
    if row[Int(end)] > -.infinity, isAllowed(end) { tokens.append(end) }
    return tokens.sorted()
  }

  /// Tokens that would repeat a group.
  private func repeated(_ node: Int32) -> Set<Int32> {
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
