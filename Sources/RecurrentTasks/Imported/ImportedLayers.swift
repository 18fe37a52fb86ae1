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
    var builder = GraphBuilder(name: "layers")
    let shape: (Int) -> [ONNXValueInfo.Extent] = { [.named("time"), .named("batch"), .fixed(Int64($0))] }
    builder.input("input", .f32, shape(layer.inputSize))
    let output = try layer.append(to: &builder, reading: "input", options)
    builder.output(output.value, as: "output", .f32, shape(layer.outputSize))
    layer.declare(output.states, in: &builder)
    return builder.model()
  }
}

extension RecurrentLayer where C == AnyCell {
  /// Appends the network with the inputs that the options ask for: `lengths`, and the parts of the states as `h_l0_in`.
  func append(
    to builder: inout GraphBuilder, reading value: String, _ options: GraphOptions
  ) throws -> (value: String, states: [[String]]?) {
    var given = RecurrentLayerGraph(input: value, isQuantized: options.isQuantized)
    if options.takesLengths {
      builder.input("lengths", .i32, [.named("batch")])
      given.lengths = "lengths"
    }
    if options.isStreaming {
      guard !isBidirectional else {
        throw InterchangeError.notExpressible(
          what: "a network that reads backwards too", reason: "it cannot stream; leave --streaming out")
      }
      given.states = stateParts.map { cell in
        cell.map { part in
          builder.input(part.name + "_in", .f32, [.named("batch")] + part.extents.map { .fixed(Int64($0)) })
          return part.name + "_in"
        }
      }
    }
    let result = try append(to: &builder, given)
    return (result.output, options.isStreaming ? result.states : nil)
  }

  /// Makes the parts of the states outputs of the graph: `h_l0_out`.
  func declare(_ states: [[String]]?, in builder: inout GraphBuilder) {
    guard let states else { return }
    for (cell, parts) in zip(states, stateParts) {
      for (value, part) in zip(cell, parts) {
        builder.output(
          value, as: part.name + "_out", .f32, [.named("batch")] + part.extents.map { .fixed(Int64($0)) })
      }
    }
  }

  /// For each cell its parts: names, and extents behind the rows.
  private var stateParts: [[(name: String, extents: [Int])]] {
    let state = initialState(batch: 1)
    var names = named(state)[...]
    return state.cells.map { cell in
      cell.tensors.map { tensor in (names.removeFirst().name, Array(tensor.shape.dropFirst())) }
    }
  }
}
