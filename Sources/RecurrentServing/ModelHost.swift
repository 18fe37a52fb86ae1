import RecurrentFormats
import RecurrentTasks

/// A model that is served, with its live sessions.
public struct ModelHost: Sendable {
  /// How its sessions are read.
  public enum Sessions: Sendable {
    /// A language model: lines are texts, and it writes.
    case text(SessionTable<LanguageModelSession, LanguageModelStepReader>)
    /// Steps of any other task, or of layers without one.
    case steps(any AnySessionTable)
    /// None, for a reason.
    case none(String)
  }

  /// What it is called in requests.
  public let name: String
  /// The name of its task.
  public let task: String
  /// The SHA-256 of the file of its parameters: which states belong to it.
  public let hash: String
  /// Number of parameters.
  public let parameterCount: Int
  /// Its live sessions.
  public internal(set) var sessions: Sessions
  /// What predicts for whole sequences; nil for layers.
  public let trained: (any AnyTrainedTask)?
  /// Numbers of a step, where it is a list of so many; nil where the task says what a step is.
  public let inputSize: Int?
  /// Numbers of an answer, where it is one list of them.
  public let outputSize: Int?

  /// Opens a bundle, or a file of recurrent layers.
  ///
  /// - Parameters:
  ///   - path: a folder or a file.
  ///   - name: what it is called in requests; nil for the name of the file without its ending.
  ///   - batchSize: the most sessions that are read in one step of the network.
  /// - Throws: ``BundleError``, ``InterchangeError``, a format error, or ``ServingError`` for a graph.
  public init(path: String, name: String? = nil, batchSize: Int) throws {
    let hash = try SHA256.hash(file: AnyModel.file(of: path))
    let own = name ?? ModelHost.name(of: path)
    switch try AnyModel(path: path) {
    case .task(let trained): self.init(name: own, hash: hash, trained, batchSize: batchSize)
    case .layers(let layers): self.init(name: own, hash: hash, layers, batchSize: batchSize)
    case .graph:
      throw ServingError(
        .unsupported, "\(path): a graph of operators has no sessions; serve a bundle or recurrent layers")
    }
  }

  /// A trained task.
  public init(name: String, hash: String, _ trained: any AnyTrainedTask, batchSize: Int) {
    (self.name, self.hash, self.trained, task) = (name, hash, trained, trained.taskName)
    (inputSize, outputSize) = (nil, nil)
    parameterCount = trained.arrays().reduce(0) { $0 + $1.shape.reduce(1, *) }
    do {
      if let text = trained as? TrainedTask<LanguageModelTask> {
        sessions = .text(try text.sessionTable(batchSize: batchSize))
      } else {
        sessions = .steps(try trained.sessions(Settings(), batchSize: batchSize))
      }
    } catch {
      sessions = .none("\(error)")
    }
  }

  /// Recurrent layers without a task.
  public init(name: String, hash: String, _ layers: ImportedLayers, batchSize: Int) {
    (self.name, self.hash, trained, task) = (name, hash, nil, ImportedLayers.task)
    (inputSize, outputSize) = (layers.layer.inputSize, layers.layer.outputSize)
    parameterCount = layers.layer.parameterCount
    do { sessions = .steps(try layers.sessions(batchSize: batchSize)) } catch { sessions = .none("\(error)") }
  }

  /// The name of a file without the folders before it and its ending.
  static func name(of path: String) -> String {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    return last.split(separator: ".").first.map(String.init) ?? last
  }

  /// Whether it writes texts.
  public var writes: Bool { if case .text = sessions { true } else { false } }

  /// Whether its steps are texts.
  public var readsText: Bool { trained?.readsText ?? false }

  /// The names of the fields of its rows, where they are known.
  public var columns: [String]? {
    switch sessions {
    case .text(let table): table.columns
    case .steps(let table): trained == nil ? ["output"] : table.columns
    case .none: nil
    }
  }

  /// Why it has no sessions; nil where it has.
  public var issue: String? { if case .none(let reason) = sessions { reason } else { nil } }

  /// The live sessions, whatever they are.
  ///
  /// - Throws: ``ServingError`` of the kind `unsupported` where it has none.
  func table() throws(ServingError) -> any AnySessionTable {
    switch sessions {
    case .text(let table): return table
    case .steps(let table): return table
    case .none(let reason):
      throw ServingError(.unsupported, "model \"\(name)\" has no sessions: \(reason)", parameter: "model")
    }
  }

  /// Works on the live sessions.
  ///
  /// - Throws: ``ServingError`` of the kind `unsupported` where it has none, and what `body` throws.
  mutating func withTable<R>(_ body: (inout any AnySessionTable) throws -> R) throws -> R {
    var table = try table()
    // the only copy goes on in its own memory
    let (isText, reason) = (writes, "in use")
    sessions = .none(reason)
    defer {
      if isText, let own = table as? SessionTable<LanguageModelSession, LanguageModelStepReader> {
        sessions = .text(own)
      } else {
        sessions = .steps(table)
      }
    }
    return try body(&table)
  }

  /// Works on the live texts.
  ///
  /// - Throws: ``ServingError`` of the kind `unsupported` where the model writes none.
  mutating func withTexts<R>(
    _ body: (inout SessionTable<LanguageModelSession, LanguageModelStepReader>) throws -> R
  ) throws -> R {
    guard case .text(var table) = sessions else {
      throw ServingError(
        .unsupported, "model \"\(name)\" is for \(task) and writes no texts", parameter: "model")
    }
    sessions = .none("in use")
    defer { sessions = .text(table) }
    return try body(&table)
  }
}

extension ModelHost {
  /// Live sessions in memory.
  public var openSessions: Int { (try? table().openCount) ?? 0 }
}
