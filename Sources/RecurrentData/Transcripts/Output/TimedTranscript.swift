/// A word and when it is said.
public struct TimedWord: Sendable, Equatable, Codable {
  /// What is said, without blanks around it.
  public var text: String
  /// When it begins and ends, in seconds.
  public var start, end: Double
  /// How likely it is right, 0 to 1; nil where nobody says.
  public var confidence: Double?

  /// A word from a time to another, in seconds from the beginning of the recording.
  public init(_ text: String, start: Double, end: Double, confidence: Double? = nil) {
    (self.text, self.start, self.end, self.confidence) = (text, start, end, confidence)
  }
}

/// The words of a recording by time.
public struct TimedTranscript: Sendable, Equatable {
  /// Another text that it may be.
  public struct Alternative: Sendable, Equatable, Codable {
    /// The text.
    public var text: String
    /// What it is ranked by, the natural logarithm of a probability with what the search adds.
    public var score: Double
    /// How likely it is, 0 to 1; nil where nobody says.
    public var confidence: Double?

    /// A text with its score.
    public init(_ text: String, score: Double, confidence: Double? = nil) {
      (self.text, self.score, self.confidence) = (text, score, confidence)
    }
  }

  /// What the recording is called.
  public var name: String
  /// Which of its channels, from 1.
  public var channel: Int
  /// Who speaks; nil where nobody says.
  public var speaker: String?
  /// The words. Times rise, and each is a number: those that were given otherwise are moved.
  public let words: [TimedWord]
  /// The best texts, that of the words among them, the best first; empty where only one is asked for.
  public var alternatives: [Alternative] = []
  /// Seconds of the recording, at least 0; nil where nobody says, or for what is no number.
  public let duration: Double?

  /// A transcript. Words without text are left out.
  public init(
    name: String, channel: Int = 1, speaker: String? = nil, words: [TimedWord], duration: Double? = nil
  ) {
    (self.name, self.channel, self.speaker) = (name, channel, speaker)
    self.duration = duration.flatMap { $0.isFinite ? min(max($0, 0), TimedTranscript.latest) : nil }
    var (ordered, last) = ([TimedWord](), 0.0)
    for word in words {
      var own = word
      own.text = word.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      if own.text.isEmpty { continue }
      own.start = min(max(word.start.isFinite ? word.start : last, last), TimedTranscript.latest)
      own.end = min(max(word.end.isFinite ? word.end : own.start, own.start), TimedTranscript.latest)
      if let confidence = word.confidence {
        own.confidence = confidence.isFinite ? min(max(confidence, 0), 1) : nil
      }
      last = own.start
      ordered.append(own)
    }
    self.words = ordered
  }

  /// The last time that can be written, a thousand hours.
  static let latest = 3.6e6

  /// The words with blanks between them.
  public var text: String { words.map(\.text).joined(separator: " ") }
}
