import RecurrentCore
import RecurrentFormats

/// A function on tensors as nodes of a graph, for any number of rows.
///
/// The function is run twice, on different numbers of rows; the extents that differ between the runs are those that stay
/// open. Whatever is made of primitives can be recorded, a cell of one's own as well as those of the library.
public struct RecordedFunction: Sendable {
  /// What computes the outputs.
  public let nodes: [ONNXNode]
  /// Numbers that the nodes need: the parameters by their names, and constants.
  public let constants: [ONNXTensor]
  /// The names of the outputs.
  public let outputs: [String]
  /// The extents of each output behind its first axis.
  public let extents: [[Int]]

  /// An input: its name, and the extents behind the rows.
  public struct Input: Sendable {
    /// The name of the value.
    public var name: String
    /// `[rows] + extents` is its shape.
    public var extents: [Int]

    /// An input of rows of `extents`.
    public init(_ name: String, extents: [Int]) {
      self.name = name
      self.extents = extents
    }
  }

  /// Why a function cannot be recorded, as a sentence.
  public struct Unrecordable: Error, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String
  }

  /// Records a function of `module`.
  ///
  /// - Parameters:
  ///   - module: what the parameters belong to.
  ///   - inputs: what the function is given.
  ///   - prefix: stands before all names that are made, parameters among them.
  ///   - body: the function: the module with its parameters and the inputs on the recorder.
  /// - Throws: ``Unrecordable`` where the function does something that is no operator.
  public init<M: Module>(
    _ module: M, inputs: [Input], prefix: String, body: (M, [Tensor]) -> [Tensor]
  ) throws(Unrecordable) {
    let (first, second) = (Run(module, inputs, rows: 3, body), Run(module, inputs, rows: 5, body))
    if let reason = first.record.issue { throw Unrecordable(description: reason) }
    guard first.outputs == second.outputs else {
      throw Unrecordable(description: "what it does depends on the number of rows")
    }
    var emitter = Emitter(first: first.record, second: second.record, prefix: prefix)
    try emitter.emit(outputs: first.outputs)
    nodes = emitter.nodes
    constants = emitter.constants
    outputs = emitter.outputs
    extents = first.outputs.map { Array(first.record.values[$0].shape.dropFirst()) }
  }

  /// The function once.
  private struct Run {
    let record: GraphRecorder.Record
    let outputs: [Int]

    init<M: Module>(_ module: M, _ inputs: [Input], rows: Int, _ body: (M, [Tensor]) -> [Tensor]) {
      let recorder = GraphRecorder()
      (record, outputs) = Backends.$current.withValue(recorder) {
        let own = module.mappingParameters { recorder.parameter($1, named: $0) }
        let values = inputs.enumerated().map { index, input in
          let x = Tensor(
            uniformIn: -1...1, shape: [rows] + input.extents, key: RandomKey(seed: UInt64(index)))
          return recorder.input(x, named: input.name)
        }
        let outputs = body(own, values).map { recorder.number(of: $0.detached) }
        return (recorder.record, outputs)
      }
    }
  }
}

/// Turns the records of two runs into nodes.
private struct Emitter {
  let first, second: GraphRecorder.Record
  let prefix: String
  /// The name of each value.
  var names: [String] = []
  var nodes: [ONNXNode] = []
  var constants: [ONNXTensor] = []
  var outputs: [String] = []

  init(first: GraphRecorder.Record, second: GraphRecorder.Record, prefix: String) {
    (self.first, self.second, self.prefix) = (first, second, prefix)
  }

  mutating func emit(outputs: [Int]) throws(RecordedFunction.Unrecordable) {
    guard first.steps.count == second.steps.count, first.values.count == second.values.count else {
      throw unrecordable("what it does depends on the number of rows")
    }
    names = first.values.indices.map { "\(prefix)value_\($0)" }
    var used = Set(first.steps.flatMap(\.inputs) + outputs)
    for (number, value) in first.values.enumerated() {
      switch value.kind {
      case .input(let name): names[number] = name
      case .parameter(let name, let tensor):
        names[number] = prefix + name
        guard used.remove(number) != nil else { continue }
        constants.append(ONNXTensor(name: prefix + name, floats: tensor.scalars, shape: tensor.shape))
      case .constant(let tensor): if used.remove(number) != nil { try constant(number, tensor) }
      case .computed: break
      }
    }
    for (step, other) in zip(first.steps, second.steps) {
      guard step.inputs == other.inputs, step.output == other.output else {
        throw unrecordable("what it does depends on the number of rows")
      }
      try node(step, other.operation)
    }
    for (index, number) in outputs.enumerated() { output(number, index) }
  }

  /// An output must be computed, and be no other output too.
  private mutating func output(_ number: Int, _ index: Int) {
    var name = names[number]
    let isComputed = if case .computed = first.values[number].kind { true } else { false }
    if !isComputed || outputs.contains(name) {
      name = "\(prefix)output_\(index)"
      nodes.append(ONNXNode("Identity", name: name, inputs: [names[number]], outputs: [name]))
    }
    outputs.append(name)
  }

  private func unrecordable(_ reason: String) -> RecordedFunction.Unrecordable {
    RecordedFunction.Unrecordable(description: reason)
  }

  /// A constant; one whose extents follow the number of rows has one value everywhere and is repeated by itself.
  private mutating func constant(_ number: Int, _ tensor: Tensor) throws(RecordedFunction.Unrecordable) {
    guard case .constant(let other) = second.values[number].kind, tensor.rank == other.rank else {
      throw unrecordable("its constants depend on the number of rows")
    }
    let values = tensor.scalars
    let shape = zip(tensor.shape, other.shape).map { $0 == $1 ? $0 : 1 }
    if shape == tensor.shape {
      guard values == other.scalars else { throw unrecordable("its constants depend on the number of rows") }
      constants.append(ONNXTensor(name: names[number], floats: values, shape: shape))
    } else {
      guard let value = values.first, (values + other.scalars).allSatisfy({ $0 == value }) else {
        throw unrecordable("its constants depend on the number of rows")
      }
      constants.append(
        ONNXTensor(
          name: names[number], floats: [Float](repeating: value, count: shape.reduce(1, *)), shape: shape))
    }
  }

  private mutating func node(
    _ step: RecordedStep, _ other: RecordedOperation
  ) throws(RecordedFunction.Unrecordable) {
    if case .reshape(let shape) = step.operation, case .reshape(let otherShape) = other {
      return try reshape(step, shape, otherShape)
    }
    guard step.operation == other else { throw unrecordable("what it does depends on the number of rows") }
    let inputs = step.inputs.map { names[$0] }
    let output = names[step.output]
    func integers(_ purpose: String, _ values: [Int]) -> String {
      let name = "\(output)_\(purpose)"
      constants.append(ONNXTensor(name: name, integers: values.map { Int64($0) }, shape: [values.count]))
      return name
    }
    func append(
      _ type: String, _ inputs: [String], _ attributes: [String: ONNXAttribute] = [:], to name: String
    ) {
      nodes.append(ONNXNode(type, name: name, inputs: inputs, outputs: [name], attributes: attributes))
    }
    switch step.operation {
    case .unary(.square): append("Mul", [inputs[0], inputs[0]], to: output)
    case .unary(let operation): append(Emitter.name(of: operation), inputs, to: output)
    case .binary(.greater):
      append("Greater", inputs, to: output + "_truth")
      append("Cast", [output + "_truth"], ["to": .integer(ElementType.f32.onnxNumber)], to: output)
    case .binary(let operation):
      guard let type = Emitter.name(of: operation) else { throw unrecordable("it computes gradients") }
      append(type, inputs, to: output)
    case .sum(let axis):
      append("ReduceSum", inputs + [integers("axes", [axis])], ["keepdims": .integer(0)], to: output)
    case .maximum(let axis):
      append("ReduceMax", inputs, ["axes": .integers([Int64(axis)]), "keepdims": .integer(0)], to: output)
    case .matmul(let transposeA, let transposeB):
      append(
        "Gemm", inputs, ["transA": .integer(transposeA ? 1 : 0), "transB": .integer(transposeB ? 1 : 0)],
        to: output)
    case .slice(let axis, let start, let length):
      append(
        "Slice",
        inputs + [integers("starts", [start]), integers("ends", [start + length]), integers("axes", [axis])],
        to: output)
    case .concatenate(let axis): append("Concat", inputs, ["axis": .integer(Int64(axis))], to: output)
    case .permute(let order):
      append("Transpose", inputs, ["perm": .integers(order.map { Int64($0) })], to: output)
    case .gather(let rows):
      let name = "\(output)_rows"
      constants.append(ONNXTensor(name: name, integers: rows.map { Int64($0) }, shape: [rows.count]))
      append("Gather", inputs + [name], ["axis": .integer(0)], to: output)
    case .reshape: break
    }
  }

  /// Extents that differ between the runs are taken from the input at the same place, or are what is left.
  private mutating func reshape(
    _ step: RecordedStep, _ shape: [Int], _ other: [Int]
  ) throws(RecordedFunction.Unrecordable) {
    let (from, otherFrom) = (first.values[step.inputs[0]].shape, second.values[step.inputs[0]].shape)
    var extents: [Int64] = []
    var isOpen = false
    for (axis, (extent, otherExtent)) in zip(shape, other).enumerated() {
      if extent == otherExtent {
        extents.append(Int64(extent))
      } else if axis < from.count, from[axis] == extent, otherFrom[axis] == otherExtent {
        extents.append(0)
      } else if !isOpen {
        extents.append(-1)
        isOpen = true
      } else {
        throw unrecordable("it changes a shape in a way that depends on the number of rows")
      }
    }
    let (input, output) = (names[step.inputs[0]], names[step.output])
    constants.append(ONNXTensor(name: output + "_shape", integers: extents, shape: [extents.count]))
    nodes.append(ONNXNode("Reshape", name: output, inputs: [input, output + "_shape"], outputs: [output]))
  }

  private static func name(of operation: UnaryOperation) -> String {
    switch operation {
    case .negate: "Neg"
    case .exp: "Exp"
    case .log: "Log"
    case .sqrt: "Sqrt"
    case .square: "Mul"
    case .abs: "Abs"
    case .sign: "Sign"
    case .reciprocal: "Reciprocal"
    case .sigmoid: "Sigmoid"
    case .tanh: "Tanh"
    case .relu: "Relu"
    case .softplus: "Softplus"
    }
  }

  private static func name(of operation: BinaryOperation) -> String? {
    switch operation {
    case .add: "Add"
    case .subtract: "Sub"
    case .multiply: "Mul"
    case .divide: "Div"
    case .maximum: "Max"
    case .minimum: "Min"
    case .greater, .tanhGradient, .sigmoidGradient, .reluGradient: nil
    }
  }
}
