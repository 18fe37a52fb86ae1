/// Units a second, over a window of the last seconds.
struct SpeedMeter {
  private var marks: [(time: Double, units: Int)]
  private let start: Double
  private var units = 0

  init(now: Double) {
    marks = [(now, 0)]
    start = now
  }

  mutating func add(units: Int, now: Double) -> Double {
    self.units += units
    marks.append((now, self.units))
    while marks.count > 2, now - marks[1].time > 5 { marks.removeFirst() }
    let elapsed = now - marks[0].time
    return elapsed > 0 ? Double(self.units - marks[0].units) / elapsed : 0
  }

  func total(now: Double) -> Double { now > start ? Double(units) / (now - start) : 0 }
}
