import RecurrentGraph
import RecurrentTestSupport
import Testing

/// Small graphs that ask for all memory, or for work without end, are refused while they run.
@Suite struct GraphBudgetTests {
  private func model(_ nodes: [ONNXNode], constants: [ONNXTensor] = []) -> ONNXModel {
    var model = ONNXModel()
    model.opsets = ["": 17]
    model.graph.inputs = [ONNXValueInfo(name: "x", elementType: .f32)]
    model.graph.outputs = [ONNXValueInfo(name: "y")]
    model.graph.nodes = nodes
    model.graph.initializers = constants
    return model
  }

  private func message(_ model: ONNXModel, _ x: Tensor = Tensor([1, 2])) throws -> String {
    let error = #expect(throws: GraphError.self) {
      _ = try GraphProgram(model, path: "m.onnx").run(["x": GraphValue(x)])
    }
    return error.map { "\($0)" } ?? ""
  }

  /// A loop around `nodes`, which compute "b" from "a".
  private func loop(_ nodes: [ONNXNode], outputs: [String] = []) -> ONNXModel {
    var body = ONNXGraph()
    body.inputs = [
      ONNXValueInfo(name: "i", elementType: .i64), ONNXValueInfo(name: "c", elementType: .bool),
      ONNXValueInfo(name: "a", elementType: .f32),
    ]
    body.nodes = [ONNXNode("Identity", inputs: ["c"], outputs: ["d"])] + nodes
    body.outputs = (["d", "b"] + outputs).map { ONNXValueInfo(name: $0) }
    return model([
      ONNXNode(
        "Loop", inputs: ["", "", "x"], outputs: ["y"] + outputs.map { "all " + $0 },
        attributes: ["body": .graph(body)])
    ])
  }

  @Test func aLoopThatDoublesItsValue() throws {
    let doubling = ONNXNode("Concat", inputs: ["a", "a"], outputs: ["b"], attributes: ["axis": .integer(0)])
    let text = try message(loop([doubling]))
    #expect(text.contains("m.onnx") && text.contains("RECURRENT_LIMIT_FACTOR"), "\(text)")
  }

  @Test func aLoopThatCollects() throws {
    let nodes = [
      ONNXNode("Relu", inputs: ["a"], outputs: ["b"]), ONNXNode("Neg", inputs: ["a"], outputs: ["e"]),
    ]
    let text = try message(loop(nodes, outputs: ["e"]), Tensor(zeros: [1 << 14]))
    #expect(text.contains("take more than"), "\(text)")
  }

  @Test func loopsInLoops() throws {
    var inner = ONNXGraph()
    inner.inputs = [ONNXValueInfo(name: "j"), ONNXValueInfo(name: "e"), ONNXValueInfo(name: "f")]
    inner.nodes = [
      ONNXNode("Identity", inputs: ["e"], outputs: ["g"]),
      ONNXNode("Identity", inputs: ["f"], outputs: ["h"]),
    ]
    inner.outputs = [ONNXValueInfo(name: "g"), ONNXValueInfo(name: "h")]
    let text = try message(
      loop([ONNXNode("Loop", inputs: ["", "", "a"], outputs: ["b"], attributes: ["body": .graph(inner)])]))
    #expect(text.contains("does not end"), "\(text)")
  }

  /// The same without a loop: each node doubles what the one before gave.
  @Test func aChainThatDoublesItsValue() throws {
    let nodes = (0..<60).map { index in
      let name = index == 0 ? "x" : "v\(index)"
      return ONNXNode(
        "Concat", inputs: [name, name], outputs: [index == 59 ? "y" : "v\(index + 1)"],
        attributes: ["axis": .integer(0)])
    }
    #expect(try message(model(nodes)).contains("too large"))
  }

  @Test func valuesThatAreHeldTogether() throws {
    let shape = ONNXTensor(name: "s", integers: [1 << 24], shape: [1])
    let nodes = (0..<40).map { ONNXNode("ConstantOfShape", inputs: ["s"], outputs: ["v\($0)"]) }
    let sum = ONNXNode("Sum", inputs: (0..<40).map { "v\($0)" }, outputs: ["y"])
    #expect(try message(model(nodes + [sum], constants: [shape])).contains("take more than"))
  }

  @Test func productsThatAreLargerThanTheirParts() throws {
    let x = Tensor(zeros: [1 << 16])
    let column = ONNXTensor(name: "c", integers: [-1, 1], shape: [2])
    let row = ONNXTensor(name: "r", integers: [1, -1], shape: [2])
    let places = ONNXTensor(
      name: "p", integers: [Int64](repeating: 0, count: 1 << 16), shape: [1 << 16])
    let shapes = [
      ONNXNode("Reshape", inputs: ["x", "c"], outputs: ["u"]),
      ONNXNode("Reshape", inputs: ["x", "r"], outputs: ["v"]),
    ]
    for node in [
      ONNXNode("MatMul", inputs: ["u", "v"], outputs: ["y"]),
      ONNXNode("Gemm", inputs: ["u", "v"], outputs: ["y"]),
      ONNXNode("Add", inputs: ["u", "v"], outputs: ["y"]),
      ONNXNode("Gather", inputs: ["v", "p"], outputs: ["y"]),
    ] {
      let text = try message(model(shapes + [node], constants: [column, row, places]), x)
      #expect(text.contains("too large"), "\(node.operatorType): \(text)")
    }
  }

  /// What a graph may take grows with what it is given.
  @Test func limitsFollowTheInput() throws {
    let places = ONNXTensor(name: "p", integers: [Int64](repeating: 0, count: 240), shape: [240])
    let row = ONNXTensor(name: "r", integers: [1, -1], shape: [2])
    let program = try GraphProgram(
      model(
        [
          ONNXNode("Reshape", inputs: ["x", "r"], outputs: ["v"]),
          ONNXNode("Gather", inputs: ["v", "p"], outputs: ["w"]),
          ONNXNode("Shape", inputs: ["w"], outputs: ["y"]),
        ], constants: [places, row]))
    // 240 copies of 70,000 numbers are more than a small graph may have, and few for this one
    let y = try program.run(["x": GraphValue(Tensor(filled: 3, shape: [70_000]))])
    #expect(try #require(y["y"]).doubles == [240, 70_000])
  }

  @Test func arraysWithoutNumbers() throws {
    for shape in [[0, 1 << 40], [1 << 40, 0]] {
      let bytes = Array("{\"x\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[0,0]}}".utf8)
      let file = try SafetensorsFile(bytes: Archives.little(bytes.count, 8) + bytes, path: "x.safetensors")
      let error = #expect(throws: FormatError.self) { try GraphValue(file.array(named: "x")) }
      #expect("\(error.map { "\($0)" } ?? "")".contains("x.safetensors"))
    }
  }

  /// Every number in models of each kind of operator at the limits of its type.
  @Test(arguments: ["lstm_peepholes.onnx", "gru_packed.onnx"]) func structuredDamage(_ name: String) throws {
    let files = damagedMessages(try fixture(name))
    let chosen = stride(from: 0, to: files.count, by: max(1, files.count / 400)).map { files[$0] }
    try checkStructure(chosen, naming: "m.onnx") { bytes in
      let program = try GraphProgram(ONNXReader.read(bytes: bytes, path: "m.onnx"), path: "m.onnx")
      var inputs: [String: GraphValue] = [:]
      for info in program.inputs {
        let shape = (info.shape ?? []).map { extent -> Int in
          if case .fixed(let value) = extent { return Int(min(max(value, 0), 8)) }
          return 3
        }
        let count = shape.reduce(1, *)
        guard count <= 1 << 16 else { return }
        let type = info.elementType ?? .f32
        inputs[info.name] =
          type.isFloat
          ? GraphValue(doubles: [Double](repeating: 1, count: count), shape: shape, elementType: type)
          : GraphValue(integers: [Int64](repeating: 1, count: count), shape: shape, elementType: type)
      }
      _ = try program.run(inputs)
    }
  }
}
