import Foundation
import RecurrentTestSupport
import Testing

/// Stacks of Keras layers of different cells and widths: weights in, outputs out, against Keras' equations in double.
@Suite struct KerasStackTests {
  private let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  /// One layer, its arrays as Keras has them: gates i f c o of LSTM, z r h of GRU with `reset_after`.
  private struct Layer {
    let name: String
    let isLSTM: Bool
    let input, hidden: Int

    private func numbers(_ part: Int, _ shape: [Int]) -> [Float] {
      let key = RandomKey(seed: (name.utf8.reduce(UInt64(3)) { $0 &* 31 &+ UInt64($1) }))
      return Tensor(uniformIn: -0.8...0.8, shape: shape, key: key.child(part)).scalars
    }

    private var gates: Int { isLSTM ? 4 : 3 }

    private var arrays: [(leaf: String, shape: [Int])] {
      [
        ("kernel", [input, gates * hidden]), ("recurrent_kernel", [hidden, gates * hidden]),
        ("bias", isLSTM ? [gates * hidden] : [2, gates * hidden]),
      ]
    }

    var entries: [ArrayEntry] {
      let cell = isLSTM ? "lstm_cell" : "gru_cell"
      return arrays.enumerated().map { part, array in
        ArrayEntry(
          name: "\(name)/\(cell)/\(array.leaf)", shape: array.shape, floats: numbers(part, array.shape))
      }
    }

    /// The outputs of a row of steps.
    func outputs(_ steps: [[Double]]) -> [[Double]] {
      let (kernel, recurrent) = (numbers(0, arrays[0].shape), numbers(1, arrays[1].shape))
      let bias = numbers(2, arrays[2].shape)
      let width = gates * hidden
      func product(_ x: [Double], _ weights: [Float], _ bias: ArraySlice<Float>) -> [Double] {
        (0..<width).map { column in
          x.indices.reduce(Double(bias[bias.startIndex + column])) {
            $0 + x[$1] * Double(weights[$1 * width + column])
          }
        }
      }
      func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
      var (h, c) = ([Double](repeating: 0, count: hidden), [Double](repeating: 0, count: hidden))
      return steps.map { x in
        let zero = [Float](repeating: 0, count: width)[...]
        let own = product(x, kernel, bias[..<width])
        let state = product(h, recurrent, isLSTM ? zero : bias[width...])
        h = h.indices.map { unit in
          func gate(_ index: Int) -> Double { own[index * hidden + unit] + state[index * hidden + unit] }
          if isLSTM {
            c[unit] = sigmoid(gate(1)) * c[unit] + sigmoid(gate(0)) * tanh(gate(2))
            return sigmoid(gate(3)) * tanh(c[unit])
          }
          let reset = sigmoid(gate(1))
          let candidate = tanh(own[2 * hidden + unit] + reset * state[2 * hidden + unit])
          return sigmoid(gate(0)) * h[unit] + (1 - sigmoid(gate(0))) * candidate
        }
        return h
      }
    }
  }

  private static let stacks: [[Layer]] = [
    [
      Layer(name: "lstm", isLSTM: true, input: 3, hidden: 4),
      Layer(name: "gru", isLSTM: false, input: 4, hidden: 4),
    ],
    [
      Layer(name: "lstm", isLSTM: true, input: 3, hidden: 8),
      Layer(name: "lstm_1", isLSTM: true, input: 8, hidden: 4),
    ],
    [
      Layer(name: "gru", isLSTM: false, input: 3, hidden: 4),
      Layer(name: "gru_1", isLSTM: false, input: 4, hidden: 5),
    ],
    [
      Layer(name: "reader", isLSTM: true, input: 3, hidden: 3),
      Layer(name: "decider", isLSTM: false, input: 3, hidden: 3),
      Layer(name: "a", isLSTM: true, input: 3, hidden: 3),
    ],
  ]

  private func done(_ command: String) throws -> String {
    let result = try run(command.split(separator: " ").map(String.init))
    #expect(result.code == 0, "\(command): \(result.errors)")
    return result.output
  }

  private func array(_ file: String, _ name: String) throws -> StoredArray {
    try ArrayFileCatalog.open(run.folder.path + "/" + file).file.array(named: name)
  }

  @Test(arguments: stacks.indices) func outputsAreThoseOfKeras(_ index: Int) throws {
    let layers = KerasStackTests.stacks[index]
    let (batch, steps) = (2, 6)
    let x = Tensor(uniformIn: -1...1, shape: [batch, steps, 3], key: RandomKey(seed: 9)).scalars
    let path = run.folder.path + "/"
    try NPYWriter.write(layers.flatMap(\.entries), to: path + "k.npz")
    try NPYWriter.write(ArrayEntry(name: "x", shape: [batch, steps, 3], floats: x), to: path + "x.npy")
    let expected = (0..<batch).flatMap { row in
      let row = (0..<steps).map { step in (0..<3).map { Double(x[(row * steps + step) * 3 + $0]) } }
      return layers.reduce(row) { $1.outputs($0) }.flatMap { $0 }
    }
    _ = try done("apply k.npz --input x.npy --batch-first -o y.npz")
    _ = try done("import k.npz -o k.bundle")
    _ = try done("apply k.bundle --input x.npy --batch-first -o z.npz")
    let y = try array("y.npz", "output")
    #expect(y.shape == [batch, steps, layers[layers.count - 1].hidden])
    try requireClose(y.doubles(), expected, relative: 1e-5, absolute: 1e-5, "stack \(index)")
    #expect(try array("z.npz", "output").floats() == y.floats())
    for flags in ["", " --streaming", " --lengths"] {
      let line = try done("export k.npz -o k.onnx --json\(flags)")
      let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(try #require(object["difference"] as? Double) < 1e-5, "\(flags): \(line)")
    }
  }

  /// States of layers of different cells and widths have names of their own, and go in as they come out.
  @Test func statesOfUnequalLayers() throws {
    let path = run.folder.path + "/"
    try NPYWriter.write(KerasStackTests.stacks[0].flatMap(\.entries), to: path + "k.npz")
    let x = Tensor(uniformIn: -1...1, shape: [6, 2, 3], key: RandomKey(seed: 9))
    for (name, range) in [("x.npy", 0..<6), ("a.npy", 0..<2), ("b.npy", 2..<6)] {
      let part = x.sliced(axis: 0, range)
      try NPYWriter.write(ArrayEntry(name: "x", shape: part.shape, floats: part.scalars), to: path + name)
    }
    _ = try done("apply k.npz --input x.npy -o whole.npz")
    _ = try done("apply k.npz --input a.npy -o first.npz --save-state s")
    _ = try done("apply k.npz --input b.npy -o second.npz --load-state s")
    #expect(
      try array("whole.npz", "output").floats()
        == array("first.npz", "output").floats() + array("second.npz", "output").floats())
    let first = try ArrayFileCatalog.open(path + "first.npz").file
    #expect(first.names == ["output", "h_l0", "c_l0", "h_l1"])
    var entries = [
      ArrayEntry(name: "input", shape: [4, 2, 3], floats: x.sliced(axis: 0, 2..<6).scalars)
    ]
    for name in first.names.dropFirst() {
      let array = try first.array(named: name)
      entries.append(ArrayEntry(name: name, shape: array.shape, floats: try array.floats()))
    }
    try NPYWriter.write(entries, to: path + "c.npz")
    _ = try done("apply k.npz --input c.npz -o third.npz")
    #expect(try array("third.npz", "output").floats() == array("second.npz", "output").floats())
  }

  @Test func anOrderThatIsNotKnownIsRefused() throws {
    let layers = ["encoder", "decoder"].map { Layer(name: $0, isLSTM: true, input: 3, hidden: 3) }
    let path = run.folder.path + "/"
    try SafetensorsWriter.write(layers.flatMap(\.entries), to: path + "k.safetensors")
    try NPYWriter.write(layers.flatMap(\.entries), to: path + "k.npz")
    let x = Tensor(uniformIn: -1...1, shape: [5, 2, 3], key: RandomKey(seed: 9)).scalars
    try NPYWriter.write(ArrayEntry(name: "x", shape: [5, 2, 3], floats: x), to: path + "x.npy")
    let refused = try run("apply", "k.safetensors", "--input", "x.npy", "-o", "y.npz")
    #expect(refused.code == 1 && refused.errors.contains("k.safetensors"), "\(refused.errors)")
    #expect(refused.errors.contains("--layer-order"))
    _ = try done("apply k.safetensors --layer-order encoder,decoder --input x.npy -o y.npz")
    _ = try done("apply k.npz --input x.npy -o z.npz")
    #expect(try array("y.npz", "output").floats() == array("z.npz", "output").floats())
    _ = try done("apply k.safetensors --layer-order decoder,encoder --input x.npy -o y.npz")
    #expect(try array("y.npz", "output").floats() != array("z.npz", "output").floats())
  }
}
