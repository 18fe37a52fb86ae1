/// Reads `.onnx` files.
///
/// The numbers of a large model stay in the mapped file, or in the files beside it that the model names, until they are
/// asked for.
public struct ONNXReader {
  let path: String
  let storage: FileBytes
  /// The files of external data.
  let external: ONNXExternalFiles

  /// Graphs in graphs in graphs: a hostile file must not exhaust the stack.
  private static let deepest = 16

  /// Reads the file at `path`.
  ///
  /// - Throws: ``FormatError``.
  public static func read(_ path: String) throws(FormatError) -> ONNXModel {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    return try ONNXReader(
      path: path, storage: FileBytes(MappedFile(path: path)), external: ONNXExternalFiles(folder: folder)
    ).model()
  }

  /// Reads the content of a file from memory, which has no files beside it; errors call it `path`.
  ///
  /// - Throws: ``FormatError``.
  public static func read(bytes: [UInt8], path: String = "<memory>") throws(FormatError) -> ONNXModel {
    try ONNXReader(
      path: path, storage: FileBytes(bytes), external: ONNXExternalFiles(folder: nil)
    ).model()
  }

  private func model() throws(FormatError) -> ONNXModel {
    try storage.withBytes { (bytes) throws(FormatError) in
      var message = ProtobufReader(bytes, path: path, base: 0, what: "the model")
      var model = ONNXModel()
      var hasGraph = false
      while let field = try message.next() {
        switch field.number {
        case 1: model.irVersion = try message.integer(field)
        case 2: model.producerName = try message.text(field)
        case 3: model.producerVersion = try message.text(field)
        case 7:
          model.graph = try graph(message.message(field, what: "the graph"), depth: 0)
          hasGraph = true
        case 8:
          let (domain, version) = try opset(message.message(field, what: "the operator sets"))
          model.opsets[domain == "ai.onnx" ? "" : domain] = version
        case 14:
          let (key, value) = try entry(message.message(field, what: "the metadata"))
          model.metadata[key] = value
        case 25:
          throw .unsupported(
            path: path, what: "the model defines functions of its own",
            remedy: "inline them (onnx.inliner.inline_local_functions)")
        default: try message.skip(field)
        }
      }
      guard hasGraph, !model.opsets.isEmpty else {
        throw .unexpected(
          path: path, offset: 0, what: "the file",
          expected: "an ONNX model with a graph and a set of operators",
          found: hasGraph ? "no set of operators" : "no graph")
      }
      return model
    }
  }

  private func opset(_ reader: ProtobufReader) throws(FormatError) -> (String, Int64) {
    var message = reader
    var (domain, version) = ("", Int64(1))
    while let field = try message.next() {
      switch field.number {
      case 1: domain = try message.text(field)
      case 2: version = try message.integer(field)
      default: try message.skip(field)
      }
    }
    return (domain, version)
  }

  func entry(_ reader: ProtobufReader) throws(FormatError) -> (String, String) {
    var message = reader
    var (key, value) = ("", "")
    while let field = try message.next() {
      switch field.number {
      case 1: key = try message.text(field)
      case 2: value = try message.text(field)
      default: try message.skip(field)
      }
    }
    return (key, value)
  }

  private func graph(_ reader: ProtobufReader, depth: Int) throws(FormatError) -> ONNXGraph {
    guard depth < ONNXReader.deepest else {
      throw .unsupported(
        path: path, what: "graphs stand in each other more than \(ONNXReader.deepest) deep",
        remedy: "simplify the model")
    }
    var message = reader
    var graph = ONNXGraph()
    while let field = try message.next() {
      switch field.number {
      case 1: graph.nodes.append(try node(message.message(field, what: "a node"), depth: depth))
      case 2: graph.name = try message.text(field)
      case 5: graph.initializers.append(try tensor(message.message(field, what: "an initializer")))
      case 11: graph.inputs.append(try valueInfo(message.message(field, what: "an input")))
      case 12: graph.outputs.append(try valueInfo(message.message(field, what: "an output")))
      case 15:
        throw .unsupported(
          path: path, what: "the graph \"\(graph.name)\" has sparse initializers", remedy: "store them dense")
      default: try message.skip(field)
      }
    }
    return graph
  }

  private func node(_ reader: ProtobufReader, depth: Int) throws(FormatError) -> ONNXNode {
    var message = reader
    var node = ONNXNode("")
    while let field = try message.next() {
      switch field.number {
      case 1: node.inputs.append(try message.text(field))
      case 2: node.outputs.append(try message.text(field))
      case 3: node.name = try message.text(field)
      case 4: node.operatorType = try message.text(field)
      case 5:
        let (name, value) = try attribute(message.message(field, what: "an attribute"), depth: depth)
        guard node.attributes.updateValue(value, forKey: name) == nil else {
          throw .duplicateKey(path: path, offset: message.offset, key: name)
        }
      case 7:
        let domain = try message.text(field)
        node.domain = domain == "ai.onnx" ? "" : domain
      default: try message.skip(field)
      }
    }
    return node
  }

  private func attribute(
    _ reader: ProtobufReader, depth: Int
  ) throws(FormatError) -> (String, ONNXAttribute) {
    var message = reader
    var (name, type) = ("", Int64(0))
    var (float, integer, text) = (Float(0), Int64(0), [UInt8]())
    var (floats, integers, texts) = ([Float](), [Int64](), [[UInt8]]())
    var (tensors, graphs) = ([ONNXTensor](), [ONNXGraph]())
    while let field = try message.next() {
      switch field.number {
      case 1: name = try message.text(field)
      case 2: float = try message.float(field)
      case 3: integer = try message.integer(field)
      case 4: text = Array(try message.bytes(field).bytes)
      case 5, 10: tensors.append(try tensor(message.message(field, what: "a tensor of an attribute")))
      case 6, 11:
        graphs.append(try graph(message.message(field, what: "a graph of an attribute"), depth: depth + 1))
      case 7: try message.floats(field, into: &floats)
      case 8: try message.integers(field, into: &integers)
      case 9: texts.append(Array(try message.bytes(field).bytes))
      case 20: type = try message.integer(field)
      default: try message.skip(field)
      }
    }
    func one<Value>(_ values: [Value]) throws(FormatError) -> Value {
      guard let value = values.first, values.count == 1 else {
        throw .unexpected(
          path: path, offset: message.offset, what: "the attribute \"\(name)\"", expected: "one value",
          found: "\(values.count)")
      }
      return value
    }
    switch type {
    case 1: return (name, .float(float))
    case 2: return (name, .integer(integer))
    case 3: return (name, .text(text))
    case 4: return (name, .tensor(try one(tensors)))
    case 5: return (name, .graph(try one(graphs)))
    case 6: return (name, .floats(floats))
    case 7: return (name, .integers(integers))
    case 8: return (name, .texts(texts))
    case 9: return (name, .tensors(tensors))
    case 10: return (name, .graphs(graphs))
    default:
      throw .unsupported(
        path: path, what: "the attribute \"\(name)\" is of kind \(type), known are 1 to 10",
        remedy: "simplify the model")
    }
  }

  private func valueInfo(_ reader: ProtobufReader) throws(FormatError) -> ONNXValueInfo {
    var message = reader
    var info = ONNXValueInfo(name: "")
    while let field = try message.next() {
      switch field.number {
      case 1: info.name = try message.text(field)
      case 2:
        var type = try message.message(field, what: "a type")
        while let field = try type.next() {
          if field.number == 1 {
            try tensorType(type.message(field, what: "the type of a tensor"), into: &info)
          } else {
            try type.skip(field)
          }
        }
      default: try message.skip(field)
      }
    }
    return info
  }

  private func tensorType(_ reader: ProtobufReader, into info: inout ONNXValueInfo) throws(FormatError) {
    var message = reader
    while let field = try message.next() {
      switch field.number {
      case 1: info.elementType = ElementType(onnxNumber: try message.integer(field))
      case 2:
        var shape = try message.message(field, what: "a shape")
        var extents: [ONNXValueInfo.Extent] = []
        while let field = try shape.next() {
          if field.number == 1 {
            extents.append(try extent(shape.message(field, what: "an extent")))
          } else {
            try shape.skip(field)
          }
        }
        info.shape = extents
      default: try message.skip(field)
      }
    }
  }

  private func extent(_ reader: ProtobufReader) throws(FormatError) -> ONNXValueInfo.Extent {
    var message = reader
    var extent = ONNXValueInfo.Extent.unknown
    while let field = try message.next() {
      switch field.number {
      case 1:
        let value = try message.integer(field)
        extent = value < 0 ? .unknown : .fixed(value)
      case 2: extent = .named(try message.text(field))
      default: try message.skip(field)
      }
    }
    return extent
  }
}
