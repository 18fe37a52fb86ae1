/// A stack of recurrent layers in a file of arrays, by the names and in the layout of PyTorch's `nn.RNN`, `nn.GRU` and
/// `nn.LSTM`: `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, `weight_hr_l0`, with `_reverse` for the second
/// direction.
public struct PyTorchLayers: Sendable, Equatable, Codable {
  /// The cell, as the number of gates tells it.
  public enum Cell: String, Sendable, Codable {
    case rnn, gru, lstm

    fileprivate var gates: Int {
      switch self {
      case .rnn: 1
      case .gru: 3
      case .lstm: 4
      }
    }
  }

  /// What stands before the names of all arrays.
  public var prefix: String
  /// The cell.
  public var cell: Cell
  /// Layers on top of each other.
  public var layerCount: Int
  /// Whether each layer also reads from the end.
  public var isBidirectional: Bool
  /// Whether there are biases.
  public var hasBias: Bool
  /// I.
  public var inputSize: Int
  /// H.
  public var hiddenSize: Int
  /// R of an LSTM whose output is projected; nil without.
  public var projectionSize: Int?

  /// Finds the layers of a file: all of its arrays must belong to one stack, or to the one that `prefix` names.
  ///
  /// - Throws: ``InterchangeError`` or a format error.
  public init(in file: some ArrayFile, prefix chosen: String? = nil) throws {
    let ending = "weight_ih_l0"
    let prefixes = file.names.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }
    let matching = chosen.map { chosen in prefixes.filter { $0 == chosen || $0 == chosen + "." } } ?? prefixes
    guard let prefix = matching.first else {
      if let chosen, !prefixes.isEmpty {
        throw InterchangeError.noLayersBelow(path: file.path, prefix: chosen, prefixes: prefixes)
      }
      throw InterchangeError.noLayers(path: file.path, names: file.names)
    }
    guard matching.count == 1 else {
      throw InterchangeError.ambiguous(path: file.path, prefixes: matching, others: [])
    }
    func array(_ name: String) throws -> StoredArray {
      guard file.names.contains(prefix + name) else {
        throw InterchangeError.inconsistent(path: file.path, name: prefix + name, reason: "is missing")
      }
      return try file.array(named: prefix + name)
    }
    func inconsistent(_ name: String, _ reason: String) -> InterchangeError {
      .inconsistent(path: file.path, name: prefix + name, reason: reason)
    }
    let names = Set(file.names)
    let (input, recurrent) = (try array("weight_ih_l0"), try array("weight_hh_l0"))
    guard input.shape.count == 2, recurrent.shape.count == 2, input.shape[0] == recurrent.shape[0] else {
      throw inconsistent("weight_ih_l0", "has the shape \(input.shape), weight_hh_l0 has \(recurrent.shape)")
    }
    self.prefix = prefix
    inputSize = input.shape[1]
    isBidirectional = names.contains(prefix + "weight_ih_l0_reverse")
    hasBias = names.contains(prefix + "bias_ih_l0")
    var layers = 0
    while names.contains("\(prefix)weight_ih_l\(layers)") { layers += 1 }
    layerCount = layers
    if names.contains(prefix + "weight_hr_l0") {
      let projection = try array("weight_hr_l0")
      guard projection.shape.count == 2 else {
        throw inconsistent("weight_hr_l0", "has the shape \(projection.shape)")
      }
      (cell, hiddenSize, projectionSize) = (.lstm, projection.shape[1], projection.shape[0])
    } else {
      let (rows, size) = (recurrent.shape[0], recurrent.shape[1])
      guard size > 0, let cell = [Cell.rnn, .gru, .lstm].first(where: { $0.gates * size == rows }) else {
        throw inconsistent(
          "weight_hh_l0",
          "has the shape \(recurrent.shape), which is that of no cell: RNN has 1, GRU 3, LSTM 4 rows for each column"
        )
      }
      (self.cell, hiddenSize, projectionSize) = (cell, size, nil)
    }
    try verify(file, mayHaveOthers: chosen != nil)
  }

  /// Every array that the layers have, with its shape.
  public var arrays: [(name: String, shape: [Int])] {
    var arrays: [(String, [Int])] = []
    let rows = cell.gates * hiddenSize
    let output = projectionSize ?? hiddenSize
    for layer in 0..<layerCount {
      let width = layer == 0 ? inputSize : output * (isBidirectional ? 2 : 1)
      for suffix in isBidirectional ? ["", "_reverse"] : [""] {
        arrays.append(("weight_ih_l\(layer)\(suffix)", [rows, width]))
        arrays.append(("weight_hh_l\(layer)\(suffix)", [rows, output]))
        if hasBias {
          arrays.append(("bias_ih_l\(layer)\(suffix)", [rows]))
          arrays.append(("bias_hh_l\(layer)\(suffix)", [rows]))
        }
        if let projectionSize {
          arrays.append(("weight_hr_l\(layer)\(suffix)", [projectionSize, hiddenSize]))
        }
      }
    }
    return arrays.map { (prefix + $0.0, $0.1) }
  }

  /// Nothing is missing, nothing is left over, all shapes are right.
  private func verify(_ file: some ArrayFile, mayHaveOthers: Bool) throws {
    let own = arrays
    let names = Set(file.names)
    for (name, shape) in own {
      guard names.contains(name) else {
        throw InterchangeError.inconsistent(path: file.path, name: name, reason: "is missing")
      }
      let found = try file.array(named: name).shape
      guard found == shape else {
        throw InterchangeError.inconsistent(
          path: file.path, name: name, reason: "has the shape \(found), expected \(shape)")
      }
    }
    let known = Set(own.map(\.name))
    let strangers = file.names.filter { !known.contains($0) }
    if let stranger = strangers.first(where: {
      $0.hasPrefix(prefix) && isOfLayer(String($0.dropFirst(prefix.count)))
    }) {
      throw InterchangeError.inconsistent(
        path: file.path, name: stranger, reason: "does not belong to these layers")
    }
    guard mayHaveOthers || strangers.isEmpty else {
      throw InterchangeError.ambiguous(path: file.path, prefixes: [prefix], others: strangers)
    }
  }

  private func isOfLayer(_ name: String) -> Bool {
    ["weight_ih_l", "weight_hh_l", "weight_hr_l", "bias_ih_l", "bias_hh_l"].contains { name.hasPrefix($0) }
  }

  /// What the layers are made of; plain RNNs are `activation`, which their parameters do not tell.
  public func stack(activation: CellCatalog = .elman) -> LayerStack {
    let cell: CellCatalog =
      switch self.cell {
      case .rnn: activation
      case .gru: .gru
      case .lstm: .lstm
      }
    let layer = LayerStack.Layer(
      cell: cell, hiddenSize: hiddenSize, projectionSize: projectionSize, hasBias: hasBias)
    return LayerStack(
      inputSize: inputSize, isBidirectional: isBidirectional,
      layers: [LayerStack.Layer](repeating: layer, count: layerCount))
  }
}
