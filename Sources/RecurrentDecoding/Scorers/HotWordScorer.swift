/// Raises words and phrases that are expected, before they are complete.
///
/// A hypothesis that has spelled d of the n characters of a phrase has d / n of its boost; what is not completed is taken
/// back, so that a text ends with the boosts of the phrases that it contains and nothing else. A phrase counts where it stands
/// between word boundaries. Phrases that overlap count each (the automaton of Aho and Corasick 1975).
public struct HotWordScorer: StorableScorer, BoundedScorer {
  /// Where a hypothesis is among the phrases.
  public struct State: Hashable, Sendable {
    /// The longest prefix of a phrase that the text ends with; -1 in a word that no phrase goes on with.
    var node: Int32 = 0
    /// Whether letters of a word came last.
    var isInWord = false
  }

  private static let space = UInt8(ascii: " ")

  private let outputs: [OutputUnits.Output]
  private let trie: ByteTrie
  /// For each node that of the longest proper suffix that is a prefix of a phrase and begins where a word does; -1 for none.
  private let failureLinks: [Int32]
  /// For each node the largest part of a phrase's boost that its characters have.
  private let partialBoosts: [Float]
  /// For each node the sum of the boosts of all phrases that end there.
  private let outputBoosts: [Float]
  /// No score of an output is larger.
  public let largestScore: Float

  /// A scorer of the outputs of some units.
  ///
  /// - Parameters:
  ///   - units: what the outputs spell.
  ///   - phrases: words, or several with spaces between, and what each adds to the logarithm of a text's probability. Those
  ///     without a character or a positive boost are left out; of a phrase that occurs twice the larger boost counts.
  public init(units: OutputUnits, phrases: [(text: String, boost: Float)]) {
    outputs = units.outputs
    var (trie, boosts) = (ByteTrie(), [Int32: Float]())
    for (text, boost) in phrases where boost > 0 && boost.isFinite {
      let words = text.utf8.split(whereSeparator: OutputUnits.isSpace)
      guard !words.isEmpty else { continue }
      let node = trie.insert(words.joined(separator: [Self.space]))
      boosts[node] = max(boost, boosts[node] ?? 0)
    }
    var partialBoosts = [Float](repeating: 0, count: trie.count)
    for (end, boost) in boosts.sorted(by: { $0.key < $1.key }) {
      var node = end
      while node > 0 {
        let share = boost * Float(trie.depths[Int(node)]) / Float(trie.depths[Int(end)])
        partialBoosts[Int(node)] = max(partialBoosts[Int(node)], share)
        node = trie.parents[Int(node)]
      }
    }
    let lengths = trie.lengths
    let nodes = (1..<trie.count).sorted { lengths[$0] < lengths[$1] }
    let failureLinks = Self.failureLinks(of: trie, nodes)
    var outputBoosts = [Float](repeating: 0, count: trie.count)
    for node in nodes {
      let link = failureLinks[node]
      outputBoosts[node] = (boosts[Int32(node)] ?? 0) + (link > 0 ? outputBoosts[Int(link)] : 0)
    }
    // a token with white space on both sides ends the word before it and its own
    largestScore = (partialBoosts.max() ?? 0) + 2 * (outputBoosts.max() ?? 0)
    (self.trie, self.failureLinks) = (trie, failureLinks)
    (self.partialBoosts, self.outputBoosts) = (partialBoosts, outputBoosts)
  }

  /// The failure links of a tree, whose nodes come shortest first: a suffix is shorter than its node.
  private static func failureLinks(of trie: ByteTrie, _ nodes: [Int]) -> [Int32] {
    var links = [Int32](repeating: -1, count: trie.count)
    for node in nodes {
      let byte = trie.bytes[node]
      var suffix = links[Int(trie.parents[node])]
      var next: Int32?
      while suffix >= 0 {
        next = trie.child(suffix, byte)
        if next != nil { break }
        suffix = links[Int(suffix)]
      }
      // after a space any word can begin
      links[node] = next ?? (byte == space ? 0 : -1)
    }
    return links
  }

  /// The state before the first output.
  public var start: State { State() }

  /// The score of an output after a state, and the state after it.
  public func score(_ token: Int32, after state: State) -> (score: Float, state: State) {
    let output = outputs[Int(token)]
    var (score, next) = (Float(0), state)
    if output.beginsWord { endWord(&next, &score) }
    for byte in output.bytes {
      next.node = moved(next.node, byte)
      next.isInWord = true
    }
    if output.endsWord { endWord(&next, &score) }
    return (score + partialBoost(next.node) - partialBoost(state.node), next)
  }

  /// The score of ending after a state: the boosts of the phrases that end here, less the part of one that does not.
  public func finish(_ state: State) -> Float {
    var (score, next) = (Float(0), state)
    endWord(&next, &score)
    return score - partialBoost(state.node)
  }

  private func endWord(_ state: inout State, _ score: inout Float) {
    guard state.isInWord else { return }
    if state.node > 0 { score += outputBoosts[Int(state.node)] }
    state.node = max(0, moved(state.node, Self.space))
    state.isInWord = false
  }

  private func moved(_ node: Int32, _ byte: UInt8) -> Int32 {
    var node = node
    while node >= 0 {
      if let next = trie.child(node, byte) { return next }
      node = failureLinks[Int(node)]
    }
    return -1
  }

  private func partialBoost(_ node: Int32) -> Float { node < 0 ? 0 : partialBoosts[Int(node)] }

  /// A state as integers.
  public func stored(_ state: State) -> [Int64] { [Int64(state.node), state.isInWord ? 1 : 0] }

  /// The state of integers that were kept; nil where they are none.
  public func state(of stored: [Int64]) -> State? {
    guard stored.count == 2, (-1..<Int64(trie.count)).contains(stored[0]), (0...1).contains(stored[1])
    else { return nil }
    return State(node: Int32(stored[0]), isInWord: stored[1] == 1)
  }
}
