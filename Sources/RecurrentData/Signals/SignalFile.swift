import RecurrentFormats

/// One of several signals that were recorded together.
struct SignalChannel: Sendable, Equatable {
  var name: String
  /// What its values are in: mV, uV, mmHg.
  var unit: String
  /// Samples a second.
  var rate: Double
  /// How many samples there are.
  var count: Int
}

/// Something that a person or a program marked in a recording.
struct SignalAnnotation: Sendable, Equatable {
  /// What kind of mark it is.
  enum Kind: Sendable {
    /// A heart beat.
    case beat
    /// The beginning of a rhythm.
    case rhythm
    /// Anything else.
    case other
  }

  var kind: Kind
  /// The symbol of WFDB, the text of EDF+.
  var label: String
  /// What was written beside the symbol; empty for nothing.
  var note = ""
  /// When it begins, in seconds from the beginning of the recording.
  var start: Double
  /// How long it lasts, in seconds; 0 for no extent.
  var duration = 0.0
}

/// A file of signals: its head is read at once, its samples when they are asked for.
protocol SignalFile: Sendable {
  /// The file.
  var path: String { get }
  /// The signals, in the order of the file.
  var channels: [SignalChannel] { get }
  /// How long it lasts, in seconds.
  var duration: Double { get }
  /// What the head says in remarks of the form `key: value`.
  var remarks: [String: String] { get }
  /// What was found in the head that somebody should know.
  var notes: [DataNote] { get }

  /// Values of a signal in its unit, by the numbers of its own samples; NaN where they are missing.
  func samples(of channel: Int, _ range: Range<Int>) throws -> [Float]
  /// What is marked in it, by time; nil where there are no marks.
  ///
  /// - Parameter annotator: the ending of the file of annotations, where they are in a file of their own.
  func annotations(_ annotator: String?) throws -> [SignalAnnotation]?
  /// What is wrong with the samples by the sums in the head, in words.
  func damages() throws -> [String]
}

/// The signals of a file at one rate: the highest of those that are read. Slower ones hold each value until their next.
struct SignalRecording: Sendable {
  let file: any SignalFile
  /// The numbers of the channels that are read.
  let channels: [Int]
  /// Steps a second.
  let rate: Double
  let stepCount: Int

  /// So many steps may always be missing.
  static let freeSteps = 1 << 24

  /// All channels of a file, or those of some names in their order.
  ///
  /// - Throws: ``DataError`` where one is not there.
  init(_ file: any SignalFile, names: [String]? = nil) throws(DataError) {
    self.file = file
    let all = file.channels.map(\.name)
    channels =
      try names.map { (names) throws(DataError) in
        try names.map { (name) throws(DataError) in
          guard let place = all.firstIndex(of: name) else {
            throw .noColumn(path: file.path, name: name, available: all)
          }
          return place
        }
      } ?? Array(all.indices)
    let rates = channels.map { file.channels[$0].rate }
    rate = rates.max() ?? 1
    // of the fastest ones each step is a sample
    let rate = rate
    stepCount =
      channels.filter { file.channels[$0].rate == rate }.map { file.channels[$0].count }.max() ?? 0
    guard stepCount > 0 else {
      throw .malformed(
        path: file.path, place: .byte(0), expected: "signals with at least one sample", found: "none")
    }
    // a fast signal beside many slow ones would take all memory
    let stored = channels.reduce(0) { $0 + file.channels[$1].count }
    let (values, isOverflow) = stepCount.multipliedReportingOverflow(by: channels.count)
    guard !isOverflow, values <= ExpansionLimit.scaled(max(1 << 26, 64 * stored)) else {
      throw .malformed(
        path: file.path, place: .byte(0),
        expected: "signals at rates that are nearer to each other; `ignore-columns` leaves some out, or "
          + ExpansionLimit.remedy,
        found: "\(channels.count) signals, the fastest at \(StepClock.text(rate, .seconds)) Hz")
    }
  }

  /// Opens a source of one of the kinds of ``DataFormat/isSignals``.
  ///
  /// - Throws: ``DataError`` or a format error.
  static func file(_ source: DataSource) throws -> any SignalFile {
    let kind =
      try source.format ?? DataFormat(ending: DataFolder.ending(source.name)) ?? DataBytes(source).format
    return kind == .wfdb ? try WFDBRecord(source) : try EDFFile(source)
  }

  /// The names of the channels that are read.
  var names: [String] { channels.map { file.channels[$0].name } }

  /// Some steps.
  func series(_ steps: Range<Int>) throws -> NumericSeries {
    let width = channels.count
    var values = [Float](repeating: .nan, count: steps.count * width)
    for (place, channel) in channels.enumerated() where !steps.isEmpty {
      let own = file.channels[channel]
      let ratio = own.rate / rate
      func sample(_ step: Int) -> Int {
        ratio == 1 ? step : Int((Double(step) * ratio + 1e-9).rounded(.down))
      }
      let first = sample(steps.lowerBound)
      let range = first..<max(first, min(own.count, sample(steps.upperBound - 1) + 1))
      let samples = try file.samples(of: channel, range)
      for (index, step) in steps.enumerated() {
        let number = sample(step) - first
        if number < samples.count { values[index * width + place] = samples[number] }
      }
    }
    return NumericSeries(channels: names, values: values)
  }

  /// All steps.
  func series() throws -> NumericSeries { try series(0..<stepCount) }

  /// The steps of a segment, in seconds.
  func steps(_ segment: Range<Double>) -> Range<Int> {
    func step(_ time: Double) -> Int { Int(min(max(0, (time * rate).rounded()), Double(stepCount))) }
    let first = step(segment.lowerBound)
    return first..<max(first, step(segment.upperBound))
  }
}

extension [SignalChannel] {
  /// The channels with names that differ: of two alike the second is `name.2`, as in tables.
  var withDistinctNames: [SignalChannel] {
    var (counts, result) = ([String: Int](), self)
    for index in indices {
      let name = self[index].name.isEmpty ? "signal \(index + 1)" : self[index].name
      counts[name, default: 0] += 1
      let count = counts[name] ?? 1
      result[index].name = count == 1 ? name : "\(name).\(count)"
    }
    return result
  }
}
