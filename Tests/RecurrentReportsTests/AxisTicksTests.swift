import RecurrentTestSupport
import Testing

@testable import RecurrentReports

@Suite struct AxisTicksTests {
  @Test(
    arguments: [
      ([0, 1], "0.0 0.2 0.4 0.6 0.8 1.0"), ([3, 98], "0 20 40 60 80 100"),
      ([-1.2, 1.1], "-1.5 -1.0 -0.5 0.0 0.5 1.0 1.5"),
      ([0, 3_100_000], "0 1M 2M 3M 4M"), ([1e6, 1.5e6], "1.0M 1.1M 1.2M 1.3M 1.4M 1.5M"),
      ([], "0.0 0.2 0.4 0.6 0.8 1.0"),
      ([0, 4e-9], "0 1.00e-09 2.00e-09 3.00e-09 4.00e-09"), ([5], "4.4 4.6 4.8 5.0 5.2 5.4 5.6"),
      ([.nan, 2, .infinity, 8], "2 3 4 5 6 7 8"),
    ] as [([Double], String)])
  func covers(_ values: [Double], _ expected: String) {
    let ticks = AxisTicks(covering: values)
    #expect(ticks.marks.map(\.label).joined(separator: " ") == expected)
    #expect(values.filter(AxisTicks.isDrawable).allSatisfy { (ticks.low...ticks.high).contains($0) })
  }

  @Test func fixedEndsStay() {
    let ticks = AxisTicks(within: 0.13...0.97)
    #expect(ticks.low == 0.13 && ticks.high == 0.97)
    #expect(ticks.marks.map(\.label) == ["0.2", "0.4", "0.6", "0.8"])
    #expect(AxisTicks(within: 0...1).marks.map(\.label) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
  }

  @Test(
    arguments: [
      ("2024-01-15", "2024-06-20", "Feb/2024 Mar Apr May Jun"),
      ("2023-09-01", "2024-08-31", "Sep/2023 Nov Jan/2024 Mar May Jul"),
      ("2024-02-26", "2024-03-03", "26 Feb/2024 27 Feb 28 Feb 29 Feb 1 Mar 2 Mar 3 Mar"),
      ("2023-12-31T20:00", "2024-01-01T05:00", "20:00/31 Dec 2023 22:00 00:00/1 Jan 2024 02:00 04:00"),
      (
        "2024-03-01T12:00:00", "2024-03-01T12:00:50",
        "12:00:00/1 Mar 2024 12:00:10 12:00:20 12:00:30 12:00:40 12:00:50"
      ),
      ("1950-06-01", "2024-01-01", "1960 1980 2000 2020"),
      ("2024-01-01", "2024-02-01", "1 Jan/2024 8 Jan 15 Jan 22 Jan 29 Jan"),
    ])
  func dates(_ first: String, _ last: String, _ expected: String) throws {
    let ends = try #require(CalendarTime(first)).seconds...#require(CalendarTime(last)).seconds
    let ticks = AxisTicks(times: ends)
    let labels = ticks.marks.map { $0.label + ($0.context.map { "/" + $0 } ?? "") }
    #expect(labels.joined(separator: " ") == expected)
    #expect(ticks.marks.allSatisfy { ends.contains($0.value) })
  }

  @Test(arguments: [-1e30...1e30, 5...5.5, -7e10...(-6.5e10), 1e12...2e12]) func timesBeyondDates(
    _ ends: ClosedRange<Double>
  ) {
    #expect(AxisTicks(times: ends) == AxisTicks(within: ends))
  }

  @Test func everyDistanceHasAFewMarks() {
    for exponent in 0..<200 {
      let length = 1.13 * powers(1.12, exponent)
      let ticks = AxisTicks(times: 1_000_000_000...1_000_000_000 + length)
      #expect((1...9).contains(ticks.marks.count), "\(length): \(ticks.marks.map(\.label))")
      #expect(Set(ticks.marks.map(\.value)).count == ticks.marks.count)
    }
  }

  private func powers(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { result, _ in result * base }
  }
}
