import Recurrent

extension GenerateCommand {
  /// What stands before a text that is written, read by the model as it is or as it goes on learning.
  enum Beginning {
    case plain(LanguageModelSession)
    case adapted(AdaptedText, TextVocabulary)

    /// Goes on from a state.
    mutating func restore(_ state: SessionState) throws {
      switch self {
      case .plain(var session):
        try session.restore(state)
        self = .plain(session)
      case .adapted(var text, let vocabulary):
        try text.restore(state)
        self = .adapted(text, vocabulary)
      }
    }

    /// Reads texts to learn from, where the model learns, and a prompt.
    mutating func read(_ paths: [String], prompt: [Int32]) throws {
      switch self {
      case .plain(var session):
        session.push(prompt)
        self = .plain(session)
      case .adapted(var text, let vocabulary):
        for path in paths { text.read(Array(try vocabulary.encode(sources: [DataSource(path)]).ids)) }
        text.read(prompt)
        text.finish()
        self = .adapted(text, vocabulary)
      }
    }

    /// What writes.
    var session: LanguageModelSession {
      switch self {
      case .plain(let session): session
      case .adapted(let text, _): text.session
      }
    }

    /// What is kept behind a text that was written.
    func state(behind generator: TextGenerator) -> SessionState {
      switch self {
      case .plain: return generator.session.state
      case .adapted(var text, _):
        text.follow(generator.tokens)
        return text.state
      }
    }
  }

  /// The beginning of a text.
  func written(_ trained: TrainedTask<LanguageModelTask>) throws -> Beginning {
    guard let adapt else {
      return .plain(LanguageModelSession(model: trained.model, vocabulary: trained.task.vocabulary))
    }
    return .adapted(try AdaptedText(trained, adaptation.request(adapt)), trained.task.vocabulary)
  }
}
