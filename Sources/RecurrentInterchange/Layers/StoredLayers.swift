/// Recurrent layers found in a file of arrays, whatever names they go by.
public struct StoredLayers: Sendable {
  /// Whose names and layout the file has. A new dialect is one line here and in ``init(in:prefix:unsaid:)``.
  public enum Dialect: String, Sendable, Codable, CaseIterable {
    /// `nn.RNN`, `nn.GRU`, `nn.LSTM`, and their cells.
    case pyTorch = "pytorch"
    /// `SimpleRNN`, `GRU`, `LSTM`, `Bidirectional`.
    case keras
  }

  /// What the parameters of layers do not tell.
  public struct Unsaid: Sendable {
    /// The cell of plain RNNs: ``CellCatalog/elman`` with tanh, or ``CellCatalog/elmanReLU``.
    public var activation: CellCatalog
    /// The cell of Keras GRUs without biases: ``CellCatalog/gru`` for `reset_after=True`, Keras' default, or
    /// ``CellCatalog/gruResetBefore``; nil where nobody knows, and then they are refused.
    public var gruWithoutBias: CellCatalog?
    /// The names of Keras layers from the first to the last; nil where the file tells their order.
    public var layerOrder: [String]?

    /// tanh, GRUs that nobody knows, and the order of the file.
    public init(
      activation: CellCatalog = .elman, gruWithoutBias: CellCatalog? = nil, layerOrder: [String]? = nil
    ) {
      self.activation = activation
      self.gruWithoutBias = gruWithoutBias
      self.layerOrder = layerOrder
    }
  }

  /// Whose names and layout the file has.
  public let dialect: Dialect
  /// What the layers are made of.
  public let stack: LayerStack
  /// The layers.
  public let layer: RecurrentLayer<AnyCell>

  /// Finds the layers of a file: all of its arrays must belong to one stack, or to the one that `prefix` names.
  ///
  /// - Parameters:
  ///   - file: the arrays.
  ///   - prefix: what stands before the names of the layers, where the file holds more.
  ///   - unsaid: what the parameters do not tell.
  /// - Throws: ``InterchangeError`` or a format error.
  public init(in file: some ArrayFile, prefix: String? = nil, unsaid: Unsaid = Unsaid()) throws {
    if KerasNames.recognizes(file) {
      let own = KerasNames(of: file)
      // what other layers do stands in no file of weights
      if prefix == nil, let stranger = own.names.first(where: { $0.contains("/vars/") }) {
        throw InterchangeError.inconsistent(
          path: file.path, name: stranger,
          reason:
            "is no weight of a recurrent layer, and weights alone do not say what is done with it; save the whole "
            + "model by model.save(\"model.keras\"), or choose layers by --prefix")
      }
      dialect = .keras
      let found = try KerasLayers(in: own, prefix: prefix, unsaid: unsaid)
      (stack, layer) = (found.stack, found.layer)
    } else if KerasLayers.recognizes(file) {
      dialect = .keras
      let found = try KerasLayers(in: file, prefix: prefix, unsaid: unsaid)
      (stack, layer) = (found.stack, found.layer)
    } else {
      dialect = .pyTorch
      if let order = unsaid.layerOrder {
        throw InterchangeError.inconsistent(
          path: file.path, name: order.joined(separator: ","),
          reason: "is given as the order of layers, which PyTorch's names tell by their numbers")
      }
      let file = PyTorchNames(of: file)
      let found = try PyTorchLayers(in: file, prefix: prefix)
      stack = found.stack(activation: unsaid.activation)
      if let reason = stack.issue {
        throw InterchangeError.inconsistent(
          path: file.path, name: found.prefix + "weight_ih_l0", reason: reason)
      }
      layer = try stack.layer { name, shape in
        Tensor(try file.array(named: found.prefix + name).floats(), shape: shape)
      }
    }
  }
}
