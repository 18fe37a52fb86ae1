import RecurrentFormats

/// The layers of a model of Keras in an order in which each finds what it takes.
struct KerasNetwork {
  let layers: [KerasLayer]
  /// The layers that stand for the inputs of the model.
  let inputs: [String]
  let outputs: [KerasLayer.Source]

  /// The most layers of a model.
  private static let mostLayers = 1 << 12

  /// - Parameters:
  ///   - model: a `Sequential` or a `Functional`.
  ///   - place: where the weights of its layers stand.
  ///   - namesWeights: whether these go by the names of layers.
  /// - Throws: ``InterchangeError``.
  init(_ model: KerasLayer, place: String, namesWeights: Bool) throws(InterchangeError) {
    guard case .list(let items)? = model.settings["layers"], !items.isEmpty,
      items.count <= KerasNetwork.mostLayers
    else { throw model.issue("it has no list of up to \(KerasNetwork.mostLayers) layers") }
    var (layers, used, taken) = ([KerasLayer](), [String: Int](), Set<String>())
    for (index, item) in items.enumerated() {
      var layer = try KerasLayer(item, path: model.path, within: "layer \(index)")
      guard taken.insert(layer.name).inserted else { throw layer.issue("there are two layers of this name") }
      let key = KerasNetwork.snakeCase(layer.className)
      let number = used[key, default: 0]
      used[key] = number + 1
      let own = namesWeights ? layer.name : number == 0 ? key : "\(key)_\(number)"
      layer.place = place.isEmpty ? own : place + "/" + own
      layers.append(layer)
    }
    switch model.className {
    case "Sequential": (self.layers, inputs, outputs) = try KerasNetwork.chain(layers, of: model)
    case "Functional", "Model":
      for index in layers.indices {
        layers[index].inputs = try KerasNetwork.sources(items[index], of: layers[index])
        (layers[index].mask, layers[index].operand) = KerasNetwork.beside(items[index])
      }
      self.layers = try KerasNetwork.ordered(layers, of: model)
      func ends(_ key: String) throws(InterchangeError) -> [KerasLayer.Source] {
        let ends = KerasNetwork.histories(model.settings[key] ?? .null)
        guard !ends.isEmpty, ends.allSatisfy({ taken.contains($0.layer) }) else {
          throw model.issue("\(key) names no layers of it")
        }
        return ends
      }
      inputs = try ends("input_layers").map(\.layer)
      outputs = try ends("output_layers")
    default:
      throw model.issue(
        "only Sequential and Functional models say how their layers are connected; export others by "
          + "model.export(\"model.onnx\", format=\"onnx\")")
    }
  }

  /// The way in which Keras makes names of classes.
  static func snakeCase(_ name: String) -> String {
    let letters = name.filter { $0.isLetter || $0.isNumber || $0 == "_" }.map { $0 }
    var text = ""
    for (index, letter) in letters.enumerated() {
      if index > 0, letter.isUppercase {
        let isWord = index + 1 < letters.count && letters[index + 1].isLowercase
        if letters[index - 1] != "_", isWord || letters[index - 1].isLowercase { text += "_" }
      }
      text += letter.lowercased()
    }
    return text
  }

  private static func chain(
    _ layers: [KerasLayer], of model: KerasLayer
  ) throws(InterchangeError) -> ([KerasLayer], [String], [KerasLayer.Source]) {
    var layers = layers
    if layers[0].className != "InputLayer" {
      // older files have the shape at the first layer, or at the model
      let first = layers[0]
      let shape = [
        first.settings["batch_input_shape"], first.settings["batch_shape"],
        model.settings["build_input_shape"],
      ]
      guard let known = shape.compactMap({ $0 }).first(where: { if case .list = $0 { true } else { false } })
      else {
        throw model.issue("nothing says which shape its input has; call it once before it is saved")
      }
      layers.insert(
        try KerasLayer(
          .object([
            "class_name": .text("InputLayer"),
            "config": .object(["batch_shape": known, "name": .text(first.name + "_input")]),
          ]),
          path: model.path, within: first.name), at: 0)
    }
    for index in layers.indices.dropFirst() {
      layers[index].inputs = [KerasLayer.Source(layer: layers[index - 1].name, output: 0)]
    }
    return (layers, [layers[0].name], [KerasLayer.Source(layer: layers[layers.count - 1].name, output: 0)])
  }

  /// What the calls of a layer take, of which there must be one.
  private static func sources(_ item: JSONValue, of layer: KerasLayer) throws(InterchangeError) -> [KerasLayer
    .Source]
  {
    guard case .object(let members) = item, case .list(let calls)? = members["inbound_nodes"] else {
      return []
    }
    guard calls.count <= 1 else { throw layer.issue("it is used \(calls.count) times, expected once") }
    guard let call = calls.first else { return [] }
    func refuse(_ named: [String: JSONValue]) throws(InterchangeError) {
      for key in named.keys.sorted() where key != "mask" && !histories(named[key] ?? .null).isEmpty {
        throw layer.issue("it takes values as \(key), which is not supported")
      }
    }
    if case .object(let parts) = call {
      if case .object(let named)? = parts["kwargs"] { try refuse(named) }
      return histories(parts["args"] ?? .null)
    }
    if case .list(let items) = call {
      // in older files what is named stands behind each value
      for case .list(let item) in items {
        if item.count > 3, case .object(let named) = item[3] { try refuse(named) }
      }
    }
    return histories(call)
  }

  /// What a call of Keras 3 has beside the values that a layer takes: a mask, and a number.
  private static func beside(_ item: JSONValue) -> (mask: KerasLayer.Source?, operand: Double?) {
    guard case .object(let members) = item, case .list(let calls)? = members["inbound_nodes"],
      case .object(let call)? = calls.first
    else { return (nil, nil) }
    var (mask, operand): (KerasLayer.Source?, Double?) = (nil, nil)
    if case .object(let named)? = call["kwargs"] { mask = histories(named["mask"] ?? .null).first }
    if case .list(let values)? = call["args"] {
      for case .number(let number) in values { operand = number }
    }
    return (mask, operand)
  }

  /// The outputs of layers that a value names: tensors of Keras 3, or lists of a name and two numbers.
  private static func histories(_ value: JSONValue, depth: Int = 0) -> [KerasLayer.Source] {
    guard depth < 16 else { return [] }
    switch value {
    case .object(let members):
      if case .text("__keras_tensor__")? = members["class_name"],
        case .object(let tensor)? = members["config"],
        let history = tensor["keras_history"]
      {
        return histories(history, depth: depth + 1)
      }
      return []
    case .list(let items):
      if items.count >= 3, case .text(let name) = items[0], case .number = items[1],
        case .number(let output) = items[2],
        output >= 0, output < 64, output == output.rounded()
      {
        return [KerasLayer.Source(layer: name, output: Int(output))]
      }
      return items.flatMap { histories($0, depth: depth + 1) }
    default: return []
    }
  }

  private static func ordered(_ layers: [KerasLayer], of model: KerasLayer) throws(InterchangeError)
    -> [KerasLayer]
  {
    var (ready, order, left) = (Set<String>(), [KerasLayer](), layers)
    while !left.isEmpty {
      let next = left.filter { layer in
        (layer.inputs + (layer.mask.map { [$0] } ?? [])).allSatisfy { ready.contains($0.layer) }
      }
      guard !next.isEmpty else {
        throw left[0].issue("it takes what no layer gives, or its own output")
      }
      order += next
      ready.formUnion(next.map(\.name))
      left.removeAll { ready.contains($0.name) }
    }
    return order
  }
}
