import RecurrentInterchange
import RecurrentTestSupport
import Testing

/// Layers as PyTorch and Keras store them give what PyTorch and Keras computed.
@Suite struct StoredLayersTests {
  static let pyTorch = cases("interchange_pytorch.pt", ending: ".input")
  static let keras = cases("interchange_keras.npz", ending: "/input")
  static let cells = cases("interchange_cells.pt", ending: ".input")

  private static func open(_ name: String) throws -> any ArrayFile {
    name.hasSuffix(".pt")
      ? try TorchFile(bytes: fixture(name), path: name) : try NPZFile(bytes: fixture(name), path: name)
  }

  private static func cases(_ name: String, ending: String) -> [String] {
    let names = (try? open(name))?.names ?? []
    return names.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }
  }

  private static func found(_ file: some ArrayFile, _ prefix: String, _ name: String) throws -> StoredLayers {
    try StoredLayers(
      in: file, prefix: prefix,
      unsaid: StoredLayers.Unsaid(
        activation: name.hasPrefix("relu") ? .elmanReLU : .elman,
        gruWithoutBias: name.hasPrefix("gru-before") ? .gruResetBefore : .gru))
  }

  @Test(arguments: pyTorch) func agreesWithPyTorch(_ name: String) throws {
    let file = try TorchFile(bytes: fixture("interchange_pytorch.pt"), path: "f")
    let stored = try StoredLayersTests.found(file, "\(name).state", name)
    #expect(stored.dialect == .pyTorch && stored.stack.parameterCount == stored.layer.parameterCount)
    let input = try file.array(named: "\(name).input")
    let lengths = try file.array(named: "\(name).lengths").integers().map { Int($0) }
    let x = SequenceBatch(Tensor(try input.floats(), shape: input.shape), lengths: lengths)
    let (outputs, state) = stored.layer(x)
    func check(_ part: String, _ found: Tensor) throws {
      let expected = try file.array(named: "\(name).\(part)")
      #expect(found.shape == expected.shape)
      try requireClose(found.doubles, expected.doubles(), relative: 1e-5, absolute: 1e-5, "\(name).\(part)")
    }
    try check("output", outputs)
    try check("h_n", stack(state.cells.map { $0.tensors[0] }))
    if stored.stack.layers[0].cell == .lstm { try check("c_n", stack(state.cells.map { $0.tensors[1] })) }
  }

  @Test(arguments: keras) func agreesWithKeras(_ name: String) throws {
    let file = try NPZFile(bytes: fixture("interchange_keras.npz"), path: "f")
    let stored = try StoredLayersTests.found(file, "\(name)/weights/", name)
    #expect(stored.dialect == .keras)
    let (input, output) = (try file.array(named: "\(name)/input"), try file.array(named: "\(name)/output"))
    let x = Tensor(try input.floats(), shape: input.shape).permuted([1, 0, 2])
    let found = stored.layer(SequenceBatch(x)).outputs.permuted([1, 0, 2])
    #expect(found.shape == output.shape)
    try requireClose(found.doubles, output.doubles(), relative: 1e-5, absolute: 1e-5, name)
  }

  /// Cells, whose names have no number, and weights in two parts.
  @Test(arguments: cells) func otherNamesOfPyTorch(_ name: String) throws {
    let file = try TorchFile(bytes: fixture("interchange_cells.pt"), path: "f")
    let stored = try StoredLayers(in: file, prefix: "\(name).state")
    let (input, output) = (try file.array(named: "\(name).input"), try file.array(named: "\(name).output"))
    let found = stored.layer(SequenceBatch(Tensor(try input.floats(), shape: input.shape))).outputs
    try requireClose(found.doubles, output.doubles(), relative: 1e-5, absolute: 1e-5, name)
  }

  @Test func thereAreFixtures() {
    #expect(StoredLayersTests.cells.count == 12)
    #expect(StoredLayersTests.pyTorch.count == 60)
    #expect(StoredLayersTests.keras.count == 32)
  }

  @Test func aGRUThatDoesNotTellItsFormIsRefused() throws {
    let file = try NPZFile(bytes: fixture("interchange_keras.npz"), path: "f")
    let error = #expect(throws: InterchangeError.self) {
      try StoredLayers(in: file, prefix: "gru-after-1-nobias/weights/")
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("--reset after"))
  }

  /// A prefix that no layers have is answered by those that there are.
  @Test func prefixesThatAreThereAreNamed() throws {
    let file = try TorchFile(bytes: fixture("interchange_cells.pt"), path: "f.pt")
    let error = #expect(throws: InterchangeError.self) {
      try StoredLayers(in: file, prefix: "rnn-nobias.rnn")
    }
    let text = "\(error.map { "\($0)" } ?? "")"
    #expect(
      text.contains("f.pt") && text.contains("below \"rnn-nobias.rnn\"") && text.contains("\"rnn.state.\""))
    let keras = try NPZFile(bytes: fixture("interchange_keras.npz"), path: "f.npz")
    let other = #expect(throws: InterchangeError.self) { try StoredLayers(in: keras, prefix: "encoder/") }
    #expect("\(other.map { "\($0)" } ?? "")".contains("below \"encoder/\""))
  }

  /// Lengths that are none of these weights.
  @Test func weightsInTwoPartsThatDoNotFit() throws {
    func file(_ lengths: [Int]) throws -> SafetensorsFile {
      let shapes: [(String, [Int])] = [
        ("weight_ih_l0", [8, 3]), ("weight_hh_l0_v", [8, 2]), ("weight_hh_l0_g", lengths),
      ]
      let entries = shapes.map { name, shape in
        ArrayEntry(name: name, shape: shape, floats: [Float](repeating: 0.5, count: shape.reduce(1, *)))
      }
      return try SafetensorsFile(bytes: SafetensorsWriter.encode(entries), path: "f")
    }
    for sound in [[8, 1], [1, 2], []] { _ = try StoredLayers(in: file(sound)) }
    for wrong in [[4, 1], [8], [8, 1, 1]] {
      let error = #expect(throws: FormatError.self) { try StoredLayers(in: file(wrong)) }
      #expect("\(error.map { "\($0)" } ?? "")".contains("weight_hh_l0_g"))
    }
  }

  @Test func takesNothingInPart() throws {
    let entries = PartialFile(names: ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"])
    _ = try StoredLayers(in: entries.file())
    let missing = #expect(throws: InterchangeError.self) {
      try StoredLayers(in: entries.file(without: "bias_hh_l0"))
    }
    #expect("\(missing.map { "\($0)" } ?? "")".contains("bias_hh_l0"))
    let more = #expect(throws: InterchangeError.self) {
      try StoredLayers(in: entries.file(with: "decoder.weight"))
    }
    #expect("\(more.map { "\($0)" } ?? "")".contains("decoder.weight"))
    let stray = #expect(throws: InterchangeError.self) {
      try StoredLayers(in: entries.file(with: "weight_ih_l2"))
    }
    #expect("\(stray.map { "\($0)" } ?? "")".contains("weight_ih_l2"))
  }
}

/// A small LSTM's file with arrays left out or added.
private struct PartialFile {
  let names: [String]

  func file(without left: String? = nil, with added: String? = nil) throws -> SafetensorsFile {
    var entries = names.filter { $0 != left }.map { name in
      let shape = name.hasPrefix("weight_ih") ? [8, 3] : name.hasPrefix("weight_hh") ? [8, 2] : [8]
      return ArrayEntry(name: name, shape: shape, floats: [Float](repeating: 0.1, count: shape.reduce(1, *)))
    }
    if let added {
      entries.append(ArrayEntry(name: added, shape: [8, 4], floats: [Float](repeating: 0, count: 32)))
    }
    return try SafetensorsFile(bytes: SafetensorsWriter.encode(entries), path: "f")
  }
}
