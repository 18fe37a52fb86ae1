extension RecurrentReading {
  /// Values `[T, B, width]` of the real steps of some rows, one step of one row after the other.
  func values(_ values: Tensor, rows: [Int]) -> [Float] {
    let (all, width) = (values.scalars, values.shape[2])
    var result: [Float] = []
    result.reserveCapacity(rows.reduce(0) { $0 + length(ofRow: $1) } * width)
    for row in rows {
      for step in 0..<length(ofRow: row) {
        let place = (step * values.shape[1] + row) * width
        result += all[place..<place + width]
      }
    }
    return result
  }

  /// Values `[T, B, width]` of the real steps of the first row, step by step.
  func steps(of values: Tensor) -> [[Float]] {
    let (all, width) = (self.values(values, rows: [0]), values.shape[2])
    return (0..<length(ofRow: 0)).map { Array(all[$0 * width..<($0 + 1) * width]) }
  }

  /// Whether it is read in both directions.
  private var isBidirectional: Bool { parts.contains(where: \.isReverse) }

  /// How far losses reach back in each cell.
  ///
  /// - Parameters:
  ///   - rows: whose losses.
  ///   - limit: of losses that are followed back in each direction, at least one for each row.
  func reaches(in rows: [Int], limit: Int) -> [GradientReach] {
    let forward = losses(in: rows, limit: limit, isReverse: false)
    // a network that hands on its last state alone has errors behind the last step and none at outputs
    guard !forward.isEmpty else {
      let norms = stateGradientNorms(ofFinalStateIn: rows)
      return parts.enumerated().map { index, part in
        GradientReach(
          norms.indices.contains(index) ? norms[index] : [],
          times: rows.map { part.isReverse ? 0 : length(ofRow: $0) - 1 }, isReverse: part.isReverse)
      }
    }
    let backward = isBidirectional ? losses(in: rows, limit: limit, isReverse: true) : []
    let norms = stateGradientNorms(of: forward + backward)
    return parts.enumerated().map { index, part in
      let own = part.isReverse ? backward : forward
      let range = part.isReverse ? forward.count..<forward.count + backward.count : 0..<forward.count
      return GradientReach(
        norms.indices.contains(index) ? Array(norms[index][range]) : [], times: own.map(\.time),
        isReverse: part.isReverse)
    }
  }

  /// The times of a row at which an error comes in from above.
  private func reachedTimes(_ gradient: [Float], row: Int) -> [Int] {
    let width = outputs.shape[2]
    return (0..<length(ofRow: row)).filter { time in
      let place = (time * batch.batchSize + row) * width
      return gradient[place..<place + width].contains { $0 != 0 }
    }
  }

  /// Whether errors come in behind the last step of each row alone, of two directions behind the last of each.
  func hasLossAtEnd(in rows: [Int]) -> Bool {
    guard let gradient = outputGradient?.scalars else { return !finalGradient.isEmpty }
    return rows.allSatisfy { row in
      let last = length(ofRow: row) - 1
      return reachedTimes(gradient, row: row).allSatisfy { $0 == last || (isBidirectional && $0 == 0) }
    }
  }

  /// Losses of single steps, evenly out of the second half of each row in the order of a direction; where no error comes in there,
  /// out of all of it.
  ///
  /// - Parameters:
  ///   - rows: that are looked at.
  ///   - limit: of all of them together, at least one for each row.
  ///   - isReverse: whether the row is read from its end.
  func losses(in rows: [Int], limit: Int, isReverse: Bool) -> [(row: Int, time: Int)] {
    guard let gradient = outputGradient?.scalars else { return [] }
    let each = max(1, limit / max(rows.count, 1))
    return rows.enumerated().flatMap { index, row -> [(row: Int, time: Int)] in
      let (reached, length) = (reachedTimes(gradient, row: row), length(ofRow: row))
      let late = reached.filter { (isReverse ? length - 1 - $0 : $0) >= length / 2 }
      let own = late.isEmpty ? reached : late
      guard own.count > each else { return own.map { (row, $0) } }
      // rows with one loss each have it at different places
      let shift = rows.count > 1 ? index : 0
      let parts = rows.count > 1 ? rows.count * each : each
      return (0..<each).map { place in
        let part = rows.count > 1 ? place * rows.count + shift : place
        return (row, own[(2 * part + 1) * own.count / (2 * parts)])
      }
    }
  }
}
