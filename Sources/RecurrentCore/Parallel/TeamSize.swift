/// How many members of a pool are worth calling: all of them on a quiet machine, fewer when they have to wait for
/// processors that others use.
///
/// A team is measured by its rate: the processor time that its members spend on work, not on waiting, for each nanosecond
/// of its regions. A team of m has a rate of at most m, so of two members whose rate is above one none is missed, and
/// nothing is tried while the rate is high. Where it is low a smaller team is tried for a moment and kept if it is as good; a
/// team that is smaller than it could be is tried with more members, at once, since the disturbance may be over, and then
/// from time to time. The pauses between trials that fail double. Results do not depend on any of this.
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
  /// No trial begins before.
  private var nextShrinking: Int64 = 0
  private var nextGrowth: Int64 = 0
  private var shrinkingPause = Pause.none
  private var growthPause = Pause.none
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
    static let shortest: Int64 = 200_000_000
    static let longest: Int64 = 2_000_000_000

    static func after(_ pause: Int64) -> Int64 { min(longest, max(shortest, 2 * pause)) }
  }

  /// What a rate is taken from: some turns of a scheduler.
  private static let windowLength: Int64 = 30_000_000

  /// By how much a larger team must be better: a part of what its members
  /// lose to one another looks like work; for twice as many members.
  private static let margin = 0.15

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
    // what is far too slow is seen sooner
    let isHopeless = rate < (trial?.rate ?? leastRate) / 2 && count > 1
    guard window.elapsed >= (isHopeless ? TeamSize.windowLength / 3 : TeamSize.windowLength) else { return }
    window = Window()
    if let trial { end(trial, rate: rate, now: now) } else { consider(rate: rate, now: now) }
  }

  private mutating func consider(rate: Double, now: Int64) {
    if count > 1, rate < leastRate, now >= nextShrinking {
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
    if count > trial.origin {
      if TeamSize.isWorth((count, rate), (trial.origin, trial.rate)) {
        growthPause = Pause.none
        growth = count
      } else {
        count = trial.origin
        growth = growth > 1 ? growth / 2 : max(1, count)
        growthPause = Pause.after(growthPause)
      }
    } else if !TeamSize.isWorth((trial.origin, trial.rate), (count, rate)) {
      (shrinkingPause, growthPause) = (Pause.none, Pause.none)
      growth = 1
    } else {
      count = trial.origin
      shrinkingPause = Pause.after(shrinkingPause)
    }
    (nextShrinking, nextGrowth) = (now + shrinkingPause, now + growthPause)
  }
}
