extension RecommendationTask {
  /// A session has as many rows as items are recommended.
  public static var hasManyRows: Bool { true }

  /// What is recommended behind each session; behind one of no known item what is sought for whatever came before.
  public func predictions(_ model: RecommendationModel, to examples: [Example]) -> [Prediction] {
    let (longest, rows) = (examples.map(\.items.count).max() ?? 0, examples.count)
    guard longest > 0 else { return examples.map { _ in prediction(model.bias.scalars, seen: []) } }
    var inputs = [Int32](repeating: 0, count: longest * rows)
    for (row, example) in examples.enumerated() {
      for (step, item) in example.items.enumerated() { inputs[step * rows + row] = item }
    }
    let lengths = examples.map(\.items.count)
    let (hidden, _) = model.read(Indices(inputs, shape: [longest, rows]), lengths: lengths)
    let flat = hidden.reshaped(to: [longest * rows, hidden.shape[2]])
    let last = Indices(lengths.enumerated().map { Int32(max($1 - 1, 0) * rows + $0) })
    let scores = model.scores(gather(flat, rows: last)).scalars
    let bias = model.bias.scalars
    return examples.enumerated().map { row, example in
      example.items.isEmpty
        ? prediction(bias, seen: [])
        : prediction(Array(scores[row * items.count..<(row + 1) * items.count]), seen: Set(example.items))
    }
  }

  /// The best items of a row of scores.
  func prediction(_ scores: [Float], seen: Set<Int32>) -> Prediction {
    scores.withUnsafeBufferPointer { prediction($0, seen: seen) }
  }

  /// The best items of a row of scores.
  func prediction(_ scores: UnsafeBufferPointer<Float>, seen: Set<Int32>) -> Prediction {
    var top = TopItems(min(topCount, items.count))
    guard excludesSeen, !seen.isEmpty else {
      top.choose(from: scores)
      return Prediction(choices: top.choices(from: scores))
    }
    top.choose(from: scores) { !seen.contains($0) }
    return Prediction(choices: top.choices(from: scores) { !seen.contains($0) })
  }

  /// A row for each item that is recommended.
  public func rows(_ prediction: Prediction, to example: Example, name: String) -> [[Field]] {
    prediction.choices.enumerated().map { place, choice in
      var row = [
        Field("input", .text(name)), Field("rank", .integer(place + 1)),
        Field("item", .text(items.ids[Int(choice.item)])),
      ]
      if !items.titles.isEmpty { row.append(Field("name", .text(items.title(choice.item) ?? ""))) }
      return row + [Field("probability", .number(Double(choice.probability)))]
    }
  }
}
