extension FrameSequence {
  /// When pictures are shown: their clock, and how many seconds each of them counts. A clip that does not say it of every picture
  /// shows all of them equally long: as long as they are in the mean, or 25 a second where it says nothing at all.
  ///
  /// - Parameter durations: the seconds that each is shown, 0 where the clip does not say.
  static func clock(of durations: [Double]) -> (clock: StepClock, durations: [Double]) {
    let total = durations.reduce(0, +)
    let rate = total > 0 ? Double(durations.count) / total : 25
    guard durations.allSatisfy({ $0 > 0 }) else {
      return (StepClock(rate: rate), durations.map { _ in 1 / rate })
    }
    guard Set(durations).count > 1 else { return (StepClock(rate: rate), durations) }
    var (times, time) = ([Double](), 0.0)
    for duration in durations {
      times.append(time)
      time += duration
    }
    return (StepClock(times: times, unit: .seconds), durations)
  }
}
