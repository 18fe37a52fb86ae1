/// Writes `.onnx` files; the bytes depend on the model alone.
public enum ONNXWriter {
  /// The largest message that other readers take, which is also that of an `.onnx` file.
  private static let limit = Int(Int32.max)

  /// Writes `model` to the file at `path`, atomically.
  ///
  /// - Throws: ``FormatError``; a previous file at `path` is unchanged then.
  public static func write(_ model: ONNXModel, to path: String) throws(FormatError) {
    let bytes = try encode(model)
    guard bytes.count <= limit else {
      throw .unsupported(
        path: path, what: "the model would take \(bytes.count) bytes, ONNX files hold \(limit)",
        remedy: "export a smaller model, or as safetensors")
    }
    try AtomicFile.write(bytes, to: path)
  }

  /// The bytes of the file.
  ///
  /// - Throws: ``FormatError`` where the numbers of a tensor cannot be read.
  public static func encode(_ model: ONNXModel) throws(FormatError) -> [UInt8] {
    let graph = try encode(model.graph)
    var message = ProtobufWriter()
    message.integer(1, model.irVersion)
    if !model.producerName.isEmpty { message.text(2, model.producerName) }
    if !model.producerVersion.isEmpty { message.text(3, model.producerVersion) }
    message.bytes(7, graph)
    for (domain, version) in model.opsets.sorted(by: { $0.key < $1.key }) {
      message.message(8) {
        $0.text(1, domain)
        $0.integer(2, version)
      }
    }
    for (key, value) in model.metadata.sorted(by: { $0.key < $1.key }) {
      message.message(14) {
        $0.text(1, key)
        $0.text(2, value)
      }
    }
    return message.bytes
  }

  private static func encode(_ graph: ONNXGraph) throws(FormatError) -> [UInt8] {
    var message = ProtobufWriter()
    for node in graph.nodes { message.bytes(1, try encode(node)) }
    message.text(2, graph.name)
    for tensor in graph.initializers { message.bytes(5, try encode(tensor)) }
    for input in graph.inputs { message.bytes(11, encode(input)) }
    for output in graph.outputs { message.bytes(12, encode(output)) }
    return message.bytes
  }

  private static func encode(_ node: ONNXNode) throws(FormatError) -> [UInt8] {
    var message = ProtobufWriter()
    for input in node.inputs { message.text(1, input) }
    for output in node.outputs { message.text(2, output) }
    message.text(3, node.name)
    message.text(4, node.operatorType)
    for (name, value) in node.attributes.sorted(by: { $0.key < $1.key }) {
      message.bytes(5, try encode(name, value))
    }
    if !node.domain.isEmpty { message.text(7, node.domain) }
    return message.bytes
  }

  private static func encode(_ name: String, _ value: ONNXAttribute) throws(FormatError) -> [UInt8] {
    var message = ProtobufWriter()
    message.text(1, name)
    let type: Int64
    switch value {
    case .float(let value):
      message.float(2, value)
      type = 1
    case .integer(let value):
      message.integer(3, value)
      type = 2
    case .text(let value):
      message.bytes(4, value)
      type = 3
    case .tensor(let value):
      message.bytes(5, try encode(value))
      type = 4
    case .graph(let value):
      message.bytes(6, try encode(value))
      type = 5
    case .floats(let values):
      message.floats(7, values)
      type = 6
    case .integers(let values):
      message.integers(8, values)
      type = 7
    case .texts(let values):
      for value in values { message.bytes(9, value) }
      type = 8
    case .tensors(let values):
      for value in values { message.bytes(10, try encode(value)) }
      type = 9
    case .graphs(let values):
      for value in values { message.bytes(11, try encode(value)) }
      type = 10
    }
    message.integer(20, type)
    return message.bytes
  }

  private static func encode(_ tensor: ONNXTensor) throws(FormatError) -> [UInt8] {
    var message = ProtobufWriter()
    message.integers(1, tensor.array.shape.map { Int64($0) })
    message.integer(2, tensor.array.elementType.onnxNumber)
    message.text(8, tensor.name)
    let raw = try tensor.array.withBytes { (bytes) throws(FormatError) in Array(bytes) }
    message.bytes(9, raw)
    return message.bytes
  }

  private static func encode(_ info: ONNXValueInfo) -> [UInt8] {
    var message = ProtobufWriter()
    message.text(1, info.name)
    guard let elementType = info.elementType else { return message.bytes }
    message.message(2) { type in
      type.message(1) { tensor in
        tensor.integer(1, elementType.onnxNumber)
        guard let shape = info.shape else { return }
        tensor.message(2) { message in
          for extent in shape {
            message.message(1) { dimension in
              switch extent {
              case .fixed(let value): dimension.integer(1, value)
              case .named(let name): dimension.text(2, name)
              case .unknown: break
              }
            }
          }
        }
      }
    }
    return message.bytes
  }
}
