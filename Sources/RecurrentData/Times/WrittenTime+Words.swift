extension WrittenTime {
  private static let quarterWords: Set<String> = [
    "q", "qtr", "quarter", "quartal", "trimestre", "trim", "kv", "quý", "t", "k", "кв", "квартал", "kwartał",
    "čtvrtletí", "negyedév", "季度", "四半期", "분기",
  ]
  private static let romans = ["i": 1, "ii": 2, "iii": 3, "iv": 4]
  /// Years before the first of an era, by its name.
  private static let eras = ["令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911]
  private static let weekWords: Set<String> = [
    "w", "wk", "week", "kw", "woche", "semaine", "semana", "u", "uge", "uke", "vecka", "vko", "周", "週", "주",
  ]
  private static let halfWords: Set<String> = ["h", "s", "hy", "half", "semester"]
  private static let fillers: Set<String> = [
    "of", "the", "st", "nd", "rd", "th", "er", "de", "del", "den", "le", "el", "at", "um", "o", "г", "года",
    "feira", "năm", "d’", "рік", "року",
  ]
  private static let yearWords: Set<String> = ["年", "년", "年第"]
  private static let monthWords: Set<String> = ["月", "월"]
  private static let dayWords: Set<String> = ["日", "号", "號", "일"]
  private static let hourWords: Set<String> = ["时", "時", "点", "點", "시"]
  private static let minuteWords: Set<String> = ["分", "분"]
  private static let secondWords: Set<String> = ["秒", "초"]

  /// Reads what stands behind a year: a letter with a quarter, a week, a month or half a year, to the end of the text.
  mutating func readLetter(
    _ first: TimeCursor.Number, _ cursor: inout TimeCursor
  ) -> Bool {
    guard first.count == 4 else { return false }
    cursor.passBlanks()
    _ = cursor.pass(anyOf: "-:/")
    let word = cursor.word()
    cursor.passBlanks()
    guard !word.isEmpty, let number = cursor.number() else { return false }
    if WrittenTime.weekWords.contains(word), number.count <= 3 {
      var (week, weekday) = (number.value, Int?.none)
      if number.count == 3 {
        (week, weekday) = (week / 10, week % 10)
      } else if cursor.pass(anyOf: "-") != nil {
        guard let own = cursor.number(), own.count == 1 else { return false }
        weekday = own.value
      }
      cursor.passBlanks()
      return cursor.isAtEnd && setWeek(week, weekday: weekday, of: first.value)
    }
    cursor.passBlanks()
    return cursor.isAtEnd && setPart(word, number, of: first.value)
  }

  /// Takes over a quarter, half a year or a month of a year; false where a word is no name of them.
  private mutating func setPart(_ word: String, _ number: TimeCursor.Number, of year: Int) -> Bool {
    guard (1000...2999).contains(year) else { return false }
    self.year = year
    let value = number.value
    if WrittenTime.quarterWords.contains(word), number.count == 1, (1...4).contains(value) {
      (month, unit) = (3 * value - 2, .quarter)
    } else if WrittenTime.halfWords.contains(word), number.count == 1, (1...2).contains(value) {
      (month, unit) = (6 * value - 5, .half)
    } else if word == "m", number.count <= 2, (1...12).contains(value) {
      (month, unit) = (value, .month)
    } else {
      return false
    }
    return true
  }

  /// A part of a text with words.
  private enum Token {
    case number(TimeCursor.Number, at: Int)
    case word(String)
    case mark(UInt8)
  }

  /// Reads a date with words, with a clock before, within or behind it: the whole of a text.
  mutating func readWords(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var tokens: [Token] = []
    var cursor = TimeCursor(bytes)
    var hasClock = false
    while true {
      cursor.passBlanks()
      if cursor.isAtEnd { break }
      let begin = cursor
      if let number = cursor.number() {
        if !hasClock, number.count <= 2, WrittenTime.isClock(cursor, behind: tokens) {
          cursor = begin
          guard readTimeOfDay(&cursor) else { return false }
          hasClock = true
          var zone = cursor
          zone.passBlanks()
          var copy = self
          if copy.readZone(&zone) { (self, cursor) = (copy, zone) }
          continue
        }
        tokens.append(.number(number, at: begin.index))
        continue
      }
      let word = cursor.word()
      if word.isEmpty {
        // `31/Dec/2024:23:59`
        let isColon = cursor.next == UInt8(ascii: ":")
        if case .number(let year, _)? = tokens.last, isColon, year.count == 4 {
          cursor.skip()
          continue
        }
        tokens.append(.mark(cursor.next))
        cursor.skip()
      } else {
        tokens.append(.word(word))
        _ = cursor.pass(anyOf: ".")
      }
    }
    guard tokens.contains(where: { if case .word = $0 { true } else { false } }) else { return false }
    let clock = self
    if readCounted(tokens) { return true }
    self = clock
    return readNamed(tokens, hasClock: hasClock)
  }

  /// Whether a number of two digits is the hour of a clock, by what stands behind it: a colon, behind a whole date also a point or
  /// an `h` with two digits.
  private static func isClock(_ cursor: TimeCursor, behind tokens: [Token]) -> Bool {
    guard !tokens.isEmpty else { return false }
    if cursor.next == UInt8(ascii: ":") { return true }
    let numbers = tokens.count { if case .number = $0 { true } else { false } }
    guard numbers > 1, cursor.next == UInt8(ascii: ".") || cursor.nextLetter == UInt8(ascii: "h") else {
      return false
    }
    var ahead = cursor
    ahead.skip()
    return ahead.number()?.count == 2 || ahead.isAtEnd && cursor.nextLetter == UInt8(ascii: "h")
  }

  /// Reads numbers each with a word of what it counts: `2023年3月1日`, with the clock in words or in digits.
  private mutating func readCounted(_ tokens: [Token]) -> Bool {
    var (hasYear, smallest, isAfternoon) = (false, Unit.year, Bool?.none)
    var (place, era) = (0, Int?.none)
    let clock = self
    while place < tokens.count {
      switch tokens[place] {
      case .mark: return false
      case .word(let word):
        switch word {
        case "上午", "午前", "오전": isAfternoon = false
        case "下午", "午後", "오후": isAfternoon = true
        case "第": break
        case let word where WrittenTime.eras[word] != nil: era = WrittenTime.eras[word]
        default:
          // days of the week stand behind the date
          guard word.hasPrefix("星期") || word.hasPrefix("周") || word.hasSuffix("曜日") || word.hasSuffix("요일")
          else { return false }
        }
        place += 1
        continue
      case .number(let number, _):
        guard place + 1 < tokens.count, case .word(let word) = tokens[place + 1] else { return false }
        if WrittenTime.yearWords.contains(word) {
          // of three digits nobody knows since when they are counted
          guard number.count != 3 || era != nil else { return false }
          (year, hasYear) = (era.map { $0 + number.value } ?? number.year, true)
        } else if WrittenTime.quarterWords.contains(word), (1...4).contains(number.value) {
          (month, smallest) = (3 * number.value - 2, .quarter)
        } else if WrittenTime.weekWords.contains(word) {
          return hasYear && place + 2 == tokens.count && setWeek(number.value, weekday: nil, of: year)
        } else if WrittenTime.monthWords.contains(word) {
          (month, smallest) = (number.value, .month)
        } else if WrittenTime.dayWords.contains(word) {
          (day, smallest) = (number.value, .day)
        } else if WrittenTime.hourWords.contains(word) {
          (hour, smallest) = (number.value, .time)
        } else if WrittenTime.minuteWords.contains(word) {
          minute = number.value
        } else if WrittenTime.secondWords.contains(word) {
          second = Double(number.value)
        } else {
          return false
        }
        place += 2
      }
    }
    if let isAfternoon { guard setHalfOfDay(isAfternoon: isAfternoon) else { return false } }
    unit = max(smallest, clock.unit == .time ? .time : .year)
    return hasYear
  }

  /// Reads a date with the name of its month, in full or its first three letters or more, or a quarter or week before its year:
  /// `Jan 1 2000`, `1 January 2000 13:45`, `01-Jan-00`, `Jan 2000`, `Q1 1990`, `KW 5/2023`.
  private mutating func readNamed(_ tokens: [Token], hasClock: Bool) -> Bool {
    var (named, word, isAfternoon) = (Int?.none, String?.none, Bool?.none)
    var numbers: [TimeCursor.Number] = []
    // `mar` is March and Tuesday; three months are a quarter
    var (hasMark, mayBeDay, isQuarter, roman) = (false, false, false, Int?.none)
    for (place, token) in tokens.enumerated() {
      switch token {
      case .number(let number, _): numbers.append(number)
      case .mark(let mark):
        guard " ,-/.'()".utf8.contains(mark) else { return false }
        if mark == UInt8(ascii: "-") || mark == UInt8(ascii: "'") { hasMark = true }
      case .word(let text):
        if text == "am" || text == "pm" {
          isAfternoon = text == "pm"
        } else if let month = MonthNames.number(text), named == nil || mayBeDay {
          mayBeDay = named == nil && numbers.isEmpty && MonthNames.isWeekday(text)
          named = month
        } else if let month = MonthNames.number(text), let first = named, first % 3 == 1, month == first + 2,
          numbers.isEmpty
        {
          isQuarter = true
        } else if roman == nil, let number = WrittenTime.romans[text] {
          roman = number
        } else if MonthNames.isWeekday(text) || WrittenTime.fillers.contains(text) && place > 0 {
          continue
        } else if text == "tháng" {
          continue
        } else if word == nil {
          word = text
        } else {
          return false
        }
      }
    }
    if let word, let roman {
      guard named == nil, numbers.count == 1, numbers[0].count == 4 else { return false }
      // `III kw. 2019`: weeks are not counted so
      guard WrittenTime.quarterWords.contains(word) || word == "kw" else { return false }
      return setPart("q", TimeCursor.Number(value: roman, count: 1), of: numbers[0].value)
    }
    if word == "fy", named == nil, numbers.count == 1, numbers[0].count == 4 {
      (year, unit) = (numbers[0].value, .year)
      return true
    }
    if let word {
      // a quarter, a week or half a year before its year: `Q1 1990`, `1. Quartal 2023`
      guard named == nil, roman == nil, !hasClock, numbers.count == 2 else { return false }
      let year = numbers.first { $0.count == 4 } ?? numbers.first { $0.count == 2 }
      guard let year, let other = numbers.first(where: { $0.count < min(year.count, 3) }) else {
        return false
      }
      if WrittenTime.weekWords.contains(word) {
        return year.count == 4 && setWeek(other.value, weekday: nil, of: year.value)
      }
      guard word != "m", year.count == 4 || ["q", "qtr", "quarter"].contains(word) else { return false }
      return setPart(word, other, of: year.year)
    }
    guard roman == nil else { return false }
    if named == nil, tokens.contains(where: { if case .word("tháng") = $0 { true } else { false } }),
      numbers.count == 2, numbers[1].count == 4
    {
      (year, month, unit) = (numbers[1].value, numbers[0].value, .month)
      return true
    }
    guard let named else { return false }
    if isQuarter {
      guard numbers.count == 1, numbers[0].count == 4 else { return false }
      (year, month, unit) = (numbers[0].value, named, .quarter)
      return true
    }
    month = named
    if let isAfternoon {
      // the hour of twelve without minutes: `Dec 31 2024 3 pm`
      if !hasClock {
        guard numbers.count == 3 else { return false }
        (hour, unit) = (numbers.removeLast().value, .time)
      }
      guard setHalfOfDay(isAfternoon: isAfternoon) else { return false }
    }
    let clock = unit == .time
    // the year has four digits, or is the last number
    let place = numbers.firstIndex { $0.count == 4 } ?? numbers.count - 1
    switch numbers.count {
    case 2:
      guard numbers[1 - place].count <= 2 else { return false }
      (year, day) = (numbers[place].year, numbers[1 - place].value)
      if !clock { unit = .day }
    case 1 where numbers[0].count == 4 || hasMark && numbers[0].count == 2 && isBehindName(tokens):
      year = numbers[0].year
      if !clock { unit = .month }
    default: return false
    }
    return true
  }

  /// Whether the name of a month stands in front, as in `Jan-00`.
  private func isBehindName(_ tokens: [Token]) -> Bool {
    if case .word? = tokens.first { true } else { false }
  }
}
