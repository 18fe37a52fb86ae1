import Recurrent

/// One line of a problem file, as all sides get it.
struct Problem: Codable, Sendable {
  /// The cells of problem lines, by PyTorch's names.
  enum Cell: String, Codable, CaseIterable {
    case lstm, gru
    case elman = "rnn_tanh"
    case elmanReLU = "rnn_relu"

    /// How many products of input and of state a step has.
    var gates: Int {
      switch self {
      case .lstm: 4
      case .gru: 3
      case .elman, .elmanReLU: 1
      }
    }
  }

  let kind: ProblemKind
  let cell: Cell?
  var numbers: [String: Double]
  /// Options of cells and choices, by name.
  var options: [String: String]
  /// The length of each row of a ragged problem.
  var lengths: [Int]?
  /// What is timed.
  var modes: [ProblemKind.Mode]

  /// A whole number of the line.
  subscript(name: String) -> Int { numbers[name].map { Int($0) } ?? 1 }

  /// Its name in tables.
  var name: String {
    var words = cell.map { [$0.rawValue] } ?? []
    for number in kind.numbers {
      let given = number.name == "T" ? numbers["mean"] ?? numbers["T"] : numbers[number.name]
      guard let value = given, value != number.standard else { continue }
      words.append(number.name == "directions" ? "bidirectional" : "\(number.name)=\(plain(value))")
    }
    words += options.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }
    return ([kind == .layer ? nil : kind.rawValue] + words).compactMap { $0 }.joined(separator: " ")
  }

  /// Steps of all rows together.
  var rowSteps: Int { lengths?.reduce(0, +) ?? self["B"] * (numbers["T"] == nil ? 1 : self["T"]) }

  /// Multiplications and additions of the products, where there are any: of a forward pass, or of a training step, which has three times as
  /// many.
  func operations(_ mode: ProblemKind.Mode) -> Double {
    func number(_ name: String) -> Double { numbers[name] ?? 1 }
    if kind == .ctc || kind == .search { return 0 }
    if kind == .product { return 2 * number("M") * number("K") * number("N") }
    let (hidden, directions) = (number("H"), number("directions"))
    let projection = options["projection"].flatMap { Double($0) }
    let state = projection ?? hidden
    let gates = Double(options["coupled-gates"] == nil ? cell?.gates ?? 0 : 3)
    var forward = 0.0
    for layer in 0..<self["layers"] {
      let width = layer == 0 ? number(numbers["E"] == nil ? "I" : "E") : state * directions
      forward += 2 * gates * hidden * (width + state) * directions
      if projection != nil { forward += 2 * hidden * state * directions }
    }
    if numbers["V"] != nil { forward += 2 * state * number("V") }
    return forward * Double(rowSteps) * (mode == .training ? 3 : 1)
  }

  /// What people count besides milliseconds: a name and its value for a time.
  func rate(milliseconds: Double) -> (name: String, value: Double)? {
    switch kind {
    case .layer, .graph, .product: nil
    case .ragged: ("ns/row step", milliseconds * 1e6 / Double(rowSteps))
    case .step: ("µs/step", milliseconds * 1e3)
    case .languageModel: ("tokens/s", Double(rowSteps) / milliseconds * 1e3)
    case .generate: ("tokens/s", 1e3 / milliseconds)
    case .ctc, .search: ("ns/frame", milliseconds * 1e6 / Double(rowSteps))
    }
  }

  /// The same problem for the cell without options; nil where the cell has none.
  var plainCell: Problem? {
    let rest = options.filter { name, _ in !CellOption.all.contains { $0.name == name } }
    guard rest.count < options.count else { return nil }
    var copy = self
    copy.options = rest
    return copy
  }
}
