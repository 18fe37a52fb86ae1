extension ClassificationReport {
  /// What the shares would be for other items of the same kind: as many are drawn with replacement, 1,000
  /// times.
  static func draws(
    _ labels: [Int], _ predictions: [Int], classCount: Int, seed: UInt64
  ) -> [(accuracy: Double, macroF1: Double)] {
    guard !labels.isEmpty else { return [] }
    // a draw of items is a draw of the pairs that occur, of which there are few
    var places: [Int: Int] = [:]
    var pairs: [(label: Int, prediction: Int)] = []
    let pairOfItem = zip(labels, predictions).map { label, prediction in
      let key = label * classCount + prediction
      if let place = places[key] { return place }
      places[key] = pairs.count
      pairs.append((label, prediction))
      return pairs.count - 1
    }
    let key = RandomKey(seed: seed)
    return (0..<1000).map { draw in
      var counts = [Int](repeating: 0, count: pairs.count)
      for number in key.child(draw).uniforms(labels.count) {
        counts[pairOfItem[min(Int(Double(number) * Double(labels.count)), labels.count - 1)]] += 1
      }
      var (support, given) = ([Int](repeating: 0, count: classCount), [Int](repeating: 0, count: classCount))
      var hits = support
      for (pair, count) in zip(pairs, counts) {
        support[pair.label] += count
        given[pair.prediction] += count
        if pair.label == pair.prediction { hits[pair.label] += count }
      }
      let accuracy = Double(hits.reduce(0, +)) / Double(labels.count)
      return (accuracy, macroF1(hits: hits, support: support, given: given))
    }
  }
}
