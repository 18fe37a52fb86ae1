import RecurrentCore

/// What the outputs of a network spell: which one is the blank, and of each other one its text and where words begin and end.
///
/// Words stand between white space. An output is one of
/// - a separator: white space alone,
/// - a piece of a word: bytes; white space before or after them begins or ends the word,
/// - a whole word, where every token is one.
///
/// Texts come out as their words with one ``joiner`` between, so that repeated or outer separators make no difference.
public struct OutputUnits: Sendable, Equatable {
  /// How an output is used.
  struct Output: Sendable, Equatable {
    /// The bytes that go into a word; none for a separator.
    var bytes: [UInt8] = []
    /// Whether the bytes begin a word, wherever they stand.
    var beginsWord = false
    /// Whether the word ends after the bytes.
    var endsWord = false
    /// Whether a search may emit it: false for the blank and the unknown token.
    var isUsable = true
  }

  /// Where the blank stands among the outputs.
  public enum BlankPlace: Sendable, Equatable {
    /// Before the tokens: token i is output i + 1.
    case first
    /// After the tokens: token i is output i.
    case last
  }

  let outputs: [Output]
  /// The text of each output as its token has it; empty for the blank.
  let texts: [[UInt8]]
  /// The number of the blank output.
  public let blank: Int
  /// What stands between two words of a text.
  public let joiner: String

  /// The number of outputs, V.
  public var count: Int { outputs.count }

  /// The token of an output; nil for the blank.
  public func token(ofOutput output: Int) -> Int32? {
    output == blank ? nil : Int32(output < blank ? output : output - 1)
  }

  /// The output of a token.
  public func output(ofToken token: Int32) -> Int { Int(token) < blank ? Int(token) : Int(token) + 1 }

  /// Characters or pieces of words, which white space separates.
  ///
  /// - Parameters:
  ///   - tokens: the tokens.
  ///   - blank: where the blank stands.
  ///   - wordMark: a text that stands for a space in the tokens, such as "▁"; nil for none.
  /// - Throws: ``SearchError/unusableToken(output:reason:)`` for an empty token, or one with white space between other bytes.
  public init(
    spelling tokens: some OutputTokens, blank: BlankPlace, wordMark: String? = nil
  ) throws(SearchError) {
    let mark = wordMark.map { Array($0.utf8) } ?? []
    try self.init(tokens, blank, joiner: " ") { bytes throws(SearchError.Reason) in
      let bytes = mark.isEmpty ? bytes : bytes.replacing(mark, with: [UInt8(ascii: " ")])
      guard let first = bytes.firstIndex(where: { !OutputUnits.isSpace($0) }),
        let last = bytes.lastIndex(where: { !OutputUnits.isSpace($0) })
      else {
        if bytes.isEmpty { throw .init("an empty token cannot be spelled") }
        return Output(beginsWord: true, endsWord: true)
      }
      let word = Array(bytes[first...last])
      if word.contains(where: OutputUnits.isSpace) {
        throw .init("\"\(String(decoding: bytes, as: UTF8.self))\" has white space between other characters")
      }
      return Output(bytes: word, beginsWord: first > 0, endsWord: last < bytes.count - 1)
    }
  }

  /// Tokens that are words each, or characters of a script without spaces.
  ///
  /// - Parameters:
  ///   - tokens: the tokens.
  ///   - blank: where the blank stands.
  ///   - joiner: what stands between two words of a text.
  /// - Throws: ``SearchError/unusableToken(output:reason:)`` for an empty token.
  public init(
    words tokens: some OutputTokens, blank: BlankPlace, joiner: String = " "
  ) throws(SearchError) {
    try self.init(tokens, blank, joiner: joiner) { bytes throws(SearchError.Reason) in
      if bytes.isEmpty { throw .init("an empty token cannot be spelled") }
      return Output(bytes: bytes, beginsWord: true, endsWord: true)
    }
  }

  private init(
    _ tokens: some OutputTokens, _ blank: BlankPlace, joiner: String,
    _ output: ([UInt8]) throws(SearchError.Reason) -> Output
  ) throws(SearchError) {
    let place = blank == .first ? 0 : tokens.count
    var (outputs, texts) = ([Output](), [[UInt8]]())
    outputs.reserveCapacity(tokens.count + 1)
    for token in 0..<tokens.count {
      let bytes = tokens.bytes(of: Int32(token)) ?? []
      do throws(SearchError.Reason) {
        var own = try output(bytes)
        own.isUsable = Int32(token) != tokens.unknownID
        outputs.append(own)
        texts.append(bytes)
      } catch {
        throw .unusableToken(output: token < place ? token : token + 1, reason: error.text)
      }
    }
    outputs.insert(Output(isUsable: false), at: place)
    texts.insert([], at: place)
    (self.outputs, self.texts, self.blank, self.joiner) = (outputs, texts, place, joiner)
  }

  /// Whether a byte is white space of ASCII.
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

extension SearchError {
  /// Why a token cannot be used.
  struct Reason: Error {
    let text: String
    init(_ text: String) { self.text = text }
  }
}

extension [UInt8] {
  /// These bytes with every occurrence of some replaced.
  fileprivate func replacing(_ old: [UInt8], with new: [UInt8]) -> [UInt8] {
    var (result, index) = ([UInt8](), 0)
    while index < count {
      if self[index...].starts(with: old) {
        result += new
        index += old.count
      } else {
        result.append(self[index])
        index += 1
      }
    }
    return result
  }
}
