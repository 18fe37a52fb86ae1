import RecurrentTasks
import Synchronization

/// What a server may be asked for that concerns its sessions, and the models that have them.
public struct ServingRequest: Sendable {
  /// What is to be done.
  public enum Action: Sendable {
    /// Begins a session of a model; with a name of its own where one is given.
    case open(model: String, id: String?, idleSeconds: Double?)
    /// Begins a session that ends with its connection and is never on disk, of sound at a rate; nil for that of the model.
    case listen(id: String, model: String, rate: Double?)
    /// Reads lines of a session; with a position a repetition is answered with the same rows.
    case push(id: String, lines: SessionLines, position: Int?)
    /// Ends the sequence of a session, and begins another one in it.
    case reset(id: String)
    /// Begins a session where another one is.
    case fork(id: String, to: String?)
    /// What is known of a session.
    case describe(id: String)
    /// What is known of all sessions.
    case list
    /// The state of a session, as a file.
    case save(id: String)
    /// Goes on from the state of a file; begins the session of a model where there is none.
    case restore(id: String, model: String?, file: [UInt8])
    /// Ends a session.
    case close(id: String)
    /// Reads lines of a sequence of the Open Inference Protocol, or of none at all.
    case infer(model: String, sequence: InferenceSequence?, lines: SessionLines)
    /// Writes.
    case complete(CompletionRequest)
  }

  /// What is to be done.
  public var action: Action
  /// Who asks.
  public var client: ServingClient
  /// When it came, in seconds of the clock of the server.
  public var time: Double
  /// Called with each answer, the last one among them.
  public var reply: @Sendable (ServingAnswer) -> Void

  /// A request.
  public init(
    _ action: Action, client: ServingClient = ServingClient(), time: Double,
    reply: @escaping @Sendable (ServingAnswer) -> Void
  ) {
    (self.action, self.client, self.time, self.reply) = (action, client, time, reply)
  }

  /// About how many steps it takes.
  var cost: Int {
    switch action {
    case .push(_, let lines, _), .infer(_, _, let lines): max(lines.count, 1)
    case .complete(let request): max(request.prompts.reduce(0) { $0 + $1.count }, 1)
    default: 1
    }
  }
}

/// A sequence of the Open Inference Protocol.
public struct InferenceSequence: Sendable, Equatable {
  /// What the client calls it.
  public var id: String
  /// Whether it begins with this request; what was there before is forgotten.
  public var isStart: Bool
  /// Whether it ends with this request.
  public var isEnd: Bool

  /// A sequence.
  public init(id: String, isStart: Bool, isEnd: Bool) {
    (self.id, self.isStart, self.isEnd) = (id, isStart, isEnd)
  }
}

/// Who asks: its connection may go away, or fall behind with what it reads.
public final class ServingClient: Sendable {
  private let gone = Atomic<Bool>(false)
  private let behind = Atomic<Bool>(false)
  private let unsent = Atomic<Int>(0)
  /// Pieces that may be on their way from the models to the connection; a model that is faster than the network waits.
  private static let mostUnsent = 32

  /// One that is there.
  public init() {}

  /// Whether nobody waits for answers any more.
  public var isGone: Bool {
    get { gone.load(ordering: .relaxed) }
    set { gone.store(newValue, ordering: .relaxed) }
  }

  /// Whether it has to read first what was written for it.
  public var isBehind: Bool {
    get {
      behind.load(ordering: .relaxed) || unsent.load(ordering: .relaxed) >= ServingClient.mostUnsent
    }
    set { behind.store(newValue, ordering: .relaxed) }
  }

  /// A piece is on its way to the connection.
  public func beginSending() { unsent.add(1, ordering: .relaxed) }

  /// A piece has come to the connection.
  ///
  /// - Returns: whether more may come again that could not before.
  public func endSending() -> Bool {
    unsent.subtract(1, ordering: .relaxed).oldValue == ServingClient.mostUnsent
  }
}

/// What is known of a session.
public struct SessionInfo: Sendable, Equatable {
  /// Its name.
  public var id: String
  /// The name of its model.
  public var model: String
  /// Lines, or tokens of a text, that it has read.
  public var position: Int
  /// Numbers of its state, in bytes.
  public var bytes: Int
  /// Whether it is on disk.
  public var isOnDisk: Bool
}

/// An answer to a request.
public enum ServingAnswer: Sendable {
  /// A session.
  case session(SessionInfo)
  /// Sessions.
  case sessions([SessionInfo])
  /// Rows that became known, with the position behind them.
  case rows(StoredRows, position: Int)
  /// A state, as a file.
  case state([UInt8], position: Int)
  /// A piece of a completion; the last one has the usage.
  case piece(CompletionPiece)
  /// It is done, and there is nothing to say.
  case done
  /// Why there is no answer.
  case failure(ServingError)
}

/// Rows of an answer, as they are, or as they were written down.
public enum StoredRows: Sendable {
  /// Rows.
  case rows([[Field]])
  /// A list of JSON.
  case text([UInt8])

  /// A list of JSON.
  public var node: JSONNode {
    switch self {
    case .rows(let rows): .list(rows.map { JSONNode($0) })
    case .text(let text): .written(text)
    }
  }
}
