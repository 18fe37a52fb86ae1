extension CTCSearchState {
  /// Reads a frame of V numbers.
  mutating func read(_ logits: UnsafePointer<Float>, _ search: CTCSearch) throws(SearchError) {
    let width = search.units.count
    let normaliser = try LogDomain.normaliser(logits, width, frame: frameCount)
    let blankScore = Double(logits[search.units.blank]) - normaliser
    let expands = blankScore < search.blankLimit
    if expands { chooseTokens(logits, normaliser, search) }
    stay(logits, normaliser, blankScore: blankScore)
    if expands, !workspace.tokens.items.isEmpty { extend(search) }
    rank(search)
    frameCount += 1
  }

  /// Picks the tokens that may follow, the likeliest first.
  private mutating func chooseTokens(
    _ logits: UnsafePointer<Float>, _ normaliser: Double, _ search: CTCSearch
  ) {
    let (count, floor) = (search.units.count, search.settings.tokenFloor + normaliser)
    workspace.tokens.clear(limit: min(search.settings.tokensPerFrame, count))
    var bound = Float(max(floor, -Double(Float.greatestFiniteMagnitude)))
    let raw = UnsafeRawPointer(logits)
    var index = 0
    while index < count {
      let end = min(index + 8, count)
      if end - index == 8 {
        let part = raw.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self)
        if (part .>= bound) == SIMDMask(repeating: false) {
          index = end
          continue
        }
      }
      for output in index..<end
      where logits[output] >= bound && Double(logits[output]) >= floor && search.isUsable[output] {
        workspace.tokens.offer(Double(logits[output]) - normaliser, Int32(output))
        if workspace.tokens.bound != nil { bound = max(bound, logits[Int(workspace.tokens.items[0].index)]) }
      }
      index = end
    }
    workspace.tokens.sort()
  }

  /// Makes a candidate of each hypothesis whose text stays as it is: by a blank, or its last token once more.
  private mutating func stay(
    _ logits: UnsafePointer<Float>, _ normaliser: Double, blankScore: Double
  ) {
    workspace.candidates.removeAll(keepingCapacity: true)
    for index in beam.indices {
      var own = beam[index]
      let repeated = own.last < 0 ? -.infinity : Double(logits[Int(own.last)]) - normaliser
      own.blank = own.sum + blankScore
      own.token += repeated
      if own.tokenPath.score > own.blankPath.score {
        own.blankPath = own.tokenPath
        own.blankPath.end = frameCount - 1
      }
      own.blankPath.score += blankScore
      own.tokenPath.score += repeated
      own.sum = LogDomain.add(own.blank, own.token)
      workspace.candidates.append(CTCCandidate(hypothesis: own))
    }
  }

  /// The score that a new text must have for a chance to be kept: those that stay can only rise.
  private func floor(_ settings: CTCSearchSettings) -> Double {
    var (lowest, highest) = (Double.infinity, -Double.infinity)
    for candidate in workspace.candidates {
      let score = candidate.hypothesis.score
      lowest = min(lowest, score)
      highest = max(highest, score)
    }
    let distant = highest - settings.beamThreshold
    return workspace.candidates.count < settings.beamWidth ? distant : max(lowest, distant)
  }

  /// Extends each hypothesis by each chosen token.
  private mutating func extend(_ search: CTCSearch) {
    let floor = floor(search.settings)
    let tokenCount = workspace.tokens.items.count
    workspace.clearTable(beam.count * (tokenCount + 1))
    for index in beam.indices {
      let own = workspace.candidates[index].hypothesis
      var place = workspace.place(own.text, own.last)
      while workspace.candidate(at: place) != nil { place = workspace.place(after: place) }
      workspace.put(index, at: place)
    }
    var scorer: (any ScorerStates)?
    swap(&scorer, &self.scorer)
    for index in beam.indices {
      let own = beam[index]
      let isBetween = own.last < 0 || search.units.outputs[Int(own.last)].endsWord
      for item in 0..<tokenCount {
        let token = workspace.tokens.items[item]
        let isRepeated = token.index == own.last
        // after itself a token is a new one only with a blank between
        let source = isRepeated ? own.blank : own.sum
        guard source > -.infinity else { continue }
        var path = own.blankPath
        if !isRepeated, own.tokenPath.score > path.score {
          path = own.tokenPath
          path.end = frameCount - 1
        }
        var next = own
        next.last = token.index
        let output = search.units.outputs[Int(token.index)]
        if !output.bytes.isEmpty {
          if isBetween || output.beginsWord { next.text = next.text.appending(search.wordStart) }
          next.text = next.text.appending(search.pieces[Int(token.index)])
        }
        next.sequence = (own.sequence ^ UInt64(UInt32(bitPattern: token.index)) &+ 1) &* 0xD6E8_FEB8_6659_FD93
        next.sequence ^= next.sequence &>> 32
        next.blank = -.infinity
        next.token = source + token.key
        next.sum = next.token
        next.blankPath = CTCHypothesis.Path(score: -.infinity, node: path.node, end: path.end)
        next.tokenPath = CTCHypothesis.Path(
          score: path.score + token.key, node: HypothesisTree.root, end: frameCount)
        let candidate = CTCCandidate(
          hypothesis: next, parent: path.node, parentEnd: path.end, tokenScore: Float(token.key))
        put(candidate, &scorer, floor, search)
      }
    }
    self.scorer = scorer
  }

  /// Adds what a hypothesis gives to a text that may follow it.
  @inline(__always)
  private mutating func put(
    _ candidate: CTCCandidate, _ scorer: inout (any ScorerStates)?, _ floor: Double, _ search: CTCSearch
  ) {
    var candidate = candidate
    let from = candidate.hypothesis
    var isScored = scorer == nil
    var place = workspace.place(from.text, from.last)
    while let other = workspace.candidate(at: place) {
      let found = workspace.candidates[other].hypothesis
      if found.last == from.last, found.text == from.text {
        if found.sequence == from.sequence {
          if isScored, scorer != nil { scorer?.dropLast() }
          merge(candidate.hypothesis.token, candidate, into: other)
          return
        }
        // other tokens of the same text: the scorer may have come to another state
        if !isScored {
          guard score(&candidate, &scorer) else { return }
          isScored = true
        }
        if scorer?.areEqual(candidate.hypothesis.state, found.state) ?? true {
          scorer?.dropLast()
          let rise = candidate.hypothesis.scorerScore - found.scorerScore
          merge(candidate.hypothesis.token + rise, candidate, into: other)
          return
        }
      }
      place = workspace.place(after: place)
    }
    let bound = candidate.hypothesis.score + (isScored ? 0 : search.largestScore)
    if bound < floor {
      if isScored { scorer?.dropLast() }
      return
    }
    if !isScored { guard score(&candidate, &scorer) else { return } }
    if candidate.hypothesis.score < floor {
      scorer?.dropLast()
      return
    }
    workspace.put(workspace.candidates.count, at: place)
    workspace.candidates.append(candidate)
  }

  /// Scores the last token of a candidate; false where the scorer refuses it.
  @inline(__always)
  private mutating func score(_ candidate: inout CTCCandidate, _ scorer: inout (any ScorerStates)?) -> Bool {
    guard let (score, state) = scorer?.extend(candidate.hypothesis.state, by: candidate.hypothesis.last)
    else { return true }
    guard score > -.infinity else {
      scorer?.dropLast()
      return false
    }
    candidate.hypothesis.scorerScore += Double(score)
    candidate.hypothesis.state = state
    return true
  }

  @inline(__always)
  private mutating func merge(_ token: Double, _ candidate: CTCCandidate, into place: Int) {
    let isBlank = workspace.candidates[place].hypothesis.blank > -.infinity
    var own = workspace.candidates[place].hypothesis
    own.token = LogDomain.add(own.token, token)
    own.sum = isBlank ? LogDomain.add(own.blank, own.token) : own.token
    if candidate.hypothesis.tokenPath.score > own.tokenPath.score {
      own.tokenPath.score = candidate.hypothesis.tokenPath.score
      workspace.candidates[place].parent = candidate.parent
      workspace.candidates[place].parentEnd = candidate.parentEnd
      workspace.candidates[place].tokenScore = candidate.tokenScore
    }
    workspace.candidates[place].hypothesis = own
  }

  /// Keeps the best candidates. A frame that makes every text impossible changes nothing.
  private mutating func rank(_ search: CTCSearch) {
    workspace.ranking.clear(limit: search.settings.beamWidth)
    for index in workspace.candidates.indices where workspace.candidates[index].hypothesis.sum > -.infinity {
      workspace.ranking.offer(workspace.candidates[index].hypothesis.score, Int32(index))
    }
    workspace.ranking.sort()
    workspace.spare.removeAll(keepingCapacity: true)
    workspace.states.removeAll(keepingCapacity: true)
    let limit = (workspace.ranking.items.first?.key ?? 0) - search.settings.beamThreshold
    for item in workspace.ranking.items {
      guard item.key >= limit else { break }
      let candidate = workspace.candidates[Int(item.index)]
      var own = candidate.hypothesis
      if candidate.parent >= 0 {
        own.tokenPath.node = tree.append(
          own.last, to: candidate.parent, time: frameCount, previousEnd: candidate.parentEnd,
          score: candidate.tokenScore)
      }
      // a path of no probability would hold on to nodes that nothing else needs
      if own.blankPath.score == -.infinity { own.blankPath.node = own.tokenPath.node }
      if own.tokenPath.score == -.infinity { own.tokenPath.node = own.blankPath.node }
      workspace.states.append(own.state)
      own.state = Int32(workspace.spare.count)
      workspace.spare.append(own)
    }
    if workspace.spare.isEmpty {
      for own in beam { workspace.states.append(own.state) }
    } else {
      swap(&beam, &workspace.spare)
    }
    scorer?.keep(workspace.states)
  }
}
