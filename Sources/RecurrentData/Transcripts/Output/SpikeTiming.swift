/// When words are said, by the spikes of a network that was trained by connectionist temporal classification: such spikes are
/// short and late, so that a word goes half of the way to its neighbours.
public struct SpikeTiming: Sendable, Equatable, Codable {
  /// A word by its spikes.
  public struct Word: Sendable, Equatable {
    /// What is said.
    public var text: String
    /// When the spikes of its first and its last token are, in seconds.
    public var first, last: Double
    /// How likely it is right, 0 to 1; nil where nobody says.
    public var confidence: Double?

    /// A word with the times of its first and its last spike, in seconds.
    public init(_ text: String, first: Double, last: Double, confidence: Double? = nil) {
      (self.text, self.first, self.last, self.confidence) = (text, first, last, confidence)
    }
  }

  /// How much later spikes are than what they stand for, in seconds.
  public var delay: Double
  /// The most that a word goes beyond its spikes, in seconds.
  public var reach: Double

  /// A way to find times from spikes; both values are in seconds.
  public init(delay: Double = 0, reach: Double = 0.25) { (self.delay, self.reach) = (delay, reach) }

  /// The least that a word lasts, in seconds, where the recording has room for it: spikes at its very beginning leave less.
  private static let shortest = 0.02

  /// The times of words: from half of the distance to the word before to half of that to the word behind, at most ``reach``
  /// beyond the spikes and within the recording. No word begins before the end of the one before.
  ///
  /// - Parameters:
  ///   - words: the words by time.
  ///   - duration: seconds of the recording.
  public func times(of words: [Word], duration: Double) -> [TimedWord] {
    func within(_ time: Double) -> Double { min(max(time - delay, 0), max(duration, 0)) }
    var last = 0.0
    return words.indices.map { index in
      let word = words[index]
      let before = index > 0 ? (word.first - words[index - 1].last) / 2 : reach
      let behind = index + 1 < words.count ? (words[index + 1].first - word.last) / 2 : reach
      let start = max(within(word.first - min(max(before, 0), reach)), last)
      let end = within(word.last + min(max(behind, 0), reach))
      last = max(min(max(end, start + SpikeTiming.shortest), max(duration, 0)), start)
      return TimedWord(word.text, start: start, end: last, confidence: word.confidence)
    }
  }

  /// How much later words were found than they are known to be: the median of the distances of the middles of words that are the
  /// same; nil where there are none.
  ///
  /// - Parameters:
  ///   - found: the words that were found in each recording.
  ///   - known: those that are known, with their times.
  public static func delay(of found: [[TimedWord]], from known: [[LabelledEvent]]) -> Double? {
    var delays: [Double] = []
    for (found, known) in zip(found, known) {
      let alignment = EditAlignment(reference: known.map(\.label), hypothesis: found.map(\.text))
      for case .match(let place, let other) in alignment.steps {
        let (word, event) = (found[other], known[place])
        delays.append((word.start + word.end - event.start - event.end) / 2)
      }
    }
    delays.sort()
    guard !delays.isEmpty else { return nil }
    let middle = delays.count / 2
    return delays.count % 2 == 1 ? delays[middle] : (delays[middle - 1] + delays[middle]) / 2
  }
}
