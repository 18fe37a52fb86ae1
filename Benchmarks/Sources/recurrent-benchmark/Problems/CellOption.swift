import Recurrent

/// An option of our cells that a problem line may name as `name=value`.
///
/// To add one: a line in ``all`` and a line in `Problem.makeCell`, which gives it its effect. A problem with options is
/// timed beside the same problem without them, and beside the opponents that know them.
struct CellOption {
  /// What may stand behind the equals sign.
  enum Values {
    case oneOf([String])
    case number(ClosedRange<Double>)
    case whole(ClosedRange<Int>)

    /// For messages.
    var description: String {
      switch self {
      case .oneOf(let words): words.joined(separator: " or ")
      case .number(let range): "a number in \(plain(range.lowerBound)) ... \(plain(range.upperBound))"
      case .whole(let range): "a whole number in \(range.lowerBound) ... \(range.upperBound)"
      }
    }

    func contains(_ text: String) -> Bool {
      switch self {
      case .oneOf(let words): words.contains(text)
      case .number(let range): Double(text).map { range.contains($0) } ?? false
      case .whole(let range): Int(text).map { range.contains($0) } ?? false
      }
    }
  }

  let name: String
  let values: Values
  let cells: [Problem.Cell]

  init(_ name: String, _ values: Values, cells: [Problem.Cell] = Problem.Cell.allCases) {
    self.name = name
    self.values = values
    self.cells = cells
  }

  /// Every option that the library has.
  static let all: [CellOption] = [
    CellOption("bias", .oneOf(["true", "false"])),
    CellOption("reset", .oneOf(["before", "after"]), cells: [.gru]),
    CellOption("precision", .oneOf(Precision.allCases.map(\.rawValue))),
    CellOption("peepholes", .oneOf(["true"]), cells: [.lstm]),
    CellOption("coupled-gates", .oneOf(["true"]), cells: [.lstm]),
    CellOption("layer-norm", .oneOf(["true"]), cells: [.lstm]),
    CellOption("projection", .whole(1...65_536), cells: [.lstm]),
    CellOption("cell-clip", .number(1e-3...1e6), cells: [.lstm]),
    CellOption("zoneout", .number(0...0.99)),
    CellOption("zoneout-cell", .number(0...0.99), cells: [.lstm]),
    CellOption("input-dropout", .number(0...0.99)),
    CellOption("recurrent-dropout", .number(0...0.99)),
    CellOption("weight-drop", .number(0...0.99)),
  ]
}

extension Problem {
  /// Our cell for this problem.
  func makeCell(inputSize: Int, key: RandomKey) -> AnyCell {
    let precision = options["precision"].flatMap { Precision(rawValue: $0) } ?? .float32
    return makeSinglePrecisionCell(inputSize: inputSize, key: key).with(precision: precision)
  }

  private func makeSinglePrecisionCell(inputSize: Int, key: RandomKey) -> AnyCell {
    let (hidden, hasBias) = (self["H"], options["bias"] != "false")
    func rate(_ name: String) -> Float { options[name].flatMap { Float($0) } ?? 0 }
    let noise = RecurrentRegularization(
      zoneout: rate("zoneout"), zoneoutCell: rate("zoneout-cell"), inputDropout: rate("input-dropout"),
      recurrentDropout: rate("recurrent-dropout"), weightDrop: rate("weight-drop"))
    switch cell ?? .lstm {
    case .lstm:
      let lstm = LSTMOptions(
        hasPeepholes: options["peepholes"] != nil, couplesGates: options["coupled-gates"] != nil,
        normalizesLayers: options["layer-norm"] != nil,
        projectionSize: options["projection"].flatMap { Int($0) },
        cellClip: options["cell-clip"].flatMap { Float($0) })
      return AnyCell(
        LSTM(
          inputSize: inputSize, hiddenSize: hidden, hasBias: hasBias, options: lstm, regularization: noise,
          key: key))
    case .gru:
      let reset = options["reset"] == "before" ? GRU.Reset.beforeProduct : .afterProduct
      return AnyCell(
        GRU(
          inputSize: inputSize, hiddenSize: hidden, reset: reset, hasBias: hasBias, regularization: noise,
          key: key))
    case .elman, .elmanReLU:
      return AnyCell(
        Elman(
          inputSize: inputSize, hiddenSize: hidden, activation: cell == .elman ? .tanh : .relu,
          hasBias: hasBias, regularization: noise, key: key))
    }
  }
}
