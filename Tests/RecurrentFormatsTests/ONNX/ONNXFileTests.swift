import RecurrentFormats
import RecurrentTestSupport
import Testing

/// ONNX files: what is written is read again, and damage is noticed.
@Suite struct ONNXFileTests {
  /// A model with every kind of attribute, a subgraph, open extents and several types of numbers.
  static var model: ONNXModel {
    func tensor(_ name: String, _ entry: ArrayEntry) throws -> ONNXTensor {
      let file = try SafetensorsFile(bytes: SafetensorsWriter.encode([entry]))
      return ONNXTensor(name: name, array: try file.array(named: entry.name))
    }
    var model = ONNXModel()
    model.producerName = "test"
    model.opsets = ["": 17, "com.example": 1]
    model.metadata = ["b": "2", "a": "1"]
    model.graph.name = "g"
    let weights = try? tensor("w", ArrayEntry(name: "w", shape: [2, 2], floats: [1, 2, 3, -4]))
    let steps = try? tensor("n", ArrayEntry(name: "n", shape: [2], integers: [Int64.min, 9]))
    model.graph.initializers = [weights, steps].compactMap { $0 }
    model.graph.inputs = [
      ONNXValueInfo(name: "x", elementType: .f32, shape: [.named("time"), .fixed(3), .unknown]),
      ONNXValueInfo(name: "open", elementType: .i64),
    ]
    model.graph.outputs = [ONNXValueInfo(name: "y", elementType: .f16, shape: [])]
    var body = ONNXGraph()
    body.name = "body"
    body.nodes = [ONNXNode("Identity", inputs: ["x"], outputs: ["z"])]
    model.graph.nodes = [
      ONNXNode(
        "Everything", name: "node", domain: "com.example", inputs: ["x", "", "w"], outputs: ["y"],
        attributes: [
          "float": .float(-0.5), "integer": .integer(-3), "text": .text(Array("relu".utf8)),
          "floats": .floats([1, .infinity]), "integers": .integers([1, -1, 1 << 40]),
          "texts": .texts([[1, 2], []]), "graph": .graph(body),
          "tensor": .tensor(model.graph.initializers[0]),
        ])
    ]
    return model
  }

  @Test func roundTrip() throws {
    let bytes = try ONNXWriter.encode(ONNXFileTests.model)
    let model = try ONNXReader.read(bytes: bytes)
    #expect(try ONNXWriter.encode(model) == bytes)
    #expect(model.opsets == ["": 17, "com.example": 1] && model.metadata == ["a": "1", "b": "2"])
    let node = try #require(model.graph.nodes.first)
    #expect(node.inputs == ["x", "", "w"] && node.attributes.count == 8)
    guard case .integers([1, -1, 1_099_511_627_776])? = node.attributes["integers"] else {
      Issue.record("integers are \(String(describing: node.attributes["integers"]))")
      return
    }
    #expect(try model.graph.initializers[0].array.floats() == [1, 2, 3, -4])
    #expect(try model.graph.initializers[1].array.integers() == [.min, 9])
    #expect(model.graph.inputs[0].shape == [.named("time"), .fixed(3), .unknown])
    #expect(model.graph.inputs[1].shape == nil && model.graph.outputs[0].shape == [])
  }

  @Test func withstandsDamage() throws {
    // a message does not say how long it is: one that is cut between two fields is a shorter message
    try checkFormat(ONNXWriter.encode(ONNXFileTests.model), rounds: 5000, isCutNoticed: false) {
      (bytes) throws(FormatError) in
      let model = try ONNXReader.read(bytes: bytes)
      for tensor in model.graph.initializers { _ = try tensor.array.floats(convertsIntegers: true) }
    }
  }

  @Test func graphsInGraphsHaveALimit() throws {
    var graph = ONNXGraph()
    for _ in 0..<40 {
      var outer = ONNXGraph()
      outer.nodes = [ONNXNode("If", attributes: ["then_branch": .graph(graph)])]
      graph = outer
    }
    var model = ONNXModel()
    model.opsets = ["": 17]
    model.graph = graph
    let bytes = try ONNXWriter.encode(model)
    let error = #expect(throws: FormatError.self) { try ONNXReader.read(bytes: bytes) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("deep"))
  }

  @Test func externalDataStayInTheFolder() throws {
    // a tensor of one float that is said to stand elsewhere: dims, type, name, location, EXTERNAL
    func model(_ location: String) -> [UInt8] {
      let place =
        [0x0A, 8] + Array("location".utf8) + [0x12, UInt8(location.utf8.count)] + Array(location.utf8)
      let tensor: [UInt8] =
        [0x08, 1, 0x10, 1, 0x42, 1, 0x77] + [0x6A, UInt8(place.count)] + place + [0x70, 1]
      let graph = [0x2A, UInt8(tensor.count)] + tensor
      return [0x3A, UInt8(graph.count)] + graph + [0x42, 2, 0x10, 17]
    }
    let folder = try ScratchFolder()
    try AtomicFile.write([0, 0, 0x80, 0x3F], to: folder.path + "/w.bin")
    try AtomicFile.write(model("w.bin"), to: folder.path + "/m.onnx")
    let read = try ONNXReader.read(folder.path + "/m.onnx")
    #expect(try read.graph.initializers[0].array.floats() == [1])
    for location in ["../w.bin", "/etc/passwd", "a//b", ""] {
      try AtomicFile.write(model(location), to: folder.path + "/m.onnx")
      #expect(throws: FormatError.self) { try ONNXReader.read(folder.path + "/m.onnx") }
    }
  }
}
