import Recurrent
import RecurrentTestSupport
import Synchronization

@testable import RecurrentServing

/// A server without a network, whose clock stands still until it is moved.
final class Harness {
  let metrics = ServingMetrics()
  let inbox: ServingInbox
  let core: ServingCore
  let time: Box<Double>
  /// How far the clock goes on whenever it is looked at.
  let tick = Box(0.0)
  let routes: ServingRoutes

  /// A value that closures share.
  final class Box<Value: Sendable>: Sendable {
    private let content: Mutex<Value>
    init(_ value: Value) { content = Mutex(value) }
    var value: Value {
      get { content.withLock { $0 } }
      set { content.withLock { $0 = newValue } }
    }
  }

  init(
    _ hosts: [ModelHost], limits: ServingLimits = ServingLimits(), directory: String? = nil,
    key: String? = nil, aliases: Set<MetricAlias> = [], isReady: Bool = true
  ) throws {
    let (time, tick, number) = (Box(0.0), tick, Box(0))
    self.time = time
    inbox = ServingInbox(limits, metrics: metrics, clock: { time.value })
    routes = ServingRoutes(
      hosts.map { ModelInfo($0) }, limits: limits, metrics: metrics, aliases: aliases, version: "1",
      created: 7, key: key,
      isReady: { isReady }, random: { 5 })
    core = try ServingCore(
      hosts, limits: limits, directory: directory, inbox: inbox, metrics: metrics,
      clock: {
        time.value += tick.value
        return time.value
      },
      makeName: {
        number.value += 1
        return "s\(number.value)"
      })
  }

  /// Hands a request in.
  func submit(_ action: ServingRequest.Action, client: ServingClient = ServingClient()) -> Box<
    [ServingAnswer]
  > {
    let answers = Box([ServingAnswer]())
    inbox.submit(ServingRequest(action, client: client, time: time.value) { answers.value.append($0) })
    return answers
  }

  /// Takes turns until nothing is left to do.
  func run() { while core.turn() {} }

  /// The answers to a request.
  func ask(_ action: ServingRequest.Action) -> [ServingAnswer] {
    let answers = submit(action)
    run()
    return answers.value
  }

  /// The only answer to a request of HTTP.
  func fetch(_ question: HTTPQuestion) -> HTTPAnswer {
    switch routes.route(question) {
    case .answer(let answer): return answer
    case .work(let work): return work()
    case .ask(let action, let form): return ask(action).last.map(form) ?? HTTPAnswer(599)
    case .write(let schema):
      let pieces = ask(.complete(schema.request)).compactMap { answer -> CompletionPiece? in
        if case .piece(let piece) = answer { piece } else { nil }
      }
      return HTTPAnswer(schema.whole(pieces))
    }
  }

  // MARK: Models

  static let key = RandomKey(seed: 3)

  static let text = LazyText()

  /// A small language model that knows the letters a to h, a space and a line end.
  struct LazyText: Sendable {
    let trained: TrainedTask<LanguageModelTask>

    init(chat: ChatTemplate? = nil) {
      guard let vocabulary = try? TextVocabulary.fit(unit: .character, texts: ["abcdefgh \n"]) else {
        fatalError("Harness: the vocabulary cannot be fitted")
      }
      var configuration = LanguageModelConfiguration.standard(unit: .character, tokenCount: 1000)
      (configuration.hiddenSize, configuration.embeddingSize, configuration.layerCount) = (9, 5, 2)
      var task = LanguageModelTask(configuration: configuration, vocabulary: vocabulary)
      task.chat = chat
      trained = TrainedTask(task, task.makeModel(key: key))
    }

    var host: ModelHost { ModelHost(name: "text", hash: "hash-of-text", trained, batchSize: 8) }
  }

  /// Recurrent layers of 3 numbers to 5.
  static func layers(_ name: String = "layers") throws -> ModelHost {
    let layer = RecurrentLayer<AnyCell>(layerCount: 1, inputSize: 3, key: key) {
      CellCatalog.lstm.make(inputSize: $0, hiddenSize: 5, key: $1)
    }
    let folder = try ScratchFolder()
    let path = try folder.file("layers.safetensors")
    try SafetensorsWriter.write(layer.entries(), to: path)
    return try ModelHost(path: path, name: name, batchSize: 4)
  }

  static func line(_ numbers: [Double]) -> JSONValue { .list(numbers.map { .number($0) }) }
}

extension [ServingAnswer] {
  /// The rows of the only answer.
  var rows: StoredRows? { if case .rows(let rows, _)? = last { rows } else { nil } }
  /// The position of the only answer.
  var position: Int? { if case .rows(_, let position)? = last { position } else { nil } }
  /// Why there is none.
  var error: ServingError? { if case .failure(let error)? = last { error } else { nil } }
  /// The session of the only answer.
  var session: SessionInfo? { if case .session(let info)? = last { info } else { nil } }
  /// The texts of the choices of a completion.
  var texts: [Int: String] {
    reduce(into: [:]) { texts, answer in
      if case .piece(let piece) = answer { texts[piece.index, default: ""] += piece.text }
    }
  }
  /// The bytes of the state of the only answer.
  var file: [UInt8]? { if case .state(let file, _)? = last { file } else { nil } }
}
