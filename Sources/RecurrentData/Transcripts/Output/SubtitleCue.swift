/// What stands on the screen from a time to another.
public struct SubtitleCue: Sendable, Equatable {
  /// When it comes and goes, in milliseconds.
  public var start, end: Int
  /// The lines, without markup.
  public var lines: [String]
  /// Its words with their times, line by line; empty where nobody says.
  public var words: [[TimedWord]]

  /// A cue from a time to another, in milliseconds, with its lines from the top down.
  public init(start: Int, end: Int, lines: [String], words: [[TimedWord]] = []) {
    (self.start, self.end, self.lines, self.words) = (start, end, lines, words)
  }
}

extension TimedTranscript {
  /// What stands on the screen, from the beginning of the recording on: cues that never overlap.
  public func cues(_ settings: SubtitleSettings = SubtitleSettings()) -> [SubtitleCue] {
    SubtitleLayout(settings).cues(self)
  }
}

/// How subtitles are laid out.
public struct SubtitleSettings: Sendable, Equatable, Codable {
  /// The most characters of a line; less than 1 counts as 1.
  public var lineLength: Int
  /// The most lines of a cue; less than 1 counts as 1.
  public var lineCount: Int
  /// How long a cue stands, in seconds; shorter where the next words come, for no two overlap.
  public var seconds: ClosedRange<Double>
  /// The most characters that are to be read in a second, where there is time for it.
  public var readingSpeed: Double
  /// A silence from which on a new cue begins, in seconds.
  public var pause: Double
  /// Whether the time of each word stands in WebVTT.
  public var marksWords: Bool

  /// Settings that suit most readers.
  public init(
    lineLength: Int = 42, lineCount: Int = 2, seconds: ClosedRange<Double> = 1...7, readingSpeed: Double = 17,
    pause: Double = 1, marksWords: Bool = false
  ) {
    self.lineLength = lineLength
    self.lineCount = lineCount
    self.seconds = seconds
    self.readingSpeed = readingSpeed
    self.pause = pause
    self.marksWords = marksWords
  }
}
