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

    /// For messages.
    var description: String {
      switch self {
      case .oneOf(let words): words.joined(separator: " or ")
      case .number(let range): "a number in \(plain(range.lowerBound)) ... \(plain(range.upperBound))"
      }
    }

    func contains(_ text: String) -> Bool {
      switch self {
      case .oneOf(let words): words.contains(text)
      case .number(let range): Double(text).map { range.contains($0) } ?? false
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
    CellOption("precision", .oneOf(["float32"])),
  ]
}

extension Problem {
  /// Our cell for this problem.
  func makeCell(inputSize: Int, key: RandomKey) -> AnyCell {
    let (hidden, hasBias) = (self["H"], options["bias"] != "false")
    switch cell ?? .lstm {
    case .lstm:
      return AnyCell(LSTM(inputSize: inputSize, hiddenSize: hidden, hasBias: hasBias, key: key))
    case .gru:
      let reset = options["reset"] == "before" ? GRU.Reset.beforeProduct : .afterProduct
      return AnyCell(
        GRU(inputSize: inputSize, hiddenSize: hidden, reset: reset, hasBias: hasBias, key: key))
    case .elman:
      return AnyCell(Elman(inputSize: inputSize, hiddenSize: hidden, hasBias: hasBias, key: key))
    case .elmanReLU:
      return AnyCell(
        Elman(inputSize: inputSize, hiddenSize: hidden, activation: .relu, hasBias: hasBias, key: key))
    }
  }
}
