import RecurrentGraph
import RecurrentTestSupport
import Testing

/// Nodes around recurrent layers whose inputs do not fit: the place and the reason, before anything large is made.
@Suite struct OperatorErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let type: String
    let x: GraphValue
    let constants: [GraphValue?]
    let attributes: [String: ONNXAttribute]
    let opset: Int64
    let message: String

    init(
      _ type: String, _ x: GraphValue, _ constants: [GraphValue?] = [],
      _ attributes: [String: ONNXAttribute] = [:], opset: Int64 = 20, says message: String
    ) {
      (self.type, self.x, self.constants) = (type, x, constants)
      (self.attributes, self.opset, self.message) = (attributes, opset, message)
    }

    var testDescription: String { "\(type): \(message)" }
  }

  private static func ones(_ shape: Int...) -> GraphValue { GraphValue(Tensor(filled: 1, shape: shape)) }

  private static func integers(_ values: Int64..., shape: [Int]? = nil) -> GraphValue {
    GraphValue(integers: values, shape: shape ?? [values.count])
  }

  private static func text(_ value: String) -> ONNXAttribute { .text(Array(value.utf8)) }

  static let cases: [Case] = [
    Case("ConvTranspose", ones(1, 2, 3), [ones(3, 2, 2)], says: "weights of the shape [3, 2, 2] in 1 groups"),
    Case("ConvTranspose", ones(1, 2), [ones(2, 2)], says: "has no spatial axes"),
    Case(
      "ConvTranspose", ones(1, 2, 3), [ones(2, 2, 2), ones(3)],
      says: "the bias has the shape [3], expected [2]"),
    Case(
      "ConvTranspose", ones(1, 2, 3), [ones(2, 2, 2)], ["pads": .integers([3, 3])],
      says: "nothing is left in axis 2"),
    Case(
      "ConvTranspose", ones(1, 2, 3), [ones(2, 2, 2)], ["strides": .integers([0])],
      says: "strides of [0] does not fit"),
    Case(
      "ConvTranspose", ones(1, 2, 3), [ones(2, 2, 2)], ["strides": .integers([1 << 24])],
      says: "is too large for this graph"),
    Case(
      "ConvTranspose", ones(1, 2, 3), [ones(2, 2, 2)], ["kernel_shape": .integers([3])],
      says: "have another kernel_shape"),
    Case("ConvTranspose", ones(1, 2, 3), [ones(2, 2, 2)], ["group": .integer(0)], says: "in 0 groups"),
    Case("GatherND", ones(2, 3), [integers(0, 1, 0, shape: [1, 3])], says: "name no parts"),
    Case(
      "GatherND", ones(2, 3), [integers(0, 3, shape: [1, 2])], says: "the index 3 is outside of an axis of 3"),
    Case(
      "GatherND", ones(2, 3), [integers(0, shape: [1, 1])], ["batch_dims": .integer(1)],
      says: "share no 1 axes"),
    Case("GatherND", ones(2, 3), [integers(shape: [1, 0])], says: "name no parts"),
    Case("ScatterND", ones(2, 3), [integers(0, shape: [1, 1]), ones(1, 2)], says: "expected [1, 3]"),
    Case(
      "ScatterND", ones(2, 3), [integers(-3, shape: [1, 1]), ones(1, 3)], says: "the index -3 is outside"),
    Case(
      "ScatterND", ones(2, 3), [integers(0, shape: [1, 1]), integers(1, 2, 3, shape: [1, 3])],
      says: "updates of the type I64"),
    Case(
      "ScatterND", ones(2, 3), [integers(0, shape: [1, 1]), ones(1, 3)], ["reduction": text("mean")],
      says: "reduction = mean is not supported"),
    Case("ScatterElements", ones(2, 3), [integers(0, 1), ones(2)], says: "do not fit the shape [2, 3]"),
    Case("InstanceNormalization", ones(2, 3), [ones(3), ones(3)], says: "has no spatial axes"),
    Case(
      "InstanceNormalization", ones(2, 3, 4), [ones(3), ones(2)],
      says: "input 2 has the shape [2], expected [3]"),
    Case(
      "GroupNormalization", ones(2, 3, 4), [ones(3), ones(3)], ["num_groups": .integer(2)],
      says: "3 channels do not make 2"),
    Case(
      "GroupNormalization", ones(2, 4, 4), [ones(4), ones(4)], ["num_groups": .integer(2)],
      says: "expected [2]"),
    Case("GroupNormalization", ones(2, 4, 4), [ones(4), ones(4)], says: "num_groups is missing"),
    Case("Resize", ones(1, 1, 4), [nil, ones(2)], says: "2 scales do not fit the 3 axes"),
    Case(
      "Resize", ones(1, 1, 4), [nil, GraphValue(Tensor([1, 1, 0]))],
      says: "a scale of 0.0, expected one above 0"),
    Case("Resize", ones(1, 1, 4), [nil, GraphValue(Tensor([1, 1, .nan]))], says: "a scale of nan"),
    Case("Resize", ones(1, 1, 4), [nil, GraphValue(Tensor([1, 1, 1e12]))], says: "too large"),
    Case("Resize", ones(1, 1, 4), [nil, nil, integers(1, 1, 1 << 30)], says: "is too large for this graph"),
    Case("Resize", ones(1, 1, 4), [nil, ones(3), integers(1, 1, 8)], says: "with 3 scales do not fit"),
    Case(
      "Resize", ones(1, 0, 4), [nil, nil, integers(1, 2, 8)],
      says: "an axis of no extent cannot become one of 2"),
    Case(
      "Resize", ones(1, 1, 4), [nil, ones(3)], ["mode": text("area")], says: "mode = area is not supported"),
    Case("Resize", ones(1, 1, 4), [nil, ones(3)], ["antialias": .integer(1)], says: "antialias goes with"),
    Case(
      "Resize", ones(1, 1, 4), [ones(2), ones(3)],
      ["coordinate_transformation_mode": text("tf_crop_and_resize")],
      says: "roi has 2 numbers, expected 6"),
    Case(
      "Resize", ones(1, 1, 4), [ones(2)], ["mode": text("linear")], opset: 10, says: "2 scales do not fit"),
    Case("OneHot", integers(1, 2), [integers(3), ones(3)], says: "expected one number and two"),
    Case("OneHot", integers(1, 2), [integers(-2), ones(2)], says: "has a negative extent"),
    Case("OneHot", integers(1, 2), [integers(1 << 40), ones(2)], says: "is too large for this graph"),
    Case(
      "OneHot", integers(1, 2), [integers(3), ones(2)], ["axis": .integer(2)], says: "axis 2 does not exist"),
    Case(
      "Einsum", ones(2, 3), [ones(2, 3)], ["equation": text("ij,jk->ik")],
      says: "axes of 3 and 2 have the same letter"),
    Case("Einsum", ones(2, 3), [], ["equation": text("ij,jk")], says: "has 2 terms for 1 inputs"),
    Case(
      "Einsum", ones(2, 3), [], ["equation": text("ijk->i")],
      says: "a term of 3 letters for input 0 of 2 axes"),
    Case(
      "Einsum", ones(2, 3), [], ["equation": text("ij->k")],
      says: "has a letter in the result that no input has"),
    Case("Einsum", ones(2, 3), [], ["equation": text("ij->ii")], says: "has a letter twice in the result"),
    Case("Einsum", ones(2, 3), [], ["equation": text("i1->i")], says: "has the character 1"),
    Case("Einsum", ones(2, 3), [], ["equation": text("ij->i->j")], says: "more than one arrow"),
    Case("Einsum", ones(2, 3), [], ["equation": text("......")], says: "a term with two ellipses"),
    Case("Einsum", ones(2, 3), [], ["equation": text("ii")], says: "axes of 2 and 3 have the same letter"),
    Case("Einsum", ones(2, 3), [], says: "equation is missing"),
    Case(
      "Einsum", ones(1 << 13), [ones(1 << 13)], ["equation": text("i,j->ij")],
      says: "is too large for this graph"),
    Case("DFT", ones(2, 5, 3), says: "holds no real or complex numbers"),
    Case(
      "DFT", ones(2, 5, 1), [nil, integers(-1, shape: [])], says: "is that of the parts of complex numbers"),
    Case("DFT", ones(2, 5, 1), [integers(0, shape: [])], says: "a transform of 0 numbers"),
    Case("DFT", ones(2, 5, 1), [integers(1 << 40, shape: [])], says: "is too large for this graph"),
    Case("DFT", ones(2, 5, 2), [], ["onesided": .integer(1)], says: "onesided goes with real numbers"),
    Case(
      "STFT", ones(1, 9, 1), [integers(2, shape: []), ones(4), integers(5, shape: [])],
      says: "a window of 4 numbers for frames"),
    Case("STFT", ones(1, 9, 1), [integers(0, shape: []), ones(4)], says: "frames of 4, 0 apart"),
    Case("STFT", ones(1, 3, 1), [integers(2, shape: []), ones(4)], says: "in a signal of 3 numbers"),
    Case("STFT", ones(1, 9, 2), [integers(2, shape: []), ones(4)], says: "onesided goes with real numbers"),
    Case(
      "STFT", ones(1, 9, 1, 1), [integers(2, shape: []), ones(4)], says: "expected [batch, length, 1 or 2]"),
    Case("HannWindow", integers(-1, shape: []), says: "has a negative extent"),
    Case("HannWindow", integers(1 << 40, shape: []), says: "is too large for this graph"),
    Case("HammingWindow", integers(1, 2), says: "input 0 has 2 numbers, expected one"),
    Case(
      "HannWindow", integers(4, shape: []), [], ["output_datatype": .integer(8)],
      says: "output_datatype = 8 is not supported"),
    Case(
      "MelWeightMatrix", integers(3, shape: []),
      [integers(8, shape: []), integers(8000, shape: []), ones(), ones(2)],
      says: "input 4 has 2 numbers"),
    Case(
      "MelWeightMatrix", integers(3, shape: []),
      [integers(8, shape: []), integers(8000, shape: []), ones(), GraphValue(Tensor(9000))],
      says: "are no frequencies"),
    Case(
      "MelWeightMatrix", integers(3, shape: []),
      [integers(8, shape: []), integers(0, shape: []), ones(), ones()],
      says: "at 0 a second"),
  ]

  @Test(arguments: cases) func isRefused(_ item: Case) throws {
    var model = ONNXModel()
    model.opsets = ["": item.opset]
    model.graph.inputs = [ONNXValueInfo(name: "x", elementType: item.x.elementType)]
    model.graph.outputs = [ONNXValueInfo(name: "y")]
    var inputs = ["x"]
    for (index, value) in item.constants.enumerated() {
      inputs.append(value == nil ? "" : "c\(index)")
      guard let value else { continue }
      model.graph.inputs.append(ONNXValueInfo(name: "c\(index)", elementType: value.elementType))
    }
    model.graph.nodes = [
      ONNXNode(item.type, name: "n", inputs: inputs, outputs: ["y"], attributes: item.attributes)
    ]
    let program = try GraphProgram(model, path: "m.onnx")
    var values = ["x": item.x]
    for (index, value) in item.constants.enumerated() { values["c\(index)"] = value }
    let given = values
    let error = #expect(throws: GraphError.self) { _ = try program.run(given) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.hasPrefix("m.onnx: node \"n\" (\(item.type), opset \(item.opset))"), "\(text)")
    #expect(text.contains(item.message), "\(text)")
  }

  /// Arrays without numbers are arrays.
  @Test func emptyArrays() throws {
    func run(_ type: String, _ inputs: [GraphValue], _ attributes: [String: ONNXAttribute] = [:]) throws
      -> [Int]
    {
      var model = ONNXModel()
      model.opsets = ["": 20]
      let names = inputs.indices.map { "x\($0)" }
      model.graph.inputs = zip(names, inputs).map { ONNXValueInfo(name: $0, elementType: $1.elementType) }
      model.graph.outputs = [ONNXValueInfo(name: "y")]
      model.graph.nodes = [ONNXNode(type, inputs: names, outputs: ["y"], attributes: attributes)]
      let values = Dictionary(uniqueKeysWithValues: zip(names, inputs))
      return try #require(try GraphProgram(model).run(values)["y"]).shape
    }
    typealias Own = OperatorErrorTests
    #expect(try run("ConvTranspose", [Own.ones(0, 2, 3), Own.ones(2, 4, 2)]) == [0, 4, 4])
    #expect(try run("InstanceNormalization", [Own.ones(2, 3, 0), Own.ones(3), Own.ones(3)]) == [2, 3, 0])
    #expect(
      try run("OneHot", [GraphValue(integers: [], shape: [0, 2]), Own.integers(3), Own.ones(2)]) == [0, 2, 3])
    let matrices = [Own.ones(0, 3), Own.ones(3, 2)]
    #expect(try run("Einsum", matrices, ["equation": Own.text("ij,jk->ik")]) == [0, 2])
    #expect(try run("DFT", [Own.ones(0, 4, 1)]) == [0, 4, 2])
    #expect(try run("STFT", [Own.ones(0, 8, 1), Own.integers(2, shape: []), Own.ones(4)]) == [0, 3, 3, 2])
    #expect(try run("HannWindow", [Own.integers(0, shape: [])]) == [0])
    let rows = GraphValue(integers: [], shape: [0, 1])
    #expect(try run("ScatterND", [Own.ones(2, 3), rows, Own.ones(0, 3)]) == [2, 3])
  }
}
