extension TranscriptionTask {
  /// The search over the outputs. Asked where there is no ``issue``.
  func makeSearch() -> CTCSearch { cache.value { language.search(spelling, search.settings) } }

  /// What the outputs spell. Asked where there is no ``issue``.
  var spelling: OutputUnits {
    do throws(SearchError) { return try units.spelling() } catch {
      fatalError("TranscriptionTask: a task with an issue: \(error)")
    }
  }

  /// The hypotheses of recordings.
  public func predictions(_ model: SequenceTagger, to examples: [Example]) -> [Prediction] {
    guard !examples.isEmpty else { return [] }
    let search = makeSearch()
    return emissions(model, examples).map { prediction($0, search, best: self.search.best) }
  }

  /// The logits of each recording, `[T', V]`.
  func emissions(_ model: SequenceTagger, _ examples: [Example]) -> [[Float]] {
    let (values, lengths) = logits(model, examples)
    let (scalars, rows, width) = (values.scalars, examples.count, units.count)
    return examples.indices.map { row in
      var own: [Float] = []
      own.reserveCapacity(lengths[row] * width)
      for frame in 0..<lengths[row] {
        let start = (frame * rows + row) * width
        own.append(contentsOf: scalars[start..<start + width])
      }
      return own
    }
  }

  /// The hypotheses of logits `[T', V]`. Of a network that gives what is no number, those before.
  func prediction(_ logits: [Float], _ search: CTCSearch, best: Int) -> Prediction {
    var state = search.start
    try? search.push(logits, to: &state)
    return Prediction(hypotheses: search.finish(state, best: best))
  }

  // MARK: Times

  /// The words of a hypothesis with their times.
  ///
  /// - Parameters:
  ///   - words: by their frames.
  ///   - duration: of the recording, in units of time.
  func timed(_ words: [DecodedWord], duration: Double) -> [TimedWord] {
    let spikes = words.map { word in
      SpikeTiming.Word(
        word.text, first: Double(word.firstFrame) / frameRate, last: Double(word.lastFrame) / frameRate,
        confidence: word.confidence)
    }
    return timing.times(of: spikes, duration: duration)
  }

  /// The best hypothesis with the times of its words, by the file of a recording that is one.
  public func transcript(of prediction: Prediction, to example: Example, name: String) -> TimedTranscript? {
    var title = name
    if let record = example.record, record.segment == nil, case .file(let source) = record.content {
      title = source.name
    }
    var own = TimedTranscript(
      name: title, speaker: example.group, words: timed(prediction.best.words, duration: example.duration),
      duration: example.duration)
    if search.best > 1 {
      own.alternatives = prediction.hypotheses.map {
        TimedTranscript.Alternative($0.text, score: $0.score, confidence: $0.posterior)
      }
    }
    return own
  }

  /// Finds the weights of the language model, and how late the spikes are, where the words of the recordings have times.
  ///
  /// - Throws: what reading the recordings throws.
  public mutating func calibrate(_ model: SequenceTagger, on source: ExampleSource<Example>) throws {
    guard source.count > 0 else { return }
    try searchWeights(model, on: source)
    var (found, known) = ([[TimedWord]](), [[LabelledEvent]]())
    let packed = packed(model)
    timing.delay = 0
    for index in 0..<source.count {
      let example = try source[index]
      guard let words = example.words, !words.isEmpty else { continue }
      let prediction = predictions(packed, to: [example])[0]
      found.append(timed(prediction.best.words, duration: example.duration))
      known.append(words)
    }
    timing.delay = min(max(SpikeTiming.delay(of: found, from: known) ?? 0, -1), 1)
  }

  // MARK: Rows

  /// The text of the best hypothesis.
  public func text(of prediction: Prediction, to example: Example) -> String { prediction.best.text }

  /// A row for each reading, with its rank where there are several.
  public func rows(_ prediction: Prediction, to example: Example, name: String) -> [[Field]] {
    prediction.hypotheses.enumerated().map { rank, hypothesis in
      [Field("input", .text(name))] + (search.best > 1 ? [Field("rank", .integer(rank + 1))] : []) + [
        Field("text", .text(hypothesis.text)), Field("confidence", .number(hypothesis.posterior)),
        Field("score", .number(hypothesis.score)),
      ]
    }
  }
}
