/// What the outputs of a network that reads texts stand for: the blank, and units of text.
public struct TranscriptUnits: Sendable, Equatable, Codable {
  /// What a unit is.
  public let kind: TokenKind
  /// The units.
  public let vocabulary: TextVocabulary
  /// The output that stands for the blank: the first one or the last one.
  public let blank: Int

  /// Units with the blank before them.
  public init(kind: TokenKind, vocabulary: TextVocabulary) {
    (self.kind, self.vocabulary, blank) = (kind, vocabulary, 0)
  }

  /// The pieces of words where none are asked for, besides the bytes.
  static let pieceCount = 256

  /// Fits units to transcripts.
  ///
  /// - Parameters:
  ///   - kind: what a unit is.
  ///   - size: the most units; nil for all characters and words, and for 256 pieces beside the bytes.
  /// - Throws: ``DataError/noText`` where all transcripts are empty.
  public static func fit(
    _ kind: TokenKind, to transcripts: [String], size: Int? = nil
  ) throws(DataError) -> TranscriptUnits {
    // a space stands in front of each word, so that its pieces are the same wherever it stands
    let lead = kind == .character ? "" : " "
    let texts = transcripts.map(\.spaced).filter { !$0.isEmpty }.map { lead + $0 }
    return TranscriptUnits(
      kind: kind,
      vocabulary: try TextVocabulary.fit(
        unit: kind.unit, texts: texts, size: size ?? (kind == .piece ? 256 + pieceCount : nil),
        splitsPunctuation: false))
  }

  /// The number of outputs, the blank among them.
  public var count: Int { vocabulary.count + 1 }

  /// The outputs of a text without units that there are none of.
  public func outputs(of text: String) -> [Int32] {
    let first = blank == 0 ? Int32(1) : 0
    return tokens(of: text).filter { $0 != vocabulary.unknownID }.map { $0 + first }
  }

  /// Units of a text that there are none of.
  public func unknownCount(in text: String) -> Int {
    guard let unknown = vocabulary.unknownID else { return 0 }
    return tokens(of: text).count { $0 == unknown }
  }

  private func tokens(of text: String) -> [Int32] {
    switch kind {
    case .word: text.split(whereSeparator: \.isWhitespace).map { vocabulary.id(ofWord: String($0)) }
    case .character: Array(vocabulary.encode(text.spaced).ids)
    case .piece:
      text.contains { !$0.isWhitespace }
        ? Array(vocabulary.encode(" " + text.spaced).ids) : []
    }
  }

  /// The text of an output, to show; nil for the blank.
  public func text(ofOutput output: Int) -> String? {
    guard output != blank, (0..<count).contains(output) else { return nil }
    return vocabulary.token(Int32(blank == 0 ? output - 1 : output))
  }

  /// What the outputs spell.
  ///
  /// - Throws: ``SearchError`` where one of them cannot be spelled.
  func spelling() throws(SearchError) -> OutputUnits {
    let place = blank == 0 ? OutputUnits.BlankPlace.first : .last
    return kind == .word
      ? try OutputUnits(words: vocabulary, blank: place)
      : try OutputUnits(spelling: vocabulary, blank: place)
  }

  /// Throws where the units are impossible.
  func check() throws(ValueIssue) {
    try kind.check(vocabulary)
    try ValueIssue.check(
      blank == 0 || blank == vocabulary.count,
      "units.blank is \(blank), expected 0 or \(vocabulary.count), the number of units")
    do throws(SearchError) { _ = try spelling() } catch { throw ValueIssue("units.vocabulary: \(error)") }
  }
}
