/// A token of a text with its times.
struct Spike: Sendable, Equatable {
  var output: Int32
  /// The first and the last frame of its run.
  var first: Int
  var last: Int
  /// The logarithm of its probability at the first.
  var score: Float
  /// That of its word, as far as it is known: 1 where it is not doubted.
  var confidence: Double = 1
}

extension HypothesisTree {
  /// The tokens of a path to a node whose own token ends at a frame.
  func spikes(_ path: [Int32], end: Int) -> [Spike] {
    path.indices.map { place in
      let node = self[path[place]]
      return Spike(
        output: node.token, first: node.time,
        last: place + 1 < path.count ? self[path[place + 1]].previousEnd : end, score: node.score)
    }
  }
}

extension OutputUnits {
  /// Whether a word that stands before two outputs ends between them.
  @inline(__always)
  func isBoundary(_ left: Int32, _ right: Int32) -> Bool {
    outputs[Int(left)].endsWord || outputs[Int(right)].beginsWord
  }

  /// The words of tokens.
  func words(_ spikes: [Spike]) -> [DecodedWord] {
    var (words, bytes, logProbability, count) = ([DecodedWord](), [UInt8](), 0.0, 0)
    var own: (first: Int, last: Int, confidence: Double) = (0, 0, 1)
    func close() {
      guard !bytes.isEmpty else { return }
      words.append(
        DecodedWord(
          text: String(decoding: bytes, as: UTF8.self), firstFrame: own.first, lastFrame: own.last,
          confidence: own.confidence, meanLogProbability: logProbability / Double(count)))
      (bytes, logProbability, count) = ([], 0, 0)
    }
    for (place, spike) in spikes.enumerated() {
      if place > 0, isBoundary(spikes[place - 1].output, spike.output) { close() }
      let output = outputs[Int(spike.output)]
      guard !output.bytes.isEmpty else { continue }
      if bytes.isEmpty { own = (spike.first, spike.last, 1) }
      own.last = spike.last
      own.confidence = min(own.confidence, spike.confidence)
      bytes += output.bytes
      logProbability += Double(spike.score)
      count += 1
    }
    close()
    return words
  }

  /// The text of words.
  func text(_ words: [DecodedWord]) -> String { words.map(\.text).joined(separator: joiner) }
}
