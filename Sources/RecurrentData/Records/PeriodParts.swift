/// What the columns of a table are parts of, where each row is a period: the months of a year, the hours of a day.
struct PeriodParts: Sendable, Equatable {
  /// What the parts are.
  enum Kind: Sendable, Equatable {
    case months, quarters, halves, weeks, days, hours
  }

  let kind: Kind
  /// Of each part its number from 1, of hours the seconds since midnight.
  let numbers: [Int]

  /// What parts and whole are called.
  var words: (whole: String, parts: String) {
    switch kind {
    case .months: ("year", "months")
    case .quarters: ("year", "quarters")
    case .halves: ("year", "halves")
    case .weeks: ("year", "weeks")
    case .days: ("month", "days")
    case .hours: ("day", numbers.count == 24 ? "hours" : "times of day")
    }
  }

  private init(_ kind: Kind, _ numbers: [Int]) { (self.kind, self.numbers) = (kind, numbers) }

  /// The parts that names of columns one after the other are; nil where they are none, or not all of a period.
  ///
  /// - Parameters:
  ///   - names: in small letters, without blanks around them.
  ///   - areBare: whether numbers without a letter are parts, too.
  init?(names: [String], areBare: Bool) {
    if names.count == 12 {
      let months = names.compactMap(PeriodParts.month)
      if PeriodParts.follow(months, count: 12) {
        self.init(.months, months)
        return
      }
    }
    // names that stand twice have a number behind a point
    if names.count == 12, names.map({ String($0.prefix { $0 != "." }) }).joined() == "jfmamjjasond" {
      self.init(.months, Array(1...12))
      return
    }
    let roman = ["i", "ii", "iii", "iv"]
    if names == roman || names == ["jan-mar", "apr-jun", "jul-sep", "oct-dec"] {
      self.init(.quarters, [1, 2, 3, 4])
      return
    }
    if let clock = PeriodParts.clock(names) {
      self.init(.hours, clock)
      return
    }
    guard let (stem, numbers) = PeriodParts.numbered(names), let first = numbers.first else { return nil }
    switch (stem, numbers.count) {
    case ("q", 4), ("qtr", 4), ("quarter", 4), ("k", 4), ("kw", 4), ("t", 4): self.init(.quarters, numbers)
    case ("h", 2), ("s", 2), ("half", 2), ("sem", 2): self.init(.halves, numbers)
    case ("m", 12), ("month", 12), ("mon", 12): self.init(.months, numbers)
    case ("w", 52...53), ("week", 52...53), ("wk", 52...53), ("kw", 52...53): self.init(.weeks, numbers)
    case ("h", 24), ("hour", 24), ("hr", 24), ("he", 24): self.init(.hours, numbers.map { 3600 * $0 })
    case ("d", 31), ("day", 31): self.init(.days, numbers)
    case ("", 12) where areBare: self.init(.months, numbers)
    case ("", 24) where areBare: self.init(.hours, numbers.map { 3600 * $0 })
    case ("", 31) where areBare: self.init(.days, numbers)
    case ("", 52...53) where areBare: self.init(.weeks, numbers)
    default: return nil
    }
    if kind != .hours, first != 1 { return nil }
  }

  /// The parts that so many columns without names are, as somebody says; nil for none.
  init?(count: Int) {
    switch count {
    case 12: self.init(.months, Array(1...12))
    case 4: self.init(.quarters, Array(1...4))
    case 24: self.init(.hours, (0..<24).map { 3600 * $0 })
    case 31: self.init(.days, Array(1...31))
    case 52, 53: self.init(.weeks, Array(1...count))
    default: return nil
    }
  }

  /// The part of a year that a field names where each row is a part; a number where the name of its column says what it counts. Nil
  /// for none.
  static func row(_ field: String, of column: String) -> (kind: Kind, number: Int)? {
    let text = field.trimmingBlanks.lowercased()
    if let number = Int(text) {
      switch TimePart(name: column) {
      case .month? where (1...12).contains(number): return (.months, number)
      case .quarter? where (1...4).contains(number): return (.quarters, number)
      default: return nil
      }
    }
    if let month = month(text) { return (.months, month) }
    if text.hasPrefix("q"), let number = Int(text.dropFirst()), (1...4).contains(number) {
      return (.quarters, number)
    }
    return nil
  }

  /// The month that a name means; a number is none.
  private static func month(_ name: String) -> Int? {
    let word = name.hasSuffix(".") ? String(name.dropLast()) : name
    return word.first?.isLetter == true ? MonthNames.number(word) : nil
  }

  /// Whether numbers follow each other around a circle that has so many, each once.
  private static func follow(_ numbers: [Int], count: Int) -> Bool {
    numbers.count == count && zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 % count + 1 }
  }

  /// What stands in front of numbers that follow each other, from 0 or 1 on; nil for others.
  private static func numbered(_ names: [String]) -> (stem: String, numbers: [Int])? {
    guard names.count > 1 else { return nil }
    func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
    var found: (stem: String, numbers: [Int]) = ("", [])
    for (place, name) in names.enumerated() {
      // `H01`, `Hour 1`, `1h`, `1st`
      let (isInFront, digits) = (name.first.map(isDigit) ?? false, name.filter(isDigit))
      let letters = isInFront ? name.drop(while: isDigit) : name.prefix { !isDigit($0) }
      guard let number = Int(digits), letters.count + digits.count == name.count else { return nil }
      let stem = letters.filter { !" _.-".contains($0) }
      if place == 0 {
        guard number <= 1 else { return nil }
        found.stem = String(stem)
      }
      guard stem == found.stem, place == 0 || number == found.numbers[place - 1] + 1 else { return nil }
      found.numbers.append(number)
    }
    return found
  }

  /// The seconds since midnight that names are, at equal distances over a day; nil for others.
  static func clock(_ names: [String]) -> [Int]? {
    guard names.count >= 8, names.allSatisfy(ClockTime.isMarked) else { return nil }
    var times = names.compactMap { ClockTime.seconds($0).map { Int($0) } }
    // midnight behind all others ends the day
    if times.count > 1, times[times.count - 1] == 0 { times[times.count - 1] = 86_400 }
    let step = times[1] - times[0]
    return step > 0 && step * times.count == 86_400
      && zip(times, times.dropFirst()).allSatisfy { $1 - $0 == step }
      ? times : nil
  }

  // MARK: Times

  /// Whether periods that are printed so are those of the parts.
  func fits(_ form: TimeForm, _ moments: [Double]) -> Bool {
    let starts = moments.map { CalendarTime(seconds: $0) }
    switch kind {
    case .days: return form.style == .month || starts.allSatisfy { $0.day == 1 && $0.hourOfDay == 0 }
    case .hours:
      return form.style == .moment && form.zone.isEmpty && starts.allSatisfy { $0.hourOfDay == 0 }
        && Set(moments).count * 2 > moments.count
    case .months, .quarters, .halves, .weeks:
      if case .years = form.style { return kind == .months }
      // months from another one on belong to years that have two numbers
      return form.style == .year && numbers.first == 1
    }
  }

  /// How many parts the period that begins at a moment has.
  func count(at start: Double) -> Int {
    switch kind {
    case .days:
      let (time, next) = (CalendarTime(seconds: start), CalendarTime(seconds: start).adding(months: 1))
      return min(numbers.count, Int((next.seconds - time.seconds) / 86_400))
    case .weeks:
      return min(numbers.count, PeriodParts.hasLongYear(CalendarTime(seconds: start).year) ? 53 : 52)
    case .months, .quarters, .halves, .hours: return numbers.count
    }
  }

  /// Whether a year has 53 weeks: its last Thursday is that of the 53rd.
  private static func hasLongYear(_ year: Int) -> Bool {
    var written = WrittenTime()
    return written.setWeek(53, weekday: nil, of: year)
  }

  /// The time of a part of the period that begins at a moment, in words.
  func text(_ start: Double, _ part: Int) -> String {
    let (time, number) = (CalendarTime(seconds: start), numbers[part])
    switch kind {
    case .months:
      // behind December comes the next year
      let isNext = number < numbers[0]
      return "\(time.year + (isNext ? 1 : 0))-\(number < 10 ? "0" : "")\(number)"
    case .quarters: return "\(time.year)Q\(number)"
    case .halves: return "\(time.year)H\(number)"
    case .weeks: return "\(time.year)-W\(number < 10 ? "0" : "")\(number)"
    case .days: return StepClock.text(start + Double(number - 1) * 86_400, .calendar)
    case .hours: return StepClock.text(start + Double(number), .calendar)
    }
  }
}
