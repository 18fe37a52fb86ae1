/// How many members of a pool are worth calling: all of them on a quiet machine, fewer when they have to wait for
/// processors that others use.
///
/// A team is measured by its rate: the processor time that its members spend on work, not on waiting, for each nanosecond
/// of its regions. A team of m has a rate of at most m, so of two members whose rate is above one none is missed, and
/// nothing is tried while the rate is high. Where it is low a smaller team is tried for a moment and kept if it is as good; a
/// team that is smaller than it could be is tried with more members from time to time. The pauses between trials that
/// fail double. Results do not depend on any of this.
///
/// Times are nanoseconds.
package struct TeamSize: Sendable {
  /// Members of the next region.
  package private(set) var count: Int

  /// The most members.
  private let most: Int
  /// What has been measured of regions with `count` members.
  private var window = Window()
  private var trial: Trial?
  /// The rate of the last windows with `count` members, the last ones weighing most; nil after a change.
  private var usualRate: Double?
  /// Windows in a row with a low rate; one alone may be a moment's disturbance.
  private var lowCount = 0
  /// No trial begins before.
  private var nextShrinking: Int64 = 0
  private var nextGrowth: Int64 = 0
  private var shrinkingPause = Pause.none
  private var growthPause = Pause.shortest
  /// How many members the next larger team has more.
  private var growth: Int

  private struct Window {
    var elapsed: Int64 = 0
    var worked: Int64 = 0
    var rate: Double { Double(worked) / Double(elapsed) }
  }

  /// A size that is being tried, and the team that it is compared with.
  private struct Trial {
    let origin: Int
    let rate: Double
  }

  private enum Pause {
    static let none: Int64 = 0
    static let shortest: Int64 = 300_000_000
    static let longest: Int64 = 2_000_000_000

    static func after(_ pause: Int64) -> Int64 { min(longest, max(shortest, 2 * pause)) }
  }

  /// By how much a larger team must be better: a part of what its members
  /// lose to one another looks like work; for twice as many members.
  private static let margin = 0.3

  /// The rate below which a smaller team is tried: what one member less could reach, or three fifths of all, and a little.
  private var leastRate: Double { min(Double(count - 1), 0.6 * Double(count)) * 1.1 }

  /// Whether a rate of a team is worth more members than a rate of a smaller one.
  private static func isWorth(_ larger: (count: Int, rate: Double), _ smaller: (count: Int, rate: Double))
    -> Bool
  {
    larger.rate > smaller.rate * (1 + margin * (Double(larger.count) / Double(smaller.count) - 1))
  }

  package init(most: Int) {
    (self.most, count, growth) = (most, most, max(1, most))
  }

  /// Takes a region into account.
  /// - Parameters:
  ///   - members: how many took part; a region with another number than `count` says nothing.
  ///   - elapsed: its length.
  ///   - worked: the work of all its members.
  ///   - now: when it ended.
  package mutating func note(members: Int, elapsed: Int64, worked: Int64, now: Int64) {
    guard members == count else { return }
    window.elapsed += elapsed
    window.worked += worked
    let rate = window.rate
    guard window.elapsed >= windowLength(of: rate) else { return }
    window = Window()
    if let trial { end(trial, rate: rate, now: now) } else { consider(rate: rate, now: now) }
  }

  /// How long a rate has to be watched: what is clear is seen soon, and what is close costs little to watch. A scheduler
  /// deals out processors in turns of some milliseconds, and moves threads between them now and then.
  private func windowLength(of rate: Double) -> Int64 {
    let expected = trial?.rate ?? leastRate
    if count > 1, rate < 0.5 * expected { return 10_000_000 }
    guard trial != nil, rate > 0.75 * expected, rate < 1.4 * expected, rate < 0.95 * Double(count) else {
      return 30_000_000
    }
    return 120_000_000
  }

  private mutating func consider(rate last: Double, now: Int64) {
    let rate = usualRate.map { 0.8 * $0 + 0.2 * last } ?? last
    usualRate = rate
    lowCount = last < leastRate ? lowCount + 1 : 0
    if count > 1, lowCount >= 2, now >= nextShrinking {
      // a rate of 5.2 could be reached by six
      trial = Trial(origin: count, rate: rate)
      count = min(count - 1, max(1, Int(rate.rounded(.up))))
    } else if count < most, now >= nextGrowth {
      trial = Trial(origin: count, rate: rate)
      count = min(most, count + growth)
    }
  }

  private mutating func end(_ trial: Trial, rate: Double, now: Int64) {
    self.trial = nil
    (usualRate, lowCount) = (nil, 0)
    if count > trial.origin {
      if TeamSize.isWorth((count, rate), (trial.origin, trial.rate)) {
        growthPause = Pause.shortest
        growth = count
      } else {
        count = trial.origin
        growth = growth > 1 ? growth / 2 : max(1, count)
        growthPause = Pause.after(growthPause)
      }
    } else if !TeamSize.isWorth((trial.origin, trial.rate), (count, rate)) {
      (shrinkingPause, growthPause) = (Pause.none, Pause.shortest)
      growth = 1
    } else {
      count = trial.origin
      shrinkingPause = Pause.after(shrinkingPause)
    }
    (nextShrinking, nextGrowth) = (now + shrinkingPause, now + growthPause)
  }
}
