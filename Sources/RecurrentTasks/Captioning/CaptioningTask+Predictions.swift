extension CaptioningTask {
  /// The captions of recordings. One without steps has an empty one.
  public func predictions(_ model: CaptionModel, to examples: [Example]) -> [TextHypotheses] {
    let filled = examples.indices.filter { examples[$0].features.stepCount > 0 }
    var predictions = [TextHypotheses](repeating: .none, count: examples.count)
    guard !filled.isEmpty else { return predictions }
    let memory = model.memory(FeatureBatch(filled.map { examples[$0].features })).memory
    let found = model.writer.decode(memory, units, BeamSearch(settings: search))
    for (place, hypotheses) in zip(filled, found) {
      predictions[place] = TextHypotheses(hypotheses) { own in
        TextHypothesis(
          text: units.text(of: own.tokens), score: own.score, logProbability: own.logProbability,
          weights: units.means(own.attention, overWordsOf: own.tokens))
      }
    }
    return predictions
  }

  /// The best caption.
  public func text(of prediction: TextHypotheses, to example: Example) -> String { prediction.best.text }

  /// A row for each caption, with its rank where there are several.
  public func rows(_ prediction: TextHypotheses, to example: Example, name: String) -> [[Field]] {
    prediction.rows(name: name, best: search.best)
  }

  /// Several captions of a recording, where they are asked for.
  public static var hasManyRows: Bool { true }

  /// The task with another search, where settings ask for one.
  public func predicting(with settings: Settings) throws -> CaptioningTask {
    var own = self
    own.search = search.applying(settings)
    return own
  }

  // MARK: Times

  /// The best caption with times: of words that look at one place after the other these places, of all others equal shares of the
  /// recording.
  public func transcript(of prediction: TextHypotheses, to example: Example, name: String) -> TimedTranscript?
  {
    var title = name
    if let record = example.record, record.segment == nil, case .file(let source) = record.content {
      title = source.name
    }
    var own = TimedTranscript(
      name: title, speaker: example.group, words: timed(prediction.best, duration: example.duration),
      duration: example.duration)
    if search.best > 1 {
      own.alternatives = prediction.all.map { TimedTranscript.Alternative($0.text, score: $0.score) }
    }
    return own
  }

  /// The words of a caption with their times.
  func timed(_ caption: TextHypothesis, duration: Double) -> [TimedWord] {
    let words = caption.text.split(whereSeparator: \.isWhitespace).map(String.init)
    let spans = caption.weights.map(CaptioningTask.span)
    let middles = spans.map { $0.lowerBound + $0.upperBound }
    let places = Double(max(caption.weights.first?.count ?? 0, 1))
    let isInOrder = spans.count == words.count && zip(middles, middles.dropFirst()).allSatisfy { $0 < $1 }
    return words.enumerated().map { index, word in
      let (count, place) = (Double(words.count), Double(index))
      let span =
        isInOrder
        ? spans[index].lowerBound / places..<spans[index].upperBound / places
        : place / count..<(place + 1) / count
      return TimedWord(word, start: span.lowerBound * duration, end: span.upperBound * duration)
    }
  }

  /// Where the middle four fifths of weights lie, in places.
  private static func span(_ weights: [Float]) -> Range<Double> {
    let total = weights.reduce(0) { $0 + Double($1) }
    func place(_ share: Double) -> Double {
      var sum = 0.0
      for (place, weight) in weights.enumerated() {
        let next = sum + Double(weight)
        if next >= share * total, weight > 0 {
          return Double(place) + (share * total - sum) / Double(weight)
        }
        sum = next
      }
      return Double(weights.count)
    }
    let first = place(0.1)
    return first..<max(first, place(0.9))
  }
}
