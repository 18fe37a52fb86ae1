extension WrittenTime {
  /// Reads what stands behind a date: nothing, or a time of day with its zone, to the end of the text.
  mutating func readClock(_ cursor: inout TimeCursor) -> Bool {
    _ = cursor.passWeekday()
    var begin = cursor
    begin.passBlanks()
    if begin.isAtEnd { return true }
    let isMarked = begin.index > cursor.index
    cursor = begin
    if cursor.next == UInt8(ascii: ",") {
      cursor.skip()
      cursor.passBlanks()
    } else if cursor.next == UInt8(ascii: "_") || cursor.next == UInt8(ascii: ":") {
      cursor.skip()
    } else if cursor.nextLetter == UInt8(ascii: "t") {
      cursor.skip()
    } else if cursor.nextLetter == UInt8(ascii: "z"), !isMarked {
      return readZone(&cursor) && cursor.isAtEnd
    } else if !isMarked, cursor.next == UInt8(ascii: "-") || cursor.next == UInt8(ascii: "+") {
      // a zone, `2024-12-31+01:00`, or behind a dash an hour: `2024-12-31-23`
      var zone = cursor
      if cursor.next == UInt8(ascii: "+") || cursor.bytes[cursor.index...].contains(UInt8(ascii: ":")) {
        return readZone(&zone) && zone.isAtEnd
      }
      cursor.skip()
    } else if !isMarked {
      return false
    }
    if cursor.next == UInt8(ascii: "(") || cursor.next == UInt8(ascii: "*") {
      cursor.passFootnote()
      return cursor.isAtEnd
    }
    while WrittenTime.clockWords.contains(cursor.wordAhead()) {
      _ = cursor.word()
      _ = cursor.pass(anyOf: ".")
      cursor.passBlanks()
    }
    var zone = cursor
    // a date with a zone and no time of day, `2024-12-31 UTC`
    if zone.next < 0x30 || zone.next > 0x39 { return readZone(&zone) && zone.isAtEnd }
    guard readTimeOfDay(&cursor) else { return false }
    _ = cursor.passWeekday()
    cursor.passBlanks()
    if !cursor.isAtEnd { guard readZone(&cursor) else { return false } }
    cursor.passBlanks()
    return cursor.isAtEnd
  }

  /// Reads hours, minutes and seconds, with morning or afternoon, up to the zone.
  mutating func readTimeOfDay(_ cursor: inout TimeCursor) -> Bool {
    guard let first = cursor.number() else { return false }
    unit = .time
    (hour, minute, second) = (first.value, 0, 0)
    if first.count > 2 {
      guard first.count == 4 || first.count == 6 else { return false }
      if first.count == 4 {
        (hour, minute) = (first.value / 100, first.value % 100)
      } else {
        (hour, minute, second) = (
          first.value / 10_000, first.value / 100 % 100, Double(first.value % 100)
        )
      }
      readFraction(&cursor)
    } else if let mark = clockMark(&cursor) {
      guard let minutes = cursor.number(), minutes.count <= 2 else { return false }
      minute = minutes.value
      if cursor.next == mark {
        cursor.skip()
        guard let seconds = cursor.number(), seconds.count <= 2 else { return false }
        second = Double(seconds.value)
        readFraction(&cursor)
      }
    }
    var ahead = cursor
    ahead.passBlanks()
    if WrittenTime.hourWords.contains(ahead.wordAhead()) {
      _ = ahead.word()
      cursor = ahead
    }
    return readHalfOfDay(&cursor)
  }

  /// Words between a date and a time of day.
  private static let clockWords: Set<String> = [
    "klo", "kl", "um", "à", "às", "at", "a", "las", "alle", "ore", "ora", "om", "в", "o", "godz",
  ]
  /// Words behind an hour.
  private static let hourWords: Set<String> = ["h", "uhr", "hrs", "hours", "uur", "heures"]

  /// What stands between hours and minutes: a colon, a point before two digits, or an `h`.
  private func clockMark(_ cursor: inout TimeCursor) -> UInt8? {
    switch cursor.nextLetter {
    case UInt8(ascii: ":"):
      cursor.skip()
      return UInt8(ascii: ":")
    case UInt8(ascii: "."), UInt8(ascii: "h"):
      var ahead = cursor
      ahead.skip()
      guard ahead.number()?.count == 2 else { return nil }
      let mark = cursor.next
      cursor.skip()
      return mark
    default: return nil
    }
  }

  private mutating func readFraction(_ cursor: inout TimeCursor) {
    var ahead = cursor
    guard ahead.pass(anyOf: ".,") != nil, let digits = ahead.number() else { return }
    var scale = 1.0
    for _ in 0..<digits.count { scale *= 10 }
    second += Double(digits.value) / scale
    cursor = ahead
  }

  private mutating func readHalfOfDay(_ cursor: inout TimeCursor) -> Bool {
    var ahead = cursor
    ahead.passBlanks()
    let letter = ahead.nextLetter
    guard letter == UInt8(ascii: "a") || letter == UInt8(ascii: "p") else { return true }
    ahead.skip()
    _ = ahead.pass(anyOf: ".")
    if ahead.next == 0x20 { ahead.skip() }
    guard ahead.nextLetter == UInt8(ascii: "m") else { return true }
    ahead.skip()
    _ = ahead.pass(anyOf: ".")
    cursor = ahead
    return setHalfOfDay(isAfternoon: letter == UInt8(ascii: "p"))
  }

  /// Makes an hour of twelve one of twenty-four; false where it is none.
  mutating func setHalfOfDay(isAfternoon: Bool) -> Bool {
    guard (1...12).contains(hour) else { return false }
    hour = hour % 12 + (isAfternoon ? 12 : 0)
    return true
  }

  /// Hours by which the clocks of common names of zones are ahead of UTC.
  private static let zones: [String: Double] = [
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "mez": 1, "cest": 2,
    "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8,
    "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12,
    "nzdt": 13, "sast": 2, "eat": 3, "wat": 1, "cat": 2, "trt": 3, "pkt": 5, "npt": 5.75, "ict": 7, "wib": 7,
    "hkt": 8, "sgt": 8, "awst": 8, "acst": 9.5, "acdt": 10.5, "brt": -3, "nst": -3.5, "ndt": -2.5,
  ]
  /// Names of clocks of which the offset changes with the seasons.
  private static let clocks: Set<String> = ["et", "ct", "mt", "pt", "uk"]
  /// What stands before the places of the time zone database.
  private static let areas: Set<String> = [
    "africa", "america", "antarctica", "arctic", "asia", "atlantic", "australia", "europe", "indian",
    "pacific",
    "us", "canada", "brazil", "mexico", "chile",
  ]

  /// Reads a zone: `Z`, `UTC`, `+01:00`, `-0530`, `UTC+1`, `CEST`; a name in brackets behind it is passed over.
  ///
  /// A name of a place or a clock that is put forward in summer (`Europe/Berlin`, `ET`) says no offset: what counts is the clock.
  mutating func readZone(_ cursor: inout TimeCursor) -> Bool {
    let isBracketed = cursor.next == UInt8(ascii: "(")
    if isBracketed { cursor.skip() }
    guard readBareZone(&cursor) else { return false }
    if isBracketed {
      guard cursor.next == UInt8(ascii: ")") else { return false }
      cursor.skip()
      cursor.passBlanks()
    }
    return true
  }

  private mutating func readBareZone(_ cursor: inout TimeCursor) -> Bool {
    let word = cursor.word()
    var hours = 0.0
    if WrittenTime.clocks.contains(word) { return true }
    if WrittenTime.areas.contains(word), cursor.next == UInt8(ascii: "/") {
      while !cursor.word().isEmpty || cursor.pass(anyOf: "/_-") != nil {}
      return true
    }
    if !word.isEmpty {
      guard let known = WrittenTime.zones[word] else { return false }
      hours = known
    }
    var shift = 0
    if let sign = cursor.pass(anyOf: "+-") {
      guard let number = cursor.number(), number.count <= 2 || number.count == 4 else { return false }
      var minutes = number.count == 4 ? number.value / 100 * 60 + number.value % 100 : number.value * 60
      if number.count <= 2, cursor.next == UInt8(ascii: ":") {
        cursor.skip()
        guard let rest = cursor.number(), rest.count == 2, rest.value < 60 else { return false }
        minutes += rest.value
      }
      guard (0...14 * 60).contains(minutes) else { return false }
      shift = minutes * 60 * (sign == UInt8(ascii: "-") ? -1 : 1)
    } else if word.isEmpty {
      return false
    }
    cursor.passBlanks()
    if cursor.next == UInt8(ascii: "[") {
      while !cursor.isAtEnd, cursor.next != UInt8(ascii: "]") { cursor.skip() }
      guard !cursor.isAtEnd else { return false }
      cursor.skip()
    }
    offset = Int(hours * 3600) + shift
    return true
  }
}
