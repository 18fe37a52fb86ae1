/// Finds the events of an ``EventPicker`` step by step. An event is given out as soon as nothing that may still come can change
/// it; what is kept does not grow with the steps, and a step allocates nothing.
struct EventTracker: Sendable {
  private let picker: EventPicker
  private let labels: [String]
  private let rate: Double
  /// The time that the first step speaks of, and that of the beginning.
  private let start, begin: Double
  /// Steps so far.
  private(set) var stepCount = 0
  /// The events that the last step or the end has decided.
  private(set) var events: [LabelledEvent] = []
  private var run: Run?
  /// For each label the sum of its probabilities in the run.
  private var sums: [Double]
  private var pending: Pending?
  /// When the last warning ends.
  private var quietUntil = -Double.greatestFiniteMagnitude

  /// Steps at which something happens without pause.
  private struct Run {
    var first: Int
    /// The likeliest label of the first step.
    var label: Int
    /// The sum of weights times steps behind the first one: small numbers keep their digits in a long stream.
    var moment = 0.0
    var weight = 0.0
  }

  /// The last event, which the next one may be joined to.
  private struct Pending {
    var label: Int
    var start, end, weight: Double
  }

  /// The beginning of a sequence; the parameters are those of ``EventPicker/events(_:labels:rate:start:delay:)``.
  init(_ picker: EventPicker, labels: [String], rate: Double, start: Double, delay: Double = 0) {
    (self.picker, self.labels, self.rate) = (picker, labels, rate)
    (self.start, begin) = (start - delay, start)
    sums = [Double](repeating: 0, count: labels.count)
  }

  /// Takes away the events of the step before.
  mutating func clear() { events.removeAll(keepingCapacity: true) }

  /// Reads the probabilities of a step, rounded to float; ``events`` are those that nothing can change any more.
  mutating func push(_ probabilities: [Double]) {
    clear()
    let background = Float(probabilities[0])
    let isOn = picker.isOn(background: background)
    if let ahead = picker.ahead {
      warn(probabilities, isOn: isOn, for: ahead)
      return
    }
    if let run, !isOn || picker.hasExtent && EventTracker.best(probabilities) != run.label { close(run) }
    if isOn { extend(probabilities, background) }
    stepCount += 1
    // the earliest moment at which another event can begin
    let next = start + Double(run?.first ?? stepCount) / rate
    if let pending, !(next - pending.end < picker.minimumGap) { release() }
  }

  /// A warning begins where something is likely and none lasts.
  private mutating func warn(_ probabilities: [Double], isOn: Bool, for ahead: Double) {
    let now = start + Double(stepCount) / rate
    stepCount += 1
    guard isOn, now >= quietUntil - 1e-9 * ahead else { return }
    quietUntil = now + ahead
    events.append(LabelledEvent(label: labels[EventTracker.best(probabilities)], start: now, end: quietUntil))
  }

  /// Ends the sequence; ``events`` are those that the end decides.
  mutating func finish() {
    clear()
    if let run { close(run) }
    release()
  }

  /// The likeliest label but the background, by its probability as a float.
  private static func best(_ probabilities: [Double]) -> Int {
    var best = 1
    for label in 1..<probabilities.count where Float(probabilities[label]) > Float(probabilities[best]) {
      best = label
    }
    return best
  }

  private mutating func extend(_ probabilities: [Double], _ background: Float) {
    if run == nil {
      run = Run(first: stepCount, label: EventTracker.best(probabilities))
      for label in sums.indices { sums[label] = 0 }
    }
    guard var own = run else { return }
    for label in 1..<labels.count { sums[label] += Double(Float(probabilities[label])) }
    let weight = Double(1 - background)
    own.moment += weight * Double(stepCount - own.first)
    own.weight += weight
    run = own
  }

  /// Ends a run, whose event is joined to the one before or waits in its place.
  private mutating func close(_ own: Run) {
    run = nil
    var label = 1
    for other in 1..<sums.count where sums[other] > sums[label] { label = other }
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
      release()
      pending = next
      return
    }
    if picker.hasExtent {
      pending?.end = next.end
    } else if next.weight > last.weight {
      pending = next
    }
  }

  private mutating func release() {
    guard let own = pending else { return }
    pending = nil
    // what was over before the beginning is not in the sequence
    guard !picker.hasExtent || own.end - own.start >= picker.minimumDuration && own.end > begin else {
      return
    }
    events.append(
      LabelledEvent(label: labels[own.label], start: max(own.start, begin), end: max(own.end, begin)))
  }

  /// Everything that changes, to be kept: integers, and numbers by their bits.
  var stored: [Int64] {
    let counts = [stepCount, run?.first ?? -1, run?.label ?? 1, pending?.label ?? 0].map { Int64($0) }
    let numbers = [
      run?.moment ?? 0, run?.weight ?? 0, pending?.start ?? 0, pending?.end ?? 0, pending?.weight ?? 0,
    ]
    return counts + (numbers + sums + (picker.ahead == nil ? [] : [quietUntil])).map(\.stored)
  }

  /// Takes over what was kept.
  mutating func restore(_ numbers: inout StoredNumbers) {
    stepCount = numbers.integer(in: 0...1 << 56)
    let first = numbers.integer(in: -1...stepCount)
    let label = numbers.integer(in: 1...max(1, labels.count - 1))
    let waiting = numbers.integer(in: 0...labels.count - 1)
    let values = numbers.doubles(5)
    run = first < 0 ? nil : Run(first: first, label: label, moment: values[0], weight: values[1])
    pending =
      waiting == 0
      ? nil : Pending(label: waiting, start: values[2], end: values[3], weight: values[4])
    sums = numbers.doubles(labels.count)
    if picker.ahead != nil { quietUntil = numbers.doubles(1)[0] }
    clear()
  }
}
