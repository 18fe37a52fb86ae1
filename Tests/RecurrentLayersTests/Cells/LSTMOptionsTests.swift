import RecurrentTestSupport
import Testing

/// Each option of the LSTM alone and all together.
struct LSTMVariant: Sendable, CustomStringConvertible {
  let description: String
  let options: LSTMOptions
  var regularization = RecurrentRegularization.none

  static let all = [
    LSTMVariant("peepholes", LSTMOptions(hasPeepholes: true)),
    LSTMVariant("coupled gates", LSTMOptions(couplesGates: true)),
    LSTMVariant("layer norm", LSTMOptions(normalizesLayers: true)),
    LSTMVariant("projection", LSTMOptions(projectionSize: 3)),
    LSTMVariant("wide projection", LSTMOptions(projectionSize: 70)),
    LSTMVariant("cell clip", LSTMOptions(cellClip: 0.31)),
    LSTMVariant("zoneout", LSTMOptions(), RecurrentRegularization(zoneout: 0.2, zoneoutCell: 0.4)),
    LSTMVariant(
      "all",
      LSTMOptions(
        hasPeepholes: true, couplesGates: true, normalizesLayers: true, projectionSize: 18, cellClip: 0.6),
      RecurrentRegularization(zoneout: 0.3, zoneoutCell: 0.1)),
  ]

  init(
    _ description: String, _ options: LSTMOptions, _ regularization: RecurrentRegularization = .none
  ) {
    self.description = description
    self.options = options
    self.regularization = regularization
  }

  func cell(_ s: CellShape, hasBias: Bool = true, key: RandomKey) -> LSTM {
    let cell = LSTM(
      inputSize: s.I, hiddenSize: s.H, hasBias: hasBias, options: options, regularization: regularization,
      key: key)
    // scales of one would hide a missing factor
    return cell.mappingParameters { name, value in
      name.hasPrefix("norm") ? value + Tensor.random(value.shape, key: key.child(value.count)) * 0.3 : value
    }
  }
}

@Suite struct LSTMOptionsTests {
  static let shapes = [
    CellShape(1, 1, 1, 1), CellShape(5, 3, 2, 4), CellShape(7, 2, 17, 33), CellShape(4, 13, 5, 70),
    CellShape(2, 270, 3, 5),
  ]

  @Test(arguments: LSTMVariant.all, shapes)
  func cell(_ variant: LSTMVariant, _ s: CellShape) throws {
    try checkCell(variant.cell(s, key: RandomKey(seed: 21)), s)
  }

  @Test(arguments: LSTMVariant.all)
  func withoutBias(_ variant: LSTMVariant) throws {
    let s = CellShape(5, 3, 2, 20)
    try checkCell(variant.cell(s, hasBias: false, key: RandomKey(seed: 22)), s)
  }

  @Test func initialParameters() {
    let plain = LSTM(inputSize: 3, hiddenSize: 4, key: RandomKey(seed: 1))
    #expect(plain.parameters.map(\.name) == ["weight_ih", "weight_hh", "bias_ih", "bias_hh"])
    let cell = LSTM(
      inputSize: 3, hiddenSize: 4,
      options: LSTMOptions(
        hasPeepholes: true, couplesGates: true, normalizesLayers: true, projectionSize: 2, cellClip: 1),
      key: RandomKey(seed: 1))
    let shapes = Dictionary(uniqueKeysWithValues: cell.parameters.map { ($0.name, $0.value.shape) })
    #expect(
      shapes == [
        "weight_ih": [12, 3], "weight_hh": [12, 2], "bias_ih": [12], "bias_hh": [12], "weight_hr": [2, 4],
        "weight_peephole": [8], "norm_ih": [12], "norm_hh": [12], "norm_cell": [4], "norm_cell_bias": [4],
      ])
    #expect(cell.outputSize == 2)
    #expect(cell.initialState(batch: 5).cell.shape == [5, 4])
    #expect(cell.initialState(batch: 5).hidden.shape == [5, 2])
  }
}
