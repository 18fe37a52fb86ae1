extension CTCSearch {
  /// The text of the likeliest output of each frame, repetitions and blanks taken out: one path, not all paths of a text.
  ///
  /// - Parameters:
  ///   - logits: `[T, V]`, scores before the softmax, or logarithms of probabilities; minus infinity for none. Of equal ones the
  ///     first counts.
  ///   - units: what the outputs spell.
  /// - Returns: the text with the logarithm of the path's probability as its score; confidences are 1.
  /// - Throws: ``SearchError`` about a frame.
  public static func greedy(
    _ logits: [Float], units: OutputUnits
  ) throws(SearchError) -> DecodedHypothesis {
    let width = units.count
    guard logits.count % width == 0 else {
      throw .incompleteFrame(outputs: width, found: logits.count)
    }
    var (spikes, last, score) = ([Spike](), units.blank, 0.0)
    for frame in 0..<logits.count / width {
      let (output, probability) = try logits.withUnsafeBufferPointer { (all) throws(SearchError) in
        try best(all.baseAddress! + frame * width, units, frame: frame)
      }
      score += probability
      if output == units.blank {
        last = output
      } else if output == last {
        spikes[spikes.count - 1].last = frame
      } else {
        spikes.append(Spike(output: Int32(output), first: frame, last: frame, score: Float(probability)))
        last = output
      }
    }
    let words = units.words(spikes)
    return DecodedHypothesis(
      words: words, text: units.text(words), score: score, scorerScore: 0, posterior: 1)
  }

  /// The likeliest output of a frame that may be emitted, and the logarithm of its probability.
  private static func best(
    _ logits: UnsafePointer<Float>, _ units: OutputUnits, frame: Int
  ) throws(SearchError) -> (output: Int, probability: Double) {
    let normaliser = try LogDomain.normaliser(logits, units.count, frame: frame)
    var output = units.blank
    for other in 0..<units.count where units.outputs[other].isUsable {
      let (a, b) = (logits[other], logits[output])
      if a > b || a == b && other < output { output = other }
    }
    return (output, Double(logits[output]) - normaliser)
  }
}
