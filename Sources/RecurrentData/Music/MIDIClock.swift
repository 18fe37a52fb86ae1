/// How long the ticks of a ``MIDIFile`` are: parts of a quarter whose length changes with the tempo, or of a second.
public struct MIDIClock: Sendable, Equatable {
  /// What a tick is.
  public enum Division: Sendable, Hashable {
    /// So many ticks are a quarter.
    case quarter(Int)
    /// So many ticks are a frame, of which there are so many a second; 29 stands for 30000/1001.
    case frame(ticks: Int, rate: Int)
  }

  /// The length of a quarter from a tick on.
  public struct Tempo: Sendable, Hashable {
    /// The tick.
    public var tick: Int
    /// Microseconds of a quarter.
    public var quarter: Int

    /// A tempo.
    public init(tick: Int, quarter: Int) { (self.tick, self.quarter) = (tick, quarter) }
  }

  /// What a tick is.
  public let division: Division
  /// The tempi by ticks, at most one for each; half a second a quarter before the first.
  public let tempi: [Tempo]
  /// Of each tempo the ticks so far, each times the microseconds of its quarter.
  private let sums: [Int]

  /// The length of a quarter where nobody says, in microseconds.
  public static let standardQuarter = 500_000
  /// The largest tick of a file: later ones would be days away.
  static let lastTick = 1 << 31

  /// A clock.
  ///
  /// - Parameters:
  ///   - division: what a tick is.
  ///   - tempi: of all tracks, in any order; of several at one tick the last counts. Not used where ticks are parts of a second.
  public init(division: Division, tempi: [Tempo] = []) {
    self.division = division
    var own: [Tempo] = []
    if case .quarter = division {
      for (_, tempo) in tempi.enumerated().sorted(by: {
        ($0.element.tick, $0.offset) < ($1.element.tick, $1.offset)
      }) {
        if own.last?.tick == tempo.tick { own.removeLast() }
        own.append(tempo)
      }
    }
    self.tempi = own
    var (sum, before) = (0, Tempo(tick: 0, quarter: MIDIClock.standardQuarter))
    sums = own.map { tempo in
      sum += (tempo.tick - before.tick) * before.quarter
      before = tempo
      return sum
    }
  }

  /// A clock of so many ticks a quarter, of so many microseconds from the beginning on.
  public init(ticksPerQuarter: Int, quarter: Int = MIDIClock.standardQuarter) {
    self.init(
      division: .quarter(ticksPerQuarter),
      tempi: quarter == MIDIClock.standardQuarter ? [] : [Tempo(tick: 0, quarter: quarter)])
  }

  /// Ticks that are taken for a quarter: of parts of a second half a second.
  public var ticksPerQuarter: Int {
    switch division {
    case .quarter(let ticks): ticks
    case .frame(let ticks, let rate): max(1, ticks * (rate == 29 ? 30 : rate) / 2)
    }
  }

  /// The time of a tick from 0 on, in microseconds, rounded down.
  public func microseconds(at tick: Int) -> Int {
    switch division {
    case .quarter(let ticks): return elapsed(tick) / ticks
    case .frame(let ticks, let rate):
      let (numerator, denominator) = rate == 29 ? (1_001_000_000, 30_000) : (1_000_000, rate)
      let (product, overflows) = tick.multipliedReportingOverflow(by: numerator)
      return overflows ? .max : product / (denominator * ticks)
    }
  }

  /// The time of a tick from 0 on, in seconds.
  public func seconds(at tick: Int) -> Double {
    switch division {
    case .quarter(let ticks): return Double(elapsed(tick)) / Double(ticks) / 1e6
    case .frame(let ticks, let rate):
      return Double(tick) * (rate == 29 ? 1001.0 / 30000 : 1 / Double(rate)) / Double(ticks)
    }
  }

  /// Ticks up to one, each times the microseconds of its quarter.
  private func elapsed(_ tick: Int) -> Int {
    let place = tempi.partitioned { $0.tick > tick }
    guard place > 0 else { return tick * MIDIClock.standardQuarter }
    return sums[place - 1] + (tick - tempi[place - 1].tick) * tempi[place - 1].quarter
  }
}
