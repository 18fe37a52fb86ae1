import RecurrentGraph
import RecurrentTestSupport
import Testing

/// Models in files of fixtures: what they compute is what ONNX Runtime, PyTorch or ONNX's own tests say.
@Suite struct GraphFixtureTests {
  static let nodes = names("onnx_nodes")
  static let torch = names("onnx_torch")
  static let quantized = names("onnx_quantized")
  static let operators = names("onnx_operators")

  private static let files = Dictionary(
    uniqueKeysWithValues: ["onnx_nodes", "onnx_torch", "onnx_quantized", "onnx_operators"].map { name in
      (name, Result { try SafetensorsFile(bytes: fixture(name + ".safetensors")) })
    })

  private static func file(_ name: String) throws -> SafetensorsFile { try #require(files[name]).get() }

  private static func names(_ file: String) -> [String] {
    let names = (try? self.file(file).names) ?? []
    return names.filter { $0.hasSuffix(".model") }.map { String($0.dropLast(".model".count)) }.sorted()
  }

  private func check(_ name: String, in file: String) throws {
    let fixtures = try GraphFixtureTests.file(file)
    let bytes = try fixtures.array(named: name + ".model").withBytes { Array($0) }
    let program = try GraphProgram(ONNXReader.read(bytes: bytes, path: name), path: name)
    var inputs: [String: GraphValue] = [:]
    for input in fixtures.names where input.hasPrefix(name + ".in.") {
      inputs[String(input.dropFirst(name.count + 4))] = try GraphValue(fixtures.array(named: input))
    }
    // twice: the second time with the weights that were prepared in the first
    for _ in 0..<2 {
      let results = try program.run(inputs)
      for output in fixtures.names where output.hasPrefix(name + ".out.") {
        let found = try #require(results[String(output.dropFirst(name.count + 5))])
        let expected = try fixtures.array(named: output)
        #expect(found.shape == expected.shape, "\(output)")
        #expect(found.elementType == expected.elementType, "\(output)")
        try requireClose(found.doubles, GraphValue(expected).doubles, relative: 1e-5, absolute: 1e-5, output)
      }
    }
  }

  @Test(arguments: nodes) func recurrentNodes(_ name: String) throws { try check(name, in: "onnx_nodes") }

  @Test(arguments: torch) func exportedByPyTorch(_ name: String) throws { try check(name, in: "onnx_torch") }

  @Test(arguments: quantized) func quantizedByONNXRuntime(_ name: String) throws {
    try check(name, in: "onnx_quantized")
  }

  /// Operators that stand around recurrent layers, alone and around them.
  @Test(arguments: operators) func operatorsAround(_ name: String) throws {
    try check(name, in: "onnx_operators")
  }

  @Test func thereAreFixtures() {
    #expect(GraphFixtureTests.nodes.count >= 30)
    #expect(GraphFixtureTests.torch.count >= 15)
    #expect(GraphFixtureTests.quantized.count == 4)
    #expect(GraphFixtureTests.operators.count >= 240)
  }

  /// Damaged models are refused, or compute something; they never end the process.
  @Test(arguments: [
    ("LSTM_peepholes", "onnx_nodes"), ("GRU_layout", "onnx_nodes"), ("RNN_affine_clip", "onnx_nodes"),
    ("LSTM_bidirectional_ragged", "onnx_nodes"), ("more_transposed_planes", "onnx_operators"),
    ("more_gather_shared", "onnx_operators"), ("more_scatter_rows_add", "onnx_operators"),
    ("more_groups", "onnx_operators"), ("more_hot_middle", "onnx_operators"),
    ("more_einsum_ellipsis", "onnx_operators"), ("more_resize_crop", "onnx_operators"),
    ("more_resize_antialias_cubic", "onnx_operators"), ("more_resize_not_larger", "onnx_operators"),
    ("more_dft_half_inverse_9", "onnx_operators"), ("more_stft_whole", "onnx_operators"),
    ("more_mel", "onnx_operators"),
  ])
  func withstandsDamage(_ name: String, _ file: String) throws {
    let fixtures = try GraphFixtureTests.file(file)
    let bytes = try fixtures.array(named: name + ".model").withBytes { Array($0) }
    var inputs: [String: GraphValue] = [:]
    for input in fixtures.names where input.hasPrefix(name + ".in.") {
      inputs[String(input.dropFirst(name.count + 4))] = try GraphValue(fixtures.array(named: input))
    }
    let given = inputs
    func run(_ bytes: [UInt8]) throws(FormatError) {
      let model = try ONNXReader.read(bytes: bytes)
      do {
        _ = try GraphProgram(model).run(given)
      } catch let error as FormatError {
        throw error
      } catch {
        #expect(error is GraphError, "\(error)")
      }
    }
    try checkFormat(bytes, rounds: 1000, isCutNoticed: false) { (bytes) throws(FormatError) in try run(bytes)
    }
    // every number at the limits of its type
    if file == "onnx_operators" { try checkStructure(damagedMessages(bytes)) { try run($0) } }
  }
}
