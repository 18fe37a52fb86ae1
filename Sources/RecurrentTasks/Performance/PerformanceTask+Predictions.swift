#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension PerformanceTask {
  /// Tokens of a performance that are read at once.
  private static let partLength = 512

  /// How likely the events of performances are.
  public func predictions(_ model: LanguageModel, to examples: [Example]) -> [Prediction] {
    let longest = examples.map(\.tokens.count).max() ?? 0
    var results = [Prediction](repeating: Prediction(events: []), count: examples.count)
    var grammars = [PerformanceGrammar](repeating: PerformanceGrammar(), count: examples.count)
    var state: LanguageModel.State?
    let (count, width, end) = (examples.count, tokens.count, tokens.token(.end))
    for start in stride(from: 0, to: longest, by: PerformanceTask.partLength) {
      let places = start..<min(longest, start + PerformanceTask.partLength)
      let inputs = places.flatMap { place in
        examples.map {
          place == 0 ? tokens.beginning : place - 1 < $0.tokens.count ? $0.tokens[place - 1] : end
        }
      }
      let (logits, next) = model(Indices(inputs, shape: [places.count, count]), state: state)
      state = next
      logits.scalars.withUnsafeBufferPointer { scores in
        for place in places {
          for (row, example) in examples.enumerated() where place < example.tokens.count {
            let first = ((place - start) * count + row) * width
            let own = UnsafeBufferPointer(rebasing: scores[first..<first + width])
            results[row].events.append(measured(example.tokens[place], own, &grammars[row]))
          }
        }
      }
    }
    return results
  }

  /// How likely a token is by the scores `[V]` of what may come, as a grammar knows; it takes the token.
  func measured(
    _ token: Int32, _ scores: UnsafeBufferPointer<Float>, _ grammar: inout PerformanceGrammar
  ) -> EventPrediction {
    var (largest, best) = (-Float.infinity, Int32(-1))
    for place in scores.indices where scores[place] > largest && allows(Int32(place), grammar) {
      (largest, best) = (scores[place], Int32(place))
    }
    var total = 0.0
    for place in scores.indices where allows(Int32(place), grammar) {
      total += exp(Double(scores[place]) - Double(largest))
    }
    // what a performance of other data has although it may not come is as unlikely as can be
    let nats =
      allows(token, grammar)
      ? min(log(total) + Double(largest) - Double(scores[Int(token)]), PerformanceTask.mostNats)
      : PerformanceTask.mostNats
    if let event = tokens.event(token) { grammar.push(event) }
    return EventPrediction(nats: Float(nats), isLikeliest: best == token)
  }

  private static let mostNats = 100.0

  /// Whether a token may come next.
  func allows(_ token: Int32, _ grammar: PerformanceGrammar, voices: Int? = nil) -> Bool {
    tokens.event(token).map { grammar.allows($0, in: tokens.range, voices: voices) } ?? false
  }

  /// A row for each performance: its events, nats of one, and the share of events that were the likeliest.
  public func rows(_ prediction: Prediction, to example: Example, name: String) -> [[Field]] {
    let sums = PerformanceSums(prediction)
    return [
      [
        Field("input", .text(name)), Field("events", .integer(sums.events)),
        Field("nats an event", .number(sums.natsPerEvent)), Field("accuracy", .number(sums.accuracy)),
      ]
    ]
  }
}

/// Sums over the events of performances.
struct PerformanceSums: Sendable, Equatable {
  var nats = 0.0
  var events = 0
  var correct = 0

  /// Nothing yet.
  init() {}

  /// The events of a performance.
  init(_ prediction: PerformanceTask.Prediction) {
    for event in prediction.events {
      nats += Double(event.nats)
      correct += event.isLikeliest ? 1 : 0
    }
    events = prediction.events.count
  }

  /// Adds another sum.
  mutating func add(_ other: PerformanceSums) {
    nats += other.nats
    events += other.events
    correct += other.correct
  }

  var natsPerEvent: Double { nats / Double(max(events, 1)) }
  var accuracy: Double { Double(correct) / Double(max(events, 1)) }
}
