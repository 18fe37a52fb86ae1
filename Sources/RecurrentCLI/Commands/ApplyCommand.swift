import ArgumentParser
import Recurrent

/// `recurrent apply`.
struct ApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Run a bundle, or a model of PyTorch, Keras or ONNX, on arrays.",
    discussion: """
      An ONNX model takes the arrays of the input by the names of its inputs, and gives its outputs by their names. The \
      parameters of recurrent layers by the names of PyTorch or Keras 3 (.pt, .pth, .safetensors, .npz) take the array \"input\" \
      [T, B, I], or the only one there is, and may have \"h_0\", \"c_0\" and the lengths of the rows as \"lengths\"; \
      they give \"output\", \"h_n\" and \"c_n\" as PyTorch does.

      With --save-state the state at the end is kept in a file, and --load-state goes on from there: the outputs are \
      those of never having stopped, bit for bit.

      Example:

        recurrent apply model.onnx --input in.npz --output out.npz
        recurrent apply lstm.pt --input x.npy --output y.npz --save-state s.safetensors
        recurrent apply lstm.pt --input more.npy --load-state s.safetensors --output z.npz
      """)

  @Argument(help: ArgumentHelp("The model.", valueName: "model"))
  var model: String

  @Option(
    name: [.short, .long], help: ArgumentHelp("Arrays: .npz, .npy, .safetensors or .pt.", valueName: "file"))
  var input: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Where the results go: .npz or .safetensors, or .npy for the first one alone.", valueName: "file"))
  var output: String

  @OptionGroup var layers: LayerOptions

  @Flag(help: "The input of layers is [B, T, I], and so is the output.")
  var batchFirst = false

  @Option(help: ArgumentHelp("Keep the state at the end of layers.", valueName: "file"))
  var saveState: String?

  @Option(help: ArgumentHelp("Go on from a state that was kept.", valueName: "file"))
  var loadState: String?

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    guard [".npz", ".npy", ".safetensors"].contains(where: output.hasSuffix) else {
      throw ValidationError("--output is \(output), expected a file that ends in .npz, .npy or .safetensors")
    }
  }

  func run() throws { try compute.run { try apply() } }

  private func apply() throws {
    try OutputFile.check(
      output, flag: "--output", apartFrom: [model, input] + (loadState.map { [$0] } ?? []))
    try OutputFile.check(saveState, flag: "--save-state", apartFrom: [model, input])
    let found = try AnyModel(path: model, prefix: layers.prefix, unsaid: layers.unsaid)
    let arrays = try ArrayFileCatalog.open(input).file
    let results: [ArrayEntry]
    switch found {
    case .layers(let layers): results = try run(layers, arrays)
    case .graph(let graph): results = try run(graph.program, arrays)
    case .languageModel(let trained):
      results = try run(GraphProgram(trained.graph(GraphOptions()), path: model), arrays)
    }
    if output.hasSuffix(".npz") {
      try NPYWriter.write(results, to: output)
    } else if output.hasSuffix(".npy") {
      try NPYWriter.write(results[0], to: output)
    } else {
      try SafetensorsWriter.write(results, to: output)
    }
  }

  // MARK: Graphs

  private func run(_ program: GraphProgram, _ arrays: any ArrayFile) throws -> [ArrayEntry] {
    guard saveState == nil, loadState == nil, !batchFirst else {
      throw RunError.apply(
        "--save-state, --load-state and --batch-first are for layers; what a graph takes, states among it, stands in --input"
      )
    }
    var values: [String: GraphValue] = [:]
    let isSingle = arrays.names.count == 1 && program.inputs.count == 1
    for name in arrays.names {
      values[isSingle ? program.inputs[0].name : name] = try GraphValue(arrays.array(named: name))
    }
    let results = try program.run(values)
    return program.outputs.compactMap { info in results[info.name].map { $0.entry(named: info.name) } }
  }

  // MARK: Layers

  private func run(_ found: ImportedLayers, _ arrays: any ArrayFile) throws -> [ArrayEntry] {
    let layer = found.layer
    let names = Set(arrays.names)
    let name = names.count == 1 ? arrays.names[0] : "input"
    if let stranger = arrays.names.first(where: { !["input", "h_0", "c_0", "lengths", name].contains($0) }) {
      throw RunError.apply(
        "\(input): the array \"\(stranger)\" is not known; expected are input, h_0, c_0 and lengths")
    }
    let stored = try arrays.array(named: name)
    guard stored.shape.count == 3, stored.shape[2] == layer.inputSize else {
      let order = batchFirst ? "[B, T, \(layer.inputSize)]" : "[T, B, \(layer.inputSize)]"
      throw RunError.apply("\(input): \"\(name)\" has the shape \(stored.shape), expected \(order)")
    }
    var x = Tensor(try stored.floats(convertsIntegers: true), shape: stored.shape)
    if batchFirst { x = x.permuted([1, 0, 2]) }
    let (steps, batch) = (x.shape[0], x.shape[1])
    let lengths = try names.contains("lengths") ? lengths(arrays, steps: steps, batch: batch) : nil
    let isStateful = saveState != nil || loadState != nil
    let hash = isStateful ? try SHA256.hash(file: AnyModel.file(of: model)) : ""
    let begin = try start(layer, arrays, batch: batch, hash: hash)
    let (outputs, end) = layer(SequenceBatch(x, lengths: lengths), state: begin)
    if let saveState {
      try StateFile(model: hash, tensors: layer.named(end)).write(to: saveState)
    }
    let result = batchFirst ? outputs.permuted([1, 0, 2]) : outputs
    var entries = [entry("output", result)]
    for part in 0..<(end.cells.first?.tensors.count ?? 0) {
      entries.append(entry(["h_n", "c_n"][part], stack(end.cells.map { $0.tensors[part] })))
    }
    return entries
  }

  private func lengths(_ arrays: any ArrayFile, steps: Int, batch: Int) throws -> [Int] {
    let lengths = try arrays.array(named: "lengths").integers().map { Int(clamping: $0) }
    guard lengths.count == batch, lengths.allSatisfy({ (0...steps).contains($0) }) else {
      throw RunError.apply("\(input): \"lengths\" must be \(batch) numbers from 0 to \(steps)")
    }
    return lengths
  }

  /// The state to begin with: of a file, of the arrays h_0 and c_0, or none.
  private func start(
    _ layer: RecurrentLayer<AnyCell>, _ arrays: any ArrayFile, batch: Int, hash: String
  ) throws -> RecurrentLayer<AnyCell>.State? {
    if let loadState {
      return try layer.state(from: StateFile(path: loadState, model: hash), batch: batch, path: loadState)
    }
    guard arrays.names.contains("h_0") else { return nil }
    var state = layer.initialState(batch: batch)
    let parts = ["h_0", "c_0"].prefix(state.cells[0].tensors.count)
    for (part, name) in parts.enumerated() {
      let expected = [state.cells.count] + state.cells[0].tensors[part].shape
      let array = try arrays.array(named: name)
      guard array.shape == expected else {
        throw RunError.apply("\(input): \"\(name)\" has the shape \(array.shape), expected \(expected)")
      }
      let values = Tensor(try array.floats(), shape: expected)
      for index in state.cells.indices {
        let shape = state.cells[index].tensors[part].shape
        state.cells[index].tensors[part] = values.sliced(axis: 0, index..<index + 1).reshaped(to: shape)
      }
    }
    return state
  }

  private func entry(_ name: String, _ tensor: Tensor) -> ArrayEntry {
    ArrayEntry(name: name, shape: tensor.shape, floats: tensor.scalars)
  }
}
