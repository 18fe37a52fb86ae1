extension CTCSearchState {
  /// The tokens that all hypotheses begin with, their times included, as nodes after the root.
  private func sharedPath() -> [Int32] {
    var shared = beam[0].blankPath.node
    for own in beam {
      shared = tree.commonPrefix(shared, own.blankPath.node)
      shared = tree.commonPrefix(shared, own.tokenPath.node)
    }
    return tree.path(to: shared)
  }

  /// The places of a path at which a word has just ended.
  private func wordEnds(_ path: [Int32], _ units: OutputUnits) -> [Int] {
    var (ends, isInWord) = ([Int](), false)
    for (place, node) in path.enumerated() {
      let output = tree[node].token
      if isInWord, units.isBoundary(tree[path[place - 1]].token, output) {
        ends.append(place)
        isInWord = false
      }
      if !units.outputs[Int(output)].bytes.isEmpty { isInWord = true }
    }
    return ends
  }

  /// The tokens of the whole words that all hypotheses begin with, those already settled among them.
  func stableSpikes(_ units: OutputUnits) -> [Spike] {
    let path = sharedPath()
    guard let end = wordEnds(path, units).last else { return settled }
    return settled + tree.spikes(Array(path[..<end]), end: tree[path[end]].previousEnd)
  }

  /// Moves the whole words that all hypotheses begin with out of the tree, and drops what no hypothesis needs.
  mutating func clearTree(_ units: OutputUnits) {
    let path = sharedPath()
    settle(path, end: wordEnds(path, units).last)
    treeLimit = max(CTCSearchState.smallestLimit, 2 * tree.count)
  }

  /// Takes the words of a path before one of its places as settled.
  private mutating func settle(_ path: [Int32], end: Int?, confidence: [Double] = []) {
    var root = HypothesisTree.root
    if let end {
      var spikes = tree.spikes(Array(path[..<end]), end: tree[path[end]].previousEnd)
      for (place, share) in confidence.enumerated() { spikes[place].confidence = share }
      settled += spikes
      root = path[end - 1]
    }
    tree.compact(root: root) { visit in
      for index in beam.indices { beam[index].visitNodes(visit) }
    }
  }

  /// Decides the words of the best hypothesis that ended before a frame: hypotheses without them are dropped.
  mutating func commit(_ units: OutputUnits, before frame: Int) {
    let path = tree.path(to: beam[0].bestPath.node)
    // a word has ended with the frame in which what follows begins
    guard let end = wordEnds(path, units).last(where: { tree[path[$0]].time < frame }) else { return }
    let confidence = shares(path, end: end, units)
    let last = path[end]
    workspace.spare.removeAll(keepingCapacity: true)
    workspace.states.removeAll(keepingCapacity: true)
    for var own in beam {
      let (blank, token) = (
        tree.hypothesis(own.blankPath.node, hasPrefix: last),
        tree.hypothesis(own.tokenPath.node, hasPrefix: last)
      )
      guard blank || token else { continue }
      if !blank {
        own.blankPath.node = own.tokenPath.node
        own.blankPath.end = frameCount - 1
      }
      if !token { own.tokenPath.node = own.blankPath.node }
      workspace.states.append(own.state)
      own.state = Int32(workspace.spare.count)
      workspace.spare.append(own)
    }
    swap(&beam, &workspace.spare)
    scorer?.keep(workspace.states)
    settle(path, end: end, confidence: confidence)
    treeLimit = max(CTCSearchState.smallestLimit, 2 * tree.count)
  }

  /// For each token of a path before a place the probability of the hypotheses whose best paths have its word; 1 where all do.
  private func shares(_ path: [Int32], end: Int, _ units: OutputUnits) -> [Double] {
    var (weights, counts) = (
      [Double](repeating: 0, count: path.count + 1), [Int](repeating: 0, count: path.count + 1)
    )
    var total = 0.0
    for own in beam {
      let weight = LogDomain.exp(own.score - beam[0].score)
      total += weight
      // how much of the path a hypothesis shares
      let shared = tree.commonPrefix(own.bestPath.node, path[path.count - 1])
      let length = shared == HypothesisTree.root ? 0 : (path.firstIndex(of: shared) ?? -1) + 1
      weights[length] += weight
      counts[length] += 1
    }
    var (shares, start) = ([Double](), 0)
    for place in wordEnds(path, units) where place <= end {
      // the node after a word must be shared, for with it the word has ended
      let own = counts[(place + 1)...].reduce(0, +)
      let weight = weights[(place + 1)...].reduce(0, +)
      let share = own == beam.count ? 1 : min(1, weight / total)
      shares += [Double](repeating: share, count: place - start)
      start = place
    }
    return shares
  }
}
