import RecurrentTasks

/// An answer of HTTP.
public struct HTTPAnswer: Sendable {
  /// The status.
  public var status: Int
  /// The type of the body.
  public var type: String
  /// Further fields of the head.
  public var fields: [(String, String)]
  /// The body.
  public var body: [UInt8]

  /// An answer.
  public init(
    _ status: Int, type: String = "application/json", fields: [(String, String)] = [], body: [UInt8] = []
  ) {
    (self.status, self.type, self.fields, self.body) = (status, type, fields, body)
  }

  /// An answer of JSON.
  public init(_ node: JSONNode, status: Int = 200) { self.init(status, body: node.bytes) }

  /// Why there is none.
  ///
  /// - Parameter isInference: whether it is written as the Open Inference Protocol has it, `{"error": text}`.
  public init(_ error: ServingError, isInference: Bool = false) {
    let node = isInference ? JSONNode.object([("error", .text(error.message))]) : SessionSchema.node(error)
    var fields = error.retryAfter.map { [("retry-after", "\($0)")] } ?? []
    if error.kind == .upgrade { fields += [("upgrade", "websocket"), ("connection", "upgrade")] }
    if !error.allowed.isEmpty { fields.append(("allow", error.allowed.joined(separator: ", "))) }
    self.init(error.kind.status, fields: fields, body: node.bytes)
  }
}

/// What a request of HTTP comes to.
public enum Routing: Sendable {
  /// An answer that is known at once.
  case answer(HTTPAnswer)
  /// Something to ask the models for, with the form of the answer.
  case ask(ServingRequest.Action, answer: @Sendable (ServingAnswer) -> HTTPAnswer)
  /// A completion.
  case write(CompletionSchema)
  /// Work that takes long and needs no session, for a thread of its own.
  case work(@Sendable () -> HTTPAnswer)
}

/// From requests of HTTP to what is to be done: the same for every network, and for tests without one.
public struct ServingRoutes: Sendable {
  /// What is served, by name.
  public let models: [String: ModelInfo]
  let limits: ServingLimits
  let metrics: ServingMetrics
  private let aliases: Set<MetricAlias>
  let version: String
  /// Seconds since 1970 when the server began.
  let created: Int
  /// What `Authorization: Bearer` must say; nil where everybody may ask.
  private let key: [UInt8]?
  /// Whether new work is taken.
  let isReady: @Sendable () -> Bool
  /// A random number, another one each time.
  let random: @Sendable () -> UInt64

  /// Routes.
  ///
  /// - Parameters:
  ///   - models: what is served.
  ///   - limits: what is taken at most.
  ///   - metrics: what is counted.
  ///   - aliases: servers under whose names figures are said too.
  ///   - version: of the program.
  ///   - created: seconds since 1970 when the server began.
  ///   - key: what `Authorization: Bearer` must say; nil where everybody may ask.
  ///   - isReady: whether new work is taken.
  ///   - random: a random number, another one each time.
  public init(
    _ models: [ModelInfo], limits: ServingLimits, metrics: ServingMetrics,
    aliases: Set<MetricAlias> = [], version: String, created: Int,
    key: String? = nil, isReady: @escaping @Sendable () -> Bool, random: @escaping @Sendable () -> UInt64
  ) {
    self.models = Dictionary(models.map { ($0.name, $0) }) { first, _ in first }
    (self.limits, self.metrics, self.aliases) = (limits, metrics, aliases)
    (self.version, self.created) = (version, created)
    (self.key, self.isReady, self.random) = (key.map { Array($0.utf8) }, isReady, random)
  }

  /// The name of the only model; nil where there are several.
  public var onlyModel: String? { models.count == 1 ? models.keys.first : nil }

  /// Numbers of a step of a model, where it is a list of so many.
  public func inputSize(_ name: String?) -> Int? { (name ?? onlyModel).flatMap { models[$0]?.inputSize } }

  /// What a request comes to.
  public func route(_ asked: HTTPQuestion) -> Routing {
    var question = asked
    // HEAD is answered as GET, and the body is left out where it is sent
    if question.method == "HEAD" { question.method = "GET" }
    let isInference = question.path.hasPrefix("/v2")
    do {
      try authorize(question)
      return try routing(question, question.path.split(separator: "/").map(String.init))
    } catch {
      return .answer(HTTPAnswer(error, isInference: isInference))
    }
  }

  /// Refuses who has not the key, but for questions after health and the page.
  ///
  /// - Throws: ``ServingError`` of the kind `unauthorized` or `forbidden`.
  public func authorize(_ question: HTTPQuestion) throws(ServingError) {
    // a page of somewhere else must not ask in the name of who looks at it
    if let origin = question.fields["origin"], let host = question.fields["host"],
      origin != "http://\(host)", origin != "https://\(host)"
    {
      throw ServingError(.forbidden, "requests of pages of \(origin) are not taken")
    }
    guard let key, !ServingRoutes.open.contains(question.path) else { return }
    let given = Array((question.fields["authorization"] ?? "").utf8)
    let expected = Array("Bearer ".utf8) + key
    // every byte is looked at, so that the time says nothing
    var difference = given.count ^ expected.count
    for (place, byte) in expected.enumerated() {
      difference |= Int(byte ^ (place < given.count ? given[place] : 0))
    }
    guard difference == 0 else {
      metrics.add(.rejected, 1, [("reason", "key")])
      throw ServingError(
        .unauthorized, "the key is missing or wrong; it is sent as Authorization: Bearer KEY")
    }
  }

  private func routing(_ question: HTTPQuestion, _ path: [String]) throws(ServingError) -> Routing {
    switch path.first {
    case nil:
      try check(question, "GET")
      return .answer(ServingPage.answer)
    case "page.css"? where path.count == 1:
      try check(question, "GET")
      return .answer(ServingPage.styleAnswer)
    case "page.js"? where path.count == 1:
      try check(question, "GET")
      return .answer(ServingPage.scriptAnswer)
    case "recorder.js"? where path.count == 1:
      try check(question, "GET")
      return .answer(ServingPage.recorderAnswer)
    case "health"?, "metrics"?, "openapi.json"?: return try operations(question, path)
    case "v2"?: return try inference(question, Array(path.dropFirst()))
    case "v1"?: return try ours(question, Array(path.dropFirst()))
    default: throw unknown(question)
    }
  }

  /// What needs no key: health, and the page, which knows nothing until it has one.
  private static let open: Set = [
    "/health", "/v2/health/live", "/v2/health/ready", "/", "/page.css", "/page.js", "/recorder.js",
  ]

  private static let named: Set = [
    "/", "/page.css", "/page.js", "/recorder.js", "/health", "/metrics", "/openapi.json", "/v1/models",
    "/v1/completions",
    "/v1/chat", "/v1/audio", "/v1/predict", "/v1/sessions", "/v1/stream", "/v1/listen", "/v2", "/v2/health",
    "/v2/models",
    "/v2/repository",
  ]

  /// What requests to a path are counted under: one of a few names, whatever clients think of.
  public static func name(of path: String) -> String {
    let name = "/" + path.split(separator: "/").prefix(2).joined(separator: "/")
    return named.contains(name) ? name : "other"
  }

  func unknown(_ question: HTTPQuestion) -> ServingError {
    ServingError(.unknown, "there is nothing at \(question.path); /openapi.json lists what there is")
  }

  func check(_ question: HTTPQuestion, _ methods: String...) throws(ServingError) {
    guard methods.contains(question.method) else {
      var error = ServingError(
        .method, "\(question.path) takes \(methods.joined(separator: ", ")), not \(question.method)")
      // what can be got can be asked about
      error.allowed = methods.contains("GET") ? methods + ["HEAD"] : methods
      throw error
    }
  }

  /// Refuses new work while the server begins or ends.
  func checkReady() throws(ServingError) {
    guard isReady() else {
      metrics.add(.rejected, 1, [("reason", "draining")])
      throw ServingError(.unavailable, "the server ends", retryAfter: 1)
    }
  }

  private func operations(_ question: HTTPQuestion, _ path: [String]) throws(ServingError) -> Routing {
    try check(question, "GET")
    guard path.count == 1 else { throw unknown(question) }
    switch path[0] {
    case "metrics":
      ProcessFigures.note(in: metrics)
      return .answer(
        HTTPAnswer(200, type: ServingMetrics.contentType, body: Array(metrics.text(aliases: aliases).utf8)))
    case "openapi.json":
      return .answer(HTTPAnswer(OpenAPIDescription.node(version: version, models: Array(models.keys))))
    default:
      guard isReady() else {
        return .answer(
          HTTPAnswer(
            .object([
              (
                "error",
                .object([
                  ("code", .integer(503)), ("message", .text("The server ends")),
                  ("type", .text("unavailable_error")),
                ])
              )
            ]), status: 503))
      }
      return .answer(HTTPAnswer(.object([("status", .text("ok"))])))
    }
  }
}
