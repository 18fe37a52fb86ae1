/// Reads the lines of one tune of ``ABCTunes``.
struct ABCTuneReader {
  /// Why a tune is not read.
  struct Issue: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
  }

  /// The ticks of a quarter.
  static let ticksPerQuarter = 960
  private static let whole = 4 * ticksPerQuarter
  private static let longest = whole * 64

  /// The notes, one after the other.
  private(set) var notes: [MIDIFile.Note] = []
  private var unit = 0
  private var metre = (beats: 4, unit: 4)
  private var signature: [Character: Int] = [:]
  private var accidentals: [Int: Int] = [:]
  private var tick = 0
  private var tuplet = (count: 0, numerator: 1, denominator: 1)
  /// What the next note is longer by, as a fraction of halves to a power, after `<` or `>`.
  private var brokenNext = 0
  private var lastNotes: Range<Int> = 0..<0
  /// The ticks of the last note or rest by itself, without what it is tied to.
  private var lastLength = 0
  private var isTied = false

  init(_ lines: [Substring]) throws(Issue) {
    var hasKey = false
    for line in lines {
      let line = line.prefix { $0 != "%" }
      let field = line.prefix(2)
      if field.count == 2, field.last == ":", field.first?.isLetter ?? false {
        let value = line.dropFirst(2).drop(while: \.isWhitespace)
        try read(field: field.first ?? " ", value)
        hasKey = hasKey || field.first == "K"
      } else if hasKey {
        try read(music: Array(line))
      }
    }
    guard hasKey else { throw Issue("it has no key, \"K:\"") }
    guard !notes.isEmpty else { throw Issue("it has no notes") }
  }

  // MARK: Fields

  private mutating func read(field: Character, _ value: Substring) throws(Issue) {
    switch field {
    case "L":
      guard let length = fraction(value), length.1 > 0, length.0 > 0 else { throw Issue("L: is no length") }
      unit = ABCTuneReader.whole * length.0 / length.1
    case "M":
      if value.hasPrefix("C|") {
        metre = (2, 2)
      } else if value.hasPrefix("C") || value.hasPrefix("none") {
        metre = (4, 4)
      } else if let own = fraction(value), own.0 > 0, own.1 > 0 {
        metre = own
      }
    case "K": signature = try ABCTuneReader.signature(value)
    case "V": throw Issue("it has several voices")
    default: break
    }
  }

  private func fraction(_ text: Substring) -> (Int, Int)? {
    let parts = text.prefix { $0.isNumber || $0 == "/" }.split(separator: "/")
    guard parts.count == 2, let a = Int(parts[0]), let b = Int(parts[1]), a < 1000, b < 1000 else {
      return nil
    }
    return (a, b)
  }

  /// Sharps and flats of a key: those of its tonic in major, fewer by its mode.
  private static func signature(_ value: Substring) throws(Issue) -> [Character: Int] {
    if value.isEmpty || value.lowercased().hasPrefix("none") || value.hasPrefix("HP") { return [:] }
    let places: [Character: Int] = ["C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5, "F": -1]
    guard let tonic = value.first, var count = places[tonic] else { throw Issue("K: is no key") }
    var rest = value.dropFirst()
    if rest.first == "#" || rest.first == "b" { count += rest.removeFirst() == "#" ? 7 : -7 }
    let mode = rest.drop(while: \.isWhitespace).prefix(3).lowercased()
    let modes = ["mix": -1, "dor": -2, "aeo": -3, "min": -3, "phr": -4, "loc": -5, "lyd": 1]
    count += mode == "m" || mode.hasPrefix("m ") ? -3 : modes[mode] ?? 0
    guard (-7...7).contains(count) else { throw Issue("K: has more than seven sharps or flats") }
    let sharps: [Character] = ["F", "C", "G", "D", "A", "E", "B"]
    let names = count > 0 ? Array(sharps.prefix(count)) : Array(sharps.reversed().prefix(-count))
    return Dictionary(uniqueKeysWithValues: names.map { ($0, count > 0 ? 1 : -1) })
  }

  // MARK: Music

  private mutating func read(music line: [Character]) throws(Issue) {
    var index = 0
    while index < line.count {
      let character = line[index]
      switch character {
      case "\"", "!", "+":
        // chord names and decorations up to their end
        index += 1
        while index < line.count, line[index] != character { index += 1 }
        index += 1
      case "{":
        while index < line.count, line[index] != "}" { index += 1 }
        index += 1
      case "|", ":":
        accidentals = [:]
        index += 1
      case "[":
        let next = index + 1 < line.count ? line[index + 1] : " "
        if next.isNumber || next == "|" {
          index += 2
        } else if index + 2 < line.count, next.isLetter, line[index + 2] == ":" {
          let end = line[index...].firstIndex(of: "]") ?? line.count
          try read(field: next, Substring(String(line[min(index + 3, end)..<end])))
          index = end + 1
        } else {
          try chord(line, &index)
        }
      case "(":
        let digits = line[(index + 1)...].prefix(while: \.isWholeNumber)
        index += 1
        if let count = digits.first?.wholeNumberValue, (2...9).contains(count) {
          index += 1
          // three in the time of two, and so on
          let time =
            [2: 3, 3: 2, 4: 3, 6: 2, 8: 3][count] ?? (metre.unit == 8 && metre.beats % 3 == 0 ? 3 : 2)
          tuplet = (count, time, count)
          while index < line.count, line[index] == ":" || line[index].isNumber { index += 1 }
        }
      case ">", "<":
        var count = 0
        while index < line.count, line[index] == character {
          count += 1
          index += 1
        }
        shift(by: min(count, 3), isLong: character == ">")
      case "-":
        isTied = !lastNotes.isEmpty
        index += 1
      case "A"..."G", "a"..."g", "^", "_", "=", "z", "x", "Z":
        try single(line, &index)
      default: index += 1
      }
    }
  }

  /// The note before becomes longer and the one behind shorter, or the other way round.
  private mutating func shift(by count: Int, isLong: Bool) {
    // once for each note: marks that follow each other would make it longer without end
    guard brokenNext == 0, lastLength > 0 else { return }
    let change = lastLength - lastLength >> count
    for place in lastNotes { notes[place].end += isLong ? change : -change }
    tick += isLong ? change : -change
    brokenNext = isLong ? -count : count
  }

  private mutating func length(_ line: [Character], _ index: inout Int) throws(Issue) -> Int {
    func number() -> Int? {
      guard index < line.count else { return nil }
      let digits = line[index...].prefix(while: \.isWholeNumber)
      index += digits.count
      return Int(String(digits.prefix(4)))
    }
    let numerator = number() ?? 1
    var denominator = 1
    while index < line.count, line[index] == "/" {
      index += 1
      denominator *= number() ?? 2
      if denominator > 1 << 10 { throw Issue("a note is too short") }
    }
    if unit == 0 {
      unit = metre.beats * 4 < metre.unit * 3 ? ABCTuneReader.whole / 16 : ABCTuneReader.whole / 8
    }
    guard denominator > 0 else { throw Issue("a length is divided by 0") }
    var ticks = unit * numerator / denominator
    if tuplet.count > 0 {
      ticks = ticks * tuplet.numerator / tuplet.denominator
      tuplet.count -= 1
    }
    if brokenNext != 0 {
      let short = ticks >> abs(brokenNext)
      ticks = brokenNext < 0 ? short : 2 * ticks - short
      brokenNext = 0
    }
    guard ticks <= ABCTuneReader.longest, tick <= MIDIClock.lastTick else {
      throw Issue("a note is too long")
    }
    return ticks
  }

  private static let accidentalSteps: [Character: Int] = ["^": 1, "_": -1, "=": 0]

  /// The key of a note; nil for a rest.
  private mutating func key(_ line: [Character], _ index: inout Int) throws(Issue) -> Int? {
    var accidental: Int?
    while index < line.count, let step = ABCTuneReader.accidentalSteps[line[index]] {
      accidental = (accidental ?? 0) + step
      index += 1
    }
    guard index < line.count else { throw Issue("an accidental has no note") }
    let name = line[index]
    index += 1
    if ["z", "x", "Z"].contains(name) { return nil }
    let degrees: [Character: Int] = ["C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11]
    guard name.isASCII, let degree = degrees[Character(name.uppercased())] else {
      throw Issue("\"\(name)\" is no note")
    }
    var natural = 60 + degree + (name.isLowercase ? 12 : 0)
    while index < line.count, line[index] == "'" || line[index] == "," {
      natural += line[index] == "'" ? 12 : -12
      index += 1
    }
    if let accidental { accidentals[natural] = accidental }
    let key = natural + (accidentals[natural] ?? signature[Character(name.uppercased())] ?? 0)
    guard (0...127).contains(key) else { throw Issue("a note is out of range") }
    return key
  }

  private mutating func single(_ line: [Character], _ index: inout Int) throws(Issue) {
    let isOfBars = line[index] == "Z"
    let key = try key(line, &index)
    var length = try length(line, &index)
    if isOfBars { length = length / unit * (ABCTuneReader.whole * metre.beats / metre.unit) }
    add(key.map { [$0] } ?? [], length)
  }

  private mutating func chord(_ line: [Character], _ index: inout Int) throws(Issue) {
    index += 1
    var (keys, longest) = ([Int](), 0)
    let kept = (tuplet, brokenNext)
    while index < line.count, line[index] != "]" {
      guard "ABCDEFGabcdefg^_=".contains(line[index]) else {
        index += 1
        continue
      }
      (tuplet, brokenNext) = kept
      if let key = try key(line, &index) { keys.append(key) }
      longest = max(longest, try length(line, &index))
    }
    index += 1
    (tuplet, brokenNext) = ((0, 1, 1), 0)
    let factor = Double(try length(line, &index)) / Double(max(unit, 1))
    (tuplet, brokenNext) = ((max(0, kept.0.count - 1), kept.0.numerator, kept.0.denominator), 0)
    guard factor < 1000 else { throw Issue("a note is too long") }
    add(keys, Int(Double(longest) * factor))
  }

  private mutating func add(_ keys: [Int], _ length: Int) {
    if isTied, !keys.isEmpty, keys == lastNotes.map({ notes[$0].key }) {
      for place in lastNotes { notes[place].end += length }
    } else {
      let first = notes.count
      for key in keys { notes.append(MIDIFile.Note(key: key, start: tick, end: tick + length)) }
      lastNotes = first..<notes.count
    }
    isTied = false
    lastLength = length
    tick += length
  }
}
