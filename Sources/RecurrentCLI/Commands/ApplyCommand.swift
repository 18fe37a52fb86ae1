import ArgumentParser
import Recurrent

/// `recurrent apply`.
struct ApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Run a bundle, or a model of PyTorch, Keras or ONNX, on arrays.",
    discussion: """
      An ONNX model or a whole model of Keras (.keras, .h5) takes the arrays of the input by the names of its inputs, and gives its \
      outputs by their names. The parameters of recurrent layers by the names of PyTorch or Keras 3 (.pt, .pth, .safetensors, .npz, \
      .weights.h5) take the array \"input\" \
      [T, B, I], or the only one there is, and may have \"h_0\", \"c_0\" and the lengths of the rows as \"lengths\"; \
      they give \"output\", \"h_n\" and \"c_n\" as PyTorch does. Layers of different cells or widths have their states \
      by themselves, as \"h_l0\", \"c_l0\", \"h_l1\" and so on, in the input and in the output.

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

  @OptionGroup var state: StateOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    guard [".npz", ".npy", ".safetensors"].contains(where: output.hasSuffix) else {
      throw ValidationError("--output is \(output), expected a file that ends in .npz, .npy or .safetensors")
    }
  }

  func run() throws { try compute.run { try apply() } }

  private func apply() throws {
    try OutputFile.check(
      output, flag: "--output", apartFrom: [model, input] + (state.loadState.map { [$0] } ?? []))
    try state.check(apartFrom: [model, input])
    let found = try AnyModel(path: model, prefix: layers.prefix, unsaid: layers.unsaid)
    let arrays = try ArrayFileCatalog.open(input).file
    let results: [ArrayEntry]
    switch found {
    case .layers(let layers): results = try run(layers, arrays)
    case .graph(let graph): results = try run(graph.program, arrays)
    case .task(let trained):
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
    guard state.areNone, !batchFirst else {
      throw RunError.apply(
        "--save-state, --load-state and --batch-first are for layers; what a graph takes, states among it, stands in --input"
      )
    }
    var values: [String: GraphValue] = [:]
    let isSingle = arrays.names.count == 1 && program.inputs.count == 1
    for name in arrays.names {
      values[isSingle ? program.inputs[0].name : name] = try GraphValue(arrays.array(named: name))
    }
    let results: [String: GraphValue]
    do { results = try program.run(values) } catch let error as GraphError {
      // what does not fit may be the array as well as the model
      if case .input(let path, let name, let reason) = error {
        throw RunError.apply("\(input): input \"\(name)\" of \(path): \(reason)")
      }
      throw RunError.apply("\(error), with the arrays of \(input)")
    }
    return program.outputs.compactMap { info in results[info.name].map { $0.entry(named: info.name) } }
  }

  // MARK: Layers

  private func run(_ found: ImportedLayers, _ arrays: any ArrayFile) throws -> [ArrayEntry] {
    let layer = found.layer
    let names = Set(arrays.names)
    let name = names.count == 1 ? arrays.names[0] : "input"
    let states = stateNames(layer)
    if let stranger = arrays.names.first(where: { !(["input", "lengths", name] + states).contains($0) }) {
      throw RunError.apply(
        "\(input): the array \"\(stranger)\" is not known; expected are input, lengths, "
          + states.joined(separator: ", "))
    }
    let stored = try arrays.array(named: name)
    guard stored.shape.count == 3, stored.shape[2] == layer.inputSize, stored.shape.allSatisfy({ $0 > 0 })
    else {
      let order = batchFirst ? "[B, T, \(layer.inputSize)]" : "[T, B, \(layer.inputSize)]"
      throw RunError.apply(
        "\(input): \"\(name)\" has the shape \(stored.shape), expected \(order) with a step and a row or more"
      )
    }
    var x = Tensor(try stored.floats(convertsIntegers: true), shape: stored.shape)
    if batchFirst { x = x.permuted([1, 0, 2]) }
    let (steps, batch) = (x.shape[0], x.shape[1])
    let lengths = try names.contains("lengths") ? lengths(arrays, steps: steps, batch: batch) : nil
    let files = try state.files(model)
    let begin = try start(layer, arrays, batch: batch, states: files)
    let (outputs, end) = layer(SequenceBatch(x, lengths: lengths), state: begin)
    if let save = files.save {
      try StateFile(model: files.model, tensors: layer.named(end)).write(to: save)
    }
    let result = batchFirst ? outputs.permuted([1, 0, 2]) : outputs
    guard isUniform(end) else {
      return [entry("output", result)] + layer.named(end).map { entry($0.name, $0.value) }
    }
    return [entry("output", result)]
      + (0..<(end.cells.first?.tensors.count ?? 0)).map { part in
        entry(["h_n", "c_n"][part], stack(end.cells.map { $0.tensors[part] }))
      }
  }

  private func lengths(_ arrays: any ArrayFile, steps: Int, batch: Int) throws -> [Int] {
    let lengths = try arrays.array(named: "lengths").integers().map { Int(clamping: $0) }
    guard lengths.count == batch, lengths.allSatisfy({ (0...steps).contains($0) }) else {
      throw RunError.apply("\(input): \"lengths\" must be \(batch) numbers from 0 to \(steps)")
    }
    return lengths
  }

  /// Whether all cells have states of the same parts and shapes, so that they stand in one array.
  private func isUniform(_ state: RecurrentLayer<AnyCell>.State) -> Bool {
    state.cells.allSatisfy { $0.tensors.map(\.shape) == state.cells[0].tensors.map(\.shape) }
  }

  /// The arrays that may hold the state to begin with.
  private func stateNames(_ layer: RecurrentLayer<AnyCell>) -> [String] {
    let state = layer.initialState(batch: 1)
    return isUniform(state)
      ? Array(["h_0", "c_0"].prefix(state.cells[0].tensors.count)) : layer.named(state).map(\.name)
  }

  /// The state to begin with: of a file, of the arrays that ``stateNames(_:)`` lists, or none.
  private func start(
    _ layer: RecurrentLayer<AnyCell>, _ arrays: any ArrayFile, batch: Int, states: StateFiles
  ) throws -> RecurrentLayer<AnyCell>.State? {
    if let load = states.load {
      return try layer.state(from: StateFile(path: load, model: states.model), batch: batch, path: load)
    }
    let names = stateNames(layer)
    guard arrays.names.contains(where: names.contains) else { return nil }
    var state = layer.initialState(batch: batch)
    func values(_ name: String, _ expected: [Int]) throws -> Tensor {
      let array = try arrays.array(named: name)
      guard array.shape == expected else {
        throw RunError.apply("\(input): \"\(name)\" has the shape \(array.shape), expected \(expected)")
      }
      return Tensor(try array.floats(), shape: expected)
    }
    guard isUniform(state) else {
      var next = layer.named(state).makeIterator()
      for index in state.cells.indices {
        state.cells[index].tensors = try state.cells[index].tensors.map { tensor in
          try next.next().map { try values($0.name, tensor.shape) } ?? tensor
        }
      }
      return state
    }
    for (part, name) in names.enumerated() {
      let all = try values(name, [state.cells.count] + state.cells[0].tensors[part].shape)
      for index in state.cells.indices {
        let shape = state.cells[index].tensors[part].shape
        state.cells[index].tensors[part] = all.sliced(axis: 0, index..<index + 1).reshaped(to: shape)
      }
    }
    return state
  }

  private func entry(_ name: String, _ tensor: Tensor) -> ArrayEntry {
    ArrayEntry(name: name, shape: tensor.shape, floats: tensor.scalars)
  }
}
