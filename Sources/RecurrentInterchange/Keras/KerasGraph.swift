import RecurrentFormats
import RecurrentGraph

/// A model of Keras as a graph of ONNX operators that gives what the model gives at inference.
///
/// Values are `[B, ...]` as in Keras. What the operators cannot say, and layers that are not known, are refused by name.
public struct KerasGraph {
  /// A value of the graph.
  struct Value {
    var name: String
    /// Its extents without that of the batch; nil for open ones.
    var shape: [Int?]
    /// Truth values `[B, T]` of the steps that count; nil where all do.
    var mask: String?
    var elementType = ElementType.f32
  }

  var builder: GraphBuilder
  let weights: KerasWeights

  /// The graph of a model.
  ///
  /// - Throws: ``InterchangeError`` or a format error.
  public static func model(of file: KerasFile) throws -> ONNXModel {
    let model = try KerasLayer(file.configuration, path: file.path, within: "model")
    var graph = KerasGraph(builder: GraphBuilder(name: model.name), weights: KerasWeights(file: file))
    let network = try KerasNetwork(
      model, place: file.namesWeights ? "" : "layers", namesWeights: file.namesWeights)
    var inputs: [Value] = []
    for name in network.inputs {
      guard let layer = network.layers.first(where: { $0.name == name }), layer.className == "InputLayer"
      else {
        throw model.issue("\"\(name)\" is no InputLayer")
      }
      inputs.append(try graph.input(layer, of: network))
    }
    let outputs = try graph.append(network, inputs, depth: 0)
    var taken = Set(graph.builder.graph.nodes.flatMap(\.outputs) + inputs.map(\.name))
    for (source, value) in zip(network.outputs, outputs) {
      // states stand beside what a layer gives, and outputs may have the names of nodes
      let names = [source.layer, source.layer + "_output"] + (2..<66).map { "\(source.layer)_output_\($0)" }
      guard let name = names.first(where: { !taken.contains($0) }) else {
        throw model.issue("it has too many outputs of \"\(source.layer)\"")
      }
      taken.insert(name)
      graph.builder.output(value.name, as: name, value.elementType, KerasGraph.extents(value.shape))
    }
    return graph.builder.model()
  }

  private static func extents(_ shape: [Int?]) -> [ONNXValueInfo.Extent] {
    let open = ONNXValueInfo.Extent.unknown
    return [.named("batch")]
      + shape.map { extent in extent.map { ONNXValueInfo.Extent.fixed(Int64($0)) } ?? open }
  }

  private mutating func input(_ layer: KerasLayer, of network: KerasNetwork) throws(InterchangeError) -> Value
  {
    guard let shape = try layer.shape(layer.settings["batch_shape"] ?? layer.settings["batch_input_shape"])
    else {
      throw layer.issue("it says no shape")
    }
    let isTable = network.layers.contains {
      $0.className == "Embedding" && $0.inputs.contains { $0.layer == layer.name }
    }
    let type: ElementType
    switch try layer.text("dtype", or: "float32") {
    case "float32", "float16", "bfloat16", "float64": type = isTable ? .i64 : .f32
    case "int32": type = .i32
    case "int64": type = .i64
    case let other: throw layer.issue("its elements are \(other), expected float32, int32 or int64")
    }
    builder.input(layer.name, type, KerasGraph.extents(shape))
    return Value(name: layer.name, shape: shape, elementType: type)
  }

  /// The outputs of the layers of a model for its inputs.
  mutating func append(_ network: KerasNetwork, _ inputs: [Value], depth: Int) throws -> [Value] {
    var values: [KerasLayer.Source: Value] = [:]
    for (name, value) in zip(network.inputs, inputs) {
      values[KerasLayer.Source(layer: name, output: 0)] = value
    }
    func value(_ source: KerasLayer.Source, for layer: KerasLayer) throws(InterchangeError) -> Value {
      guard let value = values[source] else {
        throw layer.issue("it takes output \(source.output) of \"\(source.layer)\", which is not there")
      }
      return value
    }
    for layer in network.layers where layer.className != "InputLayer" {
      var taken = try layer.inputs.map { (source) throws(InterchangeError) in try value(source, for: layer) }
      if let mask = layer.mask, !taken.isEmpty {
        let own = try value(mask, for: layer)
        guard own.elementType == .bool, own.shape.count == 1 else {
          throw layer.issue("its mask is no truth value for each step")
        }
        taken[0].mask = own.name
      }
      for (index, result) in try append(layer, taken, depth: depth).enumerated() {
        values[KerasLayer.Source(layer: layer.name, output: index)] = result
      }
    }
    guard let last = network.layers.last else { return [] }
    return try network.outputs.map { (source) throws(InterchangeError) in try value(source, for: last) }
  }

  /// The outputs of a layer, or of a model in the place of one.
  private mutating func append(_ layer: KerasLayer, _ inputs: [Value], depth: Int) throws -> [Value] {
    guard depth < 16 else { throw layer.issue("models stand in each other too deeply") }
    if ["Sequential", "Functional", "Model"].contains(layer.className) {
      let names = weights.file.namesWeights
      let network = try KerasNetwork(
        layer, place: layer.place + (names ? "" : "/layers"), namesWeights: names)
      guard network.inputs.count == inputs.count else {
        throw layer.issue("it takes \(network.inputs.count) values, found \(inputs.count)")
      }
      return try append(network, inputs, depth: depth + 1)
    }
    if let merged = try merged(layer, inputs) { return [merged] }
    guard inputs.count == 1 else {
      throw layer.issue(
        "it takes \(inputs.count) values, which is not supported; export the model by model.export(\"model.onnx\", format=\"onnx\")"
      )
    }
    if let values = try recurrent(layer, inputs[0]) { return values }
    if let value = try around(layer, inputs[0]) { return [value] }
    if let value = try pointwise(layer, inputs[0]) { return [value] }
    throw layer.issue(
      "layers of this class are not read; export the model by model.export(\"model.onnx\", format=\"onnx\")")
  }

  // MARK: Parts

  /// A constant with a name of its own.
  mutating func constant(_ tensor: Tensor, _ purpose: String) -> String {
    builder.constant(builder.name(purpose), tensor)
  }

  mutating func scalar(_ value: Double) -> String { constant(Tensor(Float(value)), "number") }

  /// A truth value for each step made one for each number of the step, `[B, T, 1]`.
  mutating func wide(_ mask: String) -> String { builder.node("Unsqueeze", [mask, builder.integers([2])]) }

  /// The last extent, which must be known.
  func width(_ value: Value, of layer: KerasLayer) throws(InterchangeError) -> Int {
    guard let last = value.shape.last, let width = last, width > 0 else {
      throw layer.issue("the number of values of each step of its input is open")
    }
    return width
  }
}
