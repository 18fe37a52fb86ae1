import RecurrentCore
import Testing

@Suite struct CivilDateTests {
  @Test(arguments: [
    (0, 1970, 1, 1), (-1, 1969, 12, 31), (11_016, 2000, 2, 29), (11_017, 2000, 3, 1), (-719_162, 1, 1, 1),
    (2_932_896, 9999, 12, 31),
  ])
  func knownDays(_ count: Int, _ year: Int, _ month: Int, _ day: Int) {
    let date = CivilDate(year: year, month: month, day: day)
    #expect(date.daysSince1970 == count && CivilDate(daysSince1970: count) == date)
    #expect(CivilDate(containing: Double(count) * 86_400 + 86_399) == date)
  }

  @Test func daysFollowOneAnother() {
    var date = CivilDate(year: 1895, month: 12, day: 31)
    let first = date.daysSince1970
    for count in first + 1..<first + 80_000 {
      let isLast = date.day == CivilDate.days(inMonth: date.month, of: date.year)
      date.day = isLast ? 1 : date.day + 1
      if isLast { date.month = date.month % 12 + 1 }
      if isLast, date.month == 1 { date.year += 1 }
      #expect(date.daysSince1970 == count && CivilDate(daysSince1970: count) == date)
    }
  }
}
