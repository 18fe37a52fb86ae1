import RecurrentGraph
import RecurrentTestSupport
import Testing

/// Graphs that cannot be are refused with the place and the reason, before anything large is made.
@Suite struct GraphErrorTests {
  private func model(
    _ nodes: [ONNXNode], opset: Int64 = 17, outputs: [String] = ["y"], constants: [ONNXTensor] = []
  ) -> ONNXModel {
    var model = ONNXModel()
    model.opsets = ["": opset]
    model.graph.name = "g"
    model.graph.inputs = [ONNXValueInfo(name: "x", elementType: .f32, shape: [.named("n")])]
    model.graph.outputs = outputs.map { ONNXValueInfo(name: $0) }
    model.graph.nodes = nodes
    model.graph.initializers = constants
    return model
  }

  /// What is said about a graph that is made and run.
  private func message(_ model: ONNXModel) throws -> String {
    let x = ["x": GraphValue(Tensor([1, 2]))]
    let error = #expect(throws: GraphError.self) { _ = try GraphProgram(model, path: "m.onnx").run(x) }
    return error.map { "\($0)" } ?? ""
  }

  @Test func unknownOperatorsVersionsAndAttributes() throws {
    let unknown = try message(model([ONNXNode("Frobnicate", name: "f", inputs: ["x"], outputs: ["y"])]))
    #expect(unknown.contains("m.onnx: node \"f\" (Frobnicate, opset 17) is not supported"))
    let late = try message(
      model([ONNXNode("LayerNormalization", inputs: ["x", "x"], outputs: ["y"])], opset: 16))
    #expect(late.contains("(LayerNormalization, opset 16)"))
    let attribute = try message(
      model([ONNXNode("Relu", inputs: ["x"], outputs: ["y"], attributes: ["slope": .float(1)])]))
    #expect(attribute.contains("the attribute slope is not supported"))
  }

  @Test func cycles() throws {
    let cycle = try message(
      model([
        ONNXNode("Add", inputs: ["x", "b"], outputs: ["a"]), ONNXNode("Relu", inputs: ["a"], outputs: ["b"]),
        ONNXNode("Relu", inputs: ["b"], outputs: ["y"]),
      ]))
    #expect(cycle.contains("\"b\" is computed by no node before it"))
    let twice = try message(
      model([
        ONNXNode("Relu", inputs: ["x"], outputs: ["y"]), ONNXNode("Tanh", inputs: ["x"], outputs: ["y"]),
      ]))
    #expect(twice.contains("\"y\" is computed twice"))
    let missing = try message(model([ONNXNode("Relu", inputs: ["x"], outputs: ["z"])]))
    #expect(missing.contains("the output \"y\" is computed by no node"))
  }

  @Test(arguments: ["ConstantOfShape", "Expand", "Tile", "Range"]) func hugeShapes(_ type: String) throws {
    let huge: [Int64] =
      type == "Range" ? [1 << 40] : type == "ConstantOfShape" ? [1 << 20, 1 << 20] : [1 << 40]
    let shape = ONNXTensor(name: "s", integers: huge, shape: type == "Range" ? [] : [huge.count])
    let zero = ONNXTensor(name: "zero", integers: [0], shape: [])
    let one = ONNXTensor(name: "one", integers: [1], shape: [])
    let inputs = type == "Range" ? ["zero", "s", "one"] : type == "ConstantOfShape" ? ["s"] : ["x", "s"]
    let text = try message(
      model([ONNXNode(type, inputs: inputs, outputs: ["y"])], constants: [shape, zero, one]))
    #expect(text.contains(type), "\(text)")
  }

  @Test func loopsThatNeverEnd() throws {
    var body = ONNXGraph()
    body.name = "body"
    body.inputs = [ONNXValueInfo(name: "i", elementType: .i64), ONNXValueInfo(name: "c", elementType: .bool)]
    body.nodes = [ONNXNode("Identity", inputs: ["c"], outputs: ["d"])]
    body.outputs = [ONNXValueInfo(name: "d", elementType: .bool)]
    let text = try message(
      model(
        [
          ONNXNode("Loop", inputs: ["", ""], outputs: [], attributes: ["body": .graph(body)]),
          ONNXNode("Relu", inputs: ["x"], outputs: ["y"]),
        ]))
    #expect(text.contains("does not end"))
  }

  @Test func inputsThatDoNotFit() throws {
    let relu = model([ONNXNode("Relu", inputs: ["x"], outputs: ["y"])])
    let program = try GraphProgram(relu, path: "m.onnx")
    #expect(throws: GraphError.self) { try program.run([:]) }
    #expect(throws: GraphError.self) { try program.run(["x": GraphValue(integers: [1], shape: [1])]) }
    #expect(throws: GraphError.self) { try program.run(["x": GraphValue(Tensor([1], shape: [1, 1]))]) }
    let both = ["x": GraphValue(Tensor([1])), "z": GraphValue(Tensor([1]))]
    #expect(throws: GraphError.self) { try program.run(both) }
  }
}
