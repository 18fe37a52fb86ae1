/// How a performance becomes tokens (Oore et al. 2018, arXiv:1808.03715): keys that are struck and released, waits of a hundredth of a second
/// to a second, and how hard the keys that follow are struck; at last the end.
///
/// Every performance is written in one way alone: at one moment keys are released before others are struck, each from the lowest on; longer waits are whole
/// seconds and the rest; what is struck as hard as before says so no second time.
public struct PerformanceTokens: Sendable, Equatable, Codable {
  /// What a token stands for.
  public enum Event: Sendable, Hashable {
    /// A key begins to sound.
    case struck(Int)
    /// A key ends.
    case released(Int)
    /// So many hundredths of a second pass, 1 to 100.
    case wait(Int)
    /// Keys are struck so hard from here on, 0 to 31.
    case strength(Int)
    /// Nothing follows.
    case end
  }

  /// The lowest and the highest key.
  public var lowest, highest: Int

  /// The longest wait of one token, in hundredths of a second.
  public static let longestWait = 100
  /// How many strengths are told apart.
  public static let strengthCount = 32

  /// Tokens of a range of keys.
  public init(_ range: ClosedRange<Int>) { (lowest, highest) = (range.lowerBound, range.upperBound) }

  /// The keys.
  public var range: ClosedRange<Int> { lowest...highest }
  /// K, the number of keys.
  public var keyCount: Int { highest - lowest + 1 }
  /// V, the number of tokens: struck and released keys, waits, strengths, the end, the beginning.
  public var count: Int {
    2 * keyCount + PerformanceTokens.longestWait + PerformanceTokens.strengthCount + 2
  }
  /// The beginning of a performance, which is read and never written.
  public var beginning: Int32 { Int32(count - 1) }

  /// The token of an event with a key in range.
  public func token(_ event: Event) -> Int32 {
    switch event {
    case .struck(let key): Int32(key - lowest)
    case .released(let key): Int32(keyCount + key - lowest)
    case .wait(let length): Int32(2 * keyCount + length - 1)
    case .strength(let strength): Int32(2 * keyCount + PerformanceTokens.longestWait + strength)
    case .end: Int32(count - 2)
    }
  }

  /// The event of a token; nil for the beginning.
  public func event(_ token: Int32) -> Event? {
    var place = Int(token)
    if place < keyCount { return .struck(place + lowest) }
    place -= keyCount
    if place < keyCount { return .released(place + lowest) }
    place -= keyCount
    if place < PerformanceTokens.longestWait { return .wait(place + 1) }
    place -= PerformanceTokens.longestWait
    if place < PerformanceTokens.strengthCount { return .strength(place) }
    return place == PerformanceTokens.strengthCount ? .end : nil
  }

  /// The strength of a velocity, 1 to 127.
  public static func strength(of velocity: Int) -> Int { min(max(velocity - 1, 0) / 4, strengthCount - 1) }

  /// The velocity that a strength stands for: the middle of its four.
  public static func velocity(of strength: Int) -> Int { min(4 * strength + 3, 127) }

  /// The tokens of waits.
  func waits(_ hundredths: Int) -> [Int32] {
    let most = PerformanceTokens.longestWait
    let whole = [Int32](repeating: token(.wait(most)), count: hundredths / most)
    return hundredths % most > 0 ? whole + [token(.wait(hundredths % most))] : whole
  }

  /// The tokens of a performance with its end. Keys out of range are moved by octaves into it.
  public func tokens(of performance: MusicPerformance) -> [Int32] {
    var notes = performance.notes
    if notes.contains(where: { !range.contains($0.key) }) {
      notes =
        MusicPerformance(
          notes: notes.map { note in
            var own = note
            while own.key < lowest { own.key += 12 }
            while own.key > highest { own.key -= 12 }
            return own
          }
        ).notes
    }
    // at a moment what ends comes first, each from the lowest key on
    var moments = notes.map { (time: $0.start, isStruck: true, key: $0.key, velocity: $0.velocity) }
    moments += notes.map { (time: $0.end, isStruck: false, key: $0.key, velocity: 0) }
    moments.sort { ($0.time, $0.isStruck ? 1 : 0, $0.key) < ($1.time, $1.isStruck ? 1 : 0, $1.key) }
    var (result, time, strength) = ([Int32](), 0, -1)
    for moment in moments {
      result += waits(moment.time - time)
      time = moment.time
      guard moment.isStruck else {
        result.append(token(.released(moment.key)))
        continue
      }
      let own = PerformanceTokens.strength(of: moment.velocity)
      if own != strength { result.append(token(.strength(own))) }
      strength = own
      result.append(token(.struck(moment.key)))
    }
    return result + [token(.end)]
  }

  /// The performance that tokens write, as far as it goes: what sounds at their end ends there.
  public func performance(of tokens: some Sequence<Int32>) -> MusicPerformance {
    var notes: [MusicPerformance.Note] = []
    var open: [Int: Int] = [:]
    var (time, strength) = (0, 0)
    for token in tokens {
      switch event(token) {
      case .struck(let key):
        open[key] = notes.count
        notes.append(
          .init(key: key, velocity: PerformanceTokens.velocity(of: strength), start: time, end: time))
      case .released(let key):
        if let place = open.removeValue(forKey: key) { notes[place].end = time }
      case .wait(let length): time += length
      case .strength(let own): strength = own
      case .end, nil: break
      }
    }
    for place in open.values { notes[place].end = time }
    return MusicPerformance(notes: notes)
  }

  /// Tokens played faster or slower: each moment at `factor` times its time, rounded, and no two moments fall together.
  func stretched(_ tokens: ArraySlice<Int32>, by factor: Double) -> [Int32] {
    var (result, time, moved, gap) = ([Int32](), 0, 0, 0)
    for token in tokens {
      if case .wait(let length)? = event(token) {
        gap += length
        continue
      }
      if gap > 0 {
        time += gap
        let next = max(moved + 1, Int((Double(time) * factor).rounded()))
        result += waits(next - moved)
        (moved, gap) = (next, 0)
      }
      result.append(token)
    }
    return result + waits(gap)
  }
}
