import CRecurrent
import Recurrent

extension Session {
  /// Reads a step of numbers.
  ///
  /// - Returns: how many numbers it makes known, of which `y` has the first.
  /// - Throws: ``CallError`` where layers read or give other numbers of them, or ``DataError``.
  fileprivate func push(
    _ x: UnsafeBufferPointer<Float>, _ y: UnsafeMutableBufferPointer<Float>
  ) throws -> Int {
    if model.layer == nil { return try pushToTask(x, y) }
    return try withState { state in
      guard let batch = state.stepper?.batchSize, let input = state.stepper?.inputSize,
        let output = state.stepper?.outputSize, x.count == batch * input
      else {
        let expected = (state.stepper?.batchSize ?? 0) * (state.stepper?.inputSize ?? 0)
        throw CallError.argument("count is \(x.count), expected \(expected) numbers")
      }
      guard y.count >= batch * output else {
        throw CallError.argument("capacity is \(y.count), expected at least \(batch * output)")
      }
      state.stepper?.step(x)
      state.stepper?.withOutput { _ = y.update(fromContentsOf: $0) }
      return batch * output
    }
  }

  /// The numbers of the rows of a task, without texts.
  private func pushToTask(
    _ x: UnsafeBufferPointer<Float>, _ y: UnsafeMutableBufferPointer<Float>
  ) throws -> Int {
    let numbers = x.map { JSONValue.number(Double($0)) }
    let rows = try push(numbers.count == 1 ? numbers[0] : .list(numbers))
    var written = 0
    func write(_ number: Double) {
      if written < y.count { y[written] = Float(number) }
      written += 1
    }
    for field in rows.joined() {
      switch field.value {
      case .number(let value): write(value)
      case .integer(let value): write(Double(value))
      case .numbers(let values): for value in values { write(value) }
      case .floats(let values): for value in values { write(Double(value)) }
      case .bool(let value): write(value ? 1 : 0)
      case .text, .texts: break
      }
    }
    return written
  }
}

/// Reads a step of numbers: `rec_push` of the header.
@_cdecl("rec_push")
public func recPush(
  _ session: OpaquePointer?, _ x: UnsafePointer<Float>?, _ count: Int64, _ y: UnsafeMutablePointer<Float>?,
  _ capacity: Int64, _ written: UnsafeMutablePointer<Int64>?, _ error: UnsafeMutablePointer<rec_error>?
) -> Int32 {
  status(error) {
    let session = try Handle.object(session, Session.self, "session")
    let count = try RecurrentC.count(count, "count", in: 1...1 << 32)
    let room = try RecurrentC.count(capacity, "capacity", in: 0...1 << 32)
    let x = UnsafeBufferPointer(start: try required(x, "x"), count: count)
    let y = UnsafeMutableBufferPointer(start: room == 0 ? y : try required(y, "y"), count: room)
    let known = try session.push(x, y)
    written?.pointee = Int64(known)
    if known > room {
      throw CallError.argument("capacity is \(room), the step made \(known) numbers known")
    }
  }
}

/// Reads a value of JSON: `rec_push_json` of the header.
@_cdecl("rec_push_json")
public func recPushJSON(
  _ session: OpaquePointer?, _ value: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<rec_error>?
) -> UnsafeMutablePointer<CChar>? {
  attempt(error) {
    let session = try Handle.object(session, Session.self, "session")
    let value = try JSONValue(text: text(value, "value").utf8, path: "value")
    return try copied(OrderedJSON(session.push(value)).text)
  }
}

/// Ends a sequence: `rec_finish` of the header.
@_cdecl("rec_finish")
public func recFinish(
  _ session: OpaquePointer?, _ error: UnsafeMutablePointer<rec_error>?
) -> UnsafeMutablePointer<CChar>? {
  attempt(error) {
    try copied(OrderedJSON(Handle.object(session, Session.self, "session").finish()).text)
  }
}
