import RecurrentReports

/// A graph of operators: an ONNX model that was taken over.
public struct ImportedGraph: Sendable {
  /// The name of the task in bundles.
  public static let task = "graph"

  /// What stands in the bundle.
  public struct Description: Sendable, Codable {
    /// The file.
    public var source: String
    /// What the graph takes and gives.
    public var inputs, outputs: [String]
  }

  /// Everything but the graph.
  public let description: Description
  /// The graph as it stands in the file.
  public let model: ONNXModel
  /// The graph, ready to run.
  public let program: GraphProgram

  /// Reads and checks an ONNX model.
  ///
  /// - Throws: ``GraphError`` or a format error.
  public init(file path: String) throws { try self.init(ONNXReader.read(path), path: path) }

  /// Checks an ONNX model that was read from `path`.
  ///
  /// - Throws: ``GraphError`` or a format error.
  public init(_ model: ONNXModel, path: String) throws {
    self.model = model
    program = try GraphProgram(model, path: path)
    description = Description(
      source: path, inputs: program.inputs.map(\.name), outputs: program.outputs.map(\.name))
  }

  /// Reads a bundle.
  ///
  /// - Throws: ``BundleError``, ``GraphError`` or a format error.
  public init(bundle path: String) throws {
    let bundle = try ModelBundle<Description>.describe(path, task: ImportedGraph.task)
    description = bundle.description
    let file = path + "/model.onnx"
    model = try ONNXReader.read(file)
    program = try GraphProgram(model, path: file)
    try bundle.verify()
  }

  /// Writes a bundle; the numbers of the graph stand in it, also those of external files.
  public func write(to path: String, overwrites: Bool) throws {
    let card = """
      # A graph of operators

      Taken over from \(description.source.escapedMarkdown): \(model.graph.nodes.count) nodes; inputs \
      \(description.inputs.joined(separator: ", ").escapedMarkdown); outputs \
      \(description.outputs.joined(separator: ", ").escapedMarkdown).

          recurrent apply BUNDLE --input in.npz --output out.npz
      """
    try ModelBundle(task: ImportedGraph.task, description: description).write(
      to: path, model: (name: "model.onnx", bytes: try ONNXWriter.encode(model)),
      files: ["card.md": card + "\n"],
      overwrites: overwrites)
  }
}
