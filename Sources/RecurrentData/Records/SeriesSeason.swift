/// After how many steps a series repeats, by the likeness of its changes to those of so many steps before.
///
/// Changes over a sixth of the season are looked at: those of one step would be mostly noise, and levels would make a season of
/// every trend. A season has its likeness after twice as many steps, too, and less between.
public struct SeriesSeason: Sendable, Equatable {
  /// Steps; 1 where nothing repeats.
  public let length: Int
  /// Whether the numbers say so, and not the calendar alone.
  public let isFound: Bool

  /// Numbers that are looked at: the last ones.
  private static let most = 4000
  /// Series that are looked at.
  private static let mostColumns = 8
  /// Numbers without which nothing is found.
  private static let least = 20

  /// Looks at series of one kind.
  ///
  /// - Parameters:
  ///   - columns: the numbers of each, NaN where one is missing.
  ///   - frequency: of their steps, whose calendar says what is likely.
  public init(_ columns: [[Double]], frequency: SeriesFrequency) {
    let own = frequency.seasonLength
    let step = max(1, columns.count / SeriesSeason.mostColumns)
    let looked = stride(from: 0, to: columns.count, by: step).prefix(SeriesSeason.mostColumns)
      .map { SeriesSeason.filled(columns[$0]) }.filter { $0.count >= 3 }
    let longest = looked.map(\.count).max() ?? 0
    var votes: [Int: Int] = [:]
    for values in looked { votes[SeriesSeason.length(of: values, calendar: own), default: 0] += 1 }
    let found = votes.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 1
    if found == 1, own > 1, longest < max(3 * own, SeriesSeason.least) {
      // too short for the numbers to say anything
      (length, isFound) = (own, false)
    } else {
      (length, isFound) = (found, found != 1 && found != own)
    }
  }

  /// The last numbers; where one is missing, the one before.
  private static func filled(_ column: [Double]) -> [Double] {
    var values: [Double] = []
    var last = column.first(where: \.isFinite) ?? 0
    for value in column.suffix(most) {
      if value.isFinite { last = value }
      values.append(last)
    }
    return values
  }

  private static func length(of values: [Double], calendar: Int) -> Int {
    guard values.count >= least else { return 1 }
    var scores: [(lag: Int, score: Double)] = []
    for lag in 2...max(2, values.count / 3) {
      if let score = SeasonLikeness(values, over: lag).score(lag) { scores.append((lag, score)) }
    }
    guard let best = scores.max(by: { $0.score < $1.score }) else { return 1 }
    if let own = scores.first(where: { $0.lag == calendar }), own.score >= 0.6 * best.score {
      return calendar
    }
    // the shortest that is nearly as good: others are multiples of it
    let changes = SeasonLikeness(values, over: best.lag)
    let enough = 0.85 * changes.likeness(best.lag)
    // a peak of changes of a few steps, which are mostly noise, is none where these are smooth
    let short =
      scores.first { one in
        one.lag <= best.lag && changes.likeness(one.lag) >= enough && changes.score(one.lag) != nil
      }?.lag ?? best.lag
    let base = changes.fraction(of: short, enough: enough)
    return SeasonLikeness(values, over: base).refined(base)
  }
}

/// How alike changes of a series are to those of a lag before.
private struct SeasonLikeness {
  private let changes: [Double]
  private let square: Double
  /// Whether changes are all the same but for rounding.
  private let isFlat: Bool
  /// Steps over which changes are taken.
  private let width: Int

  /// Takes changes that suit a season.
  init(_ values: [Double], over season: Int) {
    width = max(1, season / 6)
    var changes = zip(values.dropFirst(width), values).map { $0 - $1 }
    let mean = changes.reduce(0, +) / Double(max(changes.count, 1))
    for place in changes.indices { changes[place] -= mean }
    self.changes = changes
    let square = changes.reduce(0) { $0 + $1 * $1 } / Double(max(changes.count, 1))
    self.square = square
    isFlat = square <= 1e-300 || square < 1e-18 * mean * mean
  }

  /// The correlation of changes with those of a lag before.
  func likeness(_ lag: Int) -> Double {
    let count = changes.count - lag
    guard lag > 0, count > 0 else { return 1 }
    return changes.withUnsafeBufferPointer { changes in
      var sum = 0.0
      for place in 0..<count { sum += changes[place] * changes[place + lag] }
      return sum / (Double(count) * square)
    }
  }

  /// The mean likeness at a lag and at twice the lag; nil where it is no peak, or may be so by chance.
  func score(_ lag: Int) -> Double? {
    guard !isFlat, changes.count > 2 * lag else { return nil }
    let own = likeness(lag)
    guard own > 0.2, own >= likeness(lag - 1) || lag == 2, own >= likeness(lag + 1) else { return nil }
    let between = [lag / 4, lag / 2, 3 * lag / 4].filter { $0 > 0 }.map(likeness).min() ?? 1
    let other = likeness(2 * lag)
    let score = (own + min(other, 1)) / 2
    // of a random walk likenesses are so large by chance
    let pairs = Double(changes.count - 2 * lag)
    let chance = ((1 + 2 * Double(width) / 3) / max(pairs, Double(lag))).squareRoot()
    guard score > max(0.2, 3 * chance), other > 0.1, between < score - 0.2 else { return nil }
    return min(score, 1)
  }

  /// The half, third or fourth of a lag, where that is a season by itself, else the lag.
  func fraction(of lag: Int, enough: Double) -> Int {
    for part in [4, 3, 2] where lag / part > 2 * width {
      let (own, reach) = (lag / part, max(1, lag / part / 12))
      let peak = (own - reach...own + reach).max { likeness($0) < likeness($1) } ?? own
      if likeness(peak) >= enough, score(peak) != nil { return peak }
    }
    return lag
  }

  /// A lag, made more exact by the peaks near its multiples.
  func refined(_ lag: Int) -> Int {
    var (length, multiple) = (Double(lag), 1.0)
    let enough = 0.5 * likeness(lag)
    while multiple <= 8, (multiple + 0.2) * length <= Double(changes.count) * 2 / 3 {
      let reach = max(1, length / 8)
      let first = max(2, Int((multiple * length - reach).rounded(.up)))
      let last = Int(multiple * length + reach)
      let peak = (first...max(first, last)).max { likeness($0) < likeness($1) } ?? lag
      if likeness(peak) < enough { break }
      length = Double(peak) / multiple
      multiple += 1
    }
    let found = Int(length.rounded())
    let multiples = min(8, Int(Double(changes.count) * 2 / 3 / length))
    guard multiples > 1, found > 12 else { return found }
    // of its neighbours the one whose multiples are most alike
    func total(_ lag: Int) -> Double { (1...multiples).reduce(0) { $0 + likeness($1 * lag) } }
    return [found, found - 1, found + 1].max { total($0) < total($1) } ?? found
  }
}
