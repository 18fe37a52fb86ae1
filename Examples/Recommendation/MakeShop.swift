// Makes the shop of the example: `swift Examples/Recommendation/MakeShop.swift Examples/Data`.
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
}

/// What people come to the shop for, with what they look at in that order. Gloves, a bucket, a brush, twine, a knife, a lamp and
/// tape belong to several plans: what comes after them depends on what came before.
let plans: [[String]] = [
  ["wall paint", "paint roller", "tape", "bucket", "brush", "ladder", "dust sheet"],
  ["wallpaper", "paste", "bucket", "brush", "knife", "seam roller"],
  ["tomato seeds", "seed tray", "potting soil", "gloves", "watering can", "bamboo canes", "twine"],
  ["rose bush", "spade", "gloves", "compost", "bucket", "pruning shears"],
  ["bird house", "sunflower hearts", "twine", "bird bath", "binoculars"],
  ["bread tin", "rye flour", "sourdough crock", "knife", "bread basket", "oven mitts"],
  ["tea pot", "green tea", "tea strainer", "cups", "honey"],
  ["tent", "sleeping bag", "lamp", "camping stove", "knife", "water bottle"],
  ["bicycle tube", "tyre levers", "gloves", "pump", "lamp", "chain oil", "brush"],
  ["parcel box", "bubble wrap", "tape", "knife", "labels", "marker"],
  ["bookshelf", "drill", "wall plugs", "spirit level", "lamp", "book ends"],
  ["candle wax", "wicks", "thermometer", "jars", "labels", "tape"],
]
let popular = ["gift card", "tote bag", "chocolate", "umbrella", "batteries"]

func shop(_ count: Int) -> (events: String, items: String) {
  var random = Generator(state: 11)
  let titles = Array(Set(plans.flatMap { $0 } + popular)).sorted()
  let numbers = Dictionary(uniqueKeysWithValues: titles.enumerated().map { ($1, 1000 + 7 * $0) })
  var events = "session,item,time\n"
  var time = 1_700_000_000
  for session in 1...count {
    time += 60 + Int(random.uniform() * 1800)
    var moment = time
    func look(_ title: String) {
      events += "v\(session),\(numbers[title]!),\(moment)\n"
      moment += 5 + Int(random.uniform() * 90)
    }
    let plan = plans[Int(pow(random.uniform(), 1.5) * Double(plans.count))]
    var place = random.uniform() < 0.7 ? 0 : Int(random.uniform() * 2)
    while place < plan.count, random.uniform() < 0.93 {
      switch random.uniform() {
      case ..<0.06: look(popular[Int(pow(random.uniform(), 2) * Double(popular.count))])
      case ..<0.12 where place > 0: look(plan[Int(random.uniform() * Double(place))])
      case ..<0.15: place += 1
      default:
        look(plan[place])
        place += 1
      }
    }
  }
  let items = "item,title\n" + titles.map { "\(numbers[$0]!),\($0)\n" }.joined()
  return (events, items)
}

let folder = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "."
let (events, items) = shop(2500)
try events.write(toFile: folder + "/shop-events.csv", atomically: true, encoding: .utf8)
try items.write(toFile: folder + "/shop-items.csv", atomically: true, encoding: .utf8)
