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
    let asked = form.text("response_format") ?? "json"
    guard let format = TranscriptionAnswer(rawValue: asked) else {
      throw ServingError(
        .unsupported,
        "\"response_format\" is \(asked), expected "
          + TranscriptionAnswer.allCases.map(\.rawValue).joined(separator: ", "), parameter: "response_format"
      )
    }
    let granularities = form.parts.filter { $0.name == "timestamp_granularities[]" }.map(\.bytes)
    let marksWords = granularities.contains { $0.elementsEqual("word".utf8) }
    return .work {
      do {
        return try format.answer(
          model.transcript(of: DataSource(bytes: file.bytes, name: file.file ?? "the recording")),
          marksWords: marksWords)
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
}
