/// The tokens that a network reads and writes texts in: a vocabulary, and behind it one token that begins and ends each sequence.
public struct TextTokens: Sendable, Equatable, Codable {
  /// What a token is.
  public let kind: TokenKind
  /// The tokens.
  public let vocabulary: TextVocabulary

  /// Tokens of a vocabulary.
  public init(kind: TokenKind, vocabulary: TextVocabulary) {
    (self.kind, self.vocabulary) = (kind, vocabulary)
  }

  /// The pieces where no number is asked for.
  static let pieceCount = 6_000

  /// Fits tokens to texts.
  ///
  /// - Parameters:
  ///   - kind: what a token is.
  ///   - size: the most tokens; nil for all characters and words, and for 6,000 pieces.
  /// - Throws: ``DataError/noText`` where all texts are empty.
  public static func fit(
    _ kind: TokenKind, to texts: [String], size: Int? = nil
  ) throws(DataError) -> TextTokens {
    TextTokens(
      kind: kind,
      vocabulary: try TextVocabulary.fit(
        unit: kind.unit, texts: texts.map { written($0, kind) + (kind == .piece ? "" : " ") },
        size: size ?? (kind == .piece ? pieceCount : nil)))
  }

  /// A text as it is cut into tokens: with one space between words, and of pieces one before each, so that they are the same
  /// wherever a word stands.
  private static func written(_ text: String, _ kind: TokenKind) -> String {
    let text = text.spaced
    return text.isEmpty || kind != .piece ? text : " " + text
  }

  /// The number of tokens, the one that begins and ends among them.
  public var count: Int { vocabulary.count + 1 }
  /// The token that begins and ends a sequence.
  public var end: Int32 { Int32(vocabulary.count) }

  /// The tokens of a text, without its end.
  public func tokens(of text: String) -> [Int32] {
    let text = TextTokens.written(text, kind)
    return text.isEmpty ? [] : Array(vocabulary.encode(text).ids)
  }

  /// Units of a text that there are none of.
  public func unknownCount(in text: String) -> Int {
    guard let unknown = vocabulary.unknownID else { return 0 }
    return tokens(of: text).count { $0 == unknown }
  }

  /// What ``words(of:)`` numbers in the tokens of a text: the words between blanks; of words as tokens these, unknown ones as they
  /// are written.
  func wordTexts(_ text: String) -> [String] {
    kind == .word
      ? vocabulary.words(in: TextTokens.written(text, kind))
      : text.split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// The text of tokens with others in place of the unknown ones, in their order.
  func text(of tokens: [Int32], copies: [String]) -> String {
    guard !copies.isEmpty, let unknown = vocabulary.unknownID.flatMap({ vocabulary.token($0) }) else {
      return text(of: tokens)
    }
    let parts = vocabulary.decode(tokens).split(separator: unknown, omittingEmptySubsequences: false)
    guard parts.count == copies.count + 1 else { return text(of: tokens) }
    return zip(parts, copies + [""]).map { String($0) + $1 }.joined(separator: "").spaced
  }

  /// What the outputs of a search spell; the end stands where others have a blank.
  ///
  /// - Throws: ``SearchError`` where a token cannot be spelled.
  func spelling() throws(SearchError) -> OutputUnits {
    kind == .word
      ? try OutputUnits(words: vocabulary, blank: .last) : try OutputUnits(spelling: vocabulary, blank: .last)
  }

  /// The text of tokens; what is none, such as half a character of bytes, is left out at its ends.
  public func text(of tokens: [Int32]) -> String {
    vocabulary.decode(tokens).spaced
  }

  /// For each token the number of its word; -1 for what stands between words.
  public func words(of tokens: [Int32]) -> [Int] {
    var (word, isOpen) = (-1, false)
    return tokens.map { token in
      let bytes = vocabulary.bytes(of: token) ?? []
      let isBlank = bytes.allSatisfy { $0 == 0x20 || $0 == 0x0A }
      if kind == .word || bytes.first == 0x20 { isOpen = false }
      if isBlank { return -1 }
      if !isOpen { word += 1 }
      isOpen = true
      return word
    }
  }

  /// Means over the tokens of each word, of rows for tokens.
  func means(_ rows: [[Float]], overWordsOf tokens: [Int32]) -> [[Float]] {
    let places = words(of: tokens)
    var means = [[Float]](
      repeating: [Float](repeating: 0, count: rows.first?.count ?? 0), count: (places.max() ?? -1) + 1)
    for (token, word) in places.enumerated() where word >= 0 {
      let share = 1 / Float(places.count { $0 == word })
      for (place, value) in rows[token].enumerated() { means[word][place] += value * share }
    }
    return means
  }

  /// Throws where the units are impossible.
  func check() throws(ValueIssue) {
    try kind.check(vocabulary)
    try ValueIssue.check("the number of units.vocabulary", vocabulary.count, in: 1...1 << 24)
  }
}
