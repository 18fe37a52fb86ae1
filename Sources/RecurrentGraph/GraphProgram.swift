/// A graph of ONNX operators, checked and ready to be run.
///
/// Every operator, its version and its attributes are known when the value is made; what depends on the numbers, such as
/// shapes that do not fit, is noticed when the graph is run. Weights are brought into the form of the kernels at the first
/// run.
public struct GraphProgram: Sendable {
  /// The path of the model, for errors.
  public let path: String
  /// What the graph takes: the inputs without a constant of the same name.
  public let inputs: [ONNXValueInfo]
  /// What it gives.
  public let outputs: [ONNXValueInfo]
  private let graph: CompiledGraph

  /// Opens an `.onnx` file.
  ///
  /// - Throws: ``FormatError`` or ``GraphError``.
  public init(path: String) throws {
    try self.init(ONNXReader.read(path), path: path)
  }

  /// Checks a model; errors call it `path`.
  ///
  /// - Throws: ``FormatError`` or ``GraphError``.
  public init(_ model: ONNXModel, path: String = "<memory>") throws {
    self.path = path
    let constants = Set(model.graph.initializers.map(\.name))
    inputs = model.graph.inputs.filter { !constants.contains($0.name) }
    outputs = model.graph.outputs
    graph = try CompiledGraph(model.graph, opsets: model.opsets, path: path, outer: [])
  }

  /// The values of the outputs, by name.
  ///
  /// - Parameter values: for each input a value; extents that have the same name must be equal.
  /// - Throws: ``GraphError``.
  public func run(_ values: [String: GraphValue]) throws -> [String: GraphValue] {
    try check(values)
    var given = values
    // inputs with a constant of the same name are defaults
    given = given.filter { name, _ in graph.names.contains(name) }
    let results = try graph.run(named: given)
    return Dictionary(zip(outputs.map(\.name), results)) { first, _ in first }
  }

  private func check(_ values: [String: GraphValue]) throws(GraphError) {
    let names = inputs.map(\.name)
    for name in values.keys.sorted() where !graph.inputNames.contains(name) {
      throw .input(
        path: path, name: name, "the graph has none of this name; it has \(names.joined(separator: ", "))")
    }
    var extents: [String: (extent: Int, input: String)] = [:]
    for info in inputs {
      guard let value = values[info.name] else { throw .input(path: path, name: info.name, "is missing") }
      if let type = info.elementType, type != value.elementType {
        throw .input(
          path: path, name: info.name,
          "expected elements of the type \(type.rawValue), found \(value.elementType.rawValue)")
      }
      guard let shape = info.shape else { continue }
      func wrong() -> GraphError {
        .input(path: path, name: info.name, "expected the shape \(text(shape)), found \(value.shape)")
      }
      guard shape.count == value.shape.count else { throw wrong() }
      for (expected, found) in zip(shape, value.shape) {
        switch expected {
        case .fixed(let extent): if extent != found { throw wrong() }
        case .unknown: break
        case .named(let name):
          if let known = extents[name], known.extent != found {
            throw .input(
              path: path, name: info.name,
              "the extent \(name) is \(found), in the input \"\(known.input)\" it is \(known.extent)")
          }
          extents[name] = (found, info.name)
        }
      }
    }
  }

  private func text(_ shape: [ONNXValueInfo.Extent]) -> String {
    let extents = shape.map { extent in
      switch extent {
      case .fixed(let value): "\(value)"
      case .named(let name): name
      case .unknown: "?"
      }
    }
    return "[" + extents.joined(separator: ", ") + "]"
  }
}
