import RecurrentTasks

/// A request of the Open Inference Protocol, at `/v2/models/{model}/infer`.
///
/// An input is one tensor of steps, time first: numbers `[T, F]` or `[1, T, F]`, one step as `[F]`, or texts `[T]` of type BYTES. With a
/// sequence the steps follow those of the requests before; without one they are a sequence of their own. An output has a row for each
/// row that became known.
public struct InferenceSchema: Sendable {
  /// What the client calls the request.
  public let id: String?
  /// The model.
  public let model: ModelInfo
  /// The sequence; nil for none.
  public let sequence: InferenceSequence?
  /// The steps.
  public let lines: SessionLines
  /// The outputs that are asked for, and whether as bytes; nil for all.
  let outputs: [(name: String, isBinary: Bool)]?
  /// Whether outputs are bytes where nothing is said.
  let isBinary: Bool
  /// The number of the sequence, where it came as a tensor and goes back as one.
  let sequenceNumber: Double?

  /// Reads a request.
  ///
  /// - Parameters:
  ///   - body: JSON, and behind it the binary tensors.
  ///   - jsonLength: the bytes of the JSON, from the header `Inference-Header-Content-Length`; nil for all.
  ///   - model: the model that is asked.
  /// - Throws: ``ServingError``.
  public init(_ body: [UInt8], jsonLength: Int?, model: ModelInfo) throws(ServingError) {
    let length = jsonLength ?? body.count
    guard (0...body.count).contains(length) else {
      throw ServingError(
        .malformed, "Inference-Header-Content-Length is \(length), the request has \(body.count) bytes")
    }
    let request = try RequestBody(body[..<length])
    var rest = body[length...]
    (id, self.model) = (try request.text("id"), model)
    let parameters = try request.object("parameters")
    var inputs: [(name: String, shape: [Int], data: TensorData)] = []
    for value in try request.list("inputs") ?? [] {
      inputs.append(try InferenceSchema.input(value, &rest))
    }
    guard rest.isEmpty else {
      throw ServingError(.malformed, "\(rest.count) bytes follow the last binary tensor")
    }
    let tensor = InferenceSchema.first("sequence_id", &inputs)
    let control = InferenceSchema.first("sequence_control_input", &inputs)
    sequenceNumber = tensor
    sequence = try InferenceSchema.sequence(parameters, tensor: tensor, control: control)
    guard inputs.count == 1 else {
      throw ServingError(
        .malformed, "the request has \(inputs.count) inputs, expected one tensor of steps",
        parameter: "inputs")
    }
    lines = try InferenceSchema.lines(inputs[0], of: model)
    isBinary = try parameters.flag("binary_data_output") ?? false
    var wanted: [(String, Bool)] = []
    for value in try request.list("outputs") ?? [] {
      guard case .object(let members) = value else {
        throw ServingError(
          .malformed, "\"outputs\" holds \(value.found), expected objects", parameter: "outputs")
      }
      let own = RequestBody(members, "an output")
      wanted.append(
        (try own.neededText("name"), try own.object("parameters").flag("binary_data") ?? isBinary))
    }
    outputs = wanted.isEmpty ? nil : wanted
  }

  private static func input(
    _ value: JSONValue, _ rest: inout ArraySlice<UInt8>
  ) throws(ServingError) -> (name: String, shape: [Int], data: TensorData) {
    guard case .object(let members) = value else {
      throw ServingError(.malformed, "\"inputs\" holds \(value.found), expected objects", parameter: "inputs")
    }
    let name = try RequestBody(members, "an input").neededText("name")
    let own = RequestBody(members, "input \"\(name)\"")
    let typeName = try own.neededText("datatype")
    func wrong(_ reason: String) -> ServingError {
      ServingError(.malformed, "input \"\(name)\": \(reason)", parameter: "inputs")
    }
    guard let type = TensorType(rawValue: typeName) else {
      throw wrong(
        "its type is \(typeName), expected one of \(TensorType.allCases.map(\.rawValue).joined(separator: ", "))"
      )
    }
    var (shape, count) = ([Int](), 1)
    guard let extents = try own.list("shape") else { throw wrong("it has no shape") }
    for extent in extents {
      guard case .number(let number) = extent, let own = Int(exactly: number), (0...1 << 31).contains(own)
      else {
        throw wrong("its shape holds \(extent.found), expected whole numbers from 0 to \(1 << 31)")
      }
      shape.append(own)
      let (product, overflow) = count.multipliedReportingOverflow(by: own)
      guard !overflow else { throw wrong("its shape is too large") }
      count = product
    }
    let data: TensorData
    if let size = try own.object("parameters").integer("binary_data_size", in: 0...1 << 40) {
      guard size <= rest.count else { throw wrong("it has \(size) bytes, \(rest.count) are left") }
      data = try TensorData(rest.prefix(size), type, name: name)
      rest = rest.dropFirst(size)
    } else {
      guard let value = own.value("data") else { throw wrong("it has no data") }
      data = try TensorData(value, type, name: name)
    }
    guard data.count == count else { throw wrong("its shape is \(shape), it has \(data.count) elements") }
    return (name, shape, data)
  }

  /// Takes an input of a name out; its first number.
  private static func first(
    _ name: String, _ inputs: inout [(name: String, shape: [Int], data: TensorData)]
  ) -> Double? {
    guard let place = inputs.firstIndex(where: { $0.name == name }),
      case .numbers(let numbers) = inputs[place].data
    else { return nil }
    inputs.remove(at: place)
    return numbers.first
  }

  private static func sequence(
    _ parameters: RequestBody, tensor: Double?, control: Double?
  ) throws(ServingError) -> InferenceSequence? {
    var name: String?
    switch parameters.value("sequence_id") {
    case nil:
      guard let tensor else { break }
      name = try InferenceSchema.name(of: tensor)
    case .text(let text)?: name = text.isEmpty ? nil : text
    case .number(let number)?: name = try InferenceSchema.name(of: number)
    default:
      throw parameters.wrong("sequence_id", "a whole number or a text")
    }
    guard let name else { return nil }
    guard name.utf8.count <= 256 else {
      throw ServingError(
        .malformed, "\"sequence_id\" has \(name.utf8.count) bytes, expected at most 256",
        parameter: "sequence_id")
    }
    return InferenceSequence(
      id: name, isStart: try parameters.flag("sequence_start") ?? (control == 1),
      isEnd: try parameters.flag("sequence_end") ?? (control == 2))
  }

  /// The name of a numbered sequence; nil for none. Larger numbers were rounded on their way, and two sequences must not become one.
  private static func name(of number: Double) throws(ServingError) -> String? {
    guard let id = Int(exactly: number), (0..<1 << 53).contains(id) else {
      throw ServingError(
        .malformed,
        "\"sequence_id\" is \(JSONValue.text(number)), expected a whole number below 2^53, or a text",
        parameter: "sequence_id")
    }
    return id == 0 ? nil : "\(id)"
  }

  private static func lines(
    _ input: (name: String, shape: [Int], data: TensorData), of model: ModelInfo
  ) throws(ServingError) -> SessionLines {
    switch input.data {
    case .texts(let texts): return .values(texts.map { .text($0) })
    case .numbers(let numbers):
      // a vector is one step, but of single numbers it is as many
      let width = input.shape.count < 2 && model.inputSize == 1 ? 1 : input.shape.last ?? 1
      guard width > 0, input.shape.dropLast(2).allSatisfy({ $0 == 1 }) else {
        throw ServingError(
          .malformed, "input \"\(input.name)\": its shape is \(input.shape), expected [T, F] or [1, T, F]",
          parameter: "inputs")
      }
      return .numbers(numbers, width: width)
    }
  }
}
