/// What is shown of one reading of a recurrent layer: its first row.
public struct ReadingView: Sendable {
  /// What is shown of one cell.
  public struct Part: Sendable {
    /// Which layer, from 0.
    public var layer: Int
    /// Whether it reads from the end to the beginning.
    public var isReverse: Bool
    /// The kind of the cell.
    public var cell: String
    /// The width of what it reads.
    public var inputSize: Int
    /// What came out, `[step][unit]`.
    public var hidden: [[Float]]
    /// Activated gates and further states by name, `[step][unit]`.
    public var others: [(name: String, values: [[Float]])]
    /// How far back losses reach.
    public var reach: GradientReach
    /// The norm of the gradient of the whole loss with respect to the state behind each step, by time.
    public var stateGradient: [Double]
    /// What the units follow, the best followers first.
    public var followed: [FollowedSignal]

    /// Units.
    public var size: Int { hidden.first?.count ?? 0 }

    /// The share of the values of hidden units that are nearly 1 or -1; nil where they can be larger.
    public var saturation: Double? {
      let all = hidden.joined()
      guard !all.isEmpty, all.allSatisfy({ abs($0) <= 1 }) else { return nil }
      return Double(all.count { abs($0) > 0.97 }) / Double(all.count)
    }

    /// The share of the values of gates that are nearly open or closed, by name.
    public var gateSaturation: [(name: String, closed: Double, open: Double)] {
      others.filter { ["input", "forget", "output", "reset", "update"].contains($0.name) }.map { gate in
        let all = gate.values.joined()
        let count = Double(max(all.count, 1))
        return (gate.name, Double(all.count { $0 < 0.03 }) / count, Double(all.count { $0 > 0.97 }) / count)
      }
    }

    /// Units that are zero at every step.
    public var deadCount: Int { (0..<size).count { unit in hidden.allSatisfy { $0[unit] == 0 } } }

    /// What it is called.
    public var name: String {
      "layer \(layer + 1)" + (isReverse ? ", backwards" : "") + ": \(cell), \(size) units"
    }
  }

  /// Its number among the readings.
  public var number: Int
  /// Its steps.
  public var stepCount: Int
  /// The cells, forward before backward in each layer.
  public var parts: [Part]

  /// Times whose losses are followed back, at most.
  static let lossLimit = 16

  /// - Parameters:
  ///   - reading: what was read.
  ///   - number: among the readings.
  ///   - signals: by step of the input.
  init(_ reading: RecurrentReading, number: Int, signals: [StepSignal]) {
    self.number = number
    let count = reading.batch.lengths?[0] ?? reading.batch.stepCount
    stepCount = count
    let fitting = signals.filter { !$0.values.isEmpty }.map { signal in
      // where steps of the input are drawn together, the first of each
      StepSignal(signal.name, (0..<count).map { signal.values[$0 * signal.values.count / max(count, 1)] })
    }
    let times = ReadingView.times(reading, count)
    let norms = reading.stateGradientNorms(at: times)
    parts = reading.parts.enumerated().map { index, part in
      func rows(_ tensor: Tensor) -> [[Float]] {
        let (all, row) = (tensor.scalars, tensor.shape[1] * tensor.shape[2])
        return (0..<count).map { Array(all[$0 * row..<$0 * row + tensor.shape[2]]) }
      }
      let hidden = part.values.first { $0.name == "hidden" }.map { rows($0.values) } ?? []
      let own = part.stateGradients.reduce(into: [Double](repeating: 0, count: count)) { sums, norms in
        for (step, norm) in norms.prefix(count).enumerated() {
          sums[part.isReverse ? count - 1 - step : step] += norm * norm
        }
      }
      return Part(
        layer: part.layer, isReverse: part.isReverse, cell: part.cell, inputSize: part.inputSize,
        hidden: hidden,
        others: part.values.filter { $0.name != "hidden" }.map { ($0.name, rows($0.values)) },
        reach: GradientReach(
          norms.indices.contains(index) ? norms[index] : [], times: times, isReverse: part.isReverse),
        stateGradient: own.map { $0.squareRoot() },
        followed: UnitRanking.units(hidden, following: fitting))
    }
  }

  /// Times at which a gradient comes in from above, evenly out of the second half of the sequence; where there is none, out of
  /// all of it.
  private static func times(_ reading: RecurrentReading, _ count: Int) -> [Int] {
    guard let gradient = reading.outputGradient else { return [] }
    let (all, width, row) = (gradient.scalars, gradient.shape[2], gradient.shape[1] * gradient.shape[2])
    let reached = (0..<count).filter { time in all[time * row..<time * row + width].contains { $0 != 0 } }
    let late = reached.filter { $0 >= count / 2 }
    let own = late.isEmpty ? reached : late
    // each is a row of its own over all steps: of long sequences fewer, so that memory stays small
    let limit = max(4, min(lossLimit, 4096 / count))
    guard own.count > limit else { return own }
    return (0..<limit).map { own[(2 * $0 + 1) * own.count / (2 * limit)] }
  }
}
