import RecurrentFormats
import RecurrentGraph

/// A graph that is being put together; each value gets a name of its own.
public struct GraphBuilder {
  /// What is there so far.
  public private(set) var graph = ONNXGraph()
  /// Sets of operators beside ONNX's own that the nodes need, with their versions.
  public private(set) var domains: [String: Int64] = [:]
  private var constantNames: Set<String> = []
  private var count = 0

  /// The version of ONNX's operators that the nodes belong to.
  public static let opset: Int64 = 17

  /// An empty graph.
  public init(name: String) { graph.name = name }

  /// Declares an input of the graph.
  public mutating func input(_ name: String, _ elementType: ElementType, _ shape: [ONNXValueInfo.Extent]) {
    graph.inputs.append(ONNXValueInfo(name: name, elementType: elementType, shape: shape))
  }

  /// Makes a value an output of the graph under `name`.
  public mutating func output(
    _ value: String, as name: String, _ elementType: ElementType, _ shape: [ONNXValueInfo.Extent]
  ) {
    graph.nodes.append(ONNXNode("Identity", name: name, inputs: [value], outputs: [name]))
    graph.outputs.append(ONNXValueInfo(name: name, elementType: elementType, shape: shape))
  }

  /// A name that nothing has.
  mutating func name(_ purpose: String) -> String {
    count += 1
    return "\(purpose)_\(count)"
  }

  /// Appends a node with one output and returns its name.
  public mutating func node(_ type: String, _ inputs: [String], _ attributes: [String: ONNXAttribute] = [:])
    -> String
  {
    nodes(type, inputs, outputs: 1, attributes)[0]
  }

  /// Appends a node and returns the names of its outputs.
  mutating func nodes(
    _ type: String, domain: String = "", _ inputs: [String], outputs: Int,
    _ attributes: [String: ONNXAttribute] = [:]
  ) -> [String] {
    let name = name(type.lowercased())
    let names = outputs == 1 ? [name] : (0..<outputs).map { "\(name)_\($0)" }
    if !domain.isEmpty { domains[domain] = 1 }
    var inputs = inputs
    while inputs.last == "" { inputs.removeLast() }
    graph.nodes.append(
      ONNXNode(type, name: name, domain: domain, inputs: inputs, outputs: names, attributes: attributes))
    return names
  }

  /// Appends what a function was recorded as.
  public mutating func append(_ function: RecordedFunction) {
    graph.nodes += function.nodes
    for tensor in function.constants { add(tensor) }
  }

  /// Adds a constant, once.
  public mutating func add(_ tensor: ONNXTensor) {
    if constantNames.insert(tensor.name).inserted { graph.initializers.append(tensor) }
  }

  /// A constant under `name`.
  public mutating func constant(_ name: String, _ tensor: Tensor) -> String {
    add(ONNXTensor(name: name, floats: tensor.scalars, shape: tensor.shape))
    return name
  }

  /// A list of integers.
  public mutating func integers(_ values: [Int64]) -> String {
    let name = "integers_" + values.map { $0 < 0 ? "m\(-$0)" : "\($0)" }.joined(separator: "_")
    add(ONNXTensor(name: name, integers: values, shape: [values.count]))
    return name
  }

  /// A single integer, of shape [].
  mutating func integer(_ value: Int64) -> String {
    let name = value < 0 ? "integer_m\(-value)" : "integer_\(value)"
    add(ONNXTensor(name: name, integers: [value], shape: []))
    return name
  }

  /// A node named by hand: one with graphs in it.
  mutating func append(_ node: ONNXNode) { graph.nodes.append(node) }

  /// The extents of a value as integers.
  public mutating func shape(of value: String) -> String { node("Shape", [value]) }

  /// The extent of an axis, of shape [1].
  mutating func extent(of value: String, axis: Int64) -> String {
    let shape = shape(of: value)
    return node("Gather", [shape, integers([axis])], ["axis": .integer(0)])
  }

  /// The finished model.
  public func model(metadata: [String: String] = [:]) -> ONNXModel {
    var model = ONNXModel()
    model.producerName = "recurrent"
    model.opsets = domains.merging(["": GraphBuilder.opset]) { first, _ in first }
    model.metadata = metadata
    model.graph = graph
    return model
  }
}
