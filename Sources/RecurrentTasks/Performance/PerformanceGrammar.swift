/// What may come next in a performance: no key ends that does not sound, none is struck twice, all end before the end, and everything is written in its one
/// way.
public struct PerformanceGrammar: Sendable, Equatable {
  /// A bit for each key that sounds, 64 each.
  private var low: UInt64 = 0
  private var high: UInt64 = 0
  /// The keys that sound.
  private var soundingCount = 0
  /// How hard keys are struck; nil before that is said.
  private var strength: Int?
  /// Whether a strength was said, so that a key must be struck.
  private var mustStrike = false
  /// The last keys that were released and struck at this moment, or -1.
  private var lastReleased = -1
  private var lastStruck = -1
  /// The last wait of this moment; 0 for none.
  private var lastWait = 0
  /// Whether a key was ever struck.
  private var hasBegun = false
  /// Hundredths of a second so far.
  public private(set) var time = 0

  /// The beginning of a performance.
  public init() {}

  /// Whether a key sounds.
  public func sounds(_ key: Int) -> Bool {
    (key < 64 ? low >> UInt64(key) : high >> UInt64(key - 64)) & 1 == 1
  }

  /// Whether an event may come next.
  ///
  /// - Parameters:
  ///   - event: with a key of the range.
  ///   - range: of the keys.
  ///   - voices: the most keys at a time; nil for any number.
  public func allows(_ event: PerformanceTokens.Event, in range: ClosedRange<Int>, voices: Int? = nil) -> Bool
  {
    switch event {
    case .struck(let key):
      return strength != nil && canStrike(key, voices)
    case .released(let key):
      return !mustStrike && lastStruck < 0 && key > lastReleased && sounds(key)
    case .wait:
      return !mustStrike && hasBegun && (lastWait == 0 || lastWait == PerformanceTokens.longestWait)
    case .strength(let own):
      return !mustStrike && own != strength && range.contains { canStrike($0, voices) }
    case .end:
      return !mustStrike && hasBegun && soundingCount == 0 && lastWait == 0
    }
  }

  private func canStrike(_ key: Int, _ voices: Int?) -> Bool {
    key > lastStruck && !sounds(key) && soundingCount < voices ?? .max
  }

  /// Takes an event that is allowed.
  public mutating func push(_ event: PerformanceTokens.Event) {
    switch event {
    case .struck(let key):
      toggle(key)
      soundingCount += 1
      (hasBegun, mustStrike, lastStruck, lastWait) = (true, false, key, 0)
    case .released(let key):
      if sounds(key) {
        toggle(key)
        soundingCount -= 1
      }
      (lastReleased, lastWait) = (key, 0)
    case .wait(let length):
      time += length
      (lastReleased, lastStruck, lastWait) = (-1, -1, length)
    case .strength(let own): (strength, mustStrike, lastWait) = (own, true, 0)
    case .end: break
    }
  }

  private mutating func toggle(_ key: Int) {
    if key < 64 { low ^= 1 << UInt64(key) } else { high ^= 1 << UInt64(key - 64) }
  }

  // MARK: State

  /// What is kept.
  var stored: [Int64] {
    [
      Int64(bitPattern: low), Int64(bitPattern: high), Int64(strength ?? -1), mustStrike ? 1 : 0,
      Int64(lastReleased), Int64(lastStruck), Int64(lastWait), hasBegun ? 1 : 0, Int64(time),
    ]
  }

  /// Goes on from what was kept; nil where that cannot be.
  init?(stored: some Collection<Int64>) {
    let stored = Array(stored)
    guard stored.count == 9, (-1..<Int64(PerformanceTokens.strengthCount)).contains(stored[2]),
      (0...1).contains(stored[3]), (-1..<128).contains(stored[4]), (-1..<128).contains(stored[5]),
      (0...Int64(PerformanceTokens.longestWait)).contains(stored[6]), (0...1).contains(stored[7]),
      (0...Int64(1) << 42).contains(stored[8])
    else { return nil }
    (low, high) = (UInt64(bitPattern: stored[0]), UInt64(bitPattern: stored[1]))
    soundingCount = low.nonzeroBitCount + high.nonzeroBitCount
    strength = stored[2] < 0 ? nil : Int(stored[2])
    (mustStrike, hasBegun) = (stored[3] == 1, stored[7] == 1)
    (lastReleased, lastStruck, lastWait) = (Int(stored[4]), Int(stored[5]), Int(stored[6]))
    time = Int(stored[8])
  }
}
