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
  ///   - limit: of losses that are followed back in each direction, at least one for each row.
  static func all(
    _ reading: RecurrentReading, number: Int, rows: [Int], limit: Int
  ) -> [CellHealth] {
    let reaches = reading.reaches(in: rows, limit: limit)
    let stepCount = rows.map { reading.length(ofRow: $0) }.max() ?? 0
    let isLossAtEnd = reading.hasLossAtEnd(in: rows)
    return reading.parts.enumerated().map { index, part in
      let hidden =
        part.values.first { $0.name == "hidden" }.map { reading.values($0.values, rows: rows) } ?? []
      return CellHealth(
        reading: number, layer: part.layer, isReverse: part.isReverse, cell: part.cell,
        size: part.outputSize, stepCount: stepCount, isLossAtEnd: isLossAtEnd,
        reach: reaches[index], hidden: hidden,
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
