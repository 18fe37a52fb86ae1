extension CellCatalog: NamedSetting {}
extension Precision: NamedSetting {}

extension Activation: WrittenSetting {
  /// Reads `tanh`, `leaky-relu:0.1`, `hard-sigmoid:0.2:0.5`.
  public init?(written text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let form = Form(rawValue: String(parts[0])), parts.count <= 3 else { return nil }
    let numbers = parts.dropFirst().map { Float($0) }
    guard numbers.allSatisfy({ $0?.isFinite ?? false }) else { return nil }
    self.init(
      form, alpha: numbers.first ?? nil, beta: numbers.count > 1 ? numbers[numbers.startIndex + 1] : nil)
  }

  /// The name with alpha and beta.
  public var written: String { "\(form.rawValue):\(alpha):\(beta)" }

  /// What ``init(written:)`` reads, in words.
  public static var writtenForm: String {
    "one of \(Form.allCases.map(\.rawValue).joined(separator: ", ")), with its alpha and beta behind colons where it "
      + "has them, such as leaky-relu:0.1"
  }
}

extension Setting where Value == CellCatalog {
  /// The recurrent cell.
  public static var cell: Setting { Setting("cell", standard: .gru, help: "The recurrent cell.") }
}

extension Setting where Value == Precision {
  /// What the operands of products are rounded to.
  public static var precision: Setting {
    Setting(
      "precision", .choice([Precision.float32, .bfloat16].map(\.rawValue)), "name", standard: .float32,
      help:
        "What the recurrent layers round the operands of their products to; bfloat16 is faster on processors that "
        + "have it. Parameters stay float32.")
  }
}

extension Setting where Value == Activation {
  /// The activation of Elman cells.
  public static var activation: Setting {
    Setting(
      "activation", written: "name[:a[:b]]",
      help:
        "Elman: the activation, with its alpha and beta behind colons: tanh, relu, sigmoid, affine, leaky-relu, "
        + "thresholded-relu, scaled-tanh, hard-sigmoid, elu, softsign, softplus.")
  }
}

extension Setting where Value == Int {
  /// Units in a recurrent layer.
  public static var hidden: Setting {
    Setting("hidden", .integer(1...1 << 16), "n", help: "Units in a recurrent layer.")
  }
  /// Recurrent layers.
  public static var layers: Setting {
    Setting("layers", .integer(1...64), "n", standard: 1, help: "Recurrent layers.")
  }
  /// The width of token vectors.
  public static var embedding: Setting {
    Setting("embedding", .integer(1...1 << 16), "n", help: "Width of the token vectors.")
  }
  /// Units of the projected output of an LSTM.
  public static var projection: Setting {
    Setting(
      "projection", .integer(1...1 << 16), "n", help: "LSTM: the width that the outputs are projected to.")
  }
  /// Steps of the convolution of a QRNN.
  public static var window: Setting {
    Setting("window", .integer(1...1 << 10), "n", help: "QRNN: steps that the convolution sees (default: 2).")
  }
  /// Heads of an sLSTM or mLSTM.
  public static var heads: Setting {
    Setting(
      "heads", .integer(1...1 << 10), "n",
      help: "sLSTM, mLSTM: heads, a divisor of the units (default: 4, or what divides them).")
  }
}

extension Setting where Value == Bool {
  /// Whether the gates of an LSTM see the cell state.
  public static var peepholes: Setting {
    Setting("peepholes", .bool, help: "LSTM: gates that see the cell state.")
  }
  /// Whether the forget gate of an LSTM is one minus its input gate.
  public static var coupledGates: Setting {
    Setting("coupled-gates", .bool, help: "LSTM: a forget gate that is one minus the input gate.")
  }
  /// Whether an LSTM has layer normalisation inside.
  public static var layerNorm: Setting {
    Setting(
      "layer-norm", .bool, help: "LSTM: layer normalisation of the products and of the cell state.")
  }
}

extension Setting where Value == Double {
  /// A rate: at least 0 and, as a `Float`, below 1.
  static func rate(_ name: String, help: String) -> Setting {
    Setting(name, .number(0...1, isOpenAbove: true), "p", help: help)
  }
  /// Dropout between layers and before the output.
  public static var dropout: Setting {
    .rate("dropout", help: "Dropout between layers and before the output.")
  }
  /// The largest magnitude of the cell state of an LSTM.
  public static var cellClip: Setting {
    Setting(
      "cell-clip", .number(0...Double(Float.greatestFiniteMagnitude), isOpenBelow: true), "x",
      help: "LSTM: the largest magnitude of the cell state.")
  }
  /// What the biases of the gate that keeps the state begin with.
  public static var forgetBias: Setting {
    Setting(
      "forget-bias", .number(-100...100), "x",
      help:
        "LSTM, GRU: what the biases of the gate that keeps the state add up to before training, such as the logarithm of the steps "
        + "to remember (default: that of the initialisation).")
  }
  /// The probability that a number of the state keeps its value in a step.
  public static var zoneout: Setting {
    .rate("zoneout", help: "The probability that a number of the state keeps its value in a step.")
  }
  /// The probability that a number of the cell state of an LSTM keeps its value in a step.
  public static var zoneoutCell: Setting { .rate("zoneout-cell", help: "LSTM: the same for the cell state.") }
  /// Dropout on the inputs of a layer, one mask for all steps.
  public static var inputDropout: Setting {
    .rate("input-dropout", help: "Dropout on the inputs of a layer, one mask for all steps.")
  }
  /// Dropout on the recurrent state, one mask for all steps.
  public static var recurrentDropout: Setting {
    .rate("recurrent-dropout", help: "Dropout on the recurrent state, one mask for all steps.")
  }
  /// Dropout on the recurrent weights (AWD-LSTM).
  public static var weightDrop: Setting {
    .rate("weight-drop", help: "Dropout on the recurrent weights (AWD-LSTM).")
  }
}

extension SettingsGroup {
  /// What cells do beyond their plain equations.
  public static var cell: SettingsGroup {
    SettingsGroup(
      "Cell",
      [
        Setting.precision, Setting.activation, Setting.peepholes, Setting.coupledGates, Setting.layerNorm,
        Setting.projection, Setting.cellClip, Setting.forgetBias, Setting.zoneout, Setting.zoneoutCell,
        Setting.inputDropout,
        Setting.recurrentDropout, Setting.weightDrop, Setting.window, Setting.heads,
      ])
  }
}

/// The cell of recurrent layers, with what it does beyond its plain equations.
public struct CellChoice: Sendable, Equatable {
  /// The cell.
  public var cell: CellCatalog
  /// What it does beyond its plain equations; nil for nothing.
  public var options: CellOptions?
  /// What the operands of its products are rounded to.
  public var precision: Precision

  /// A cell.
  public init(_ cell: CellCatalog, _ options: CellOptions? = nil, _ precision: Precision = .float32) {
    (self.cell, self.options, self.precision) = (cell, options, precision)
  }

  /// The cell that settings ask for.
  ///
  /// - Parameters:
  ///   - settings: those of ``SettingsGroup/cell``, and the cell.
  ///   - standard: the cell where none is set.
  public init(_ settings: Settings, standard: CellCatalog = .gru) {
    var options = CellOptions()
    options.activation = settings[.activation]
    options.lstm.hasPeepholes = settings[.peepholes] ?? false
    options.lstm.couplesGates = settings[.coupledGates] ?? false
    options.lstm.normalizesLayers = settings[.layerNorm] ?? false
    options.lstm.projectionSize = settings[.projection]
    options.lstm.cellClip = settings[.cellClip].map { Float($0) }
    options.regularization.zoneout = Float(settings[.zoneout] ?? 0)
    options.regularization.zoneoutCell = Float(settings[.zoneoutCell] ?? 0)
    options.regularization.inputDropout = Float(settings[.inputDropout] ?? 0)
    options.regularization.recurrentDropout = Float(settings[.recurrentDropout] ?? 0)
    options.regularization.weightDrop = Float(settings[.weightDrop] ?? 0)
    options.window = settings[.window]
    options.headCount = settings[.heads]
    options.forgetBias = settings[.forgetBias].map { Float($0) }
    cell = settings[.cell] ?? standard
    precision = settings[.precision] ?? .float32
    self.options = options == CellOptions() ? nil : options
  }

  /// Why the cell cannot be what is asked for, as a sentence; nil when it can.
  public var issue: String? {
    cell.issue(with: options ?? CellOptions())
      ?? cell.issue(with: precision, options: options ?? CellOptions(), inTraining: true)
  }

  /// Why cells of `hiddenSize` units cannot have the options, as a sentence; nil when they can.
  func issue(hiddenSize: Int) -> String? {
    if let issue = cell.issue(with: options ?? CellOptions()) { return issue }
    guard let heads = options?.headCount, hiddenSize % heads != 0 else { return nil }
    return "heads is \(heads), expected a divisor of the \(hiddenSize) units of a layer"
  }
}
