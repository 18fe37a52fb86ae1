import CRecurrent
import Recurrent
import Synchronization

/// A sequence that comes step by step, or several side by side.
final class Session: Sendable {
  /// What is stepped: one of the two.
  struct State: Sendable {
    /// Layers.
    var stepper: RecurrentStepper<AnyCell>?
    /// A task.
    var task: (any AnySession)?
    /// Values that the task has read, for errors.
    var line = 0
  }

  let model: Model
  private let state: Mutex<State>

  private init(_ model: Model, _ state: State) {
    self.model = model
    self.state = Mutex(state)
  }

  /// The beginning of a sequence, or of several side by side.
  ///
  /// - Throws: ``CallError`` or ``TaskError/unsupported(_:)`` where the model cannot stream.
  convenience init(_ model: Model, rows: Int) throws {
    var state = State()
    switch model.model {
    case .task(let task):
      guard rows == 1 else { throw CallError.argument("rows is \(rows), a session of a task has one") }
      state.task = try model.engine.run { try task.stream() }
    case .layers:
      let layer = try model.layers(for: "a session")
      guard !layer.isBidirectional else {
        throw CallError.unsupported("the layers read backwards too: they have no sessions")
      }
      state.stepper = model.engine.run { RecurrentStepper(layer, batchSize: rows) }
    case .graph: throw CallError.unsupported("a graph has no sessions; run it on arrays")
    }
    self.init(model, state)
  }

  /// Calls `body` with what is stepped; calls take turns.
  func withState<R: Sendable>(_ body: (inout State) throws -> R) rethrows -> R {
    model.engine.settle()
    return try state.withLock { try body(&$0) }
  }

  /// The rows that a value of JSON makes known.
  ///
  /// - Throws: ``DataError``, or ``CallError`` where layers are stepped.
  func push(_ value: JSONValue) throws -> [[Field]] {
    try model.engine.run {
      try withState { state in
        guard let rows = try state.task?.push(value, line: state.line + 1) else {
          throw CallError.unsupported("layers read numbers, not JSON")
        }
        state.line += 1
        return rows
      }
    }
  }

  /// Begins anew.
  ///
  /// - Returns: the rows that waited.
  func finish() -> [[Field]] {
    model.engine.run {
      withState { state in
        state.line = 0
        if let layer = model.layer, let stepper = state.stepper {
          state.stepper?.state = layer.initialState(batch: stepper.batchSize)
        }
        return state.task?.finish() ?? []
      }
    }
  }

  /// Another session that goes on from here.
  func copy() -> Session { Session(model, withState { $0 }) }
}

/// A session: `rec_session_new` of the header.
@_cdecl("rec_session_new")
public func recSessionNew(
  _ model: OpaquePointer?, _ rows: Int64, _ error: UnsafeMutablePointer<rec_error>?
) -> OpaquePointer? {
  attempt(error) {
    let model = try Handle.object(model, Model.self, "model")
    return Handle.retained(try Session(model, rows: count(rows, "rows", in: 1...1 << 20)))
  }
}

/// Frees a session: `rec_session_free` of the header.
@_cdecl("rec_session_free")
public func recSessionFree(_ session: OpaquePointer?) { Handle.release(session, Session.self) }

/// Copies a session: `rec_session_copy` of the header.
@_cdecl("rec_session_copy")
public func recSessionCopy(
  _ session: OpaquePointer?, _ error: UnsafeMutablePointer<rec_error>?
) -> OpaquePointer? {
  attempt(error) { Handle.retained(try Handle.object(session, Session.self, "session").copy()) }
}
