import RecurrentTasks

extension CompletionSchema.Form {
  /// What an answer, or a piece of one, is called.
  func name(isPiece: Bool) -> String {
    switch self {
    case .text: "text_completion"
    case .chat: isPiece ? "chat.completion.chunk" : "chat.completion"
    }
  }
}

/// Conversations, as OpenAI has them at `/v1/chat/completions`.
extension CompletionSchema {
  /// Reads what a conversation asks for besides what every completion does.
  static func read(
    _ body: RequestBody, by model: ModelInfo, _ limits: ServingLimits, into request: inout CompletionRequest
  ) throws(ServingError) {
    guard let template = model.chat else {
      throw ServingError(
        .unknown,
        "model \"\(model.name)\" has no template of conversations, which a training with --chat-user and --chat-assistant "
          + "gives it; /v1/completions writes on from a text", parameter: "model")
    }
    for name in ["tools", "functions"] {
      if let values = try body.list(name), !values.isEmpty {
        throw ServingError(.unsupported, "\"\(name)\" are given, and no model calls any", parameter: name)
      }
    }
    if let format = try body.object("response_format").text("type"), format != "text" {
      throw ServingError(
        .unsupported, "\"response_format\" is \(format), expected text", parameter: "response_format")
    }
    request.prompts = [.text(template.prompt(of: try messages(body)))]
    request.stop.append(template.stop)
    let older = try body.integer("max_tokens", in: 0...limits.tokens) ?? limits.tokens
    request.length = try body.integer("max_completion_tokens", in: 0...limits.tokens) ?? older
    let likeliest = try body.integer("top_logprobs", in: 0...20)
    let areAsked = try body.flag("logprobs") ?? false
    guard areAsked || likeliest == nil else {
      throw ServingError(
        .malformed, "\"top_logprobs\" is given, expected \"logprobs\": true beside it",
        parameter: "top_logprobs")
    }
    request.logProbabilities = areAsked ? likeliest ?? 0 : nil
  }

  private static func messages(_ body: RequestBody) throws(ServingError) -> [ChatTemplate.Message] {
    func wrong(_ found: String) -> ServingError {
      ServingError(
        .malformed,
        "\"messages\" has \(found), expected at least one object with \"role\", system, developer, user or assistant, and "
          + "\"content\", a text or a list of parts of the type text", parameter: "messages")
    }
    guard let values = try body.list("messages"), !values.isEmpty else { throw wrong("nothing") }
    var messages: [ChatTemplate.Message] = []
    for (place, value) in values.enumerated() {
      guard case .object(let members) = value else { throw wrong("\(value.found) at place \(place)") }
      let message = RequestBody(members, "message \(place)")
      guard let name = try message.text("role"),
        let role = name == "developer" ? .system : ChatTemplate.Role(rawValue: name)
      else { throw wrong("no such role at place \(place)") }
      switch message.value("content") {
      case .text(let text)?: messages.append(.init(role, text))
      case .list(let parts)?:
        var text = ""
        for part in parts {
          guard case .object(let own) = part, case .text("text")? = own["type"],
            case .text(let more)? = own["text"]
          else { throw wrong("a part that is no text at place \(place)") }
          text += more
        }
        messages.append(.init(role, text))
      default: throw wrong("no content at place \(place)")
      }
    }
    return messages
  }

  // MARK: Answers

  /// A whole answer.
  func message(
    _ index: Int, _ text: String, _ chances: [TokenChance], _ end: TextGenerator.End?
  ) -> JSONNode {
    .object([
      ("index", .integer(index)),
      (
        "message",
        .object([("role", .text("assistant")), ("content", .text(text)), ("refusal", .null)])
      ), ("logprobs", contentNode(chances)), ("finish_reason", end.map { .text($0.rawValue) } ?? .null),
    ])
  }

  /// A piece of an answer.
  func delta(_ piece: CompletionPiece, isFirst: Bool) -> JSONNode {
    let role: [(String, JSONNode)] = isFirst ? [("role", .text("assistant"))] : []
    return .object([
      ("index", .integer(piece.index)), ("delta", .object(role + [("content", .text(piece.text))])),
      ("logprobs", contentNode(piece.chances)),
      ("finish_reason", piece.end.map { .text($0.rawValue) } ?? .null),
    ])
  }

  private func contentNode(_ chances: [TokenChance]) -> JSONNode {
    guard request.logProbabilities != nil else { return .null }
    func members(_ token: String, _ logProbability: Double) -> [(String, JSONNode)] {
      [
        ("token", .text(token)), ("logprob", .number(logProbability)),
        ("bytes", .list(token.utf8.map { .integer(Int($0)) })),
      ]
    }
    return .object([
      (
        "content",
        .list(
          chances.map { chance in
            let likeliest = chance.likeliest.map { JSONNode.object(members($0.token, $0.logProbability)) }
            return .object(
              members(chance.token, chance.logProbability) + [("top_logprobs", .list(likeliest))])
          })
      )
    ])
  }
}
