// Makes the data of examples that come from nobody: `swift Examples/Data/MakeData.swift Examples/Data`.
// The same program makes the same files.
import Foundation

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func uniform() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

  /// By Box and Muller.
  mutating func normal() -> Double {
    (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
  }

  mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int(uniform() * Double(choices.count))]
  }
}

func list(_ text: String) -> [String] { text.components(separatedBy: ", ") }
func text(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

// MARK: - Opinions about films

/// Sentences whose words alone do not tell: the last of two opinions counts, and "not" turns one round.
func opinions(_ count: Int) -> String {
  var random = Generator(state: 1)
  let things = list(
    "the plot, the acting, the music, the dialogue, the ending, the cast, the camera work, the pace, "
      + "the humour, the second half, the leading role, the script")
  let good = list(
    "superb, moving, clever, funny, gripping, beautiful, fresh, convincing, warm, a delight, worth the ticket, brilliant"
  )
  let bad = list(
    "dull, weak, predictable, clumsy, tedious, shallow, a mess, forgettable, painful, lifeless, a waste of time, terrible"
  )
  let strengths = ["", "", "really ", "rather ", "quite ", "truly "]
  func opinion(_ isGood: Bool) -> String {
    let isTurned = random.uniform() < 0.35
    let word = random.pick(isGood != isTurned ? good : bad)
    let verb = random.pick(["is", "was", "seems", "felt"])
    return "\(random.pick(things)) \(verb) \(isTurned ? random.pick(["not ", "never ", "hardly "]) : "")"
      + "\(random.pick(strengths))\(word)"
  }
  var lines = ["text\topinion"]
  for number in 0..<count {
    let isGood = number % 2 == 0
    var sentence = opinion(isGood)
    switch random.uniform() {
    case ..<0.3: sentence = "\(opinion(!isGood)), \(random.pick(["but", "yet", "still,"])) \(sentence)"
    case ..<0.5: sentence = "\(opinion(isGood)) and \(sentence)"
    case ..<0.6: sentence = "i expected more, for \(isGood ? "once " : "")\(sentence)"
    default: break
    }
    lines.append("\(sentence)\t\(isGood ? "good" : "bad")")
  }
  return lines.joined(separator: "\n") + "\n"
}

// MARK: - Sentences of two languages

/// English sentences with their German translations. Words alone do not tell these: articles and adjectives follow gender and
/// case, the verb stands second and its participle last, and "not" stands behind what is seen.
func sentences(_ count: Int) -> String {
  var random = Generator(state: 5)
  func table(_ text: String) -> [[String]] { list(text).map { $0.split(separator: "/").map(String.init) } }
  let people = table(
    "dog/Hund/m, cat/Katze/f, child/Kind/n, man/Mann/m, woman/Frau/f, girl/Mädchen/n, teacher/Lehrer/m, "
      + "neighbour/Nachbarin/f, horse/Pferd/n, bird/Vogel/m")
  let things = table(
    "ball/Ball/m, book/Buch/n, lamp/Lampe/f, letter/Brief/m, picture/Bild/n, flower/Blume/f, apple/Apfel/m, "
      + "chair/Stuhl/m, door/Tür/f, house/Haus/n, bag/Tasche/f, coat/Mantel/m")
  let adjectives = table(
    "small/klein, big/groß, red/rot, old/alt, new/neu, lovely/schön, green/grün, black/schwarz, white/weiß")
  let verbs = table(
    "see/sees/seen/sieht/gesehen, buy/buys/bought/kauft/gekauft, find/finds/found/findet/gefunden, "
      + "paint/paints/painted/malt/gemalt, carry/carries/carried/trägt/getragen, love/loves/loved/liebt/geliebt, "
      + "forget/forgets/forgotten/vergisst/vergessen, look for/looks for/looked for/sucht/gesucht")
  let places = table(
    "in the garden/im Garten, in the kitchen/in der Küche, at the window/am Fenster, on the street/auf der Straße, "
      + "at the station/am Bahnhof, in the forest/im Wald")
  let times = table("today/heute, now/jetzt, this morning/heute Morgen, often/oft")
  func chance(_ share: Double) -> Bool { random.uniform() < share }

  /// A noun with its article and perhaps an adjective, as a subject or as an object.
  func phrase(_ nouns: [[String]], isObject: Bool) -> (english: String, german: String) {
    let (noun, isDefinite) = (random.pick(nouns), chance(0.5))
    let place = noun[2] == "m" ? 0 : noun[2] == "f" ? 1 : 2
    let isMasculineObject = isObject && place == 0
    var article = isDefinite ? ["der", "die", "das"][place] : ["ein", "eine", "ein"][place]
    if isMasculineObject { article = isDefinite ? "den" : "einen" }
    var (english, german) = (noun[0], noun[1])
    if chance(0.6) {
      let adjective = random.pick(adjectives)
      var ending = isDefinite ? "e" : ["er", "e", "es"][place]
      if isMasculineObject { ending = "en" }
      (english, german) = ("\(adjective[0]) \(english)", "\(adjective[1])\(ending) \(german)")
    }
    let first = "aeiou".contains(english.first ?? "x") ? "an" : "a"
    return ("\(isDefinite ? "the" : first) \(english)", "\(article) \(german)")
  }
  func capital(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  var lines = ["english\tgerman"]
  while lines.count <= count {
    let (subject, object) = (phrase(people, isObject: false), phrase(things, isObject: true))
    let (forms, place, time) = (random.pick(verbs), random.pick(places), random.pick(times))
    let (hasPlace, hasTime, isNegated) = (chance(0.5), chance(0.5), chance(0.2))
    let (isPast, isQuestion) = (chance(0.35), chance(0.15))
    let verb =
      isPast
      ? (isQuestion ? "" : "has ") + (isNegated ? "not " : "") + forms[2]
      : (isQuestion ? (isNegated ? "not " : "") + forms[0] : isNegated ? "does not \(forms[0])" : forms[1])
    let (finite, mark) = (isPast ? "hat" : forms[3], isQuestion ? "?" : ".")
    let first = isQuestion ? [isPast ? "has " : "does ", ""] : hasTime ? time.map { $0 + " " } : ["", ""]
    let english =
      "\(first[0])\(subject.english) \(verb) \(object.english)\(hasPlace ? " " + place[0] : "")\(mark)"
    let order = isQuestion || hasTime ? [finite, subject.german] : [subject.german, finite]
    let rest = "\(object.german)\(isNegated ? " nicht" : "")\(hasPlace ? " " + place[1] : "")"
    let german = "\(first[1])\(order[0]) \(order[1]) \(rest)\(isPast ? " " + forms[4] : "")\(mark)"
    lines.append("\(capital(english))\t\(capital(german))")
  }
  return lines.joined(separator: "\n") + "\n"
}

// MARK: - Patients

/// Vital signs of patients over two days, taken now and then: where somebody worries, lactate is taken more often.
func vitals(_ count: Int) -> String {
  var random = Generator(state: 2)
  var lines = ["patient,hour,heart_rate,systolic,respiration,oxygen,temperature,lactate,course"]
  for patient in 1...count {
    let worsens = random.uniform() < 0.4
    let onset = 10 + random.uniform() * 20
    let own = (0..<5).map { _ in random.normal() }
    var hour = random.uniform() * 2
    while hour < 48 {
      let illness = worsens ? 0.55 * min(1, max(0, (hour - onset) / 18)) : 0
      let night = cos((hour - 3) / 12 * .pi)
      func taken(_ share: Double, _ value: Double, _ digits: Int) -> String {
        let isTaken = random.uniform() < share
        return isTaken ? text(value, digits) : ""
      }
      let fields = [
        taken(0.9, 76 + 9 * own[0] + 18 * illness - 4 * night + 4 * random.normal(), 0),
        taken(0.75, 124 + 11 * own[1] - 20 * illness - 3 * night + 6 * random.normal(), 0),
        taken(0.6, 15.5 + 1.5 * own[2] + 4.5 * illness + 1.4 * random.normal(), 0),
        taken(0.8, min(100, 97 + 0.8 * own[3] - 2.5 * illness + 0.8 * random.normal()), 0),
        taken(0.3, 36.8 + 0.25 * own[4] + 0.9 * illness + 0.2 * random.normal(), 1),
        taken(0.04 + 0.2 * illness, max(0.3, 1.1 + 1.8 * illness + 0.4 * random.normal()), 1),
      ]
      if fields.contains(where: { !$0.isEmpty }) {
        lines.append(
          "p\(patient),\(text(hour, 2)),\(fields.joined(separator: ",")),\(worsens ? "worsens" : "stable")")
      }
      hour += 0.4 + 2.4 * random.uniform() * random.uniform() * (1.4 - 0.7 * illness)
    }
  }
  return lines.joined(separator: "\n") + "\n"
}

// MARK: - Prices

/// Closing prices of working days: a random walk whose volatility comes in waves, which alone can be forecast.
func prices(_ count: Int) -> String {
  var random = Generator(state: 3)
  var (price, spread) = (100.0, 0.0)
  var lines = ["date,close"]
  var day = 0
  let calendar = Calendar(identifier: .gregorian)
  let first = DateComponents(
    calendar: calendar, timeZone: TimeZone(identifier: "UTC"), year: 2015, month: 1, day: 5
  )
  .date!
  let format = ISO8601DateFormatter()
  format.formatOptions = [.withFullDate]
  while lines.count <= count {
    if day % 7 < 5 {
      spread = 0.97 * spread + 0.18 * random.normal()
      price *= exp(0.0002 + 0.009 * exp(spread) * random.normal())
      lines.append("\(format.string(from: first.addingTimeInterval(Double(day) * 86_400))),\(text(price, 2))")
    }
    day += 1
  }
  return lines.joined(separator: "\n") + "\n"
}

// MARK: - Gestures

let pictureWidth = 32
let pictureHeight = 24

/// Frames of a hand, a bright spot before a dim arm, that moves.
func gesture(_ kind: String, _ random: inout Generator) -> [[UInt8]] {
  let frames = 12 + Int(random.uniform() * 9)
  let (centre, size) = ((x: 16 + 3 * random.normal(), y: 12 + 2 * random.normal()), 7 + 2 * random.uniform())
  let turn = random.uniform() * 2 * .pi
  return (0..<frames).map { frame in
    let share = (Double(frame) + 0.3 * random.normal()) / Double(frames - 1)
    var (x, y) = centre
    switch kind {
    case "left": x += size * (1 - 2 * share)
    case "right": x -= size * (1 - 2 * share)
    case "up": y += size * (1 - 2 * share)
    default:
      x += size * cos(turn + 2 * .pi * share)
      y += size * sin(turn + 2 * .pi * share)
    }
    return (0..<pictureWidth * pictureHeight).map { place in
      let (column, row) = (Double(place % pictureWidth), Double(place / pictureWidth))
      let hand = exp(-((column - x) * (column - x) + (row - y) * (row - y)) / 8)
      let arm = row > y ? 0.35 * exp(-(column - x) * (column - x) / 5) : 0
      return UInt8(max(0, min(15, 2 + 13 * max(0.7 * hand, arm) + 2.5 * random.normal())))
    }
  }
}

/// A GIF of frames with sixteen greys (GIF89a; Welch 1984).
func gif(_ frames: [[UInt8]]) -> Data {
  func word(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }
  var bytes = Array("GIF89a".utf8) + word(pictureWidth) + word(pictureHeight) + [0xF3, 0, 0]
  for grey in 0..<16 { bytes += Array(repeating: UInt8(grey * 17), count: 3) }
  for frame in frames {
    bytes += [0x21, 0xF9, 4, 0] + word(8) + [0, 0]
    bytes += [0x2C] + word(0) + word(0) + word(pictureWidth) + word(pictureHeight) + [0, 4]
    let code = compressed(frame)
    for begin in stride(from: 0, to: code.count, by: 255) {
      let block = code[begin..<min(begin + 255, code.count)]
      bytes += [UInt8(block.count)] + block
    }
    bytes.append(0)
  }
  return Data(bytes + [0x3B])
}

/// The codes of a frame, of four bits a pixel at first.
func compressed(_ pixels: [UInt8]) -> [UInt8] {
  let (clear, end) = (16, 17)
  var (bytes, buffer, bits) = ([UInt8](), 0, 0)
  var (width, next) = (5, 18)
  var table: [[UInt8]: Int] = [:]
  func emit(_ code: Int) {
    buffer |= code << bits
    bits += width
    while bits >= 8 {
      bytes.append(UInt8(buffer & 255))
      buffer >>= 8
      bits -= 8
    }
  }
  func code(_ run: [UInt8]) -> Int { run.count == 1 ? Int(run[0]) : table[run]! }
  emit(clear)
  var run: [UInt8] = []
  for pixel in pixels {
    if run.isEmpty || table[run + [pixel]] != nil {
      run.append(pixel)
      continue
    }
    emit(code(run))
    if next < 4096 {
      table[run + [pixel]] = next
      if next == 1 << width { width += 1 }
      next += 1
    } else {
      emit(clear)
      (width, next, table) = (5, 18, [:])
    }
    run = [pixel]
  }
  emit(code(run))
  emit(end)
  if bits > 0 { bytes.append(UInt8(buffer & 255)) }
  return bytes
}

// MARK: - Files

let folder = URL(fileURLWithPath: CommandLine.arguments.dropFirst().first ?? ".", isDirectory: true)
try Data(opinions(1200).utf8).write(to: folder.appendingPathComponent("opinions.tsv"))
try Data(sentences(2000).utf8).write(to: folder.appendingPathComponent("sentences.tsv"))
try Data(vitals(300).utf8).write(to: folder.appendingPathComponent("vitals.csv"))
try Data(prices(1600).utf8).write(to: folder.appendingPathComponent("prices.csv"))
var random = Generator(state: 4)
for kind in ["circle", "left", "right", "up"] {
  let clips = folder.appendingPathComponent("gestures/\(kind)")
  try FileManager.default.createDirectory(at: clips, withIntermediateDirectories: true)
  for number in 1...40 {
    try gif(gesture(kind, &random)).write(to: clips.appendingPathComponent("\(kind)-\(number).gif"))
  }
}
