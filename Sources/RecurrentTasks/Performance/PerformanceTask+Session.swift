import RecurrentReports

/// A performance that is being read or written.
public struct PerformanceHead: SessionHead {
  private var latest: PerformanceTask.EventPrediction?
  /// The last token; nil before the first one and behind the end.
  private(set) var last: Int32?
  /// Events so far.
  public private(set) var eventCount = 0

  /// Takes what was computed of a token.
  public mutating func read(_ token: Int32, _ stepper: PerformanceStepper, row: Int) {
    (latest, last) = (stepper.prediction(row: row), token)
    eventCount += 1
  }

  /// Nothing comes behind the performance.
  public mutating func end() { (latest, last) = (nil, nil) }

  /// How likely the last event was; nothing at the end.
  public var outputs: [PerformanceTask.EventPrediction] { latest.map { [$0] } ?? [] }

  /// What is kept.
  public var state: SessionState {
    SessionState(integers: [(name: "events", values: [Int64(eventCount)])])
  }

  /// Goes on from what was kept.
  public mutating func restore(_ state: SessionState) throws {
    (eventCount, latest) = (try state.integers("events", count: 1, in: 0...1 << 42)[0], nil)
  }
}

/// A performance that is read or written by a network: the state as a value.
public typealias PerformanceSession = SteppedSession<PerformanceHead>

extension PerformanceTask {
  /// The beginning of a performance; each output says how likely an event was.
  public func session(_ model: LanguageModel) -> PerformanceSession? { beginning(model) }

  /// The beginning of a performance.
  func beginning(_ model: LanguageModel) -> PerformanceSession {
    SteppedSession(PerformanceStepper(packed: model.packed(), self, rowCount: 1), PerformanceHead())
  }

  /// The tokens.
  public func steps(of example: Example) -> [Int32] { example.tokens }

  /// All events, one after the other.
  public func prediction(of outputs: [EventPrediction]) -> Prediction { Prediction(events: outputs) }

  /// Notes that begin and end.
  public func stepReader() -> PerformanceStepReader? { PerformanceStepReader(tokens: tokens) }

  /// The event that was read, its nats, and the likeliest next one.
  public func rows(of session: PerformanceSession, at moment: SessionMoment) -> [[Field]] {
    guard moment == .step, let own = session.outputs.first, let last = session.head.last else { return [] }
    var (stepper, workspace) = (session.stepper, SamplerWorkspace())
    let next = stepper.choose(Sampler(temperature: 0), uniform: 0, workspace: &workspace)
    return [
      [
        Field("event", .text(text(of: last))), Field("nats", .number(Double(own.nats))),
        Field("next", .text(text(of: next))),
      ]
    ]
  }

  /// An event in words.
  func text(of token: Int32) -> String {
    switch tokens.event(token) {
    case .struck(let key): "strike \(key)"
    case .released(let key): "release \(key)"
    case .wait(let length): "wait \(rounded(Double(length) / 100, 2)) s"
    case .strength(let strength): "velocity \(PerformanceTokens.velocity(of: strength))"
    case .end: "end"
    case nil: "beginning"
    }
  }
}

/// Reads what is played, each line an object of JSON: `{"wait": 0.25, "key": 60, "velocity": 80}` strikes a key a quarter of a second after the line before, and
/// a velocity of 0 releases it.
public struct PerformanceStepReader: TaskStepReader {
  private let tokens: PerformanceTokens
  private var grammar = PerformanceGrammar()
  private var strength = -1

  init(tokens: PerformanceTokens) { self.tokens = tokens }

  /// The tokens of a line.
  public mutating func push(_ value: JSONValue, line: Int) throws(DataError) -> [Int32] {
    func malformed(_ expected: String, _ found: String) -> DataError {
      .malformed(path: "<stream>", place: .line(line), expected: expected, found: found)
    }
    guard case .object(let members) = value else {
      throw malformed("an object with \"key\", \"velocity\" and perhaps \"wait\"", "another value")
    }
    func number(_ name: String, _ range: ClosedRange<Double>, standard: Double? = nil) throws(DataError)
      -> Double
    {
      if members[name] == nil, let standard { return standard }
      guard case .number(let number)? = members[name], range.contains(number) else {
        throw malformed(
          "\"\(name)\" of \(Int(range.lowerBound)) to \(Int(range.upperBound))",
          members[name].map { $0.field ?? "a list or an object" } ?? "nothing")
      }
      return number
    }
    let wait = Int((100 * (try number("wait", 0...3600, standard: 0))).rounded())
    let key = Int(try number("key", Double(tokens.lowest)...Double(tokens.highest)))
    let velocity = Int(try number("velocity", 0...127, standard: 80))
    let own = PerformanceTokens.strength(of: velocity)
    var result = grammar.time == 0 && strength < 0 ? [] : tokens.waits(wait)
    if velocity > 0, own != strength { result.append(tokens.token(.strength(own))) }
    result.append(tokens.token(velocity > 0 ? .struck(key) : .released(key)))
    var next = grammar
    for event in result.compactMap({ tokens.event($0) }) {
      guard next.allows(event, in: tokens.range) else {
        throw malformed(
          "a key that does not sound, or with the velocity 0 one that does; at one moment keys are released before others are struck, each from the lowest on",
          "key \(key) with the velocity \(velocity)")
      }
      next.push(event)
    }
    grammar = next
    if velocity > 0 { strength = own }
    return result
  }

  /// What sounds, and how hard it was struck.
  public var stored: [Int64] { grammar.stored + [Int64(strength)] }

  /// Takes over what was kept.
  public mutating func restore(_ stored: [Int64]) -> Bool {
    guard let last = stored.last, (-1..<Int64(PerformanceTokens.strengthCount)).contains(last),
      let grammar = PerformanceGrammar(stored: stored.dropLast())
    else { return false }
    (self.grammar, strength) = (grammar, Int(last))
    return true
  }
}
