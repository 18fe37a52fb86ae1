// Makes the data of the example: `swift Examples/Warning/MakeWarnings.swift Examples/Data`. The same program makes the same files.
// No patient and no robot is behind them.
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
  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

  /// By Box and Muller.
  mutating func normal() -> Double {
    (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
  }
}

func text(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

// MARK: - Falls in blood pressure

/// Three hours of a patient, a step every 20 seconds. Before a fall the heart gets faster and the pulse pressure smaller for some
/// minutes, while the mean pressure still holds; the heart also gets faster without a fall behind it.
func patient(_ number: Int) -> (steps: String, falls: [(start: Double, end: Double)]) {
  var random = Generator(state: 100 + UInt64(number))
  let (count, distance) = (540, 20.0)
  var falls: [(start: Double, end: Double)] = []
  var moment = random.uniform(1200, 3600)
  while moment < Double(count) * distance - 900 {
    falls.append((moment, moment + random.uniform(240, 720)))
    moment = falls[falls.count - 1].end + random.uniform(1800, 5400)
  }
  let leads = falls.map { _ in random.uniform(420, 900) }
  let others = (0..<3).map { _ in random.uniform(0, Double(count) * distance) }
  let (heart, pressure, pulse) = (random.uniform(65, 85), random.uniform(78, 95), random.uniform(42, 55))
  var (slow, noise) = (0.0, 0.0)
  var lines = ["time_s,heart_rate,mean_pressure,pulse_pressure"]
  for step in 0..<count {
    let time = Double(step) * distance
    slow = 0.99 * slow + 0.3 * random.normal()
    noise = 0.6 * noise + random.normal()
    var (rise, fall) = (0.0, 0.0)
    for (event, lead) in zip(falls, leads) {
      if time > event.start - lead, time < event.start {
        rise = max(rise, (time - event.start + lead) / lead)
      }
      if time >= event.start, time < event.end { (rise, fall) = (1, 1) }
      if time >= event.end, time < event.end + 300 { rise = max(rise, 1 - (time - event.end) / 300) }
    }
    let stir = others.map { abs(time - $0) < 300 ? 1 - abs(time - $0) / 300 : 0 }.max() ?? 0
    lines.append(
      [
        text(time, 0), text(heart + 18 * rise + 14 * stir + 2 * slow + noise, 1),
        text(pressure - 28 * fall + slow + 1.5 * random.normal(), 1),
        text(pulse - 14 * rise + 0.5 * slow + 1.5 * random.normal(), 1),
      ].joined(separator: ","))
  }
  return (lines.joined(separator: "\n") + "\n", falls)
}

// MARK: - Stops of a robot

/// Ninety minutes of an arm, two steps a second. Before it jams the motor draws more and more current; before it slips there are
/// short bursts of vibration.
func robot() -> (steps: String, stops: String) {
  var random = Generator(state: 7)
  let count = 10_800
  var stops: [(time: Double, kind: String)] = []
  var moment = random.uniform(60, 150)
  while moment < Double(count) / 2 - 60 {
    stops.append((moment, random.uniform() < 0.5 ? "jam" : "slip"))
    moment += random.uniform(70, 200)
  }
  var lines = ["time_s,current,vibration,temperature"]
  var (warmth, next) = (40.0, 0)
  for step in 0..<count {
    let time = Double(step) / 2
    while next < stops.count, stops[next].time < time { next += 1 }
    let wait = next < stops.count ? stops[next].time - time : 1000
    let isJam = next < stops.count && stops[next].kind == "jam"
    let load = 2 + sin(time / 4) + 0.3 * random.normal() + (isJam && wait < 40 ? 2.5 * (1 - wait / 40) : 0)
    let isBurst = !isJam && wait < 30 && random.uniform() < 0.35 || random.uniform() < 0.004
    warmth += 0.002 * (30 + 4 * load - warmth) + 0.02 * random.normal()
    lines.append(
      [
        text(time, 1), text(load, 2),
        text(abs(0.2 * random.normal()) + (isBurst ? random.uniform(0.8, 1.6) : 0), 2),
        text(warmth, 2),
      ].joined(separator: ","))
  }
  let events = ["time_s,kind"] + stops.map { "\(text($0.time, 1)),\($0.kind)" }
  return (lines.joined(separator: "\n") + "\n", events.joined(separator: "\n") + "\n")
}

let folder = CommandLine.arguments.dropFirst().first ?? "."
func write(_ name: String, _ text: String) throws {
  try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
}
try FileManager.default.createDirectory(atPath: folder + "/pressure", withIntermediateDirectories: true)
var falls = ["file,start_s,end_s,event"]
for number in 1...16 {
  let name = String(format: "p%02d.csv", number)
  let own = patient(number)
  try write("pressure/" + name, own.steps)
  falls += own.falls.map { "\(name),\(text($0.start, 0)),\(text($0.end, 0)),fall" }
}
try write("pressure-falls.csv", falls.joined(separator: "\n") + "\n")
let arm = robot()
try write("robot-log.csv", arm.steps)
try write("robot-stops.csv", arm.stops)
