import CRecurrent
import RecurrentTestSupport
import Testing

/// A cell of the library with its form in the header.
struct KernelCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let cell: AnyCell
  let form: @Sendable (inout rec_cell) -> Void
  /// What each step leaves of the old state, expected.
  let zoneout: (hidden: Float, cell: Float)

  init(
    _ name: String, _ cell: any Cell, zoneout: (hidden: Float, cell: Float) = (0, 0),
    _ form: @escaping @Sendable (inout rec_cell) -> Void
  ) {
    (testDescription, self.cell, self.form, self.zoneout) = (name, AnyCell(cell), form, zoneout)
  }

  static let input = 5
  static let hidden = 19

  private static func lstm(
    _ options: LSTMOptions = LSTMOptions(), hasBias: Bool = true,
    noise: RecurrentRegularization = .none
  ) -> LSTM {
    LSTM(
      inputSize: input, hiddenSize: hidden, hasBias: hasBias, options: options, regularization: noise,
      key: RandomKey(seed: 3))
  }

  static let all: [KernelCase] = [
    KernelCase("lstm", lstm()) { $0.kind = Int32(REC_LSTM) },
    KernelCase("lstm without biases", lstm(hasBias: false)) { $0.has_bias = 0 },
    KernelCase(
      "lstm with everything",
      lstm(
        LSTMOptions(
          hasPeepholes: true, couplesGates: true, normalizesLayers: true, projectionSize: 7, cellClip: 0.5))
    ) {
      ($0.has_peepholes, $0.couples_gates, $0.normalizes) = (1, 1, 1)
      ($0.projection, $0.cell_clip) = (7, 0.5)
    },
    KernelCase(
      "lstm with zoneout", lstm(noise: RecurrentRegularization(zoneout: 0.25, zoneoutCell: 0.5)),
      zoneout: (0.25, 0.5)
    ) { _ in },
    KernelCase("gru", GRU(inputSize: input, hiddenSize: hidden, key: RandomKey(seed: 4))) {
      $0.kind = Int32(REC_GRU)
    },
    KernelCase(
      "elman with zoneout",
      Elman(
        inputSize: input, hiddenSize: hidden, regularization: RecurrentRegularization(zoneout: 0.25),
        key: RandomKey(seed: 5)), zoneout: (0.25, 0)
    ) { $0.kind = Int32(REC_ELMAN_TANH) },
    KernelCase(
      "elman with softplus",
      Elman(
        inputSize: input, hiddenSize: hidden, activation: Activation(.softplus), key: RandomKey(seed: 6))
    ) {
      $0.kind = Int32(REC_ELMAN)
      $0.activation = Int32(REC_SOFTPLUS)
    },
  ]

  /// The cell in the form of the header.
  var headerCell: rec_cell {
    var result = rec_cell()
    result.size = MemoryLayout<rec_cell>.size
    (result.input, result.hidden, result.has_bias) = (Int64(KernelCase.input), Int64(KernelCase.hidden), 1)
    form(&result)
    return result
  }
}

/// Which rows are read in which order.
struct PlanCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  var lengths: [Int]?
  var resets: [Bool]?
  var isBackward = false
  /// Whether sequences stand one after the other in memory: [B, T, ...].
  var isBatchFirst = false

  static let steps = 6
  static let rows = 3

  private static let marks = (0..<steps * rows).map { $0 == 7 || $0 == 1 || $0 == 14 }

  static let all: [PlanCase] = [
    PlanCase(testDescription: "whole"),
    PlanCase(testDescription: "backward, sequence by sequence", isBackward: true, isBatchFirst: true),
    PlanCase(testDescription: "ragged", lengths: [2, 6, 0]),
    PlanCase(
      testDescription: "ragged backward, sequence by sequence", lengths: [2, 0, 5], isBackward: true,
      isBatchFirst: true),
    PlanCase(testDescription: "resets", lengths: [6, 4, 6], resets: marks),
    PlanCase(testDescription: "empty", lengths: [0, 0, 0]),
  ]

  var strides: (step: Int, row: Int) { isBatchFirst ? (1, PlanCase.steps) : (PlanCase.rows, 1) }

  /// A tensor `[T, B, F]` as it stands in memory.
  func inMemory(_ tensor: Tensor) -> [Float] {
    isBatchFirst ? tensor.permuted([1, 0, 2]).scalars : tensor.scalars
  }
}
