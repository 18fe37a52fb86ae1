#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where an item stands among candidates by falling score.
public struct ItemRank: Sendable, Equatable {
  /// Candidates with a higher score.
  public var above: Int
  /// Other candidates with the same score, or with one that is no number.
  public var equal: Int

  /// A rank.
  public init(above: Int, equal: Int) { (self.above, self.equal) = (above, equal) }

  /// Which of several equal scores come first.
  public enum TieRule: String, Sendable, CaseIterable {
    /// All others: the rank is the worst that may be.
    case conservative
    /// None: the rank is the best that may be, which flatters scores that are alike.
    case standard
    /// Half of them.
    case median
  }

  /// The rank, from 1.
  public func rank(_ rule: TieRule) -> Double {
    switch rule {
    case .conservative: Double(above + equal + 1)
    case .standard: Double(above + 1)
    case .median: Double(above + 1) + Double(equal) / 2
    }
  }

  /// The rank of a score among all of a row, itself among them.
  init(of item: Int, in scores: UnsafeBufferPointer<Float>) {
    let own = scores[item]
    var (above, notBelow) = (0, 0)
    for score in scores {
      above += score > own ? 1 : 0
      notBelow += score < own ? 0 : 1
    }
    self.init(above: above, equal: notBelow - above - 1)
  }
}

/// Sums over ranked events.
struct RankTotals: Sendable, Equatable {
  /// What is summed of an event, in millionths.
  enum Gain: Int, CaseIterable {
    case recallAt20, reciprocalRankAt20, discountedGainAt10, hitAt10

    /// The gain of a rank.
    func value(_ rank: Double) -> Double {
      switch self {
      case .recallAt20: rank <= 20 ? 1 : 0
      case .reciprocalRankAt20: rank <= 20 ? 1 / rank : 0
      case .discountedGainAt10: rank <= 10 ? 1 / log2(1 + rank) : 0
      case .hitAt10: rank <= 10 ? 1 : 0
      }
    }
  }

  /// Events so far.
  private(set) var events = 0
  private var sums = [Int](repeating: 0, count: Gain.allCases.count * ItemRank.TieRule.allCases.count)

  /// The gains of a rank, in millionths.
  static func gains(_ rank: ItemRank, _ rule: ItemRank.TieRule) -> [Int] {
    Gain.allCases.map { Int(($0.value(rank.rank(rule)) * 1e6).rounded()) }
  }

  /// Adds an event.
  mutating func add(_ rank: ItemRank) {
    events += 1
    for (number, rule) in ItemRank.TieRule.allCases.enumerated() {
      for (gain, value) in RankTotals.gains(rank, rule).enumerated() {
        sums[number * Gain.allCases.count + gain] += value
      }
    }
  }

  /// The means of the events.
  func metrics(_ rule: ItemRank.TieRule) -> RankMetrics {
    let first = (ItemRank.TieRule.allCases.firstIndex(of: rule) ?? 0) * Gain.allCases.count
    return RankMetrics(events: events, sums: Array(sums[first..<first + Gain.allCases.count]))
  }
}

/// Means over ranked events.
public struct RankMetrics: Sendable, Equatable, Encodable {
  /// Share of the events whose item stood among the first 20.
  public var recallAt20: Double
  /// Mean of one over the rank, of ranks beyond 20 zero.
  public var mrrAt20: Double
  /// Mean of one over the logarithm to the base 2 of the rank and one, of ranks beyond 10 zero.
  public var ndcgAt10: Double
  /// Share of the events whose item stood among the first 10.
  public var hitRateAt10: Double

  init(events: Int, sums: [Int]) {
    let means = sums.map { Double($0) / 1e6 / Double(max(events, 1)) }
    (recallAt20, mrrAt20, ndcgAt10, hitRateAt10) = (means[0], means[1], means[2], means[3])
  }
}
