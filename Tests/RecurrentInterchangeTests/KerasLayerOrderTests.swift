import RecurrentInterchange
import RecurrentTestSupport
import Testing

/// Layers of Keras stand on top of each other as the model had them, never as the alphabet has their names.
@Suite struct KerasLayerOrderTests {
  /// A layer by name: its cell and widths.
  struct Layer: Sendable {
    let name: String
    let gates: Int
    let input, hidden: Int
    var hasBias = true

    /// Its arrays in the order of Keras.
    func entries(in cell: String = "cell") -> [ArrayEntry] {
      // the same numbers wherever the layer stands
      let key = RandomKey(seed: (name.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }))
      func entry(_ leaf: String, _ shape: [Int], _ number: Int) -> ArrayEntry {
        let values = Tensor(uniformIn: -0.7...0.7, shape: shape, key: key.child(number)).scalars
        return ArrayEntry(name: "\(name)/\(cell)/\(leaf)", shape: shape, floats: values)
      }
      let (width, bias) = (gates * hidden, gates == 3 ? [2, gates * hidden] : [gates * hidden])
      return [entry("kernel", [input, width], 0), entry("recurrent_kernel", [hidden, width], 1)]
        + (hasBias ? [entry("bias", bias, 2)] : [])
    }
  }

  private static func lstm(_ name: String, _ input: Int, _ hidden: Int) -> Layer {
    Layer(name: name, gates: 4, input: input, hidden: hidden)
  }

  private static func gru(_ name: String, _ input: Int, _ hidden: Int) -> Layer {
    Layer(name: name, gates: 3, input: input, hidden: hidden)
  }

  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func npz(_ entries: [ArrayEntry]) throws -> NPZFile {
    let path = try folder.file("k.npz")
    try NPYWriter.write(entries, to: path)
    return try NPZFile(path: path)
  }

  private func safetensors(_ layers: [Layer]) throws -> SafetensorsFile {
    try SafetensorsFile(
      bytes: SafetensorsWriter.encode(layers.flatMap { $0.entries() }), path: "k.safetensors")
  }

  private let x = Tensor(uniformIn: -1...1, shape: [5, 2, 3], key: RandomKey(seed: 3))

  /// What the layers give one after the other, each read from a file of its own.
  private func chained(_ layers: [Layer]) throws -> Tensor {
    try layers.reduce(x) { x, layer in
      try StoredLayers(in: npz(layer.entries())).layer(SequenceBatch(x)).outputs
    }
  }

  private func check(_ file: some ArrayFile, is layers: [Layer], order: [String]? = nil) throws {
    let found = try StoredLayers(in: file, unsaid: StoredLayers.Unsaid(layerOrder: order))
    #expect(found.layer(SequenceBatch(x)).outputs.scalars == (try chained(layers)).scalars)
    #expect(found.stack.layers.map(\.hiddenSize) == layers.map(\.hidden))
  }

  private func message(_ file: some ArrayFile, order: [String]? = nil) -> String {
    let error = #expect(throws: InterchangeError.self) {
      try StoredLayers(in: file, unsaid: StoredLayers.Unsaid(layerOrder: order))
    }
    return error.map { "\($0)" } ?? ""
  }

  static let stacks: [[Layer]] = [
    [lstm("lstm", 3, 4), gru("gru", 4, 4)],
    [lstm("encoder", 3, 4), lstm("decoder", 4, 4)],
    [lstm("lstm", 3, 8), lstm("lstm_1", 8, 4)],
    [gru("gru", 3, 8), gru("gru_1", 8, 4)],
    [lstm("z", 3, 3), gru("m", 3, 3), lstm("a", 3, 3), Layer(name: "b", gates: 1, input: 3, hidden: 3)],
    (0..<12).map { lstm($0 == 0 ? "lstm" : "lstm_\($0)", 3, 3) },
  ]

  @Test(arguments: stacks.indices) func theFileTellsTheOrder(_ stack: Int) throws {
    let layers = KerasLayerOrderTests.stacks[stack]
    try check(npz(layers.flatMap { $0.entries() }), is: layers)
  }

  /// Shapes that fit together in one way only need nothing else.
  @Test func shapesTellTheOrder() throws {
    let layers = [
      KerasLayerOrderTests.lstm("z", 3, 5), KerasLayerOrderTests.gru("b", 5, 4),
      KerasLayerOrderTests.lstm("y", 4, 5),
    ]
    let shuffled = [layers[1], layers[2], layers[0]]
    // 3 to 5, 5 to 4, 4 to 5: no other order
    try check(safetensors(shuffled), is: layers)
    try check(npz(shuffled.flatMap { $0.entries() }), is: layers)
  }

  /// `lstm_10` follows `lstm_9`, not `lstm_1`.
  @Test func numbersTellTheOrder() throws {
    let layers = KerasLayerOrderTests.stacks[5]
    try check(safetensors(layers), is: layers)
    let sorted = layers.flatMap { $0.entries() }.sorted { $0.name < $1.name }
    try check(npz(sorted), is: layers)
  }

  @Test func nothingIsGuessed() throws {
    let (encoder, decoder) = (
      KerasLayerOrderTests.lstm("encoder", 3, 3), KerasLayerOrderTests.lstm("decoder", 3, 3)
    )
    // safetensors are sorted by their writers
    let sorted = message(try safetensors([encoder, decoder]))
    #expect(sorted.contains("k.safetensors") && sorted.contains("--layer-order"))
    #expect(sorted.contains("\"encoder\"") && sorted.contains("\"decoder\""))
    // so was this archive
    let archive = (encoder.entries() + decoder.entries()).sorted { $0.name < $1.name }
    #expect(message(try npz(archive)).contains("--layer-order"))
    // numbers say one thing and the file another
    let (first, second) = (KerasLayerOrderTests.lstm("lstm", 3, 3), KerasLayerOrderTests.lstm("lstm_1", 3, 3))
    #expect(message(try npz(second.entries() + first.entries())).contains("--layer-order"))
    // shapes that fit in no order
    let other = KerasLayerOrderTests.lstm("other", 7, 8)
    #expect(message(try npz(encoder.entries() + other.entries())).contains("\"other\""))
  }

  @Test func theUserTellsTheOrder() throws {
    let layers = [KerasLayerOrderTests.lstm("encoder", 3, 3), KerasLayerOrderTests.lstm("decoder", 3, 3)]
    let file = try safetensors(layers)
    try check(file, is: layers, order: ["encoder", "decoder"])
    try check(file, is: layers.reversed(), order: ["decoder", "encoder"])
    #expect(message(file, order: ["encoder"]).contains("\"decoder\""))
    #expect(message(file, order: ["encoder", "encoder"]).contains("once each"))
    #expect(message(file, order: ["encoder", "coder"]).contains("\"coder\""))
  }

  /// Two directions of other widths than the layer before.
  @Test func directionsOfDifferentWidths() throws {
    func both(_ layer: String, _ input: Int, _ hidden: Int) -> [ArrayEntry] {
      ["forward_lstm", "backward_lstm"].flatMap {
        KerasLayerOrderTests.lstm("\(layer)/\($0)", input, hidden).entries(in: "lstm_cell")
      }
    }
    let found = try StoredLayers(in: npz(both("bidirectional", 3, 5) + both("bidirectional_1", 10, 2)))
    let first = try StoredLayers(in: npz(both("bidirectional", 3, 5))).layer(SequenceBatch(x)).outputs
    let second = try StoredLayers(in: npz(both("bidirectional_1", 10, 2))).layer(SequenceBatch(first)).outputs
    #expect(found.layer(SequenceBatch(x)).outputs.scalars == second.scalars)
  }

  /// PyTorch's layers are counted, so that the eleventh follows the tenth.
  @Test func layersOfPyTorchAreCounted() throws {
    let layer = RecurrentLayer(layerCount: 12, inputSize: 3, key: RandomKey(seed: 5)) {
      AnyCell(LSTM(inputSize: $0, hiddenSize: 4, key: $1))
    }
    let file = try SafetensorsFile(bytes: SafetensorsWriter.encode(layer.entries()), path: "f")
    let found = try StoredLayers(in: file).layer(SequenceBatch(x)).outputs
    #expect(found.scalars == layer(SequenceBatch(x)).outputs.scalars)
  }

  /// Layers without width end in a message, not in a trap.
  @Test func layersWithoutInputs() throws {
    let empty = [
      ArrayEntry(name: "weight_ih_l0", shape: [8, 0], floats: []),
      ArrayEntry(name: "weight_hh_l0", shape: [8, 2], floats: [Float](repeating: 0, count: 16)),
    ]
    let file = try SafetensorsFile(bytes: SafetensorsWriter.encode(empty), path: "f")
    #expect(message(file).contains("0 inputs"))
    #expect(message(try npz(KerasLayerOrderTests.lstm("lstm", 0, 2).entries())).contains("0 inputs"))
  }
}
