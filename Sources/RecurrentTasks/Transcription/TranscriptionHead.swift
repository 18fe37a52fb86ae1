/// The text of a recording while it comes in: words that are certain, and those that may still change.
public struct TranscriptionHead: SessionHead {
  private let search: CTCSearch
  private let best: Int
  private let frameRate, stepRate: Double
  /// Frames from one look at the text to the next.
  private let interval: Int
  private var decoding: CTCSearchState
  /// Whether what the network has given is no number: then nothing more is read.
  private var isBroken = false
  private var news: TranscriptionTask.Update?
  /// The words that may change, as they were given out last.
  private var shown = ""
  /// The last frame of the words that were certain; nil where there are none.
  private var spoken: Int?
  /// Steps of the features so far.
  public private(set) var stepCount = 0

  init(_ task: TranscriptionTask) {
    search = task.makeSearch()
    (best, frameRate, stepRate) = (task.search.best, task.frameRate, task.rate)
    decoding = search.start
    // ten times a second: by frames, so that it does not matter how the input is cut
    interval = task.timeUnit == nil ? max(1, Int((task.frameRate / 10).rounded())) : 8
  }

  /// Takes the scores of a step.
  public mutating func read(_ step: FeatureSequence, _ stepper: SequenceNetworkStepper, row: Int) {
    news = nil
    stepCount += 1
    let before = decoding.frameCount / interval
    take(stepper, row: row)
    if decoding.frameCount / interval != before { look() }
  }

  /// Takes the scores of a step behind the last one, which a convolution has waited for.
  public mutating func readBehindEnd(_ stepper: SequenceNetworkStepper, row: Int) { take(stepper, row: row) }

  private mutating func take(_ stepper: SequenceNetworkStepper, row: Int) {
    guard stepper.hasOutput(row: row), !isBroken else { return }
    stepper.withOutput(row: row) { own in
      do throws(SearchError) { try search.push(own, to: &decoding) } catch { isBroken = true }
    }
  }

  /// Finds out what is new.
  private mutating func look() {
    let stable = search.takeStable(from: &decoding)
    let partial = search.partial(decoding)
    let text = partial.map(\.text).joined(separator: search.units.joiner)
    guard !stable.isEmpty || text != shown else { return }
    shown = text
    news = TranscriptionTask.Update(
      stable: stable, partial: partial, hypotheses: nil, previous: spoken, time: time, duration: duration)
    if let last = stable.last { spoken = last.lastFrame }
  }

  private var time: Double { Double(decoding.frameCount) / frameRate }

  /// How long what was read lasts; the last frame of the network may go beyond its end.
  private var duration: Double { Double(stepCount) / stepRate }

  /// Decides what is left.
  public mutating func end() {
    shown = ""
    news = TranscriptionTask.Update(
      stable: [], partial: [], hypotheses: search.finish(decoding, best: best), previous: spoken,
      time: time, duration: duration)
  }

  /// What the last step or the end has made known.
  public var outputs: [TranscriptionTask.Update] { news.map { [$0] } ?? [] }

  /// What is kept.
  public var state: SessionState {
    guard let stored = search.stored(decoding) else {
      fatalError("TranscriptionHead: a scorer that cannot be stored")
    }
    return SessionState(
      integers: [(name: "steps", values: [Int64(stepCount), isBroken ? 1 : 0])]
        + [(name: "spoken", values: [Int64(spoken ?? -1)])]
        + stored.map { (name: "search." + $0.name, values: $0.values) },
      texts: ["partial": shown])
  }

  /// Goes on from what was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)`` where it is that of another model, or damaged.
  public mutating func restore(_ state: SessionState) throws {
    let counts = try state.integers("steps", count: 2, in: 0...1 << 42)
    try state.check(counts[1] <= 1, "its steps are impossible")
    let stored = state.integers.compactMap { part in
      part.name.hasPrefix("search.") ? (name: String(part.name.dropFirst(7)), values: part.values) : nil
    }
    do throws(SearchError) { decoding = try search.state(of: stored) } catch {
      throw state.damaged("\(error)")
    }
    let last = try state.integers("spoken", count: 1, in: -1...1 << 42)[0]
    spoken = last < 0 ? nil : last
    (stepCount, isBroken, news) = (counts[0], counts[1] == 1, nil)
    shown = state.texts["partial"] ?? ""
  }
}
