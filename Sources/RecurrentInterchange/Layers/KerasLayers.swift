import RecurrentFormats

/// A stack of recurrent layers in a file of arrays by the names and in the layout of Keras 3:
/// `lstm/lstm_cell/kernel [I, 4H]`, `.../recurrent_kernel [H, 4H]`, `.../bias [4H]`, and `forward_lstm`, `backward_lstm`
/// below a `bidirectional`.
///
/// A GRU with `reset_after` has biases `[2, 3H]`; without, `[3H]`.
struct KerasLayers {
  let stack: LayerStack
  let layer: RecurrentLayer<AnyCell>

  /// One cell: what stands before the names of its arrays, and its arrays.
  private struct CellArrays {
    let path: String
    let cell: CellCatalog
    let kernel, recurrent: StoredArray
    let bias: StoredArray?
    var hiddenSize: Int { recurrent.shape[0] }
  }

  /// Whether a file has Keras' names.
  static func recognizes(_ file: some ArrayFile) -> Bool {
    file.names.contains { parts($0).last == "recurrent_kernel" }
  }

  static func parts(_ name: String) -> [Substring] { name.split { $0 == "/" || $0 == "." } }

  init(in file: some ArrayFile, prefix: String?, unsaid: StoredLayers.Unsaid) throws {
    var layers: [(key: String, forward: CellArrays?, backward: CellArrays?)] = []
    var strangers: [String] = []
    let own = file.names.filter { name in prefix.map { name.hasPrefix($0) } ?? true }
    let names = Set(own)
    var places: [String: Int] = [:]
    for name in own {
      let parts = KerasLayers.parts(name)
      guard let leaf = parts.last, parts.count >= 2 else {
        strangers.append(name)
        continue
      }
      let path = String(name.dropLast(leaf.count))
      guard names.contains(path + "recurrent_kernel"), ["kernel", "recurrent_kernel", "bias"].contains(leaf)
      else {
        strangers.append(name)
        continue
      }
      guard leaf == "recurrent_kernel" else { continue }
      let cell = try KerasLayers.cell(file, path: path, names: names, unsaid: unsaid)
      let direction = parts.first { $0.hasPrefix("forward_") || $0.hasPrefix("backward_") }
      let key = direction.map { String(name[..<$0.startIndex]) } ?? path
      let isBackward = direction?.hasPrefix("backward_") ?? false
      let place = places[key] ?? layers.count
      places[key] = place
      if place == layers.count { layers.append((key, nil, nil)) }
      if isBackward { layers[place].backward = cell } else { layers[place].forward = cell }
    }
    if let prefix, layers.isEmpty, own.isEmpty {
      let others = file.names.filter { KerasLayers.parts($0).last == "recurrent_kernel" }
      throw InterchangeError.noLayersBelow(
        path: file.path, prefix: prefix,
        prefixes: others.map { String($0.dropLast("recurrent_kernel".count)) })
    }
    guard prefix != nil || strangers.isEmpty else {
      throw InterchangeError.ambiguous(
        path: file.path, prefixes: [layers.first?.key ?? ""], others: strangers)
    }
    guard !layers.isEmpty else { throw InterchangeError.noLayers(path: file.path, names: file.names) }
    guard layers.count <= LayerStack.mostLayers else {
      throw InterchangeError.inconsistent(
        path: file.path, name: layers[0].key,
        reason: "is the first of \(layers.count) layers, expected at most \(LayerStack.mostLayers)")
    }
    let isBidirectional = layers.contains { $0.backward != nil }
    layers = try KerasLayerOrder(
      layers.map { layer in
        KerasLayerOrder.Layer(
          key: layer.key, inputSize: layer.forward?.kernel.shape[0] ?? 0,
          outputSize: (layer.forward?.hiddenSize ?? 0) * (isBidirectional ? 2 : 1))
      }, arrays: own, of: file
    ).places(given: unsaid.layerOrder).map { layers[$0] }
    var described: [LayerStack.Layer] = []
    var parameters: [String: Tensor] = [:]
    var width: Int?
    for (index, entry) in layers.enumerated() {
      guard let forward = entry.forward, (entry.backward != nil) == isBidirectional else {
        throw InterchangeError.inconsistent(
          path: file.path, name: entry.key, reason: "some layers read in both directions and others in one")
      }
      for (cell, suffix) in [(forward, ""), (entry.backward, "_reverse")] {
        guard let cell else { continue }
        guard cell.hiddenSize == forward.hiddenSize, cell.cell == forward.cell,
          width == nil || cell.kernel.shape[0] == width
        else {
          throw InterchangeError.inconsistent(
            path: file.path, name: cell.path + "kernel",
            reason: "has the shape \(cell.kernel.shape), the layer before gives \(width ?? 0) numbers")
        }
        try parameters.merge(KerasLayers.parameters(of: cell, suffix: "_l\(index)\(suffix)")) { first, _ in
          first
        }
      }
      described.append(
        LayerStack.Layer(cell: forward.cell, hiddenSize: forward.hiddenSize, hasBias: forward.bias != nil))
      width = forward.hiddenSize * (isBidirectional ? 2 : 1)
    }
    stack = LayerStack(
      inputSize: layers[0].forward?.kernel.shape[0] ?? 0, isBidirectional: isBidirectional, layers: described)
    if let reason = stack.issue {
      throw InterchangeError.inconsistent(path: file.path, name: layers[0].key, reason: reason)
    }
    layer = try stack.layer { name, shape in
      guard let tensor = parameters[name], tensor.shape == shape else {
        throw InterchangeError.inconsistent(
          path: file.path, name: name, reason: "is missing or has another shape")
      }
      return tensor
    }
  }

  private static func cell(
    _ file: some ArrayFile, path: String, names: Set<String>, unsaid: StoredLayers.Unsaid
  ) throws -> CellArrays {
    func inconsistent(_ name: String, _ reason: String) -> InterchangeError {
      .inconsistent(path: file.path, name: path + name, reason: reason)
    }
    guard names.contains(path + "kernel") else { throw inconsistent("kernel", "is missing") }
    let (kernel, recurrent) = (
      try file.array(named: path + "kernel"), try file.array(named: path + "recurrent_kernel")
    )
    let bias = names.contains(path + "bias") ? try file.array(named: path + "bias") : nil
    guard kernel.shape.count == 2, recurrent.shape.count == 2, recurrent.shape[0] > 0,
      recurrent.shape[1] == kernel.shape[1], recurrent.shape[1] % recurrent.shape[0] == 0
    else {
      throw inconsistent("kernel", "has the shape \(kernel.shape), recurrent_kernel has \(recurrent.shape)")
    }
    let size = recurrent.shape[0]
    let gates = recurrent.shape[1] / size
    let cell: CellCatalog
    switch gates {
    case 1: cell = unsaid.activation
    case 3:
      guard
        let form = bias.map({ $0.shape == [2, 3 * size] ? CellCatalog.gru : .gruResetBefore })
          ?? unsaid.gruWithoutBias
      else {
        throw inconsistent(
          "recurrent_kernel",
          "is that of a GRU without biases, which does not tell whether it has reset_after; say so by "
            + "--reset after, Keras' default, or --reset before")
      }
      cell = form
    case 4: cell = .lstm
    default:
      throw inconsistent("recurrent_kernel", "has the shape \(recurrent.shape), which is that of no cell")
    }
    let biasShape = cell == .gru ? [2, 3 * size] : [gates * size]
    guard bias == nil || bias?.shape == biasShape else {
      throw inconsistent("bias", "has the shape \(bias?.shape ?? []), expected \(biasShape)")
    }
    return CellArrays(path: path, cell: cell, kernel: kernel, recurrent: recurrent, bias: bias)
  }

  /// The arrays of a cell by PyTorch's names.
  private static func parameters(of cell: CellArrays, suffix: String) throws -> [String: Tensor] {
    let (order, size) = (KerasLayers.gateOrder(cell.cell), cell.hiddenSize)
    func matrix(_ array: StoredArray) throws -> Tensor {
      KerasLayers.ordered(Tensor(try array.floats(), shape: array.shape).transposed, order, size: size)
    }
    var found = [
      "weight_ih\(suffix)": try matrix(cell.kernel), "weight_hh\(suffix)": try matrix(cell.recurrent),
    ]
    guard let bias = cell.bias else { return found }
    let count = order.count * size
    let numbers = try bias.floats()
    func vector(_ part: ArraySlice<Float>) -> Tensor {
      KerasLayers.ordered(Tensor(Array(part)), order, size: size)
    }
    found["bias_ih\(suffix)"] = vector(numbers[..<count])
    found["bias_hh\(suffix)"] =
      numbers.count == 2 * count ? vector(numbers[count...]) : Tensor(zeros: [count])
    return found
  }

  private static func gateOrder(_ cell: CellCatalog) -> [Int] {
    switch cell {
    case .lstm: GateOrder.FromKeras.lstm
    case .gru, .gruResetBefore: GateOrder.FromKeras.gru
    default: [0]
    }
  }

  /// Blocks of `size` rows in another order.
  private static func ordered(_ tensor: Tensor, _ order: [Int], size: Int) -> Tensor {
    concatenate(order.map { tensor.sliced(axis: 0, $0 * size..<($0 + 1) * size) })
  }
}
