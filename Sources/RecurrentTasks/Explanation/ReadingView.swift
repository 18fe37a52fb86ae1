/// What is shown of one reading of a recurrent layer: its first row.
public struct ReadingView: Sendable {
  /// What is shown of one cell.
  public struct Part: Sendable {
    /// How it does.
    public var health: CellHealth
    /// The width of what it reads.
    public var inputSize: Int
    /// What came out, `[step][unit]`.
    public var hidden: [[Float]]
    /// Activated gates and further states by name, `[step][unit]`.
    public var others: [(name: String, values: [[Float]])]
    /// The norm of the gradient of the whole loss with respect to the state behind each step, by time.
    public var stateGradient: [Double]
    /// What the units follow, the best followers first.
    public var followed: [FollowedSignal]

    /// Which layer, from 0.
    public var layer: Int { health.layer }
    /// Whether it reads from the end to the beginning.
    public var isReverse: Bool { health.isReverse }
    /// How far back losses reach.
    public var reach: GradientReach { health.reach }
    /// What it is called.
    public var name: String { health.name }
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
    let count = reading.length(ofRow: 0)
    stepCount = count
    let fitting = signals.filter { !$0.values.isEmpty }.map { signal in
      // where steps of the input are drawn together, the first of each
      StepSignal(signal.name, (0..<count).map { signal.values[$0 * signal.values.count / max(count, 1)] })
    }
    // each is a row of its own over all steps: of long sequences fewer, so that memory stays small
    let limit = max(4, min(ReadingView.lossLimit, 4096 / max(count, 1)))
    parts = zip(reading.parts, CellHealth.all(reading, number: number, rows: [0], limit: limit)).map {
      part, health in
      let hidden = part.values.first { $0.name == "hidden" }.map { reading.steps(of: $0.values) } ?? []
      let own = part.stateGradients.reduce(into: [Double](repeating: 0, count: count)) { sums, norms in
        for (step, norm) in norms.prefix(count).enumerated() {
          sums[part.isReverse ? count - 1 - step : step] += norm * norm
        }
      }
      return Part(
        health: health, inputSize: part.inputSize, hidden: hidden,
        others: part.values.filter { $0.name != "hidden" }.map {
          ($0.name, reading.steps(of: $0.values))
        },
        stateGradient: own.map { $0.squareRoot() },
        followed: UnitRanking.units(hidden, following: fitting))
    }
  }
}
