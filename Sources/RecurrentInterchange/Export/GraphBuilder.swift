import RecurrentFormats
import RecurrentGraph

/// A graph that is being put together; each value gets a name of its own.
public struct GraphBuilder {
  /// What is there so far.
  public private(set) var graph = ONNXGraph()
  /// Sets of operators beside ONNX's own that the nodes need, with their versions.
  public private(set) var domains: [String: Int64] = [:]
  /// What inputs and outputs are, by their names.
  private(set) var meanings: [String: String] = [:]
  /// What the caller does outside of the graph, as sentences.
  private(set) var duties: [String] = []
  private var keptStates: [(value: String, info: ONNXValueInfo)] = []
  private var constantNames: Set<String> = []
  private var count = 0

  /// The version of ONNX's operators that the nodes belong to.
  public static let opset: Int64 = 17

  /// An empty graph.
  public init(name: String) { graph.name = name }

  /// Declares an input of the graph; `meaning` stands in its card.
  public mutating func input(
    _ name: String, _ elementType: ElementType, _ shape: [ONNXValueInfo.Extent], _ meaning: String = ""
  ) {
    meanings[name] = meaning
    graph.inputs.append(ONNXValueInfo(name: name, elementType: elementType, shape: shape))
  }

  /// Makes a value an output of the graph under `name`; `meaning` stands in its card.
  public mutating func output(
    _ value: String, as name: String, _ elementType: ElementType, _ shape: [ONNXValueInfo.Extent],
    _ meaning: String = ""
  ) {
    meanings[name] = meaning
    graph.nodes.append(ONNXNode("Identity", name: name, inputs: [value], outputs: [name]))
    graph.outputs.append(ONNXValueInfo(name: name, elementType: elementType, shape: shape))
  }

  /// Declares the lengths of the rows, int32 `[batch]`, where the options ask for them.
  ///
  /// - Returns: the name; nil where all rows are full.
  public mutating func lengths(_ options: GraphOptions) -> String? {
    guard options.takesLengths else { return nil }
    input("lengths", .i32, [.named("batch")], "steps of each row; what stands beyond them counts for nothing")
    return "lengths"
  }

  /// Declares a part of a state, `[batch] + extents`, as the input `name_in`.
  public mutating func state(_ name: String, extents: [Int]) -> String {
    input(
      name + "_in", .f32, [.named("batch")] + extents.map { .fixed(Int64($0)) },
      "a state: zeros at the beginning, then what `\(name)_out` was")
    return name + "_in"
  }

  /// Makes a value the next state of a part, the output `name_out` behind all others.
  public mutating func keep(_ value: String, as name: String, extents: [Int]) {
    let shape = [.named("batch")] + extents.map { ONNXValueInfo.Extent.fixed(Int64($0)) }
    keptStates.append((value, ONNXValueInfo(name: name + "_out", elementType: .f32, shape: shape)))
  }

  /// Tells the caller what is done outside of the graph, as a sentence of its card.
  public mutating func note(_ duty: String) { duties.append(duty) }

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
  public mutating func nodes(
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

  /// Numbers in double precision under `name`.
  public mutating func constant(_ name: String, doubles: [Double], shape: [Int]) -> String {
    add(ONNXTensor(name: name, doubles: doubles, shape: shape))
    return name
  }

  /// A list of integers.
  public mutating func integers(_ values: [Int64]) -> String {
    let name = "integers_" + values.map { $0 < 0 ? "m\(-$0)" : "\($0)" }.joined(separator: "_")
    add(ONNXTensor(name: name, integers: values, shape: [values.count]))
    return name
  }

  /// A single integer, of shape [].
  public mutating func integer(_ value: Int64) -> String {
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

  /// The same numbers in another type.
  public mutating func cast(_ value: String, to type: ElementType) -> String {
    node("Cast", [value], ["to": .integer(type.onnxNumber)])
  }

  /// The numbers of the steps of a value `[T, ...]`, int64 `[T]`.
  public mutating func steps(of value: String) -> String {
    let shape = shape(of: value)
    let count = node("Gather", [shape, integer(0)], ["axis": .integer(0)])
    return node("Range", [integer(0), count, integer(1)])
  }

  /// The finished model of a task, with its card in the metadata as `recurrent.card`.
  public func model(task: String = "", metadata: [String: String] = [:]) -> ONNXModel {
    var own = self
    for (value, info) in keptStates {
      own.output(value, as: info.name, .f32, info.shape ?? [], "the state behind these steps")
    }
    var model = ONNXModel()
    model.producerName = "recurrent"
    model.opsets = domains.merging(["": GraphBuilder.opset]) { first, _ in first }
    model.metadata = metadata
    if !task.isEmpty {
      model.metadata["recurrent.task"] = task
      model.metadata["recurrent.card"] = own.card(task: task)
    }
    model.graph = own.graph
    return model
  }
}
