import RecurrentReports

/// Recurrent layers without a task: what the file of another system held.
public struct ImportedLayers: Sendable {
  /// The name of the task in bundles.
  public static let task = "layers"

  /// What stands in the bundle.
  public struct Description: Sendable, Codable {
    /// What the layers are made of.
    public var stack: LayerStack
    /// Whose names the file had.
    public var dialect: StoredLayers.Dialect
    /// The file.
    public var source: String
  }

  /// Everything but the numbers.
  public let description: Description
  /// The layers.
  public let layer: RecurrentLayer<AnyCell>

  /// Finds the layers of a file; see ``StoredLayers``.
  public init(from file: some ArrayFile, prefix: String?, unsaid: StoredLayers.Unsaid) throws {
    let found = try StoredLayers(in: file, prefix: prefix, unsaid: unsaid)
    description = Description(stack: found.stack, dialect: found.dialect, source: file.path)
    layer = found.layer
  }

  /// Reads a bundle.
  ///
  /// - Throws: ``BundleError``, ``InterchangeError`` or a format error.
  public init(bundle path: String) throws {
    let (bundle, file) = try ModelBundle<Description>.open(path, task: ImportedLayers.task)
    let stack = bundle.description.stack
    let found = file.tensors.reduce(0) { $0 + $1.count }
    guard stack.issue == nil, stack.parameterCount == found else {
      throw BundleError.damaged(
        path: path + "/task.json",
        reason: stack.issue
          ?? "it describes \(stack.parameterCount) parameters, model.safetensors beside it holds \(found)")
    }
    description = bundle.description
    layer = try stack.layer { name, shape in
      let array = try file.array(named: name)
      guard array.shape == shape else {
        throw InterchangeError.inconsistent(
          path: file.path, name: name, reason: "has the shape \(array.shape), expected \(shape)")
      }
      return Tensor(try array.floats(), shape: shape)
    }
    try bundle.verify()
  }

  /// Writes a bundle.
  public func write(to path: String, overwrites: Bool) throws {
    try ModelBundle(task: ImportedLayers.task, description: description).write(
      to: path, model: layer, files: ["card.md": card], overwrites: overwrites)
  }

  private var card: String {
    let stack = description.stack
    let directions = stack.isBidirectional ? ", both directions" : ""
    let layers = stack.layers.map { "\($0.cell.rawValue) of \($0.hiddenSize) units" }.joined(separator: ", ")
    return """
      # Recurrent layers

      Taken over from \(description.source.escapedMarkdown) (\(description.dialect.rawValue)): \(stack.inputSize) inputs, \
      \(layers)\(directions); \(layer.parameterCount) parameters.

          recurrent apply BUNDLE --input x.npy --output y.npz
      """ + "\n"
  }

  /// The layers as a graph: `input [time, batch, I]` to `output [time, batch, O]`.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: ImportedLayers.task)
    let shape: (Int) -> [ONNXValueInfo.Extent] = { [.named("time"), .named("batch"), .fixed(Int64($0))] }
    builder.input("input", .f32, shape(layer.inputSize), "vectors")
    let lengths = builder.lengths(options)
    let output = try layer.append(to: &builder, reading: "input", lengths: lengths, options)
    builder.output(output, as: "output", .f32, shape(layer.outputSize), "the outputs of the last layer")
    return builder.model(task: ImportedLayers.task)
  }

  /// Random vectors for the graph with what the layers give for them.
  public func graphVerification(_ options: GraphOptions) -> GraphVerification {
    let key = RandomKey(seed: 20)
    let shape = [GraphVerification.stepCount, GraphVerification.batchSize, layer.inputSize]
    let vectors = Tensor(uniformIn: -1...1, shape: shape, key: key)
    return GraphVerification(layer, vectors: vectors, options) { steps in
      ["input": GraphValue(vectors.sliced(axis: 0, steps))]
    } outputs: {
      ["output": $0]
    }
  }
}
