import RecurrentTasks

/// The requests and answers of OpenAI's completions, at `/v1/completions`.
public struct CompletionSchema: Sendable {
  /// What is to be written.
  public let request: CompletionRequest
  /// Whether the answer comes piece by piece.
  public let isStream: Bool
  /// Whether a last piece tells how many tokens there were.
  public let includesUsage: Bool
  /// Whether the answer begins with the prompt.
  public let echoes: Bool
  /// What the answers are called.
  public let id: String
  /// Seconds since 1970.
  public let created: Int
  /// The hash of the model.
  public let fingerprint: String
  /// What stands before the choice in every event.
  private let beginning: [UInt8]

  /// Reads a request.
  ///
  /// - Parameters:
  ///   - body: the request.
  ///   - models: what is served.
  ///   - limits: what is taken at most.
  ///   - seed: where none is given.
  ///   - id: what the answers are called.
  ///   - created: seconds since 1970.
  /// - Throws: ``ServingError``.
  public init(
    _ body: RequestBody, models: [String: ModelInfo], limits: ServingLimits, seed: UInt64, id: String,
    created: Int
  ) throws(ServingError) {
    let name = try body.neededText("model")
    guard let model = models[name] else {
      throw ServingError(.unknown, "there is no model \"\(name)\"", parameter: "model")
    }
    guard model.writes else {
      throw ServingError(
        .unsupported, "model \"\(name)\" is for \(model.task) and writes no texts", parameter: "model")
    }
    if let suffix = try body.text("suffix"), !suffix.isEmpty {
      throw ServingError(.unsupported, "\"suffix\" is given, and no model fills in", parameter: "suffix")
    }
    let choices = try body.integer("n", in: 1...limits.choices) ?? 1
    if let best = try body.integer("best_of", in: 1...limits.choices), best != choices {
      throw ServingError(
        .unsupported, "\"best_of\" is \(best), expected \"n\", \(choices)", parameter: "best_of")
    }
    var sampler = Sampler(
      temperature: try body.number("temperature", in: 0...100) ?? 1,
      topK: try body.integer("top_k", in: 1...1 << 24),
      topP: try body.number("top_p", in: Double.leastNonzeroMagnitude...1) ?? 1,
      repetitionPenalty: try body.number("repetition_penalty", in: 1e-3...1e3) ?? 1)
    sampler.presencePenalty = try body.number("presence_penalty", in: -2...2) ?? 0
    sampler.frequencyPenalty = try body.number("frequency_penalty", in: -2...2) ?? 0
    sampler.bias = try CompletionSchema.bias(body)
    let seed = try CompletionSchema.seed(body) ?? seed
    request = CompletionRequest(
      model: name, prompts: try CompletionSchema.prompts(body), session: try body.text("session"),
      length: try body.integer("max_tokens", in: 0...limits.tokens) ?? 16, choices: choices, sampler: sampler,
      stop: try CompletionSchema.stop(body), seed: seed,
      logProbabilities: try body.integer("logprobs", in: 0...20))
    isStream = try body.flag("stream") ?? false
    includesUsage = try body.object("stream_options").flag("include_usage") ?? false
    echoes = try body.flag("echo") ?? false
    (self.id, self.created, fingerprint) = (id, created, "rnn-" + model.hash.prefix(16))
    let whole = CompletionSchema.event(
      .object(CompletionSchema.head(id, created, name, fingerprint) + [("choices", .list([]))]))
    // without "]}" and the end of the event
    beginning = Array(whole.dropLast(4))
  }

  private static func head(
    _ id: String, _ created: Int, _ model: String, _ fingerprint: String
  ) -> [(String, JSONNode)] {
    [
      ("id", .text(id)), ("object", .text("text_completion")), ("created", .integer(created)),
      ("model", .text(model)), ("system_fingerprint", .text(fingerprint)),
    ]
  }

  private static func seed(_ body: RequestBody) throws(ServingError) -> UInt64? {
    guard let seed = try body.integer("seed", in: -1 << 53...1 << 53) else { return nil }
    return UInt64(bitPattern: Int64(seed))
  }

  private static func prompts(_ body: RequestBody) throws(ServingError) -> [CompletionPrompt] {
    func wrong() -> ServingError {
      ServingError(
        .malformed, "\"prompt\" is another value, expected a text, token numbers, or a list of those",
        parameter: "prompt")
    }
    func tokens(_ values: [JSONValue]) throws(ServingError) -> [Int32] {
      var ids: [Int32] = []
      for value in values {
        guard case .number(let number) = value, let id = Int32(exactly: number) else { throw wrong() }
        ids.append(id)
      }
      return ids
    }
    switch body.value("prompt") {
    case nil: return [.text("")]
    case .text(let text)?: return [.text(text)]
    case .list(let values)?:
      if case .number? = values.first { return [.tokens(try tokens(values))] }
      guard (1...128).contains(values.count) else {
        throw ServingError(
          .malformed, "\"prompt\" has \(values.count) texts, expected 1 to 128", parameter: "prompt")
      }
      var prompts: [CompletionPrompt] = []
      for value in values {
        switch value {
        case .text(let text): prompts.append(.text(text))
        case .list(let own): prompts.append(.tokens(try tokens(own)))
        default: throw wrong()
        }
      }
      return prompts
    default: throw wrong()
    }
  }

  private static func stop(_ body: RequestBody) throws(ServingError) -> [String] {
    let wrong = ServingError(
      .malformed, "\"stop\" is another value, expected a text or up to 16 of them", parameter: "stop")
    switch body.value("stop") {
    case nil: return []
    case .text(let text)?: return [text]
    case .list(let values)? where values.count <= 16:
      var texts: [String] = []
      for value in values {
        guard case .text(let text) = value else { throw wrong }
        texts.append(text)
      }
      return texts
    default: throw wrong
    }
  }

  private static func bias(_ body: RequestBody) throws(ServingError) -> [Int32: Double] {
    var bias: [Int32: Double] = [:]
    for (key, value) in try body.object("logit_bias").members {
      guard let id = Int32(key), id >= 0, case .number(let number) = value, abs(number) <= 100 else {
        throw ServingError(
          .malformed,
          "\"logit_bias\" has \"\(key)\", expected numbers of tokens with numbers from -100 to 100",
          parameter: "logit_bias")
      }
      bias[id] = number
    }
    return bias
  }

  // MARK: Answers

  private func head(_ choices: [JSONNode], _ usage: CompletionPiece.Usage?) -> JSONNode {
    var members = CompletionSchema.head(id, created, request.model, fingerprint)
    members.append(("choices", .list(choices)))
    if let usage {
      members.append(
        (
          "usage",
          .object([
            ("prompt_tokens", .integer(usage.prompt)), ("completion_tokens", .integer(usage.completion)),
            ("total_tokens", .integer(usage.prompt + usage.completion)),
          ])
        ))
    }
    return .object(members)
  }

  private func choice(_ index: Int, _ text: String, _ chances: [TokenChance], _ end: TextGenerator.End?)
    -> JSONNode
  {
    .object([
      ("text", .text(text)), ("index", .integer(index)), ("logprobs", chancesNode(chances)),
      ("finish_reason", end.map { .text($0.rawValue) } ?? .null),
    ])
  }

  private func chancesNode(_ chances: [TokenChance]) -> JSONNode {
    guard request.logProbabilities != nil else { return .null }
    var (offset, offsets) = (0, [JSONNode]())
    for chance in chances {
      offsets.append(.integer(offset))
      offset += chance.token.unicodeScalars.count
    }
    return .object([
      ("tokens", .list(chances.map { .text($0.token) })),
      ("token_logprobs", .list(chances.map { .number($0.logProbability) })),
      (
        "top_logprobs",
        .list(
          chances.map { chance in
            // tokens that read the same are one member, the likelier of them
            var seen: Set<String> = []
            return .object(
              chance.likeliest.filter { seen.insert($0.token).inserted }.map {
                ($0.token, .number($0.logProbability))
              })
          })
      ),
      ("text_offset", .list(offsets)),
    ])
  }

  /// The text of the prompt of a choice, where the answer begins with it.
  public func echo(of index: Int) -> String {
    guard echoes, case .text(let text) = request.prompts[index / request.choices] else { return "" }
    return text
  }

  /// One piece of a stream, as an event.
  public func event(_ piece: CompletionPiece, isFirst: Bool) -> [UInt8] {
    var bytes = beginning
    let text = (isFirst ? echo(of: piece.index) : "") + piece.text
    choice(piece.index, text, piece.chances, piece.end).write(to: &bytes)
    bytes += "]}\n\n".utf8
    return bytes
  }

  /// An event with data.
  public static func event(_ data: JSONNode) -> [UInt8] {
    var bytes = Array("data: ".utf8)
    data.write(to: &bytes)
    bytes += "\n\n".utf8
    return bytes
  }

  /// The last piece of a stream where the usage is asked for.
  public func usageChunk(_ usage: CompletionPiece.Usage) -> JSONNode { head([], usage) }

  /// The whole answer, of all pieces in the order in which they came.
  public func whole(_ pieces: [CompletionPiece]) -> JSONNode {
    let count = request.prompts.count * request.choices
    var texts = (0..<count).map { echo(of: $0) }
    var chances = [[TokenChance]](repeating: [], count: count)
    var ends = [TextGenerator.End?](repeating: nil, count: count)
    for piece in pieces {
      texts[piece.index] += piece.text
      chances[piece.index] += piece.chances
      ends[piece.index] = piece.end ?? ends[piece.index]
    }
    return head(
      (0..<count).map { choice($0, texts[$0], chances[$0], ends[$0]) }, pieces.last?.usage)
  }

  /// The models that are served.
  public static func models(_ models: [ModelInfo], created: Int) -> JSONNode {
    .object([
      ("object", .text("list")),
      (
        "data",
        .list(
          models.sorted { $0.name < $1.name }.map { model in
            .object([
              ("id", .text(model.name)), ("object", .text("model")), ("created", .integer(created)),
              ("owned_by", .text("recurrent")), ("task", .text(model.task)),
              ("parameters", .integer(model.parameterCount)), ("hash", .text(model.hash)),
              ("writes", .bool(model.writes)), ("sessions", .bool(model.issue == nil)),
              ("predicts", .bool(model.trained != nil)),
              ("reads", .text(model.readsText ? "text" : "numbers")),
              ("input_size", model.inputSize.map { .integer($0) } ?? .null),
            ])
          })
      ),
    ])
  }
}
