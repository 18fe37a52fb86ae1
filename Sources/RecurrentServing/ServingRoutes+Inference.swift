import RecurrentTasks

extension ServingRoutes {
  /// What stands under `/v2`.
  func inference(_ question: HTTPQuestion, _ path: [String]) throws(ServingError) -> Routing {
    switch (path.first, path.count) {
    case (nil, _):
      try check(question, "GET")
      return .answer(HTTPAnswer(InferenceMetadata.server(version: version)))
    case ("health"?, 2):
      try check(question, "GET")
      let isFine = path[1] == "live" || isReady()
      guard path[1] == "live" || path[1] == "ready" else { throw unknown(question) }
      return .answer(
        HTTPAnswer(.object([("live", .bool(isFine)), ("ready", .bool(isFine))]), status: isFine ? 200 : 503))
    case ("repository"?, 2) where path[1] == "index":
      try check(question, "POST")
      return .answer(
        HTTPAnswer(
          .list(
            models.keys.sorted().map { name in
              .object([("name", .text(name)), ("version", .text("1")), ("state", .text("READY"))])
            })))
    case ("models"?, 2...): return try inference(question, model: path[1], Array(path.dropFirst(2)))
    default: throw unknown(question)
    }
  }

  private func inference(
    _ question: HTTPQuestion, model name: String, _ path: [String]
  ) throws(ServingError) -> Routing {
    guard let model = models[name] else {
      throw ServingError(.unknown, "there is no model \"\(name)\"", parameter: "model")
    }
    var rest = path[...]
    if rest.first == "versions" {
      guard rest.dropFirst().first == "1" else {
        throw ServingError(.unknown, "model \"\(name)\" has the version \"1\" alone", parameter: "version")
      }
      rest = rest.dropFirst(2)
    }
    guard rest.count <= 1 else { throw unknown(question) }
    switch rest.first {
    case nil:
      try check(question, "GET")
      return .answer(HTTPAnswer(InferenceMetadata.model(model)))
    case "ready"?:
      try check(question, "GET")
      let isFine = isReady()
      return .answer(
        HTTPAnswer(
          .object([("name", .text(name)), ("live", .bool(isFine)), ("ready", .bool(isFine))]),
          status: isFine ? 200 : 503))
    case "config"?:
      try check(question, "GET")
      return .answer(HTTPAnswer(InferenceMetadata.configuration(model, limits)))
    case "stats"?:
      try check(question, "GET")
      return .answer(HTTPAnswer(statistics(model)))
    case "infer"?:
      try check(question, "POST")
      try checkReady()
      return try infer(question, model)
    default: throw unknown(question)
    }
  }

  private func infer(_ question: HTTPQuestion, _ model: ModelInfo) throws(ServingError) -> Routing {
    let field = question.fields["inference-header-content-length"]
    let length = field.flatMap { Int($0) }
    guard field == nil || length != nil else {
      throw ServingError(
        .malformed, "Inference-Header-Content-Length is \"\(field ?? "")\", expected a whole number")
    }
    let schema = try InferenceSchema(question.body, jsonLength: length, model: model)
    return .ask(.infer(model: model.name, sequence: schema.sequence, lines: schema.lines)) { answer in
      do throws(ServingError) {
        switch answer {
        case .failure(let error): throw error
        case .rows(.rows(let rows), _):
          let (bytes, jsonLength) = try schema.answer(rows)
          guard let jsonLength else { return HTTPAnswer(200, body: bytes) }
          return HTTPAnswer(
            200, type: "application/octet-stream",
            fields: [("inference-header-content-length", "\(jsonLength)")], body: bytes)
        default: throw ServingError(.fault, "the answer is of another kind")
        }
      } catch {
        return HTTPAnswer(error, isInference: true)
      }
    }
  }

  private func statistics(_ model: ModelInfo) -> JSONNode {
    let labels = [("model", model.name)]
    let (rows, batches) = metrics.sum(.batchRows, labels)
    let (queue, compute) = (metrics.sum(.queueWait, labels), metrics.sum(.computeTime, labels))
    func count(_ result: String) -> Int {
      Int(metrics.value(.stepRequests, labels + [("result", result)]))
    }
    func times(_ count: Int, _ seconds: Double) -> JSONNode {
      .object([("count", .integer(count)), ("ns", .integer(Int(seconds * 1e9)))])
    }
    return .object([
      (
        "model_stats",
        .list([
          .object([
            ("name", .text(model.name)), ("version", .text("1")), ("inference_count", .integer(Int(rows))),
            ("execution_count", .integer(batches)),
            (
              "inference_stats",
              .object([
                ("success", times(count("success"), queue.sum + compute.sum)),
                ("fail", times(count("failure"), 0)),
                ("queue", times(queue.count, queue.sum)),
                ("compute_infer", times(compute.count, compute.sum)),
              ])
            ),
          ])
        ])
      )
    ])
  }
}
