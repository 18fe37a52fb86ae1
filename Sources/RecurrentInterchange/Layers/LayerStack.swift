/// What a stack of recurrent layers is made of, apart from its numbers; the numbers go by PyTorch's names.
public struct LayerStack: Sendable, Equatable, Codable {
  /// One layer.
  public struct Layer: Sendable, Equatable, Codable {
    /// The cell.
    public var cell: CellCatalog
    /// H.
    public var hiddenSize: Int
    /// R of an LSTM whose output is projected; nil without.
    public var projectionSize: Int?
    /// Whether there are biases.
    public var hasBias: Bool

    /// A layer.
    public init(cell: CellCatalog, hiddenSize: Int, projectionSize: Int? = nil, hasBias: Bool = true) {
      self.cell = cell
      self.hiddenSize = hiddenSize
      self.projectionSize = projectionSize
      self.hasBias = hasBias
    }

    /// The width of the output of one direction.
    public var outputSize: Int { projectionSize ?? hiddenSize }
  }

  /// I.
  public var inputSize: Int
  /// Whether each layer also reads from the end.
  public var isBidirectional: Bool
  /// From the first to the last.
  public var layers: [Layer]

  /// A stack.
  public init(inputSize: Int, isBidirectional: Bool, layers: [Layer]) {
    self.inputSize = inputSize
    self.isBidirectional = isBidirectional
    self.layers = layers
  }

  /// The most layers on top of each other that a file may ask for.
  static let mostLayers = 1 << 12

  /// Why there can be no such stack, as a sentence; nil when there can. Asked of what stands in a file.
  public var issue: String? {
    let most = 1 << 20
    guard (1...most).contains(inputSize), (1...LayerStack.mostLayers).contains(layers.count) else {
      return "it has \(inputSize) inputs and \(layers.count) layers"
    }
    for layer in layers {
      guard (1...most).contains(layer.hiddenSize),
        layer.projectionSize.map({ (1...most).contains($0) }) ?? true
      else {
        return "a layer has \(layer.hiddenSize) units"
      }
      guard [.elman, .elmanReLU, .lstm, .gru, .gruResetBefore].contains(layer.cell) else {
        return "a layer has the cell \(layer.cell.rawValue)"
      }
      guard layer.projectionSize == nil || layer.cell == .lstm else {
        return "a layer projects that is no LSTM"
      }
    }
    return nil
  }

  /// The number of parameters, found without the memory for them.
  public var parameterCount: Int { countParameters { network } }

  /// The layers, their numbers those of `parameter(name, shape)`.
  public func layer(_ parameter: (String, [Int]) throws -> Tensor) rethrows -> RecurrentLayer<AnyCell> {
    try Backends.$current.withValue(ShapeBackend()) { network }.mappingParameters {
      try parameter($0, $1.shape)
    }
  }

  private var network: RecurrentLayer<AnyCell> {
    let directions = isBidirectional ? 2 : 1
    var made = 0
    return RecurrentLayer(
      layerCount: layers.count, inputSize: inputSize, isBidirectional: isBidirectional,
      key: RandomKey(seed: 0)
    ) { width, key in
      defer { made += 1 }
      return LayerStack.cell(layers[made / directions], inputSize: width, key: key)
    }
  }

  private static func cell(_ layer: Layer, inputSize: Int, key: RandomKey) -> AnyCell {
    let (size, hasBias) = (layer.hiddenSize, layer.hasBias)
    switch layer.cell {
    case .elman, .elmanReLU:
      return AnyCell(
        Elman(
          inputSize: inputSize, hiddenSize: size, activation: layer.cell == .elman ? .tanh : .relu,
          hasBias: hasBias,
          key: key))
    case .gru, .gruResetBefore:
      return AnyCell(
        GRU(
          inputSize: inputSize, hiddenSize: size, reset: layer.cell == .gru ? .afterProduct : .beforeProduct,
          hasBias: hasBias, key: key))
    default:
      return AnyCell(
        LSTM(
          inputSize: inputSize, hiddenSize: size, hasBias: hasBias,
          options: LSTMOptions(projectionSize: layer.projectionSize), key: key))
    }
  }
}
