import RecurrentCore

/// A model in the Open Neural Network Exchange format: a graph of operators with the numbers that it needs.
public struct ONNXModel: Sendable {
  /// The version of the format.
  public var irVersion: Int64 = 8
  /// What wrote the model.
  public var producerName = ""
  /// Its version.
  public var producerVersion = ""
  /// The version of each set of operators by its domain; "" is ONNX's own.
  public var opsets: [String: Int64] = [:]
  /// What is computed.
  public var graph = ONNXGraph()
  /// Texts beside the graph.
  public var metadata: [String: String] = [:]

  /// An empty model.
  public init() {}
}

/// Nodes in an order in which each finds its inputs computed.
public struct ONNXGraph: Sendable {
  /// Its name.
  public var name = ""
  /// The calls, in order.
  public var nodes: [ONNXNode] = []
  /// Constants by name.
  public var initializers: [ONNXTensor] = []
  /// What must be given; constants of the same name are defaults.
  public var inputs: [ONNXValueInfo] = []
  /// What it gives.
  public var outputs: [ONNXValueInfo] = []

  /// An empty graph.
  public init() {}
}

/// One call of an operator.
public struct ONNXNode: Sendable {
  /// Its name, or "".
  public var name = ""
  /// The operator.
  public var operatorType = ""
  /// Whose operator it is; "" for ONNX's own.
  public var domain = ""
  /// Names of values; "" for an optional one that is left out.
  public var inputs: [String] = []
  /// Names of values; "" for one that nobody wants.
  public var outputs: [String] = []
  /// Constants by name.
  public var attributes: [String: ONNXAttribute] = [:]

  /// A node.
  public init(
    _ operatorType: String, name: String = "", domain: String = "", inputs: [String] = [],
    outputs: [String] = [],
    attributes: [String: ONNXAttribute] = [:]
  ) {
    self.operatorType = operatorType
    self.name = name
    self.domain = domain
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
  }
}

/// A constant of a node.
public enum ONNXAttribute: Sendable {
  case integer(Int64)
  case integers([Int64])
  case float(Float)
  case floats([Float])
  case text([UInt8])
  case texts([[UInt8]])
  case tensor(ONNXTensor)
  case tensors([ONNXTensor])
  case graph(ONNXGraph)
  case graphs([ONNXGraph])
}

/// The type of a value: its elements and its extents, as far as they are known.
public struct ONNXValueInfo: Sendable {
  /// An extent of an axis.
  public enum Extent: Sendable, Equatable {
    case fixed(Int64)
    /// One that has a name, the same extent wherever the name stands.
    case named(String)
    case unknown
  }

  /// The name of the value.
  public var name: String
  /// nil where the type is none of numbers, or not given.
  public var elementType: ElementType?
  /// nil where even the number of axes is open.
  public var shape: [Extent]?

  /// A description of the value `name`.
  public init(name: String, elementType: ElementType? = nil, shape: [Extent]? = nil) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
  }
}

/// Numbers of a model.
public struct ONNXTensor: Sendable {
  /// The name of the value.
  public var name: String
  /// The elements.
  public var array: StoredArray

  /// The numbers of an array under a name.
  public init(name: String, array: StoredArray) {
    self.name = name
    self.array = array
  }

  /// Single-precision floats in memory, as many as the shape asks for.
  public init(name: String, floats: [Float], shape: [Int]) {
    self.init(name: name, elementType: .f32, shape: shape, values: floats.map(\.bitPattern))
  }

  /// Double-precision floats in memory, as many as the shape asks for.
  public init(name: String, doubles: [Double], shape: [Int]) {
    self.init(name: name, elementType: .f64, shape: shape, values: doubles.map(\.bitPattern))
  }

  /// 64-bit integers in memory, as many as the shape asks for.
  public init(name: String, integers: [Int64], shape: [Int]) {
    self.init(name: name, elementType: .i64, shape: shape, values: integers)
  }

  /// Signed bytes in memory, as many as the shape asks for.
  public init(name: String, bytes: [Int8], shape: [Int]) {
    self.init(name: name, elementType: .i8, shape: shape, values: bytes)
  }

  private init<Value: FixedWidthInteger>(
    name: String, elementType: ElementType, shape: [Int], values: [Value]
  ) {
    trapUnless(
      values.count == shape.reduce(1, *),
      "ONNXTensor: shape \(shape) needs \(shape.reduce(1, *)) numbers, received \(values.count)")
    let bytes = values.map(\.littleEndian).withUnsafeBytes { Array($0) }
    self.init(
      name: name,
      array: StoredArray(
        path: "<memory>", name: name, elementType: elementType, shape: shape, bytes: FileBytes(bytes)))
  }
}

extension ElementType {
  /// ONNX's number of the type.
  package var onnxNumber: Int64 {
    switch self {
    case .f32: 1
    case .u8: 2
    case .i8: 3
    case .u16: 4
    case .i16: 5
    case .i32: 6
    case .i64: 7
    case .bool: 9
    case .f16: 10
    case .f64: 11
    case .u32: 12
    case .u64: 13
    case .bf16: 16
    case .f8E4M3: 17
    case .f8E5M2: 19
    }
  }

  /// The type of that number; nil for texts, complex numbers and what came later.
  package init?(onnxNumber: Int64) {
    guard let type = ElementType.allCases.first(where: { $0.onnxNumber == onnxNumber }) else { return nil }
    self = type
  }
}
