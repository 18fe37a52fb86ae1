extension TaggingTask {
  /// Recordings without what happens in their steps: labels, events and clocks.
  static func heads(_ source: RecordSource) throws -> [Record] {
    try (0..<source.count).map { index in
      if let events = source.events(index) {
        return Record(.text(""), clock: source.clock(index), events: events, origin: source.name(index))
      }
      var record = try source.record(index)
      record.content = .text("")
      return record
    }
  }

  /// Steps of a window to train on.
  func windowLength(_ settings: Settings, _ lengths: [Int]) -> Int {
    let longest = lengths.max() ?? 1
    if let seconds = settings[.windowSeconds] { return max(8, Int(min(Double(longest), seconds * rate))) }
    // enough windows for many different batches, long enough for what comes before to count
    let total = lengths.reduce(0, +)
    return min(longest, max(32, min(512, total / 40)))
  }

  /// Weights of the labels by how rare they are in recordings.
  func balancedWeights(_ recordings: ExampleSource<Example>) throws -> [Float] {
    var counts = [Int](repeating: 0, count: labels.count)
    for index in 0..<recordings.count {
      for label in try recordings[index].labels where label >= 0 { counts[Int(label)] += 1 }
    }
    return ClassWeights.balanced(counts)
  }

  /// A recording with its labels as numbers.
  func example(_ recording: Record, features: FeatureSequence) throws -> Example {
    let count = features.stepCount
    guard count > 0 else {
      throw DataError.malformed(
        path: recording.origin, place: .record, expected: "at least one step", found: "none")
    }
    let own = clock(recording)
    let (start, unit) = (own.start, own.unit)
    // at the distance of the training, to half a step at the end, steps need no clock of their own
    let isAlike = own.times == nil && abs(Double(count) * (rate / own.rate - 1)) <= 0.5
    let clock = isAlike ? nil : own
    guard let events = recording.events else {
      guard let known = recording.stepLabels else {
        return Example(
          features: features, labels: [Int32](repeating: -100, count: count),
          events: picker == nil ? nil : [],
          start: start, clock: clock, unit: unit)
      }
      let numbers = Dictionary(
        uniqueKeysWithValues: labels.enumerated().map { ($0.element, Int32($0.offset)) })
      let lines = recording.stepLines ?? []
      guard known.count == count else {
        throw DataError.malformed(
          path: recording.origin, place: .line(lines.first ?? 1),
          expected: "\(count) labels, one for each step", found: "\(known.count)")
      }
      let numbered = try known.enumerated().map { step, label in
        guard let number = numbers[label] else {
          throw DataError.malformed(
            path: recording.origin, place: .line(step < lines.count ? lines[step] : step + 2),
            expected: "a label of the training part (\(labels.prefix(12).joined(separator: ", ")))",
            found: "\"\(label)\"")
        }
        return number
      }
      return Example(
        features: features, labels: numbered, events: nil, start: start, clock: clock, unit: unit)
    }
    if let ahead {
      return Example(
        features: features, labels: warningTargets(ahead: ahead, of: events, own, count: count),
        events: events,
        start: start, clock: clock, unit: unit)
    }
    var numbered = [Int32](repeating: 0, count: count)
    for event in events {
      guard let number = labels.firstIndex(of: event.label) else { continue }
      // what has no extent gets one that the network can see
      let half = event.end > event.start ? 0 : max(tolerance / 2, 0.5 / outputRate)
      // places are quotients: what is a whole step may be off in the last digits
      let slack = 1e-6
      func step(_ place: Double) -> Int { Int(min(max(place, -1), Double(count))) }
      let first = step((own.place(of: event.start - half) - slack).rounded(.up))
      let last =
        event.end > event.start
        ? step((own.place(of: event.end) - slack).rounded(.up)) - 1
        : step((own.place(of: event.end + half) + slack).rounded(.down))
      guard first <= last else { continue }
      for step in max(first, 0)..<max(min(last + 1, count), max(first, 0)) { numbered[step] = Int32(number) }
    }
    return Example(
      features: features, labels: numbered, events: events, start: start, clock: clock, unit: unit)
  }

  /// The clock of the steps of the features.
  private func clock(_ recording: Record) -> StepClock {
    if case .sound = featurizer { return StepClock(start: recording.clock?.start ?? 0, rate: rate) }
    return recording.clock ?? StepClock(rate: rate, unit: timeUnit ?? .seconds)
  }
}
