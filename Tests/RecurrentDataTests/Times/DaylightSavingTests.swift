import Testing

@testable import RecurrentData

@Suite struct DaylightSavingTests {
  /// Times by the clocks of Central Europe from a moment of UTC on.
  private func local(_ first: String, _ step: Double, _ count: Int) throws -> [Double] {
    let start = try #require(CalendarTime(first)).seconds
    let springs = ["2022-03-27 01:00", "2023-03-26 01:00"].compactMap { CalendarTime($0)?.seconds }
    let autumns = ["2022-10-30 01:00", "2023-10-29 01:00"].compactMap { CalendarTime($0)?.seconds }
    return (0..<count).map { index in
      let time = start + Double(index) * step
      let isSummer = springs.count { $0 <= time } > autumns.count { $0 <= time }
      return time + (isSummer ? 7200 : 3600)
    }
  }

  @Test(arguments: [
    ("2022-01-01", 3600.0, 365 * 48), ("2022-06-01", 3600, 365 * 40), ("2023-10-01", 900, 96 * 40),
    ("2022-10-20", 1800, 48 * 200),
  ])
  func timesGoOnEvenly(_ first: String, _ step: Double, _ count: Int) throws {
    let rows = try local(first, step, count)
    let clock = try #require(DaylightSaving(rows))
    #expect(zip(clock.times, clock.times.dropFirst()).allSatisfy { $1 - $0 == step })
    #expect(clock.times.last == rows.last && (1...2).contains(clock.doubled.count))
  }

  /// In Chile clocks go back at midnight, on a Saturday.
  @Test func hoursBeforeMidnight() throws {
    let start = try #require(CalendarTime("2023-03-25")).seconds
    let midnight = try #require(CalendarTime("2023-04-02")).seconds
    let rows = (0..<480).map { index in
      let time = start + Double(index) * 3600
      return time < midnight ? time : time - 3600
    }
    let clock = try #require(DaylightSaving(rows))
    #expect(zip(clock.times, clock.times.dropFirst()).allSatisfy { $1 - $0 == 3600 })
    #expect(clock.doubled == [midnight - 3600])
  }

  /// What stands twice elsewhere, or not in the whole hour, is no hour of daylight saving.
  @Test func otherDoublesAreNone() throws {
    let start = try #require(CalendarTime("2023-10-20")).seconds
    var rows = (0..<480).map { start + Double($0) * 3600 }
    #expect(DaylightSaving(rows) == nil)
    rows.insert(rows[30], at: 31)
    #expect(DaylightSaving(rows) == nil)
    var quarters = try local("2023-10-01", 900, 96 * 40)
    let doubled = try #require(DaylightSaving(quarters)).doubled[0]
    let place = try #require(quarters.firstIndex(of: doubled))
    quarters.remove(at: place)
    #expect(DaylightSaving(quarters) == nil)
  }
}
