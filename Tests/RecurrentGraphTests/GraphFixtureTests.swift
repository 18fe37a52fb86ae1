import RecurrentGraph
import RecurrentTestSupport
import Testing

/// Models in files of fixtures: what they compute is what ONNX Runtime or PyTorch computed.
@Suite struct GraphFixtureTests {
  static let nodes = names("onnx_nodes")
  static let torch = names("onnx_torch")
  static let quantized = names("onnx_quantized")

  private static func names(_ file: String) -> [String] {
    let names = (try? SafetensorsFile(bytes: fixture(file + ".safetensors")).names) ?? []
    return names.filter { $0.hasSuffix(".model") }.map { String($0.dropLast(".model".count)) }.sorted()
  }

  private func check(_ name: String, in file: String) throws {
    let fixtures = try SafetensorsFile(bytes: fixture(file + ".safetensors"))
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
        try requireClose(found.doubles, expected.doubles(), relative: 1e-5, absolute: 1e-5, output)
      }
    }
  }

  @Test(arguments: nodes) func recurrentNodes(_ name: String) throws { try check(name, in: "onnx_nodes") }

  @Test(arguments: torch) func exportedByPyTorch(_ name: String) throws { try check(name, in: "onnx_torch") }

  @Test(arguments: quantized) func quantizedByONNXRuntime(_ name: String) throws {
    try check(name, in: "onnx_quantized")
  }

  @Test func thereAreFixtures() {
    #expect(GraphFixtureTests.nodes.count >= 30)
    #expect(GraphFixtureTests.torch.count >= 15)
    #expect(GraphFixtureTests.quantized.count == 4)
  }

  /// Damaged models are refused, or compute something; they never end the process.
  @Test(arguments: ["LSTM_peepholes", "GRU_layout", "RNN_affine_clip", "LSTM_bidirectional_ragged"])
  func withstandsDamage(_ name: String) throws {
    let fixtures = try SafetensorsFile(bytes: fixture("onnx_nodes.safetensors"))
    let bytes = try fixtures.array(named: name + ".model").withBytes { Array($0) }
    var inputs: [String: GraphValue] = [:]
    for input in fixtures.names where input.hasPrefix(name + ".in.") {
      inputs[String(input.dropFirst(name.count + 4))] = try GraphValue(fixtures.array(named: input))
    }
    let given = inputs
    try checkFormat(bytes, rounds: 1000, isCutNoticed: false) { (bytes) throws(FormatError) in
      let model = try ONNXReader.read(bytes: bytes)
      do {
        _ = try GraphProgram(model).run(given)
      } catch let error as FormatError {
        throw error
      } catch {
        #expect(error is GraphError, "\(error)")
      }
    }
  }
}
