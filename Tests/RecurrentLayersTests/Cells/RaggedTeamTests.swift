import Foundation
import RecurrentTestSupport
import Testing

/// Long ragged batches go through many chunks of steps, in which members of a team that do not wait for each other are
/// far apart. Nothing of that may be seen in a result.
///
/// `RECURRENT_TEST_ROUNDS` sets how often each case runs (3).
@Suite struct RaggedTeamTests {
  /// Segments shared out, several chunks; hidden units shared out; rows that end one after the other.
  static let shapes = [CellShape(120, 24, 9, 20), CellShape(70, 6, 20, 100), CellShape(40, 60, 5, 33)]
  static let rounds = ProcessInfo.processInfo.environment["RECURRENT_TEST_ROUNDS"].flatMap { Int($0) } ?? 3
  private let key = RandomKey(seed: 31)

  @Test(arguments: shapes, [Precision.float32, .bfloat16, .int8])
  func plainCells(_ s: CellShape, _ precision: Precision) throws {
    let isTrained = precision != .int8
    try check(s, precision, isTrained: isTrained) { LSTM(inputSize: $0, hiddenSize: s.H, key: key) }
    try check(s, precision, isTrained: isTrained) { GRU(inputSize: $0, hiddenSize: s.H, key: key) }
    try check(s, precision, isTrained: isTrained) {
      GRU(inputSize: $0, hiddenSize: s.H, reset: .beforeProduct, key: key)
    }
    try check(s, precision, isTrained: isTrained) { Elman(inputSize: $0, hiddenSize: s.H, key: key) }
    try check(s, precision, isTrained: isTrained) {
      Elman(inputSize: $0, hiddenSize: s.H, activation: .relu, key: key)
    }
  }

  @Test(arguments: shapes)
  func options(_ s: CellShape) throws {
    for variant in LSTMVariant.all {
      try check(s) { variant.cell(CellShape(s.T, s.B, $0, s.H), key: key) }
    }
  }

  @Test(arguments: shapes)
  func successors(_ s: CellShape) throws {
    try check(s) { MinGRU(inputSize: $0, hiddenSize: s.H, key: key) }
    try check(s) { MinLSTM(inputSize: $0, hiddenSize: s.H, key: key) }
    try check(s) { IndRNN(inputSize: $0, hiddenSize: s.H, key: key) }
    try check(s) { SRU(inputSize: $0, hiddenSize: s.H, key: key) }
    for pooling in QRNN.Pooling.allCases {
      try check(s) { QRNN(inputSize: $0, hiddenSize: s.H, pooling: pooling, key: key) }
    }
    let width = s.H / 4 * 4
    try check(s) { SLSTM(inputSize: $0, hiddenSize: width, headCount: 4, key: key) }
    try check(s) { MLSTM(inputSize: $0, hiddenSize: width, headCount: 4, key: key) }
  }

  private static let teams = [2, 3, 4, 8].map { CPUBackend(exactThreadCount: $0) }
  private static let alone = CPUBackend(threadCount: 1)

  /// In both directions, with and without gradients: teams of 2, 3, 4 and 8 members against one.
  private func check<C: Cell>(
    _ s: CellShape, _ precision: Precision = .float32, isTrained: Bool = true, _ make: (Int) -> C
  ) throws {
    let lengths = key.child(1).integers(s.B, below: s.T + 1)
    let x = Tensor.random([s.T, s.B, s.I], key: key.child(2))
    let layer = RecurrentLayer(inputSize: s.I, isBidirectional: true, key: key) { size, _ in make(size) }
      .with(precision: precision)
    func results(isTraining: Bool) -> [Tensor] {
      guard isTraining else {
        let (outputs, final) = layer(SequenceBatch(x, lengths: lengths))
        return [outputs] + final.cells.flatMap(\.tensors)
      }
      let (_, gradient) = valueAndGradient(of: ModelWithInputs(model: layer, inputs: [x])) { point in
        let (outputs, _) = point.model(SequenceBatch(point.inputs[0], lengths: lengths))
        return square(outputs).sum()
      }
      return gradient.parameters.map(\.value)
    }
    for isTraining in isTrained ? [false, true] : [false] {
      let expected = Backends.$current.withValue(Self.alone) { results(isTraining: isTraining) }
      for team in Self.teams {
        try Backends.$current.withValue(team) {
          for round in 0..<(isTraining ? max(1, Self.rounds / 10) : Self.rounds) {
            try requireSameBits(
              results(isTraining: isTraining), expected,
              "\(C.self) \(s) \(precision), round \(round) of \(team.threadCount) threads, training: \(isTraining)"
            )
          }
        }
      }
    }
  }
}
