/// A network of piano rolls that reads one step of B pieces after the other.
struct PianoRollStepper: Sendable {
  private let network: PianoRollNetwork
  private var recurrent: RecurrentStepper<AnyCell>
  private var keys: RecurrentStepper<AnyCell>?
  /// From what is read to what each key sees of it.
  private let view: Linear?
  /// What is read at a step, `[B, K + 1]`; between the steps what a style moves it by.
  private var input: [Float]
  /// What a style moves the inputs of each row by, `[K + 1]`.
  private var shift: [Float]
  /// The ones of each row at the next step; nil where it reads nothing.
  private var ones: [[Int]?]
  /// What the network says of the next step, `[B, K]`.
  private var scores: [Float]

  /// The beginning of B pieces; the weights of the network are packed.
  init(packed network: PianoRollNetwork, rowCount: Int) {
    self.network = network
    recurrent = RecurrentStepper(network.recurrent, heads: [network.head], batchSize: rowCount)
    keys = network.keys.map {
      RecurrentStepper($0.recurrent, heads: [$0.head], batchSize: rowCount * $0.view.keyCount)
    }
    view = network.keys?.view.map.packed()
    shift = [Float](repeating: 0, count: recurrent.inputSize)
    input = [Float](repeating: 0, count: rowCount * recurrent.inputSize)
    ones = [[Int]?](repeating: nil, count: rowCount)
    scores = [Float](repeating: 0, count: rowCount * recurrent.outputSize)
  }

  /// Moves the inputs of all rows from here on.
  mutating func setShift(_ shift: [Float]) {
    self.shift = shift
    input = ones.flatMap { _ in shift }
  }

  /// Puts the ones of a row beside those of other rows.
  mutating func load(_ ones: [Int], row: Int) {
    self.ones[row] = ones
    for one in ones { input[row * shift.count + one] += 1 }
  }

  /// Reads what was loaded; other rows stay where they are.
  mutating func advance() {
    recurrent.step(input)
    recurrent.withOutput { output in for place in output.indices { scores[place] = output[place] } }
    if let view {
      view(Tensor(input, shape: [ones.count, shift.count])).scalars.withUnsafeBufferPointer { keys?.step($0) }
      keys?.withOutput { output in for place in output.indices { scores[place] += output[place] } }
    }
    let keyCount = recurrent.outputSize
    for row in ones.indices {
      guard let own = ones[row] else {
        recurrent.takeBack(row: row)
        if keys != nil { for key in 0..<keyCount { keys?.takeBack(row: row * keyCount + key) } }
        continue
      }
      for one in own { input[row * shift.count + one] = shift[one] }
      ones[row] = nil
    }
  }

  /// Calls `body` with the scores of the next step of a row that read the last one, `[K]`.
  func withScores<R>(row: Int, _ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    try scores.withUnsafeBufferPointer { try body($0.row(row, of: ones.count)) }
  }

  /// What is kept of a row.
  func state(row: Int) -> SessionState {
    var state = network.recurrent.state(recurrent.state, row: row)
    if let shared = network.keys, let own = keys?.state {
      state = state + shared.recurrent.state(own, rows: rows(row), PianoRollStepper.prefix)
    }
    return state
  }

  /// Goes on with a row from a state that was kept.
  mutating func restore(_ state: SessionState, row: Int) throws {
    recurrent.state = try network.recurrent.replacing(recurrent.state, row: row, from: state)
    if let shared = network.keys, let own = keys?.state {
      let next = try shared.recurrent.replacing(
        own, rows: rows(row), from: state, PianoRollStepper.prefix)
      keys?.state = next
    }
  }

  /// What stands before the names of the states of keys.
  private static let prefix = "keys."

  /// The rows of the keys of a piece.
  private func rows(_ row: Int) -> Range<Int> {
    row * recurrent.outputSize..<(row + 1) * recurrent.outputSize
  }
}
