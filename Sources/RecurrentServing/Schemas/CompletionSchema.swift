import RecurrentTasks

/// The requests and answers of OpenAI's completions, at `/v1/completions` and `/v1/chat/completions`.
public struct CompletionSchema: Sendable {
  /// What is gone on with, and how answers are written.
  public enum Form: Sendable {
    /// A text.
    case text
    /// A conversation.
    case chat
  }

  /// What is gone on with.
  public let form: Form
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
  ///   - form: what is gone on with.
  ///   - models: what is served.
  ///   - limits: what is taken at most.
  ///   - seed: where none is given.
  ///   - id: what the answers are called.
  ///   - created: seconds since 1970.
  /// - Throws: ``ServingError``.
  public init(
    _ body: RequestBody, as form: Form = .text, models: [String: ModelInfo], limits: ServingLimits,
    seed: UInt64, id: String, created: Int
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
    var request = CompletionRequest(
      model: name, session: try body.text("session"), choices: choices, sampler: sampler,
      stop: try CompletionSchema.stop(body), seed: seed)
    switch form {
    case .text:
      request.prompts = try CompletionSchema.prompts(body)
      request.length = try body.integer("max_tokens", in: 0...limits.tokens) ?? request.length
      request.logProbabilities = try body.integer("logprobs", in: 0...20)
    case .chat: try CompletionSchema.read(body, by: model, limits, into: &request)
    }
    (self.form, self.request) = (form, request)
    isStream = try body.flag("stream") ?? false
    includesUsage = try body.object("stream_options").flag("include_usage") ?? false
    echoes = form == .text ? try body.flag("echo") ?? false : false
    (self.id, self.created, fingerprint) = (id, created, "rnn-" + model.hash.prefix(16))
    let whole = CompletionSchema.event(
      .object(
        CompletionSchema.head(form.name(isPiece: true), id, created, name, fingerprint)
          + [("choices", .list([]))]))
    // without "]}" and the end of the event
    beginning = Array(whole.dropLast(4))
  }

  private static func head(
    _ object: String, _ id: String, _ created: Int, _ model: String, _ fingerprint: String
  ) -> [(String, JSONNode)] {
    [
      ("id", .text(id)), ("object", .text(object)), ("created", .integer(created)),
      ("model", .text(model)), ("system_fingerprint", .text(fingerprint)),
    ]
  }

  // MARK: Answers

  private func head(
    _ choices: [JSONNode], _ usage: CompletionPiece.Usage?, isPiece: Bool
  ) -> JSONNode {
    var members = CompletionSchema.head(
      form.name(isPiece: isPiece), id, created, request.model, fingerprint)
    members.append(("choices", .list(choices)))
    if let usage {
      var counts: [(String, JSONNode)] = [
        ("prompt_tokens", .integer(usage.prompt)), ("completion_tokens", .integer(usage.completion)),
        ("total_tokens", .integer(usage.prompt + usage.completion)),
      ]
      if usage.kept > 0 {
        counts.append(("prompt_tokens_details", .object([("cached_tokens", .integer(usage.kept))])))
      }
      members.append(("usage", .object(counts)))
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
    switch form {
    case .text:
      let text = (isFirst ? echo(of: piece.index) : "") + piece.text
      choice(piece.index, text, piece.chances, piece.end).write(to: &bytes)
    case .chat: delta(piece, isFirst: isFirst).write(to: &bytes)
    }
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
  public func usageChunk(_ usage: CompletionPiece.Usage) -> JSONNode { head([], usage, isPiece: true) }

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
      (0..<count).map { index in
        form == .chat
          ? message(index, texts[index], chances[index], ends[index])
          : choice(index, texts[index], chances[index], ends[index])
      }, pieces.last?.usage, isPiece: false)
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
