/// A drawing network that reads one point of B drawings after the other; it begins behind the mark of the beginning, so that there are
/// always numbers of what may come next.
public struct SketchStepper: RowStepper {
  /// What stands beside the steps of a row for all of its drawing.
  public struct Condition: Sendable, Equatable {
    /// How much of each label, `[C]`.
    public var labels: [Float]
    /// z, `[Z]`; empty without a latent vector.
    public var latent: [Float]

    /// A condition.
    public init(labels: [Float] = [], latent: [Float] = []) { (self.labels, self.latent) = (labels, latent) }
  }

  /// The model, its weights packed.
  private let model: SketchModel
  private let scale: Float
  private let brush: SketchBrush?
  private var conditions: [Condition]
  private var recurrent: RecurrentStepper<AnyCell>
  /// What the layers read, `[B, 5 + C + Z]` and the numbers of the brush before the last Z.
  private var inputs: [Float]
  private var isLoaded: [Bool]
  /// B.
  public var rowCount: Int { conditions.count }

  /// The beginning of drawings, one for each condition.
  init(packed model: SketchModel, scale: Float, brush: SketchBrush?, _ conditions: [Condition]) {
    (self.model, self.scale, self.brush, self.conditions) = (model, scale, brush, conditions)
    let (rows, width) = (conditions.count, model.recurrent.inputSize)
    let size = conditions[0].latent.count
    let brushSize = brush?.inputSize ?? 0
    let labelCount = width - SketchModel.stepSize - size - brushSize
    trapUnless(
      conditions.allSatisfy { $0.latent.count == size && $0.labels.count == labelCount },
      "SketchStepper: expected conditions of \(labelCount) labels and \(size) latent numbers, received "
        + "\(conditions.map { [$0.labels.count, $0.latent.count] })")
    let latent = size == 0 ? nil : Tensor(conditions.flatMap(\.latent), shape: [rows, size])
    recurrent = RecurrentStepper(
      model.recurrent, heads: [model.output], batchSize: rows, state: model.initialState(latent, batch: rows))
    inputs = [Float](repeating: 0, count: rows * width)
    isLoaded = [Bool](repeating: false, count: rows)
    for (row, condition) in conditions.enumerated() {
      // the pen is down at no place
      inputs[row * width + 2] = 1
      let start = row * width + SketchModel.stepSize
      for (place, number) in condition.labels.enumerated() { inputs[start + place] = number }
      for (place, number) in condition.latent.enumerated() {
        inputs[start + labelCount + brushSize + place] = number
      }
    }
    recurrent.step(inputs)
  }

  /// So many rows at the beginning, all with the first condition.
  public func beginning(rowCount: Int) -> SketchStepper {
    SketchStepper(packed: model, scale: scale, brush: brush, Array(repeating: conditions[0], count: rowCount))
  }

  /// Puts a point of a row beside those of other rows.
  public mutating func load(_ step: PenStep, row: Int) {
    let place = row * (inputs.count / rowCount)
    (inputs[place], inputs[place + 1]) = (step.dx / scale, step.dy / scale)
    for pen in PenState.allCases { inputs[place + 2 + Int(pen.rawValue)] = step.pen == pen ? 1 : 0 }
    brush?.write(
      step.brush, to: &inputs, at: place + SketchModel.stepSize + conditions[row].labels.count)
    isLoaded[row] = true
  }

  /// Reads the points that were loaded.
  public mutating func advance() {
    let count = recurrent.rowCount
    inputs[..<(count * recurrent.inputSize)].withUnsafeBufferPointer { recurrent.step($0) }
    for row in 0..<count {
      if !isLoaded[row] { recurrent.takeBack(row: row) }
      isLoaded[row] = false
    }
  }

  /// Calls `body` with what the network says of the next step of a row, `[6K + 3]` and the numbers of the brush: of rows that were stepped last.
  public func withNumbers<R>(row: Int, _ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    let width = recurrent.outputSize
    return try recurrent.withOutput {
      try body(UnsafeBufferPointer(rebasing: $0[row * width..<(row + 1) * width]))
    }
  }

  // MARK: Rows that come and go

  /// Whether rows can come and go: not of cells that the backend does not fuse.
  var rowsMove: Bool { recurrent.rowStateCount != nil }

  /// So many rows that come and go; nil for cells that the backend does not fuse.
  public func slots(count: Int) -> SketchStepper? { rowsMove ? beginning(rowCount: count) : nil }

  /// Lets the next steps be of the first rows alone.
  public mutating func setRowCount(_ count: Int) { recurrent.setRowCount(count) }

  /// Goes on with a row from that of another stepper, with what stands beside its steps.
  public mutating func setRow(_ row: Int, from other: SketchStepper, row otherRow: Int) {
    let width = recurrent.inputSize
    inputs.replaceSubrange(
      row * width..<(row + 1) * width, with: other.inputs[otherRow * width..<(otherRow + 1) * width])
    conditions[row] = other.conditions[otherRow]
    if rowsMove {
      recurrent.setRow(row, from: other.recurrent, row: otherRow)
    } else {
      keepRow(row, from: other, row: otherRow)
    }
  }

  // MARK: State

  /// What is kept of a row.
  public func state(row: Int) -> SessionState { model.recurrent.state(recurrent.state, row: row) }

  /// Goes on with a row from a state that was kept.
  public mutating func restore(_ state: SessionState, row: Int) throws {
    recurrent.state = try model.recurrent.replacing(recurrent.state, row: row, from: state)
  }
}
