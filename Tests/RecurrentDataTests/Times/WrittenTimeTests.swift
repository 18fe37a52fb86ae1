import Testing

@testable import RecurrentData

/// Times as exports of many programs write them.
@Suite struct WrittenTimeTests {
  @Test(arguments: [
    ("2023-03-01 00:00:01,250", "2023-03-01T00:00:01"), ("2023-03-01 05:06:07 UTC", "2023-03-01T05:06:07"),
    ("2023-03-01T00:30:00+02:00", "2023-03-01T00:30:00"), ("2023-03-01 07:00 [Europe/Paris]", "-"),
    ("2023-03-01 07:00+01:00 [Europe/Paris]", "2023-03-01T07:00:00"),
    ("2023-03-01 07:00 CEST", "2023-03-01T07:00:00"),
    ("2023-03-01 07:00 XYZ", "-"), ("1990Q1", "1990-01-01"), ("1990-Q3", "1990-07-01"),
    ("Q4 1990", "1990-10-01"),
    ("1990 Q2", "1990-04-01"), ("1990Q5", "-"), ("2. Quartal 2023", "2023-04-01"), ("2023-W01", "2023-01-02"),
    ("2020-W53-7", "2021-01-03"), ("2021-W53", "-"), ("W05 2023", "2023-01-30"), ("KW 5/2023", "2023-01-30"),
    ("2023M02", "2023-02-01"), ("2023m12", "2023-12-01"), ("2023H2", "2023-07-01"), ("2023-S1", "2023-01-01"),
    ("Mar-23", "2023-03-01"), ("Jan'05", "2005-01-01"), ("03/2023", "2023-03-01"), ("3.2023", "2023-03-01"),
    ("1. März 2023", "2023-03-01"), ("1 mars 2023 14h30", "2023-03-01T14:30:00"),
    ("1er février 2023", "2023-02-01"),
    ("5 de mayo de 2023", "2023-05-05"), ("1 ene 2023", "2023-01-01"), ("01-dic-2023", "2023-12-01"),
    ("12 ottobre 2023", "2023-10-12"), ("7 марта 2023", "2023-03-07"), ("3 maja 2023", "2023-05-03"),
    ("March 1st, 2023", "2023-03-01"), ("Wed Mar  1 05:06:07 2023", "2023-03-01T05:06:07"),
    ("2023年3月1日 0:00", "2023-03-01"), ("2023年03月01日 14时30分", "2023-03-01T14:30:00"),
    ("2023年3月", "2023-03-01"),
    ("2023年3月1日 下午2时", "2023-03-01T14:00:00"), ("2023년 3월 1일", "2023-03-01"), ("2023. 3. 1.", "2023-03-01"),
    ("10.03.2004 18.00.00", "2004-03-10T18:00:00"), ("1/3/2023, 5:06 PM", "2023-03-01T17:06:00"),
    ("1/3/2023 5:06 p.m.", "2023-03-01T17:06:00"), ("20230301T050607Z", "2023-03-01T05:06:07"),
    ("20230301 0506", "2023-03-01T05:06:00"), ("2023-03-01 (1)", "2023-03-01"), ("M 1 2000", "-"),
    ("Jan 5", "-"),
    ("juil. 2023", "2023-07-01"), ("jui 2023", "-"), ("12 Main", "-"), ("May", "-"), ("Q1", "-"),
    ("5 kg", "-"),
    // other languages
    ("maaliskuu 2019", "2019-03-01"), ("1. marraskuuta 2023", "2023-11-01"),
    ("2023. március 1.", "2023-03-01"),
    ("1 березня 2023", "2023-03-01"), ("1 martie 2023", "2023-03-01"), ("1 Μαρτίου 2023", "2023-03-01"),
    ("Oktober 2019", "2019-10-01"), ("Agu 2019", "2019-08-01"), ("1 de març de 2023", "2023-03-01"),
    ("5 mrt 2023", "2023-03-05"), ("červen 2023", "2023-06-01"), ("července 2023", "2023-07-01"),
    ("mar., 4 abr. 2023", "2023-04-04"), ("mar. 7 mars 2023", "2023-03-07"), ("Tháng 3 2019", "2019-03-01"),
    ("segunda-feira, 6 de março de 2023", "2023-03-06"), ("poniedziałek, 6 marca 2023", "2023-03-06"),
    ("Mi 01.03.2023", "2023-03-01"), ("2023/03/01(水) 10:00", "2023-03-01T10:00:00"),
    ("令和5年3月1日", "2023-03-01"), ("112年3月1日", "-"), ("1999年第3季度", "1999-07-01"), ("2005년 2분기", "2005-04-01"),
    ("1.3.2023 klo 13.00", "2023-03-01T13:00:00"), ("1.3.2023 13 Uhr", "2023-03-01T13:00:00"),
    // programs
    ("[01/Mar/2023:05:06:07 +0000]", "2023-03-01T05:06:07"), ("2023-060", "2023-03-01"), ("2023-366", "-"),
    ("01-MAR-23 12.30.00 AM", "2023-03-01T00:30:00"), ("2023-03-01-23", "2023-03-01T23:00:00"),
    ("2023-03-01-23.59.58", "2023-03-01T23:59:58"), ("2023-03-01-05:00", "2023-03-01"),
    ("2023-03-01 07:00 (UTC+9)", "2023-03-01T07:00:00"),
    ("2023-03-01 07:00 Europe/Berlin", "2023-03-01T07:00:00"),
    ("2023-03-01 07:00 ET", "2023-03-01T07:00:00"),
    ("01.03.2023 00:00 - 01.03.2023 01:00", "2023-03-01"),
    ("2023-03-01 05:00 - 05:15", "2023-03-01T05:00:00"),
    ("2023-03-01T05:00Z/2023-03-01T06:00Z", "2023-03-01T05:00:00"), ("2023-03-01 05:00 - late", "-"),
    // parts of years
    ("3Q05", "2005-07-01"), ("Q3'05", "2005-07-01"), ("2005-T3", "2005-07-01"), ("T3 2005", "2005-07-01"),
    ("2005K3", "2005-07-01"), ("III kw. 2019", "2019-07-01"), ("III 2019", "-"),
    ("Apr-Jun 2005", "2005-04-01"),
    ("Jan-Feb 2005", "-"), ("4711K3", "-"), ("2019U07", "2019-02-11"), ("2019W073", "2019-02-13"),
    ("1990/91", "1990-01-01"), ("1999-2000", "1999-01-01"), ("FY2019", "2019-01-01"), ("1990-1992", "-"),
  ])
  func readsForms(_ text: String, _ expected: String) {
    let written = WrittenTime(text, order: .dayMonthYear)
    #expect(written.map { CalendarTime(seconds: $0.wall).text } ?? "-" == expected, "\(text)")
  }

  @Test(arguments: [
    ("2023", "2023-01-01", 0), ("202303", "2023-03-01", 3), ("20230301", "2023-03-01", 5),
    ("2023030105", "2023-03-01T05:00:00", 6), ("202303010506", "2023-03-01T05:06:00", 6),
    ("20230301050607", "2023-03-01T05:06:07", 6), ("2023060", "2023-03-01", 5), ("1953 (1)", "1953-01-01", 0),
  ])
  func readsDigitsWhereTheyAreAskedFor(_ text: String, _ expected: String, _ unit: Int) throws {
    let written = try #require(WrittenTime(text, order: .dayMonthYear, extras: .digits))
    #expect(CalendarTime(seconds: written.wall).text == expected && written.unit.rawValue == unit)
    #expect(WrittenTime("20231301", order: .dayMonthYear, extras: .digits) == nil)
    #expect(WrittenTime("2023030125", order: .dayMonthYear, extras: .digits) == nil)
    #expect(WrittenTime("1677628800", order: .dayMonthYear, extras: .digits) == nil)
  }

  @Test func offsetsAreKept() throws {
    let time = try #require(WrittenTime("2023-11-10T01:00:00+01:00", order: .dayMonthYear))
    #expect(time.offset == 3600 && time.seconds == time.wall - 3600)
    #expect(WrittenTime("2023-11-10T01:00:00Z", order: .dayMonthYear)?.offset == 0)
    #expect(WrittenTime("2023-11-10 01:00 UTC-3", order: .dayMonthYear)?.offset == -3 * 3600)
    #expect(WrittenTime("2023-11-10 01:00", order: .dayMonthYear)?.offset == nil)
  }

  /// Every month has one name in each language, and no beginning of a name is taken for another month.
  @Test func namesOfMonths() {
    #expect(
      ["jan", "fév", "mär", "abr", "mei", "juin", "lug", "ago", "set", "okt", "лис", "dez"].map(
        MonthNames.number)
        == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, nil, 12])
    #expect(
      MonthNames.number("ma") == nil && MonthNames.number("jui") == nil && MonthNames.number("lis") == 11)
  }

  @Test(arguments: [
    ("1990Q4", "1991Q1", 3), ("1990-Q4", "1991-Q1", 3), ("Q4 1990", "1991Q1", 3), ("2023M12", "2024-01", 1),
    ("2023-12", "2024-01", 1), ("2023", "2024", 12), ("1998/99", "1999/00", 12),
    ("1998-1999", "1999-2000", 12), ("2023H2", "2024H1", 6),
  ])
  func formsOfTheData(_ text: String, _ next: String, _ months: Int) throws {
    let written = try #require(WrittenTime(text, order: .dayMonthYear, extras: .digits))
    let form = TimeForm(of: written, text: text)
    #expect(form.text(CalendarTime(seconds: written.wall).adding(months: months).seconds) == next)
  }

  /// A day of a week is a day; what is less than a second is printed.
  @Test func finerThanTheyLook() throws {
    #expect(WrittenTime("2019-W07-3", order: .dayMonthYear)?.unit == .day)
    #expect(TimeForm().text(1_677_628_800.25) == "2023-03-01T00:00:00.25")
    #expect(TimeForm(.epoch(1)).text(1_677_628_800.25) == "1677628800.25")
    #expect(TimeForm(.epoch(1)).text(1_677_628_800) == "1677628800")
  }

  /// Every week of sixty years is printed as it is read.
  @Test func weeks() throws {
    let first = try #require(WrittenTime("1990-W01", order: .dayMonthYear))
    let form = TimeForm(of: first, text: "1990-W01")
    for week in 0..<3130 {
      let wall = first.wall + Double(week) * 604_800
      #expect(WrittenTime(form.text(wall), order: .dayMonthYear)?.wall == wall)
    }
  }
}
