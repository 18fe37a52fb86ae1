import RecurrentTasks

/// A recording that comes over WebSocket and is written down meanwhile, with the messages of Vosk's server and of sherpa-onnx, whose
/// clients need no change. The first message tells them apart.
///
/// | | Vosk | sherpa-onnx |
/// |---|---|---|
/// | begins with | `{"config": {"sample_rate": 16000, "words": true}}` | samples |
/// | samples | 16-bit integers | float32 from -1 to 1 |
/// | ends with | `{"eof" : 1}` | `Done` |
/// | is answered | `{"partial"}`, or `{"text"}` of words that have become certain | `{"text"}` of all words so far |
/// | times | `{"result": [{"word", "start", "end", "conf"}]}` where `words` is true | `tokens` that are certain, with their `timestamps` |
///
/// Numbers are little-endian.
public struct SpeechSchema: Sendable {
  /// What a client says.
  public enum Message: Sendable {
    /// Samples come so many a second; nil for as many as the model reads.
    case rate(Double?)
    /// Samples from -1 to 1.
    case samples([Double])
    /// What was said so far is a whole, and another one begins.
    case reset
    /// The recording ends.
    case end
  }

  private enum Dialect { case vosk, sherpa }

  /// A word that is certain, with its times in seconds.
  private struct Word {
    let text: String
    var start, end: Double
    let confidence: Double
  }

  private var dialect: Dialect?
  /// Whether words are told with their times.
  private var tellsWords = false
  /// Words that are certain.
  private var certain = ""
  /// The same one by one, for who is told all of them each time.
  private var words: [Word] = []
  /// Where the last word that is certain ends, in seconds.
  private var spoken = 0.0
  /// Words that follow them so far.
  private var partial = ""

  /// The path where speech comes in.
  public static let path = "/v1/listen"

  /// Nothing said yet.
  public init() {}

  /// Reads a text.
  ///
  /// - Throws: ``ServingError``.
  public mutating func read(text: [UInt8]) throws(ServingError) -> Message {
    if text.elementsEqual("Done".utf8) {
      dialect = dialect ?? .sherpa
      return .end
    }
    let body = try RequestBody(text)
    dialect = dialect ?? .vosk
    if body.value("eof") != nil { return .end }
    if body.value("reset") != nil { return .reset }
    guard body.value("config") != nil else {
      throw ServingError(
        .malformed, "the message is none of \"config\", \"reset\" and \"eof\", nor the text Done",
        parameter: "config")
    }
    let settings = try body.object("config")
    tellsWords = try settings.flag("words") ?? tellsWords
    return .rate(try settings.number("sample_rate", in: 1...1e6))
  }

  /// Reads samples.
  ///
  /// - Throws: ``ServingError`` where they are not whole, or not finite.
  public mutating func read(samples bytes: [UInt8]) throws(ServingError) -> Message {
    dialect = dialect ?? .sherpa
    let width = dialect == .vosk ? 2 : 4
    guard bytes.count % width == 0 else {
      throw ServingError(
        .malformed, "the message has \(bytes.count) bytes, expected samples of \(width) each")
    }
    let samples = bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / width).map { place in
        width == 2
          ? Double(Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * place, as: Int16.self)))
            / 32768
          : Double(
            Float(
              bitPattern: UInt32(
                littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * place, as: UInt32.self))))
      }
    }
    guard samples.allSatisfy(\.isFinite) else {
      throw ServingError(.malformed, "a sample is no number, expected finite ones")
    }
    return .samples(samples)
  }

  /// What is said to rows that became known.
  ///
  /// - Parameter isEnd: whether nothing follows them.
  /// - Returns: messages, each a text.
  public mutating func answers(_ rows: StoredRows, isEnd: Bool) -> [[UInt8]] {
    guard case .rows(let rows) = rows else { return [] }
    var news: [String] = []
    var newWords: [Word] = []
    for row in rows {
      for var word in SpeechSchema.words(of: row) {
        // a neighbour may have moved since the word before was certain
        word.start = max(word.start, spoken)
        word.end = max(word.end, word.start)
        spoken = word.end
        newWords.append(word)
      }
      if case .text(let text)? = row["stable"], !text.isEmpty { news.append(text) }
      if case .text(let text)? = row["partial"] { partial = text }
    }
    if isEnd { (partial, spoken) = ("", 0) }
    let new = news.joined(separator: " ")
    guard dialect == .sherpa else {
      // every message has one answer, and the end always a text
      guard !new.isEmpty || isEnd else { return [JSONNode.object([("partial", .text(partial))]).bytes] }
      let result = JSONNode.list(
        newWords.map {
          .object([
            ("conf", .number($0.confidence)), ("end", .number($0.end)), ("start", .number($0.start)),
            ("word", .text($0.text)),
          ])
        })
      return [
        JSONNode.object(
          (tellsWords && !newWords.isEmpty ? [("result", result)] : []) + [("text", .text(new))]
        )
        .bytes
      ]
    }
    if !new.isEmpty { certain += (certain.isEmpty ? "" : " ") + new }
    words += newWords
    let text = [certain, partial].filter { !$0.isEmpty }.joined(separator: " ")
    let answer = JSONNode.object([
      ("text", .text(text)), ("tokens", .list(words.map { .text($0.text) })),
      ("timestamps", .numbers(words.map(\.start))), ("segment", .integer(0)), ("start_time", .number(0)),
      ("is_final", .bool(isEnd)), ("is_eof", .bool(isEnd)),
    ])
    return isEnd ? [answer.bytes, Array("Done!".utf8)] : [answer.bytes]
  }

  /// The words of a row that are certain.
  private static func words(of row: [Field]) -> [Word] {
    guard case .texts(let texts)? = row["words"], case .numbers(let starts)? = row["starts"],
      case .numbers(let ends)? = row["ends"], case .numbers(let confidences)? = row["confidences"]
    else { return [] }
    return texts.indices.map {
      Word(text: texts[$0], start: starts[$0], end: ends[$0], confidence: confidences[$0])
    }
  }
}
