import RecurrentReports

/// How one cell of a recurrent layer does: how far back errors reach in it, which of its units are stuck, how open its gates are.
public struct CellHealth: Sendable, Equatable {
  /// The values of a gate.
  public struct Gate: Sendable, Equatable {
    /// Its name, such as `forget`.
    public var name: String
    /// Their mean.
    public var mean: Double
    /// The share of those below 0.03.
    public var closed: Double
    /// The share of those above 0.97.
    public var open: Double
  }

  /// The number of the reading.
  public var reading: Int
  /// Which layer, from 0.
  public var layer: Int
  /// Whether it reads from the end to the beginning.
  public var isReverse: Bool
  /// The kind of the cell.
  public var cell: String
  /// Units.
  public var size: Int
  /// The steps of the longest row that was looked at.
  public var stepCount: Int
  /// Whether the error comes in behind the last step alone.
  public var isLossAtEnd: Bool
  /// How far back losses reach.
  public var reach: GradientReach
  /// The values of hidden units at the steps that were looked at, one step after the other.
  public var hidden: [Float]
  /// The share of the values of hidden units that are nearly 1 or -1; nil where they can be larger.
  public var saturated: Double?
  /// Units that are zero at every step.
  public var deadCount: Int
  /// The gates.
  public var gates: [Gate]

  /// Values beyond this bound are saturated, on both sides of zero; gates have the distance to one on both.
  public static let saturation: Float = 0.97

  /// Looks at the cells of a reading.
  ///
  /// - Parameters:
  ///   - reading: with the values of its cells.
  ///   - number: of the reading.
  ///   - rows: that are looked at.
  ///   - losses: that are followed back, see ``RecurrentReading/losses(in:limit:)``.
  static func all(
    _ reading: RecurrentReading, number: Int, rows: [Int], losses: [(row: Int, time: Int)]
  ) -> [CellHealth] {
    let norms = reading.stateGradientNorms(of: losses)
    let stepCount = rows.map { reading.length(ofRow: $0) }.max() ?? 0
    // a network that hands on its last state alone has errors behind the last step and none at outputs
    let isOfState = losses.isEmpty
    let isLossAtEnd = isOfState || reading.hasLossAtEnd(in: rows)
    return reading.parts.enumerated().map { index, part in
      let hidden =
        part.values.first { $0.name == "hidden" }.map { reading.values($0.values, rows: rows) } ?? []
      return CellHealth(
        reading: number, layer: part.layer, isReverse: part.isReverse, cell: part.cell,
        size: part.outputSize, stepCount: stepCount, isLossAtEnd: isLossAtEnd,
        reach: isOfState
          ? reach(ofStateBehind: part, stepCount: stepCount)
          : GradientReach(
            norms.indices.contains(index) ? norms[index] : [], times: losses.map(\.time),
            isReverse: part.isReverse),
        hidden: hidden,
        saturated: !hidden.isEmpty && hidden.allSatisfy { abs($0) <= 1 }
          ? share(hidden) { abs($0) > saturation } : nil,
        deadCount: deadCount(hidden, width: part.outputSize),
        gates: part.values.filter { gateNames.contains($0.name) }.map { gate in
          let all = reading.values(gate.values, rows: rows)
          return Gate(
            name: gate.name, mean: all.reduce(0) { $0 + Double($1) } / Double(max(all.count, 1)),
            closed: share(all) { $0 < 1 - saturation }, open: share(all) { $0 > saturation })
        })
    }
  }

  /// The reach of an error that comes in at the last state, from the gradients of the whole loss that an observer was shown.
  private static func reach(ofStateBehind part: RecurrentReading.Part, stepCount: Int) -> GradientReach {
    let count = part.stateGradients.map(\.count).max() ?? 0
    guard count > 0, count == stepCount else { return GradientReach(byLag: []) }
    let norms = (0..<count).map { step in
      part.stateGradients.reduce(0) { $0 + $1[step] * $1[step] }.squareRoot()
    }
    return GradientReach([norms], times: [count - 1])
  }

  private static let gateNames = ["input", "forget", "output", "reset", "update"]

  private static func share(_ values: [Float], _ isCounted: (Float) -> Bool) -> Double {
    Double(values.count(where: isCounted)) / Double(max(values.count, 1))
  }

  /// Units that are zero in each of the rows of `width` numbers.
  private static func deadCount(_ values: [Float], width: Int) -> Int {
    guard !values.isEmpty else { return 0 }
    var isDead = [Bool](repeating: true, count: width)
    var unit = 0
    for value in values {
      if value != 0 { isDead[unit] = false }
      unit = unit + 1 == width ? 0 : unit + 1
    }
    return isDead.count { $0 }
  }

  /// The gate that keeps the state where it is open; nil where there is none.
  public var keepingGate: Gate? {
    gates.first { $0.name == "forget" } ?? (cell == "GRU" ? gates.first { $0.name == "update" } : nil)
  }

  /// What it is called.
  public var name: String {
    "layer \(layer + 1)" + (isReverse ? ", backwards" : "") + ": \(cell), \(counted(size, "unit"))"
  }
}

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

  /// The times of a row at which an error comes in from above.
  private func reachedTimes(_ gradient: [Float], row: Int) -> [Int] {
    let width = outputs.shape[2]
    return (0..<length(ofRow: row)).filter { time in
      let place = (time * batch.batchSize + row) * width
      return gradient[place..<place + width].contains { $0 != 0 }
    }
  }

  /// Whether errors come in behind the last step of each row alone.
  func hasLossAtEnd(in rows: [Int]) -> Bool {
    guard let gradient = outputGradient?.scalars else { return false }
    return rows.allSatisfy { row in
      let times = reachedTimes(gradient, row: row)
      return times.isEmpty || times == [length(ofRow: row) - 1]
    }
  }

  /// Losses of single steps, evenly out of the second half of each row; where no error comes in there, out of all of it.
  ///
  /// - Parameters:
  ///   - rows: that are looked at.
  ///   - limit: of all of them together, at least one for each row.
  func losses(in rows: [Int], limit: Int) -> [(row: Int, time: Int)] {
    guard let gradient = outputGradient?.scalars else { return [] }
    let each = max(1, limit / max(rows.count, 1))
    return rows.enumerated().flatMap { index, row -> [(row: Int, time: Int)] in
      let reached = reachedTimes(gradient, row: row)
      let late = reached.filter { $0 >= length(ofRow: row) / 2 }
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
