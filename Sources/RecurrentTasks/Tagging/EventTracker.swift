/// Finds the events of an ``EventPicker`` step by step. An event is given out as soon as nothing that may still come can change
/// it; what is kept does not grow with the steps.
struct EventTracker: Sendable {
  private let picker: EventPicker
  private let labels: [String]
  private let rate, start: Double
  /// Steps so far.
  private(set) var stepCount = 0
  private var run: Run?
  private var pending: Pending?

  /// Steps at which something happens without pause.
  private struct Run {
    var first: Int
    /// The likeliest label of the first step.
    var label: Int
    var sums: [Double]
    /// The sum of weights times steps behind the first one: small numbers keep their digits in a long stream.
    var moment = 0.0
    var weight = 0.0
  }

  /// The last event, which the next one may be joined to.
  private struct Pending {
    var label: Int
    var start, end, weight: Double
  }

  /// The beginning of a sequence; the parameters are those of ``EventPicker/events(_:labels:rate:start:)``.
  init(_ picker: EventPicker, labels: [String], rate: Double, start: Double) {
    (self.picker, self.labels, self.rate, self.start) = (picker, labels, rate, start)
  }

  /// Reads the probabilities of a step.
  ///
  /// - Returns: the events that nothing can change any more.
  mutating func push(_ probabilities: [Float]) -> [LabelledEvent] {
    var events: [LabelledEvent] = []
    let isOn = picker.isOn(probabilities)
    if let run, !isOn || picker.hasExtent && EventPicker.best(probabilities) != run.label {
      events += close(run)
    }
    if isOn { extend(probabilities) }
    stepCount += 1
    // the earliest moment at which another event can begin
    let next = start + Double(run?.first ?? stepCount) / rate
    if let pending, !(next - pending.end < picker.minimumGap) { events += release() }
    return events
  }

  /// The events that the end of the sequence decides.
  mutating func finish() -> [LabelledEvent] { (run.map { close($0) } ?? []) + release() }

  private mutating func extend(_ probabilities: [Float]) {
    var own =
      run
      ?? Run(
        first: stepCount, label: EventPicker.best(probabilities),
        sums: [Double](repeating: 0, count: labels.count))
    for label in 1..<labels.count { own.sums[label] += Double(probabilities[label]) }
    let weight = Double(1 - probabilities[0])
    own.moment += weight * Double(stepCount - own.first)
    own.weight += weight
    run = own
  }

  /// Ends a run, whose event is joined to the one before or waits in its place.
  private mutating func close(_ own: Run) -> [LabelledEvent] {
    run = nil
    let label = own.sums.indices.dropFirst().reduce(1) { own.sums[$1] > own.sums[$0] ? $1 : $0 }
    var next = Pending(label: label, start: start + Double(own.first) / rate, end: 0, weight: own.weight)
    if picker.hasExtent {
      next.end = start + Double(stepCount) / rate
    } else {
      next.start = start + (Double(own.first) + own.moment / own.weight) / rate
      next.end = next.start
    }
    guard let last = pending, next.start - last.end < picker.minimumGap,
      !picker.hasExtent || last.label == next.label
    else {
      defer { pending = next }
      return release()
    }
    if picker.hasExtent {
      pending?.end = next.end
    } else if next.weight > last.weight {
      pending = next
    }
    return []
  }

  private mutating func release() -> [LabelledEvent] {
    guard let own = pending else { return [] }
    pending = nil
    guard !picker.hasExtent || own.end - own.start >= picker.minimumDuration else { return [] }
    return [LabelledEvent(label: labels[own.label], start: own.start, end: own.end)]
  }

  /// Everything that changes, to be kept: integers, and numbers by their bits.
  var state: [Int64] {
    get {
      var values = [Int64(stepCount)]
      values.append(Int64(run?.first ?? -1))
      values.append(Int64(run?.label ?? 0))
      values += ([run?.moment ?? 0, run?.weight ?? 0] + (run?.sums ?? labels.map { _ in 0 })).map(\.stored)
      values.append(Int64(pending?.label ?? -1))
      return values + [pending?.start ?? 0, pending?.end ?? 0, pending?.weight ?? 0].map(\.stored)
    }
    set {
      let numbers = newValue.map { Double(stored: $0) }
      let count = labels.count
      stepCount = Int(newValue[0])
      run = nil
      pending = nil
      if newValue[1] >= 0 {
        run = Run(
          first: Int(newValue[1]), label: Int(newValue[2]), sums: Array(numbers[5..<5 + count]),
          moment: numbers[3], weight: numbers[4])
      }
      let place = 5 + count
      if newValue[place] >= 0 {
        pending = Pending(
          label: Int(newValue[place]), start: numbers[place + 1], end: numbers[place + 2],
          weight: numbers[place + 3])
      }
    }
  }
}
