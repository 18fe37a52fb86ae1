import RecurrentTasks

/// The messages of `/v1/stream`, the subprotocol `recurrent.v1`.
public enum StreamSchema {
  /// The name of the subprotocol.
  public static let name = "recurrent.v1"

  /// What a client says.
  public enum Message: Sendable {
    /// `{"step": ..}` or `{"steps": [..]}`, as `predict --stream` reads them.
    case lines(SessionLines)
    /// `{"reset": true}`: the sequence ends, another one begins.
    case reset
    /// `{"save": true}`: the state goes to disk.
    case save
    /// `{"end": true}`: the session ends.
    case end
  }

  /// Reads a text.
  ///
  /// - Throws: ``ServingError``.
  public static func read(_ text: some Collection<UInt8>) throws(ServingError) -> Message {
    let body = try RequestBody(text)
    if try body.flag("reset") ?? false { return .reset }
    if try body.flag("save") ?? false { return .save }
    if try body.flag("end") ?? false { return .end }
    return .lines(try SessionSchema.lines(body))
  }

  /// Reads little-endian float32, k times I numbers.
  ///
  /// - Parameter size: I; nil for one step of all numbers.
  /// - Throws: ``ServingError`` where that is not whole steps, or a number is not finite.
  public static func read(binary bytes: [UInt8], size: Int?) throws(ServingError) -> Message {
    guard bytes.count % 4 == 0 else {
      throw ServingError(.malformed, "the message has \(bytes.count) bytes, expected float32 of 4 each")
    }
    let numbers = try numbers(of: bytes)
    let width = size ?? numbers.count
    guard width > 0, numbers.count % width == 0, !numbers.isEmpty else {
      throw ServingError(
        .malformed, "the message has \(numbers.count) numbers, expected steps of \(width) each")
    }
    return .lines(.numbers(numbers, width: width))
  }

  private static func numbers(of bytes: [UInt8]) throws(ServingError) -> [Double] {
    let numbers = bytes.withUnsafeBytes { Float32Bytes.numbers($0) }
    if let strange = numbers.firstIndex(notBelow: .infinity) {
      throw ServingError(
        .malformed,
        "number \(strange + 1) of the message is \(numbers[strange]), expected a finite one")
    }
    return numbers
  }

  /// `{"position", "answer"}`; with several rows `"answers"`.
  public static func answer(_ rows: StoredRows, position: Int) -> JSONNode {
    if case .rows(let own) = rows, own.count == 1 {
      return .object([("position", .integer(position)), ("answer", JSONNode(own[0]))])
    }
    return .object([("position", .integer(position)), ("answers", rows.node)])
  }

  /// The numbers of rows as little-endian float32, in their order; texts are left out.
  public static func binary(_ rows: StoredRows) -> [UInt8] {
    guard case .rows(let rows) = rows else { return [] }
    var bytes: [UInt8] = []
    if case .floats(let numbers)? = rows.first?.first?.value {
      bytes.reserveCapacity(4 * numbers.count * rows.count)
    }
    for row in rows {
      for field in row {
        switch field.value {
        case .number(let number): Float32Bytes.append([Float(number)], to: &bytes)
        case .numbers(let numbers): Float32Bytes.append(numbers, to: &bytes)
        case .floats(let numbers): Float32Bytes.append(numbers, to: &bytes)
        case .integer(let number): Float32Bytes.append([Float(number)], to: &bytes)
        case .bool(let flag): Float32Bytes.append([flag ? 1 : 0] as [Float], to: &bytes)
        case .text, .texts: break
        }
      }
    }
    return bytes
  }

  /// `{"session", "position"}`, at the beginning.
  public static func beginning(_ info: SessionInfo) -> JSONNode {
    .object([("session", .text(info.id)), ("position", .integer(info.position))])
  }

  /// `{"draining": true}`, before the server ends.
  public static let draining = JSONNode.object([("draining", .bool(true))])
}
