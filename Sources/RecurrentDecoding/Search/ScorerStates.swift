/// The states of a search's hypotheses, by their numbers: those of the beam, then those of what may follow.
///
/// The search itself knows no types of scorers, so that it is compiled once and fast for all of them.
protocol ScorerStates: Sendable {
  /// The score of an output after a state, and the number of the new state after it.
  mutating func extend(_ state: Int32, by output: Int32) -> (score: Float, state: Int32)
  /// Takes back the newest state.
  mutating func dropLast()
  /// Whether two states are equal.
  func areEqual(_ a: Int32, _ b: Int32) -> Bool
  /// The score of ending after a state.
  func finish(_ state: Int32) -> Float
  /// Drops all states but some, which are numbered anew in the order given.
  mutating func keep(_ states: [Int32])
  /// The number of states.
  var count: Int { get }
  /// The states as integers; nil where the scorer cannot store them.
  var stored: [[Int64]]? { get }
  /// States that were stored; nil where they are none of the scorer.
  func restored(_ stored: [[Int64]]) -> (any ScorerStates)?
}

/// The states of a scorer.
struct StatesOf<S: Scorer>: ScorerStates {
  private let scorer: S
  private var states: [S.State]
  private var spare: [S.State] = []

  init(_ scorer: S) { (self.scorer, states) = (scorer, [scorer.start]) }

  mutating func extend(_ state: Int32, by output: Int32) -> (score: Float, state: Int32) {
    let (score, next) = scorer.score(output, after: states[Int(state)])
    states.append(next)
    return (score, Int32(states.count - 1))
  }

  mutating func dropLast() { states.removeLast() }

  func areEqual(_ a: Int32, _ b: Int32) -> Bool { states[Int(a)] == states[Int(b)] }

  func finish(_ state: Int32) -> Float { scorer.finish(states[Int(state)]) }

  mutating func keep(_ kept: [Int32]) {
    spare.removeAll(keepingCapacity: true)
    for state in kept { spare.append(states[Int(state)]) }
    swap(&states, &spare)
  }

  var count: Int { states.count }

  var stored: [[Int64]]? {
    guard let scorer = scorer as? any StorableScorer else { return nil }
    return Self.stored(scorer, states)
  }

  private static func stored<T: StorableScorer>(_ scorer: T, _ states: [S.State]) -> [[Int64]]? {
    (states as? [T.State])?.map { scorer.stored($0) }
  }

  func restored(_ stored: [[Int64]]) -> (any ScorerStates)? {
    guard let scorer = scorer as? any StorableScorer else { return nil }
    return Self.restored(scorer, stored)
  }

  private static func restored<T: StorableScorer>(_ scorer: T, _ stored: [[Int64]]) -> (any ScorerStates)? {
    var own = StatesOf<T>(scorer)
    own.states.removeAll()
    for numbers in stored {
      guard let state = scorer.state(of: numbers) else { return nil }
      own.states.append(state)
    }
    return own
  }
}
