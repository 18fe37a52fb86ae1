import RecurrentTasks

/// What a language model is to write.
public struct CompletionRequest: Sendable {
  /// The name of the model.
  public var model: String
  /// What the texts begin with; each has choices of its own.
  public var prompts: [CompletionPrompt]
  /// The session that is gone on with; nil for the beginning of a text.
  public var session: String?
  /// Tokens to write.
  public var length: Int
  /// Texts for each prompt.
  public var choices: Int
  /// How to choose.
  public var sampler: Sampler
  /// Tokens end before the first of these.
  public var stop: [String]
  /// Of the random numbers; a choice with number i draws with the child i.
  public var seed: UInt64
  /// The likeliest tokens that are told beside each, with their log-probabilities; nil for none.
  public var logProbabilities: Int?

  /// What is to be written.
  public init(
    model: String, prompts: [CompletionPrompt] = [.text("")], session: String? = nil, length: Int = 16,
    choices: Int = 1,
    sampler: Sampler = Sampler(), stop: [String] = [], seed: UInt64 = 1, logProbabilities: Int? = nil
  ) {
    (self.model, self.prompts, self.session, self.length) = (model, prompts, session, length)
    (self.choices, self.sampler, self.stop, self.seed) = (choices, sampler, stop, seed)
    self.logProbabilities = logProbabilities
  }
}

/// What a text begins with.
public enum CompletionPrompt: Sendable, Equatable {
  /// A text.
  case text(String)
  /// Numbers of tokens.
  case tokens([Int32])

  /// The most tokens that it may be.
  var count: Int {
    switch self {
    case .text(let text): text.utf8.count
    case .tokens(let ids): ids.count
    }
  }
}

/// A token of a completion with what the model thought of it.
public struct TokenChance: Sendable, Equatable {
  /// What it reads.
  public var token: String
  /// The logarithm of its probability.
  public var logProbability: Double
  /// The likeliest tokens at its place with theirs, the likeliest first.
  public var likeliest: [(token: String, logProbability: Double)]

  /// Compares everything.
  public static func == (a: TokenChance, b: TokenChance) -> Bool {
    a.token == b.token && a.logProbability == b.logProbability
      && a.likeliest.elementsEqual(b.likeliest) { $0 == $1 }
  }
}

/// A piece of a completion.
public struct CompletionPiece: Sendable {
  /// Tokens that were read and written.
  public struct Usage: Sendable, Equatable {
    /// Tokens of all prompts, `prompt_tokens` of the OpenAI API.
    public var prompt: Int
    /// Tokens of prompts that were not read, as a state behind them was kept; `cached_tokens` of the OpenAI API.
    public var kept = 0
    /// Tokens written for all choices, `completion_tokens` of the OpenAI API.
    public var completion: Int
  }

  /// The number of the choice, over all prompts.
  public var index: Int
  /// Text that is certain.
  public var text: String
  /// The tokens since the last piece, where they were asked for.
  public var chances: [TokenChance]
  /// Why the choice ends with this piece; nil where it goes on.
  public var end: TextGenerator.End?
  /// With the last piece of all choices.
  public var usage: Usage?
}
