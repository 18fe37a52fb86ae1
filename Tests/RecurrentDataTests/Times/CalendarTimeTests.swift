import RecurrentData
import Testing

@Suite struct CalendarTimeTests {
  /// Seconds by Python's `datetime`.
  @Test(
    arguments: [
      ("1970-01-01", 0), ("2024-02-29", 1_709_164_800), ("2000-03-01", 951_868_800),
      ("1969-12-31T23:59:59", -1),
      ("2024-12-31T23:59:59.5Z", 1_735_689_599.5), ("2024-12-31 23:59 +01:00", 1_735_685_940),
      ("2024-12-31 23:59:00-0530", 1_735_709_340), ("20241231", 1_735_603_200),
      ("2024/12/31 5", 1_735_621_200),
      ("0001-01-01", -62_135_596_800), ("9999-12-31 24:00", 253_402_300_800), ("31.12.24", 1_735_603_200),
      ("31/12/1999 12:30 PM", 946_643_400), ("31.12.1999 12:00 am", 946_598_400),
      (" 1.2.2003 ", 1_044_057_600),
    ] as [(String, Double)])
  func readsTimes(_ text: String, _ seconds: Double) {
    #expect(CalendarTime(text)?.seconds == seconds)
  }

  @Test(arguments: [
    "", "x", "2023-02-29", "2024-13-01", "2024-00-01", "2024-01-32", "1900-02-29", "2024-13", "2024-01-01-25",
    "2024-01-01 25:00", "2024-01-01 24:01", "2024-01-01 10:60", "2024-01-01 10:00:61", "2024-01-01 10:00:nan",
    "2024-01-01 13:00 PM", "2024-01-01 10:00+9999", "0000-01-01", "99999999999999999999-1-1", "-2024123",
    "2024-01-01T", "2024-01-01 1:2:3:4", "12/31/2024", "Jan 2000 5 6", "Foo 1 2000", "Jan", "Feb 30 2000",
    "1 2 2000", "M 1 2000",
  ])
  func refusesWhatIsNoTime(_ text: String) { #expect(CalendarTime(text) == nil) }

  @Test(arguments: [
    ("Jan 1 2000", "2000-01-01"), ("1 January 2000", "2000-01-01"), ("December 31, 1999", "1999-12-31"),
    ("01-Feb-69", "2069-02-01"), ("3-Mar-70 04:05", "1970-03-03T04:05:00"), ("Sept. 2021", "2021-09-01"),
    ("Sat, 1 OCT 2022 1:30 PM", "2022-10-01T13:30:00"), ("2024-12", "2024-12-01"),
  ])
  func readsNamesOfMonths(_ text: String, _ expected: String) {
    #expect(CalendarTime(text)?.text == expected)
  }

  @Test func addsMonths() throws {
    let time = try #require(CalendarTime("2023-12-31 06:00"))
    #expect(time.adding(months: 2).text == "2024-02-29T06:00:00")
    #expect(time.adding(months: -10).text == "2023-02-28T06:00:00")
    #expect(time.adding(months: -24).year == 2021 && time.adding(months: 1).day == 31)
  }

  @Test func findsTheOrderOfDates() {
    #expect(CalendarTime.orders(of: ["1/2/2024", "13/2/2024"]) == [.dayMonthYear])
    #expect(CalendarTime.orders(of: ["1/2/2024", "2/13/2024"]) == [.monthDayYear])
    #expect(CalendarTime.orders(of: ["99/2/13", "98/2/14"]) == [.yearMonthDay])
    #expect(CalendarTime.orders(of: ["1/2/2024"]) == [.dayMonthYear, .monthDayYear])
    #expect(CalendarTime.orders(of: ["13/2/2024", "2/13/2024"]).isEmpty)
    #expect(CalendarTime("2/13/2024", order: .monthDayYear) == CalendarTime("2024-02-13"))
  }

  /// Every day of 1,000 years has the date after that of the day before.
  @Test func partsOfTimes() throws {
    var last = try #require(CalendarTime("1600-12-31"))
    for day in 1...366_000 {
      let time = CalendarTime(seconds: last.seconds + 86_400)
      if CalendarTime(time.text) != time || time.weekday != (last.weekday + 1) % 7 {
        Issue.record("day \(day): \(time.text)")
      }
      last = time
    }
    let time = try #require(CalendarTime("2024-12-31T18:45:00"))
    #expect(time.month == 12 && time.weekday == 1 && time.hourOfDay == 18.75)
    #expect(time.dayOfYear == 365.78125)
    #expect(time.text == "2024-12-31T18:45:00" && CalendarTime(seconds: 0).text == "1970-01-01")
    #expect(CalendarTime(seconds: 0) < time)
  }
}
