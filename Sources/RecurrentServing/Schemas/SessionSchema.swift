import RecurrentTasks

/// The requests and answers of our sessions, at `/v1/sessions`.
public enum SessionSchema {
  /// `{"model", "id"?, "ttl"?}`: begins a session; `ttl` are the seconds that it stays in memory without being used.
  public static func open(_ body: RequestBody, onlyModel: String?) throws(ServingError)
    -> ServingRequest.Action
  {
    guard let model = try body.text("model") ?? onlyModel else {
      throw ServingError(.malformed, "the request has no \"model\"", parameter: "model")
    }
    return .open(
      model: model, id: try body.text("id"), idleSeconds: try body.number("ttl", in: 0...31_536_000))
  }

  /// `{"steps": [..], "position"?}`, or `{"step": ..}`: reads lines.
  public static func push(_ body: RequestBody, id: String) throws(ServingError) -> ServingRequest.Action {
    .push(id: id, lines: try lines(body), position: try body.integer("position", in: 0...1 << 60))
  }

  /// The lines of a request.
  static func lines(_ body: RequestBody) throws(ServingError) -> SessionLines {
    if let lines = try body.list("steps") { return .values(lines) }
    guard let line = body.value("step") else {
      throw ServingError(.malformed, "the request has neither \"steps\" nor \"step\"", parameter: "steps")
    }
    return [line]
  }

  /// `{"id"?}`: begins a session where another one is.
  public static func fork(_ body: RequestBody, id: String) throws(ServingError) -> ServingRequest.Action {
    .fork(id: id, to: try body.text("id"))
  }

  /// An answer as JSON.
  ///
  /// - Throws: ``ServingError`` where the answer is one.
  public static func node(_ answer: ServingAnswer) throws(ServingError) -> JSONNode {
    switch answer {
    case .session(let info): node(info)
    case .sessions(let list): .object([("sessions", .list(list.map { node($0) }))])
    case .rows(let rows, let position):
      .object([("position", .integer(position)), ("outputs", rows.node)])
    case .state(_, let position): .object([("position", .integer(position))])
    case .piece(let piece): .object([("index", .integer(piece.index)), ("text", .text(piece.text))])
    case .done: .object([])
    case .failure(let error): throw error
    }
  }

  private static func node(_ info: SessionInfo) -> JSONNode {
    .object([
      ("id", .text(info.id)), ("model", .text(info.model)), ("position", .integer(info.position)),
      ("bytes", .integer(info.bytes)), ("place", .text(info.isOnDisk ? "disk" : "memory")),
    ])
  }

  /// A reason as JSON: `{"error": {"message", "type", "param", "code"}}`, as OpenAI has it.
  public static func node(_ error: ServingError) -> JSONNode {
    let type: String =
      switch error.kind {
      case .busy: "rate_limit_error"
      case .unavailable, .fault: "server_error"
      case .unauthorized: "authentication_error"
      default: "invalid_request_error"
      }
    return .object([
      (
        "error",
        .object([
          ("message", .text(error.message)), ("type", .text(type)),
          ("param", error.parameter.map { .text($0) } ?? .null), ("code", .text(error.kind.rawValue)),
        ])
      )
    ])
  }
}
