import RecurrentTasks

extension InferenceSchema {
  /// The answer.
  ///
  /// - Returns: the bytes, and of how many of them JSON is, where binary tensors follow.
  /// - Throws: ``ServingError`` for an output that is not there, or that JSON cannot say.
  public func answer(_ rows: [[Field]]) throws(ServingError) -> (bytes: [UInt8], jsonLength: Int?) {
    var (nodes, tail) = ([JSONNode](), [UInt8]())
    var found = columns(of: rows)
    if let number = sequenceNumber { found.append(("sequence_id", .uint64, [1], .numbers([number]))) }
    for name in outputs?.map(\.name) ?? [] where !found.contains(where: { $0.name == name }) {
      throw ServingError(
        .unknown,
        "model \"\(model.name)\" has no output \"\(name)\", it has \(found.map { "\"\($0.name)\"" }.joined(separator: ", "))",
        parameter: "outputs")
    }
    for (name, type, shape, data) in found {
      let wanted = outputs.map { $0.first { $0.name == name } } ?? (name, isBinary)
      guard let wanted else { continue }
      var members: [(String, JSONNode)] = [
        ("name", .text(name)), ("shape", .list(shape.map { .integer($0) })),
        ("datatype", .text(type.rawValue)),
      ]
      if wanted.isBinary {
        let start = tail.count
        data.write(type, to: &tail)
        members.append(("parameters", .object([("binary_data_size", .integer(tail.count - start))])))
      } else {
        members.append(("data", try data.node(type, name: name)))
      }
      nodes.append(.object(members))
    }
    let hasBinary = outputs?.contains { $0.isBinary } ?? isBinary
    var members: [(String, JSONNode)] = [("model_name", .text(model.name)), ("model_version", .text("1"))]
    if let id { members.append(("id", .text(id))) }
    members.append(("outputs", .list(nodes)))
    var bytes = JSONNode.object(members).bytes
    let length = bytes.count
    bytes += tail
    return (bytes, hasBinary ? length : nil)
  }

  /// The fields of rows, one tensor each.
  private func columns(of rows: [[Field]]) -> [(
    name: String, type: TensorType, shape: [Int], data: TensorData
  )] {
    var names: [String] = []
    for row in rows { for field in row where !names.contains(field.name) { names.append(field.name) } }
    return names.map { name in
      let values = rows.map { $0[name] }
      let first = values.lazy.compactMap { $0 }.first
      switch first {
      case .text?, .texts?, nil:
        let texts = values.map { value -> String in
          switch value {
          case .text(let text)?: text
          case .texts(let texts)?: texts.joined(separator: " ")
          default: ""
          }
        }
        return (name, .bytes, [rows.count], .texts(texts))
      case .numbers?, .floats?:
        let lists = values.map(InferenceSchema.numbers)
        let width = lists.map(\.count).max() ?? 0
        // rows that have fewer numbers end in what is no number
        let all = lists.flatMap { $0 + [Double](repeating: .nan, count: width - $0.count) }
        let type: TensorType = if case .floats? = first { .fp32 } else { .fp64 }
        return (name, type, [rows.count, width], .numbers(all))
      case .integer?:
        return (name, .int64, [rows.count], .numbers(values.map { InferenceSchema.number($0) ?? 0 }))
      case .bool?:
        return (name, .bool, [rows.count], .numbers(values.map { InferenceSchema.number($0) ?? 0 }))
      case .number?:
        return (name, .fp64, [rows.count], .numbers(values.map { InferenceSchema.number($0) ?? .nan }))
      }
    }
  }

  private static func numbers(_ value: FieldValue?) -> [Double] {
    switch value {
    case .numbers(let own)?: own
    case .floats(let own)?: own.map { Double($0) }
    default: []
    }
  }

  private static func number(_ value: FieldValue?) -> Double? {
    switch value {
    case .number(let own)?: own
    case .integer(let own)?: Double(own)
    case .bool(let own)?: own ? 1 : 0
    default: nil
    }
  }
}

/// What the Open Inference Protocol tells of a server and its models.
public enum InferenceMetadata {
  /// The server.
  public static func server(version: String) -> JSONNode {
    .object([
      ("name", .text("recurrent")), ("version", .text(version)),
      (
        "extensions",
        .list(
          ["sequence", "sequence(string_id)", "binary_tensor_data", "statistics", "model_configuration"].map {
            .text($0)
          })
      ),
    ])
  }

  private static func tensor(_ name: String, _ type: TensorType, _ shape: [Int]) -> JSONNode {
    .object([
      ("name", .text(name)), ("datatype", .text(type.rawValue)), ("shape", .list(shape.map { .integer($0) })),
    ])
  }

  private static func inputs(_ model: ModelInfo) -> [(String, TensorType, [Int])] {
    model.readsText ? [("text", .bytes, [-1])] : [("steps", .fp32, [-1, model.inputSize ?? -1])]
  }

  private static func outputs(_ model: ModelInfo) -> [(String, TensorType, [Int])] {
    (model.columns ?? []).map { name in
      model.outputSize.map { (name, .fp32, [-1, $0]) } ?? (name, .bytes, [-1])
    }
  }

  /// A model.
  public static func model(_ model: ModelInfo) -> JSONNode {
    .object([
      ("name", .text(model.name)), ("versions", .list([.text("1")])),
      ("platform", .text("recurrent_" + model.task)),
      ("inputs", .list(inputs(model).map { tensor($0.0, $0.1, $0.2) })),
      ("outputs", .list(outputs(model).map { tensor($0.0, $0.1, $0.2) })),
    ])
  }

  /// The configuration of a model, with every limit of the server.
  public static func configuration(_ model: ModelInfo, _ limits: ServingLimits) -> JSONNode {
    func part(_ own: (String, TensorType, [Int])) -> JSONNode {
      .object([
        ("name", .text(own.0)), ("data_type", .text(own.1.configurationName)),
        ("dims", .list(own.2.map { .integer($0) })),
      ])
    }
    return .object([
      ("name", .text(model.name)), ("platform", .text("recurrent_" + model.task)),
      ("max_batch_size", .integer(0)),
      ("input", .list(inputs(model).map(part))), ("output", .list(outputs(model).map(part))),
      (
        "sequence_batching",
        .object([
          ("max_sequence_idle_microseconds", .integer(Int(limits.idleSeconds * 1e6))),
          ("oldest", .object([("max_candidate_sequences", .integer(limits.sessions))])),
        ])
      ),
      ("parameters", .object(limits.named.map { ($0.0, .object([("string_value", $0.1)])) })),
    ])
  }
}
