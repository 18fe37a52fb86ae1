/// What a problem line asks for; the first word of the line.
enum ProblemKind: String, Codable, CaseIterable {
  /// Recurrent layers over a whole batch of sequences.
  case layer
  /// The same over sequences of different lengths.
  case ragged
  /// Recurrent layers as an ONNX file, run as a graph of operators.
  case graph
  /// Single steps with the state carried.
  case step
  /// Training steps of a language model, optimiser, clipping and dropout included.
  case languageModel = "language-model"
  /// Tokens drawn one after the other from a language model.
  case generate
  /// The product of two matrices.
  case product
  /// Connectionist temporal classification from logits to their gradient.
  case ctc
  /// The search for the best text in the outputs of such a network, with an n-gram model.
  case search

  /// What is timed: inference, inference with all gradients, and so on.
  enum Mode: String, Codable, CaseIterable {
    case forward, training, step, generation
  }

  /// A number of a problem line, with its default; required without one.
  struct Number {
    let name: String
    let standard: Double?
    let isWhole: Bool
    let range: ClosedRange<Double>

    init(
      _ name: String, _ standard: Double? = nil, isWhole: Bool = true, in range: ClosedRange<Double> = 1...1e7
    ) {
      self.name = name
      self.standard = standard
      self.isWhole = isWhole
      self.range = range
    }
  }

  /// Whether the line names a cell.
  var hasCell: Bool { self != .product && self != .ctc && self != .search }

  /// What is timed unless the line says `modes=`.
  var modes: [Mode] {
    switch self {
    case .layer, .ragged: [.forward, .training]
    case .graph: [.forward]
    case .step: [.step]
    case .languageModel: [.training]
    case .generate: [.generation]
    case .product: [.forward]
    case .ctc: [.training]
    case .search: [.forward]
    }
  }

  /// The numbers of a line of this kind.
  var numbers: [Number] {
    let layers = Number("layers", 1, in: 1...64)
    let sequences = ["I", "H", "B", "T"].map { Number($0) } + [layers, Number("directions", 1, in: 1...2)]
    let rate = { (standard: Double) in Number("rate", standard, isWhole: false, in: 0...1e3) }
    return switch self {
    case .layer, .graph: sequences
    case .ragged: sequences + [Number("spread", isWhole: false, in: 0...4), Number("seed", 1)]
    case .step: ["I", "H", "B"].map { Number($0) } + [layers, Number("steps", 200)]
    case .languageModel:
      ["V", "E", "H", "B", "T"].map { Number($0) }
        + [
          layers, rate(1), Number("clip", 5, isWhole: false, in: 0...1e6),
          Number("dropout", 0, isWhole: false, in: 0...0.99),
        ]
    case .generate: [Number("V", in: 2...20_000), Number("E"), Number("H"), layers, Number("length", 500)]
    case .product: ["M", "K", "N"].map { Number($0) }
    case .ctc: ["T", "B", "L"].map { Number($0) } + [Number("V", in: 2...1e7)]
    case .search:
      [Number("T"), Number("words", in: 2...1e5), Number("beam", 32), Number("order", 3, in: 2...3)]
    }
  }

  /// The choices of a line of this kind, apart from the options of cells.
  var choices: [String: [String]] {
    self == .languageModel ? ["optimizer": ["sgd", "adam"]] : [:]
  }

  /// How a line of this kind looks.
  var form: String {
    let words = numbers.map { number in
      number.standard.map { "[\(number.name)=\(plain($0))]" } ?? "\(number.name)=..."
    }
    return ([rawValue] + (hasCell ? ["CELL"] : []) + words).joined(separator: " ")
  }
}

/// A number without needless decimals.
func plain(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
}
