// Makes the log of two tanks: `swift Examples/Identification/MakeTanks.swift 1 > Examples/Data/tanks.csv`, and with 2 `tanks-test.csv`.
// The same number makes the same file.
//
// A pump fills the upper tank, which flows into the lower one; both overflow at 10. What flows out goes with the root of the level.
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
  mutating func normal() -> Double { (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform()) }
}

let seed = CommandLine.arguments.count > 1 ? UInt64(CommandLine.arguments[1]) ?? 1 : 1
var random = Generator(state: seed)
var (upper, lower, pump) = (4.0, 5.0, 3.0)
print("time_s,pump,level")
for step in 0..<(seed == 1 ? 1500 : 700) {
  // a new speed of the pump every minute or so
  if step % 15 == 0 { pump = 0.8 + 4.2 * random.uniform() }
  let measured = lower + 0.03 * random.normal()
  print("\(step * 4),\(String(format: "%.3f", pump)),\(String(format: "%.3f", measured))")
  for _ in 0..<40 {
    let (flow, rest) = (0.35 * upper.squareRoot(), 0.33 * lower.squareRoot())
    let filled = upper + 0.1 * (0.25 * pump - flow)
    upper = min(max(filled, 0), 10)
    // of what overflows above a part falls into the lower tank
    lower = min(max(lower + 0.1 * (flow - rest) + 0.5 * max(filled - 10, 0), 0), 10)
  }
}
