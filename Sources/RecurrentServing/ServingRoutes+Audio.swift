import RecurrentTasks

extension ServingRoutes {
  /// `/v1/audio/transcriptions`: a recording in a form, its text out, as OpenAI has it.
  func transcribe(_ question: HTTPQuestion) throws(ServingError) -> Routing {
    try check(question, "POST")
    try checkReady()
    let form = try MultipartForm(question.body, type: question.fields["content-type"] ?? "")
    guard let name = form.text("model") ?? onlyTranscriber else {
      throw ServingError(.malformed, "the form has no \"model\"", parameter: "model")
    }
    guard let model = models[name] else {
      throw ServingError(.unknown, "there is no model \"\(name)\"", parameter: "model")
    }
    guard model.transcribes else {
      throw ServingError(
        .unsupported, "model \"\(name)\" is for \(model.task) and writes nothing down", parameter: "model")
    }
    guard let file = form.parts.first(where: { $0.name == "file" }) else {
      throw ServingError(.malformed, "the form has no \"file\"", parameter: "file")
    }
    let format = form.text("response_format") ?? "json"
    guard ["json", "text"].contains(format) else {
      throw ServingError(
        .unsupported, "\"response_format\" is \(format), expected json or text", parameter: "response_format")
    }
    return .work {
      do {
        let rows = try model.predict([DataSource(bytes: file.bytes, name: file.file ?? "the recording")])
        let text = ServingRoutes.text(try rows.first?.get() ?? [])
        return format == "text"
          ? HTTPAnswer(200, type: "text/plain; charset=utf-8", body: Array((text + "\n").utf8))
          : HTTPAnswer(.object([("text", .text(text))]))
      } catch {
        return HTTPAnswer(ServingError.wrapping(error))
      }
    }
  }

  /// The name of the only model that writes down; nil where there are none or several.
  public var onlyTranscriber: String? {
    let own = models.values.filter(\.transcribes)
    return own.count == 1 ? own[0].name : nil
  }

  private static func text(_ rows: [[Field]]) -> String {
    if case .text(let text)? = rows.first?["text"] { text } else { "" }
  }
}
