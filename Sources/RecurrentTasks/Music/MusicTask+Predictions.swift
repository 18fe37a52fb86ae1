extension MusicTask {
  /// Steps of a piece that are read at once.
  private static let partLength = 512

  /// How likely the steps of pieces are.
  public func predictions(_ model: MusicModel, to examples: [Example]) -> [Prediction] {
    model.roll.map { predictions($0, style: model.vectors(of: examples.map(\.label)), to: examples) }
      ?? predictions(model.eventsOfStyles, to: examples)
  }

  /// The style under which a model finds a piece the likeliest; nil where it was trained without styles.
  public func nearestStyle(_ model: MusicModel, to piece: MusicPiece) -> String? {
    guard let labels else { return nil }
    let steps = example(piece).example.steps
    let all = labels.names.indices.map { Example(steps: steps, label: $0) }
    let nats = predictions(model, to: all).map { $0.steps.reduce(0) { $0 + Double($1.nats) } }
    return nats.indices.min { nats[$0] < nats[$1] }.map { labels.names[$0] }
  }

  private func predictions(
    _ model: PianoRollNetwork, style: Tensor?, to examples: [Example]
  ) -> [Prediction] {
    var results = [Prediction](repeating: Prediction(steps: []), count: examples.count)
    let batch = MusicRollBatch(examples.map(\.steps), tokens)
    let (rows, keys) = (examples.count, tokens.keyCount)
    var state: PianoRollNetwork.State?
    for start in stride(from: 0, to: batch.stepCount, by: MusicTask.partLength) {
      let end = min(batch.stepCount, start + MusicTask.partLength)
      let (scores, next) = model(batch.inputs(start..<end), style: style, state: state)
      state = next
      scores.scalars.withUnsafeBufferPointer { scores in
        for step in start..<end {
          for (row, example) in examples.enumerated() where step < example.steps.count {
            let first = ((step - start) * rows + row) * keys
            let own = UnsafeBufferPointer(rebasing: scores[first..<first + keys])
            results[row].steps.append(MusicMeter.roll(example.steps[step], own, tokens))
          }
        }
      }
    }
    return results
  }

  private func predictions(_ model: LanguageModel?, to examples: [Example]) -> [Prediction] {
    guard let model else { fatalError("MusicTask.predictions: the network has no part") }
    let rows = examples.map { example in example.steps.flatMap { tokens.tokens(of: $0) } }
    let longest = rows.map(\.count).max() ?? 0
    let bases = examples.map { firstToken(ofStyle: $0.label) }
    var results = [Prediction](repeating: Prediction(steps: []), count: examples.count)
    var meters = examples.map { _ in MusicMeter(tokens, after: []) }
    var state: LanguageModel.State?
    let (count, width) = (examples.count, tokens.count)
    for start in stride(from: 0, to: longest, by: MusicTask.partLength) {
      let end = min(longest, start + MusicTask.partLength)
      var inputs: [Int32] = []
      for place in start..<end {
        for (row, base) in zip(rows, bases) {
          inputs.append(
            base
              + (place == 0 ? tokens.beginning : place - 1 < row.count ? row[place - 1] : tokens.stepEnd))
        }
      }
      let (logits, next) = model(Indices(inputs, shape: [end - start, count]), state: state)
      state = next
      logits.scalars.withUnsafeBufferPointer { scores in
        for place in start..<end {
          for (row, own) in rows.enumerated() where place < own.count {
            let first = ((place - start) * count + row) * width
            meters[row].push(own[place], UnsafeBufferPointer(rebasing: scores[first..<first + width]))
            guard own[place] == tokens.stepEnd else { continue }
            results[row].steps.append(meters[row].prediction)
            let step = results[row].steps.count - 1
            meters[row] = MusicMeter(tokens, after: examples[row].steps[step])
          }
        }
      }
    }
    return results
  }

  /// A row for each piece: its steps, nats of a step but the first, and the share of what was predicted right.
  public func rows(_ prediction: Prediction, to example: Example, name: String) -> [[Field]] {
    let sums = MusicSums(prediction)
    return [
      [
        Field("input", .text(name)), Field("steps", .integer(example.steps.count)),
        Field("nats a step", .number(sums.natsPerStep)), Field("accuracy", .number(sums.accuracy)),
      ]
    ]
  }
}

/// Sums over the steps of pieces but their first, which nothing comes before.
struct MusicSums: Sendable, Equatable {
  var nats = 0.0
  var steps = 0
  var events = 0
  var correct = 0
  var counted = 0

  /// Nothing yet.
  init() {}

  /// The steps of a piece.
  init(_ prediction: MusicTask.Prediction) {
    for step in prediction.steps.dropFirst() {
      nats += Double(step.nats)
      steps += 1
      events += step.eventCount
      correct += step.correct
      counted += step.counted
    }
  }

  /// Adds another sum.
  mutating func add(_ other: MusicSums) {
    nats += other.nats
    steps += other.steps
    events += other.events
    correct += other.correct
    counted += other.counted
  }

  var natsPerStep: Double { nats / Double(max(steps, 1)) }
  var natsPerEvent: Double { nats / Double(max(events, 1)) }
  var accuracy: Double { Double(correct) / Double(max(counted, 1)) }
}
