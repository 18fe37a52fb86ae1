import RecurrentTasks

extension ServingRoutes {
  /// What stands under `/v1`.
  func ours(_ question: HTTPQuestion, _ path: [String]) throws(ServingError) -> Routing {
    switch path.first {
    case "models"? where path.count <= 2: return try list(question, path)
    case "completions"? where path.count == 1: return try complete(question, .text)
    case "chat"? where path == ["chat", "completions"]: return try complete(question, .chat)
    case "audio"? where path == ["audio", "transcriptions"]: return try transcribe(question)
    case "predict"? where path.count == 2: return try predict(question, path[1])
    case "stream"? where path.count == 1, "listen"? where path.count == 1:
      try check(question, "GET")
      throw ServingError(
        .upgrade, "\(question.path) is a WebSocket, expected a request with Upgrade: websocket")
    case "sessions"?: return try sessions(question, Array(path.dropFirst()))
    default: throw unknown(question)
    }
  }

  private func complete(
    _ question: HTTPQuestion, _ form: CompletionSchema.Form
  ) throws(ServingError) -> Routing {
    try check(question, "POST")
    try checkReady()
    let number = random()
    return .write(
      try CompletionSchema(
        RequestBody(question.body), as: form, models: models, limits: limits, seed: number,
        id: (form == .chat ? "chatcmpl-" : "cmpl-") + String(number, radix: 36), created: created))
  }

  private func list(_ question: HTTPQuestion, _ path: [String]) throws(ServingError) -> Routing {
    try check(question, "GET")
    guard path.count == 2 else {
      return .answer(HTTPAnswer(CompletionSchema.models(Array(models.values), created: created)))
    }
    guard let model = models[path[1]] else {
      throw ServingError(.unknown, "there is no model \"\(path[1])\"", parameter: "model")
    }
    guard case .object(let members) = CompletionSchema.models([model], created: created),
      case .list(let list)? = members.first(where: { $0.0 == "data" })?.1, let only = list.first
    else { throw unknown(question) }
    return .answer(HTTPAnswer(only))
  }

  // MARK: Whole sequences

  private func predict(_ question: HTTPQuestion, _ name: String) throws(ServingError) -> Routing {
    try check(question, "POST")
    try checkReady()
    guard let model = models[name] else {
      throw ServingError(.unknown, "there is no model \"\(name)\"", parameter: "model")
    }
    let type = question.fields["content-type"] ?? "application/json"
    guard type.hasPrefix("application/json") else {
      let bytes = question.body
      return .work {
        ServingRoutes.answer { try model.predict([DataSource(bytes: bytes, name: "the request")]) }
      }
    }
    let body = try RequestBody(question.body)
    let records = try body.list("records") ?? body.value("record").map { [$0] } ?? []
    guard !records.isEmpty else {
      throw ServingError(
        .malformed, "the request has neither \"records\" nor \"record\"", parameter: "records")
    }
    return .work {
      ServingRoutes.answer {
        try model.predict(
          records.enumerated().map { DataSource($0.element, name: "record \($0.offset + 1)") })
      }
    }
  }

  private static func answer(_ predict: () throws -> [Result<[[Field]], any Error>]) -> HTTPAnswer {
    do {
      let results = try predict()
      // where one can be read the others say beside it why they cannot
      let reasons = results.compactMap { if case .failure(let reason) = $0 { reason } else { nil } }
      if let first = reasons.first, reasons.count == results.count { throw first }
      return HTTPAnswer(
        .object([
          (
            "predictions",
            .list(
              results.map { result in
                switch result {
                case .success(let rows): .object([("rows", .list(rows.map { JSONNode($0) }))])
                case .failure(let error): .object([("error", .text("\(error)"))])
                }
              })
          )
        ]))
    } catch {
      return HTTPAnswer(ServingError.wrapping(error))
    }
  }

  // MARK: Sessions

  private func sessions(_ question: HTTPQuestion, _ path: [String]) throws(ServingError) -> Routing {
    guard let id = path.first else {
      try check(question, "GET", "POST")
      guard question.method == "POST" else { return ask(.list) }
      try checkReady()
      return ask(try SessionSchema.open(RequestBody(question.body), onlyModel: onlyModel), status: 201)
    }
    guard path.count <= 2 else { throw unknown(question) }
    switch path.dropFirst().first {
    case nil:
      try check(question, "GET", "DELETE")
      return ask(question.method == "GET" ? .describe(id: id) : .close(id: id))
    case "steps"?:
      try check(question, "POST")
      return ask(try SessionSchema.push(RequestBody(question.body), id: id))
    case "reset"?:
      try check(question, "POST")
      return ask(.reset(id: id))
    case "fork"?:
      try check(question, "POST")
      try checkReady()
      return ask(try SessionSchema.fork(RequestBody(question.body), id: id), status: 201)
    case "state"?:
      try check(question, "GET", "PUT")
      guard question.method == "PUT" else { return state(id) }
      return ask(.restore(id: id, model: question.query["model"], file: question.body))
    default: throw unknown(question)
    }
  }

  private func ask(_ action: ServingRequest.Action, status: Int = 200) -> Routing {
    .ask(action) { answer in
      do throws(ServingError) { return HTTPAnswer(try SessionSchema.node(answer), status: status) } catch {
        return HTTPAnswer(error)
      }
    }
  }

  private func state(_ id: String) -> Routing {
    .ask(.save(id: id)) { answer in
      switch answer {
      case .state(let file, let position):
        HTTPAnswer(
          200, type: "application/octet-stream",
          fields: [
            ("etag", "\"\(id)-\(position)\""),
            ("content-disposition", "attachment; filename=\"\(id).safetensors\""),
          ],
          body: file)
      case .failure(let error): HTTPAnswer(error)
      default: HTTPAnswer(ServingError(.fault, "the answer is of another kind"))
      }
    }
  }
}
