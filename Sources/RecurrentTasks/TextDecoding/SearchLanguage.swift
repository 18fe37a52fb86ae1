/// What a search knows of texts beside what the network says: a language model with its weights, a list of words, phrases that
/// are expected.
public struct SearchLanguage: Sendable, Equatable, Codable {
  /// A word or phrase that is expected.
  public struct HotWord: Sendable, Equatable, Codable {
    /// The words.
    public var text: String
    /// What it adds to the logarithm of the probability of a text.
    public var boost: Double
  }

  /// What becomes of words that are not in the list.
  public enum UnknownWordPolicy: String, NamedSetting, Codable {
    /// They are scored as unknown ones, with a penalty for each of their characters.
    case allow
    /// Texts with them are dropped.
    case refuse
  }

  /// The weight of the logarithms of the language model.
  public var alpha = 0.5
  /// What each word adds; each character, where the language model is one of characters.
  public var beta = 0.5
  /// Whether somebody has set the weights, which are searched for otherwise.
  public var areWeightsGiven = false
  /// The search for the weights: what was tried, with the error there.
  public var trials: [WeightTrial] = []
  /// The words that there are; nil for those of the language model, and without one for all.
  public var words: [String]?
  /// What becomes of other words.
  public var unknownWords = UnknownWordPolicy.allow
  /// Phrases that are expected.
  public var hotWords: [HotWord] = []
  /// The n-gram model; nil for none.
  public private(set) var ngrams: SearchNGrams?
  /// The recurrent language model; nil for none.
  public private(set) var network: SearchNetwork?

  /// No language model, and every word.
  public init() {}

  /// Whether there is a language model.
  var hasModel: Bool { ngrams?.model != nil || network?.scorer != nil }

  /// Whether its tokens are characters, and not words.
  var areCharacters: Bool { ngrams?.areCharacters ?? network?.areCharacters ?? false }

  /// The language model in words.
  var name: String {
    ngrams.map { "language model of order \($0.order)" } ?? "recurrent language model"
  }

  /// Takes an n-gram model in place of the language model before; its weights are not known yet.
  mutating func take(_ model: NGramModel, path: String) throws(DataError) {
    ngrams = try SearchNGrams(model, path: path)
    (network, trials) = (nil, [])
  }

  /// Takes a recurrent language model in place of the one before; its weights are not known yet.
  mutating func take(_ network: SearchNetwork) { (self.network, ngrams, trials) = (network, nil, []) }

  /// Takes over the model of a bundle.
  mutating func restore(_ resource: (String) throws -> [UInt8]) throws {
    network = try network.map { try $0.restored(resource(SearchNetwork.resource)) }
    guard let own = ngrams else { return }
    ngrams = try SearchNGrams(
      NGramModel(bytes: resource(SearchNGrams.resource), path: SearchNGrams.resource),
      path: SearchNGrams.resource, areCharacters: own.areCharacters)
  }

  /// What of it is no description, by name.
  var resources: [String: [UInt8]] {
    if let model = ngrams?.model { return [SearchNGrams.resource: model.encoded()] }
    return network?.bytes.map { [SearchNetwork.resource: $0] } ?? [:]
  }

  /// The share of the tokens of the language model with something that cannot be written.
  func unspellable(_ isUnknown: (String) -> Bool) -> Double {
    let tokens = ngrams?.tokens ?? network?.tokens ?? []
    return Double(tokens.count(where: isUnknown)) / Double(max(tokens.count, 1))
  }

  /// Throws where the values are impossible.
  func check() throws(ValueIssue) {
    try network?.check()
    try ValueIssue.check("language.alpha", alpha, in: 0...1e6)
    try ValueIssue.check("language.beta", beta, in: -1e6...1e6)
    try ValueIssue.check("language.hotWords.boost", each: hotWords.map(\.boost), in: 0...1e6)
    try ValueIssue.check("language.trials.alpha", each: trials.map(\.alpha), in: 0...1e6)
    try ValueIssue.check("language.trials.beta", each: trials.map(\.beta), in: -1e6...1e6)
    try ValueIssue.check("language.trials.error", each: trials.map(\.error), in: 0...1e9)
  }
}

/// Weights of a language model that were tried.
public struct WeightTrial: Sendable, Equatable, Codable {
  /// The weight of the logarithms, and what each word adds.
  public var alpha, beta: Double
  /// The word error rate of the validation part with a tenth of the character error rate.
  public var error: Double
}

/// An n-gram model of a bundle: its bytes are a resource, what is said here stands in the description.
public struct SearchNGrams: Sendable, Equatable, Codable {
  /// What the resource is called.
  static let resource = "language-model.ngrams"

  /// Whether its tokens are characters, and not words.
  public let areCharacters: Bool
  /// The longest n-grams.
  public let order: Int
  /// Its tokens.
  public let tokenCount: Int
  /// The model; nil before the resource was read.
  public let model: NGramModel?
  /// The words that a search looks for.
  let trie: WordTrie

  private enum CodingKeys: CodingKey { case areCharacters, order, tokenCount }

  /// Reads what stands in the description.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    areCharacters = try container.decode(Bool.self, forKey: .areCharacters)
    order = try container.decode(Int.self, forKey: .order)
    tokenCount = try container.decode(Int.self, forKey: .tokenCount)
    (model, trie) = (nil, WordTrie([]))
  }

  /// A model for a search.
  ///
  /// - Throws: ``DataError`` where it has no words.
  init(_ model: NGramModel, path: String, areCharacters: Bool? = nil) throws(DataError) {
    let words = (0..<Int32(clamping: model.vocabularyCount)).compactMap { model.word(of: $0) }
    let own = words.filter { !["<unk>", "<s>", "</s>"].contains($0) }
    guard !own.isEmpty else {
      throw .malformed(
        path: path, place: .byte(0), expected: "an n-gram model with its words, such as an ARPA file",
        found: "checksums of words alone")
    }
    // a space as a token stands between words that are spelled
    self.areCharacters = areCharacters ?? own.contains(CharacterTokens.wordMark)
    (order, tokenCount, self.model) = (model.order, model.vocabularyCount, model)
    trie = WordTrie(self.areCharacters ? [] : own)
  }

  /// Equal where the descriptions are.
  public static func == (a: SearchNGrams, b: SearchNGrams) -> Bool {
    (a.areCharacters, a.order, a.tokenCount) == (b.areCharacters, b.order, b.tokenCount)
  }

  /// The tokens but for spaces, the unknown one and the ends of sentences.
  var tokens: [String] {
    guard areCharacters, let model else { return trie.words }
    return (0..<Int32(clamping: model.vocabularyCount)).compactMap { model.word(of: $0) }
      .filter { !["<unk>", "<s>", "</s>", CharacterTokens.wordMark].contains($0) }
  }
}
