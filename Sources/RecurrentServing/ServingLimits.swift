/// What a server takes at most. Each limit has a flag of `recurrent serve` and stands in the configuration of every model.
public struct ServingLimits: Sendable, Equatable {
  /// Connections at the same time.
  public var connections = 12_000
  /// Sessions in memory, of all models together.
  public var sessions = 16_384
  /// Sessions that are read in one step of the network.
  public var batchSize = 256
  /// Steps of one request.
  public var steps = 4096
  /// Requests of one session that wait.
  public var waitingPerSession = 32
  /// Seconds of work that may wait, by the measured rate of steps.
  public var waitingSeconds = 1.0
  /// Seconds of work that may go on waiting; more is taken as a burst, for ``waitingSeconds`` in all since nothing waited.
  public var standingSeconds = 1.0
  /// Completions that are written at the same time.
  public var completions = 1024
  /// Predictions for whole sequences that wait.
  public var predictions = 256
  /// Tokens of a completion.
  public var tokens = 65_536
  /// Choices of a completion.
  public var choices = 16
  /// Tokens of a prompt that are read between two steps of the others.
  public var promptChunk = 64
  /// Bytes of states of beginnings of texts that are kept, so that nobody reads those again; 0 for none.
  public var prefixBytes = 64 << 20
  /// Seconds after which a session that nobody uses leaves memory.
  public var idleSeconds = 300.0
  /// Seconds that a session is kept on disk without being used.
  public var diskSeconds = 86_400.0
  /// Seconds between two writings of a session that is in use; 0 for never.
  public var stateSeconds = 10.0
  /// Bytes of a request.
  public var bodyBytes = 8 << 20
  /// Bytes of the head of a request.
  public var headerBytes = 16 << 10
  /// Fields of the head of a request.
  public var headerFields = 100
  /// Bytes of a message.
  public var messageBytes = 1 << 20
  /// Bytes that a connection may be behind before its work waits.
  public var unsentBytes = 256 << 10
  /// Seconds until the head of a request is there.
  public var headSeconds = 10.0
  /// Seconds until the whole request is there.
  public var bodySeconds = 30.0
  /// Seconds that a connection may be without a request.
  public var keepAliveSeconds = 75.0
  /// Seconds of silence after which a stream gets a sign of life.
  public var silenceSeconds = 10.0
  /// Seconds that requests have to end when the server does.
  public var drainSeconds = 30.0

  /// The limits of a server where nothing else is set.
  public init() {}

  /// The shortest time that something of a connection may take.
  package var shortestWait: Double { min(headSeconds, bodySeconds, keepAliveSeconds, silenceSeconds) }

  /// All limits with their names.
  public var named: [(String, JSONNode)] {
    [
      ("connections", .integer(connections)), ("sessions", .integer(sessions)),
      ("batch_size", .integer(batchSize)), ("steps", .integer(steps)),
      ("waiting_per_session", .integer(waitingPerSession)), ("waiting_seconds", .number(waitingSeconds)),
      ("standing_seconds", .number(standingSeconds)),
      ("completions", .integer(completions)), ("predictions", .integer(predictions)),
      ("tokens", .integer(tokens)), ("choices", .integer(choices)),
      ("prompt_chunk", .integer(promptChunk)), ("prefix_bytes", .integer(prefixBytes)),
      ("idle_seconds", .number(idleSeconds)),
      ("disk_seconds", .number(diskSeconds)), ("state_seconds", .number(stateSeconds)),
      ("body_bytes", .integer(bodyBytes)), ("header_bytes", .integer(headerBytes)),
      ("header_fields", .integer(headerFields)), ("message_bytes", .integer(messageBytes)),
      ("unsent_bytes", .integer(unsentBytes)), ("head_seconds", .number(headSeconds)),
      ("body_seconds", .number(bodySeconds)), ("keep_alive_seconds", .number(keepAliveSeconds)),
      ("silence_seconds", .number(silenceSeconds)), ("drain_seconds", .number(drainSeconds)),
    ]
  }
}
