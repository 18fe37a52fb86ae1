/// What came next in a session, and where it stood among the recommendations.
struct ItemRanking: Sendable {
  /// What came.
  var target: Int32
  /// Where it stood among all items, or the candidates.
  var rank: ItemRank
  /// How many items the session had before it.
  var position: Int
  /// The best items.
  var top: [Int32]
}

extension RecommendationTask {
  /// Scores computed at a time.
  private static let scoreLimit = 1 << 23

  /// Ranks all targets of sessions; memory does not grow with their number.
  ///
  /// - Parameters:
  ///   - model: the network.
  ///   - examples: sessions.
  ///   - topCount: how many of the best items of each to keep.
  ///   - progress: called with the completed fraction, 0 to 1.
  ///   - body: called with each target, session by session and in their order within it, and the number of the session.
  /// - Throws: what reading the examples, `progress` or `body` throws.
  func forEachRanking(
    _ model: RecommendationModel, _ examples: ExampleSource<Example>, topCount: Int,
    progress: (Double) throws -> Void = { _ in },
    _ body: (_ ranking: ItemRanking, _ session: (number: Int, example: Example)) throws -> Void
  ) throws {
    let packed = model.packed()
    let costs = try examples.costs { cost(of: $0) }
    var done = 0
    for batch in BatchedExamples.batches(of: costs) {
      let own = try batch.map { try examples[$0] }
      let found = rankings(packed, own, numbers: batch, topCount: topCount)
      for (place, number) in batch.enumerated() {
        for ranking in found[place] { try body(ranking, (number, own[place])) }
      }
      done += batch.count
      try progress(Double(done) / Double(max(examples.count, 1)))
    }
  }

  /// The rankings of the targets of sessions that are read side by side.
  private func rankings(
    _ model: RecommendationModel, _ examples: [Example], numbers: [Int], topCount: Int
  ) -> [[ItemRanking]] {
    let lengths = examples.map { max(0, $0.items.count - 1) }
    let (longest, rows) = (lengths.max() ?? 0, examples.count)
    var results = [[ItemRanking]](repeating: [], count: rows)
    guard longest > 0 else { return results }
    var inputs = [Int32](repeating: 0, count: longest * rows)
    var targets: [(row: Int, step: Int)] = []
    for (row, example) in examples.enumerated() {
      for step in 0..<lengths[row] { inputs[step * rows + row] = example.items[step] }
      let count = min(example.targetCount, lengths[row])
      for step in lengths[row] - count..<lengths[row] { targets.append((row, step)) }
    }
    let (hidden, _) = model.read(Indices(inputs, shape: [longest, rows]), lengths: lengths)
    let flat = hidden.reshaped(to: [longest * rows, hidden.shape[2]])
    let limit = max(1, RecommendationTask.scoreLimit / items.count)
    for start in stride(from: 0, to: targets.count, by: limit) {
      let part = targets[start..<min(start + limit, targets.count)]
      let chosen = Indices(part.map { Int32($0.step * rows + $0.row) })
      let scores = model.scores(gather(flat, rows: chosen)).scalars
      let found = ranked(Array(part), scores, examples, numbers, topCount)
      for (place, target) in part.enumerated() { results[target.row].append(found[place]) }
    }
    return results
  }

  /// The rankings of rows of scores, several at the same time.
  func ranked(
    _ targets: [(row: Int, step: Int)], _ scores: [Float], _ examples: [Example], _ numbers: [Int],
    _ topCount: Int
  ) -> [ItemRanking] {
    let (width, pieces) = (items.count, min(8, targets.count))
    var results: [ItemRanking] = []
    Backends.current.concurrently(pieces) { piece in
      let range = targets.count * piece / pieces..<targets.count * (piece + 1) / pieces
      var top = TopItems(topCount)
      return scores.withUnsafeBufferPointer { scores in
        range.map { index -> ItemRanking in
          let (row, step) = targets[index]
          let example = examples[row]
          let target = example.items[step + 1]
          let line = UnsafeBufferPointer(rebasing: scores[index * width..<(index + 1) * width])
          if topCount > 0 { top.choose(from: line) }
          let rank =
            candidateCount.map {
              sampledRank(of: target, in: line, of: example, count: $0, session: numbers[row], step: step)
            } ?? ItemRank(of: Int(target), in: line)
          return ItemRanking(target: target, rank: rank, position: step + 1, top: top.items)
        }
      }
    } inOrder: {
      results += $0
    }
    return results
  }

  /// The rank among items that are drawn at random, all alike, from those that the session does not have.
  private func sampledRank(
    of target: Int32, in scores: UnsafeBufferPointer<Float>, of example: Example, count: Int, session: Int,
    step: Int
  ) -> ItemRank {
    let own = Set(example.items)
    let key = RandomKey(seed: 1).child(session).child(step)
    let score = scores[Int(target)]
    var (rank, draws, place) = (ItemRank(above: 0, equal: 0), [Float](), 0)
    var met: Set<Int32> = []
    let most = min(count, scores.count - own.count)
    while met.count < most {
      if place == draws.count { draws += key.uniforms(4 * count, from: draws.count) }
      let item = Int32(min(Double(draws[place]) * Double(scores.count), Double(scores.count - 1)))
      place += 1
      guard !own.contains(item), met.insert(item).inserted else { continue }
      if scores[Int(item)] == score {
        rank.equal += 1
      } else if !(scores[Int(item)] < score) {
        rank.above += 1
      }
    }
    return rank
  }
}
