import RecurrentReports

/// An auxiliary loss of a training where it is known when words are said: the cross-entropy, at each step of the network, of the word
/// that is being said then, or that none is (multitask learning, Caruana 1997, doi:10.1023/A:1007379606734).
///
/// What sounds where is what connectionist temporal classification has to find out by itself, and with few recordings it often
/// does not find it. These outputs have a head of their own, which nothing reads after the training.
public struct WordTimeLoss: Sendable, Equatable, Codable {
  /// The words, by their outputs from 1 on; output 0 says that there is none.
  public let words: [String]
  /// How much it counts beside the loss of the transcript.
  public let weight: Double
  /// How long after a word the outputs say it, in the units of the times: what a network that looks back alone has to hear first
  /// (target delay, Graves and Schmidhuber 2005, doi:10.1016/j.neunet.2005.06.042).
  public var delay: Double

  /// The most words that are told apart.
  private static let wordLimit = 1000
  /// What a step is labelled with where its word is none of ``words``.
  static let unknown: Int32 = -100

  /// The most frequent words of recordings, in the order of their names; nil where no word has times.
  init?(_ records: RecordSource, weight: Double) {
    var counts: [String: Int] = [:]
    for index in 0..<records.count {
      for word in records.events(index) ?? [] { counts[word.label, default: 0] += 1 }
    }
    guard !counts.isEmpty, weight > 0 else { return nil }
    let frequent = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(WordTimeLoss.wordLimit)
    self.init(words: frequent.map(\.key).sorted(), weight: weight)
  }

  /// A loss of words that are known.
  public init(words: [String], weight: Double, delay: Double = 0) {
    (self.words, self.weight, self.delay) = (words, weight, delay)
  }

  /// Reads what was encoded, of bundles from before there was a delay with none.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      words: try values.decode([String].self, forKey: .words),
      weight: try values.decode(Double.self, forKey: .weight),
      delay: try values.decodeIfPresent(Double.self, forKey: .delay) ?? 0)
  }

  /// What is to be said about it.
  ///
  /// - Parameter unit: that of the times.
  func note(unit: String) -> DataNote {
    DataNote(
      .assumed,
      "the training also learns when words are said: \(counted(words.count, "word")), with the weight "
        + rounded(weight, 2) + (delay > 0 ? ", \(rounded(delay, 2)) \(unit) later" : ""),
      setting: "word-time-weight")
  }

  /// The outputs: those of the words, and that of none.
  public var outputCount: Int { words.count + 1 }

  /// What is being said in the middle of each of so many steps of equal length, or was ``delay`` ago.
  ///
  /// Of a stretched recording the steps are as many as it has then, and the times those before.
  ///
  /// - Parameters:
  ///   - events: the words with their times.
  ///   - duration: of all steps together, in the units of the times.
  ///   - count: how many steps there are.
  /// - Returns: the output of the word of each step, 0 for none, ``unknown`` for another word.
  func labels(_ events: [LabelledEvent], duration: Double, count: Int) -> [Int32] {
    var labels = [Int32](repeating: 0, count: count)
    guard count > 0, duration > 0 else { return labels }
    let scale = Double(count) / duration
    // the step i has its middle at i + 1/2
    func first(from time: Double) -> Int {
      Int(min(max((time * scale - 0.5).rounded(.up), 0), Double(count)))
    }
    for event in events {
      let (start, end) = (first(from: event.start + delay), first(from: event.end + delay))
      guard start < end else { continue }
      let output = output(of: event.label)
      for step in start..<end { labels[step] = output }
    }
    return labels
  }

  /// The loss of a training in nats: the mean over the steps that are labelled, times a weight; nil where nothing is labelled.
  ///
  /// - Parameters:
  ///   - head: to ``outputCount`` outputs.
  ///   - outputs: of the network, `[T, B, W]`.
  ///   - lengths: of the rows.
  ///   - recordings: the words of each row with their times, and how long it is.
  ///   - weight: how much the mean counts.
  func loss(
    _ head: Linear, _ outputs: Tensor, _ lengths: [Int],
    _ recordings: [(words: [LabelledEvent]?, duration: Double)], weight: Double
  ) -> Tensor? {
    guard recordings.contains(where: { $0.words != nil }) else { return nil }
    let (steps, rows) = (outputs.shape[0], recordings.count)
    var labels = [Int32](repeating: WordTimeLoss.unknown, count: steps * rows)
    for (row, recording) in recordings.enumerated() {
      guard let words = recording.words else { continue }
      let own = self.labels(words, duration: recording.duration, count: lengths[row])
      for (step, label) in own.enumerated() { labels[step * rows + row] = label }
    }
    return linearCrossEntropy(
      outputs, weight: head.weight, bias: head.bias, Indices(labels, shape: [steps, rows]),
      ignoredLabel: WordTimeLoss.unknown) * Float(weight)
  }

  private func output(of word: String) -> Int32 {
    var range = 0..<words.count
    while !range.isEmpty {
      let middle = (range.lowerBound + range.upperBound) / 2
      if words[middle] == word { return Int32(middle + 1) }
      range = words[middle] < word ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return WordTimeLoss.unknown
  }

  /// Throws where the values are impossible.
  func check() throws(ValueIssue) {
    try ValueIssue.check("wordTimes.weight", weight, in: 0...1e6)
    try ValueIssue.check("wordTimes.delay", delay, in: 0...1e6)
    try ValueIssue.check(
      !words.isEmpty && words.count <= WordTimeLoss.wordLimit && zip(words, words.dropFirst()).allSatisfy(<),
      "wordTimes.words has \(counted(words.count, "word")), expected 1 to \(WordTimeLoss.wordLimit) in order, each once"
    )
  }
}
