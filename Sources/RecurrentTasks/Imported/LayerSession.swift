import RecurrentLayers

/// Recurrent layers without a task that read one step of B rows after the other.
public struct LayerStepper: RowStepper {
  private let layer: RecurrentLayer<AnyCell>
  private var recurrent: RecurrentStepper<AnyCell>
  private var inputs: [Float]
  private var isLoaded: [Bool]

  init(_ layer: RecurrentLayer<AnyCell>, rowCount: Int) {
    self.layer = layer
    recurrent = RecurrentStepper(layer, batchSize: rowCount)
    inputs = [Float](repeating: 0, count: rowCount * layer.inputSize)
    isLoaded = [Bool](repeating: false, count: rowCount)
  }

  /// B.
  public var rowCount: Int { isLoaded.count }

  /// So many rows at the beginning.
  public func beginning(rowCount: Int) -> LayerStepper { LayerStepper(layer, rowCount: rowCount) }

  /// Puts I numbers of a row beside those of other rows. Traps where there are more or fewer.
  public mutating func load(_ step: [Float], row: Int) {
    let width = layer.inputSize
    trapUnless(step.count == width, "LayerStepper: expected \(width) numbers, received \(step.count)")
    inputs.withUnsafeMutableBufferPointer { all in
      step.withUnsafeBufferPointer { own in
        if let to = all.baseAddress, let from = own.baseAddress {
          (to + row * width).update(from: from, count: width)
        }
      }
    }
    isLoaded[row] = true
  }

  /// Reads the steps that were loaded.
  public mutating func advance() {
    let count = recurrent.rowCount
    inputs.withUnsafeBufferPointer {
      recurrent.step(UnsafeBufferPointer(rebasing: $0[..<(count * layer.inputSize)]))
    }
    for row in 0..<count {
      if !isLoaded[row] { recurrent.takeBack(row: row) }
      isLoaded[row] = false
    }
  }

  /// Calls `body` with the output of a row, `[H]`.
  public func withOutput<R>(row: Int, _ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    try recurrent.withOutput { try body($0.row(row, of: rowCount)) }
  }

  /// So many rows that come and go; nil for cells that the backend does not fuse.
  public func slots(count: Int) -> LayerStepper? {
    recurrent.rowStateCount == nil ? nil : beginning(rowCount: count)
  }

  /// Lets the next steps be of the first rows alone.
  public mutating func setRowCount(_ count: Int) { recurrent.setRowCount(count) }

  /// Goes on with a row from that of another stepper. Asked only where there are slots.
  public mutating func setRow(_ row: Int, from other: LayerStepper, row otherRow: Int) {
    recurrent.setRow(row, from: other.recurrent, row: otherRow)
  }

  /// What is kept of a row, by the names of PyTorch.
  public func state(row: Int) -> SessionState { layer.state(recurrent.state, row: row) }

  /// Goes on with a row from a state that was kept.
  public mutating func restore(_ state: SessionState, row: Int) throws {
    recurrent.state = try layer.replacing(recurrent.state, row: row, from: state)
  }
}

/// The output of the layers after each step.
public struct LayerHead: SessionHead {
  /// `[H]`; empty before the first step.
  private(set) var output: [Float] = []

  /// Takes the output of a step.
  public mutating func read(_ step: [Float], _ stepper: LayerStepper, row: Int) {
    stepper.withOutput(row: row) { own in
      if output.count != own.count { output = [Float](repeating: 0, count: own.count) }
      // in place, unless a row of an earlier step still holds them
      output.withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: own) }
    }
  }

  /// `[H]`; nothing before the first step.
  public var outputs: [[Float]] { output.isEmpty ? [] : [output] }

  /// Nothing but the states of the layers is kept.
  public var state: SessionState { SessionState() }

  /// Nothing is kept.
  public mutating func restore(_ state: SessionState) throws { output = [] }
}

/// A sequence that layers without a task read step by step.
public typealias LayerSession = SteppedSession<LayerHead>

/// Reads a list of I numbers as a step.
public struct LayerStepReader: TaskStepReader {
  let inputSize: Int

  /// The numbers of a line.
  public mutating func push(_ value: JSONValue, line: Int) throws(DataError) -> [[Float]] {
    func malformed(_ found: String) -> DataError {
      .malformed(
        path: "<stream>", place: .line(line), expected: "a list of \(inputSize) numbers", found: found)
    }
    guard case .list(let values) = value else { throw malformed("another value") }
    guard values.count == inputSize else { throw malformed("\(values.count) values") }
    var numbers: [Float] = []
    numbers.reserveCapacity(inputSize)
    for value in values {
      guard case .number(let number) = value else { throw malformed("another value among them") }
      numbers.append(Float(number))
    }
    return [numbers]
  }

  /// The numbers of a line.
  public mutating func push(_ numbers: ArraySlice<Double>, line: Int) throws(DataError) -> [[Float]] {
    guard numbers.count == inputSize else {
      throw .malformed(
        path: "<stream>", place: .line(line), expected: "a list of \(inputSize) numbers",
        found: "\(numbers.count) values")
    }
    return [numbers.map { Float($0) }]
  }

  /// Nothing: each line is a step.
  public var stored: [Int64] { [] }

  /// Accepts an empty state alone.
  public mutating func restore(_ stored: [Int64]) -> Bool { stored.isEmpty }
}

extension ImportedLayers {
  /// The live sessions of the layers; each line is a list of I numbers, each row the output `output`, `[H]`.
  ///
  /// - Throws: ``TaskError/unsupported(_:)`` where the layers read backwards too.
  public func sessions(batchSize: Int) throws -> SessionTable<LayerSession, LayerStepReader> {
    guard !layer.isBidirectional else { throw TaskError.unsupported("the layers read backwards too") }
    return SessionTable(
      LayerSession(LayerStepper(layer.packed(), rowCount: 1), LayerHead()),
      LayerStepReader(inputSize: layer.inputSize), batchSize: batchSize
    ) { session, moment in
      moment == .step ? [[Field("output", .floats(session.head.output))]] : []
    }
  }
}
