/// Reads records of WFDB, the form of PhysioNet: a head (`.hea`), files of samples (`.dat`), and annotations (`.atr` and others); also
/// records of several segments, whose signals may change from segment to segment.
struct WFDBRecord: SignalFile {
  let path: String
  let channels: [SignalChannel]
  let duration: Double
  let remarks: [String: String]
  var notes: [DataNote]
  /// Frames a second, by which annotations count.
  let frameRate: Double
  private let parts: [Part]

  /// A record that stands in files of its own: the whole, or a segment.
  private struct Part {
    /// The frame of the whole at which it begins.
    var start: Int
    var frameCount: Int
    var signals: [WFDBHeader.Signal]
    /// Of each channel of the whole its number here; nil where it is missing.
    var places: [Int?]
    /// Where the head is.
    var path: String
  }

  /// Reads the heads of a record.
  ///
  /// - Throws: ``DataError`` or a format error, also for files that are missing or too short.
  init(_ source: DataSource) throws {
    path = source.name
    guard source.isPath else {
      throw DataError.malformed(
        path: path, place: .byte(0), expected: "the path of a head of WFDB, beside which its samples are",
        found: "a head in memory")
    }
    let head = try WFDBHeader(DataBytes(source))
    (remarks, frameRate, notes) = (head.remarks, head.rate, [])
    var parts: [Part] = []
    if let segments = head.segments {
      // a first segment without samples names the signals of all
      var heads: [(header: WFDBHeader, frames: Int)?] = []
      for segment in segments {
        guard segment.name != "~" else {
          heads.append(nil)
          continue
        }
        let name = DataFolder.path(segment.name + ".hea", besides: path)
        let own = try WFDBHeader(DataBytes(DataSource(name)))
        guard own.segments == nil, own.rate == head.rate else {
          throw DataError.malformed(
            path: name, place: .line(1), expected: "one segment of \(head.rate) frames a second",
            found: own.segments == nil ? "\(own.rate) a second" : "segments")
        }
        heads.append((own, segment.frameCount))
      }
      guard let layout = heads.compactMap({ $0 }).first?.header else {
        throw DataError.malformed(
          path: path, place: .line(1), expected: "a segment with signals", found: "none")
      }
      let names = WFDBRecord.names(layout.signals)
      let isLayout = segments[0].frameCount == 0
      var start = 0
      for (index, segment) in segments.enumerated() where segment.frameCount > 0 {
        if let own = heads[index]?.header {
          let there = WFDBRecord.names(own.signals)
          // without a layout signals may have any names, and are told apart by their places
          let areNamed = isLayout || Set(there) == Set(names)
          let places =
            areNamed
            ? names.map { there.firstIndex(of: $0) }
            : names.indices.map { there.indices.contains($0) ? $0 : nil }
          if !areNamed {
            notes.append(
              DataNote(
                .warning,
                "\(own.path): its signals \(there.joined(separator: ", ")) are taken for \(names.joined(separator: ", ")) by their "
                  + "places"))
          }
          for (signal, place) in zip(layout.signals, places) {
            guard let place, own.signals[place].unit != signal.unit else { continue }
            throw DataError.malformed(
              path: own.path, place: .line(place + 2),
              expected: "\(there[place]) in \(signal.unit), as in \(layout.path)",
              found: own.signals[place].unit)
          }
          parts.append(
            Part(
              start: start, frameCount: segment.frameCount, signals: own.signals, places: places,
              path: own.path))
        }
        start += segment.frameCount
        guard start <= 1 << 40 else {
          throw DataError.malformed(
            path: path, place: .line(index + 2), expected: "at most \(1 << 40) frames", found: "\(start)")
        }
      }
      guard head.frameCount ?? start == start else {
        throw DataError.malformed(
          path: path, place: .line(1), expected: "segments of \(head.frameCount ?? 0) frames together",
          found: "\(start)")
      }
      channels = zip(names, layout.signals).map { name, signal in
        SignalChannel(
          name: name, unit: signal.unit, rate: head.rate * Double(signal.perFrame),
          count: start * signal.perFrame)
      }
      duration = Double(start) / head.rate
      let gaps = segments.filter { $0.name == "~" }
      if !gaps.isEmpty {
        notes.append(
          DataNote(.found, "\(path): \(gaps.count) gaps between segments are read as missing values"))
      }
    } else {
      let count = try head.frameCount ?? WFDBRecord.frameCount(head)
      channels = zip(WFDBRecord.names(head.signals), head.signals).map { name, signal in
        SignalChannel(
          name: name, unit: signal.unit, rate: head.rate * Double(signal.perFrame),
          count: count * signal.perFrame)
      }
      parts.append(
        Part(
          start: 0, frameCount: count, signals: head.signals, places: Array(head.signals.indices), path: path)
      )
      duration = Double(count) / head.rate
    }
    self.parts = parts
    for part in parts { try check(part) }
    // what is missing takes memory, and nothing in a file
    let recorded = parts.reduce(0) { sum, part in
      sum + part.signals.reduce(0) { $1.format == .none ? $0 : $0 + part.frameCount * $1.perFrame }
    }
    guard channels.allSatisfy({ $0.count <= max(SignalRecording.freeSteps, 16 * recorded) }) else {
      throw DataError.malformed(
        path: path, place: .line(1), expected: "gaps of at most fifteen times what is recorded",
        found: "\(channels.map(\.count).max() ?? 0) samples, \(recorded) of them in files")
    }
  }

  private static func names(_ signals: [WFDBHeader.Signal]) -> [String] {
    signals.map { SignalChannel(name: $0.name, unit: "", rate: 1, count: 0) }.withDistinctNames.map(\.name)
  }

  /// Samples of all signals of a file in a frame.
  private static func width(_ file: String, _ signals: [WFDBHeader.Signal]) -> Int {
    signals.reduce(0) { $1.file == file ? $0 + $1.perFrame : $0 }
  }

  /// The frames of a record whose head does not say how many there are.
  private static func frameCount(_ head: WFDBHeader) throws -> Int {
    guard let signal = head.signals.first(where: { $0.format != .none }) else { return 0 }
    let file = try DataBytes(DataSource(DataFolder.path(signal.file, besides: head.path)))
    return signal.format.sampleCount(max(0, file.count - signal.offset)) / width(signal.file, head.signals)
  }

  /// Sees to it that the files of samples are as long as the head says, and that signals of one file are written alike.
  private func check(_ part: Part) throws {
    for (index, signal) in part.signals.enumerated() where signal.format != .none {
      let first = part.signals.firstIndex { $0.file == signal.file } ?? index
      guard first == index else {
        guard part.signals[first].format == signal.format else {
          throw DataError.malformed(
            path: part.path, place: .line(index + 2),
            expected: "one format for all signals of \(signal.file)",
            found: "\(part.signals[first].format.rawValue) and \(signal.format.rawValue)")
        }
        continue
      }
      let file = try DataBytes(DataSource(DataFolder.path(signal.file, besides: part.path)))
      let frames = WFDBRecord.width(signal.file, part.signals).multipliedReportingOverflow(
        by: part.frameCount)
      let size =
        frames.overflow || frames.partialValue > 1 << 56
        ? Int.max : signal.format.byteCount(frames.partialValue)
      guard file.count - signal.offset >= size else {
        throw DataError.malformed(
          path: file.path, place: .byte(file.count),
          expected:
            "\(part.frameCount) frames of \(WFDBRecord.width(signal.file, part.signals)) samples in format \(signal.format.rawValue), as \(part.path) says",
          found:
            "the end of the file after \(signal.format.sampleCount(max(0, file.count - signal.offset))) samples"
        )
      }
    }
  }

  func samples(of channel: Int, _ range: Range<Int>) throws -> [Float] {
    var values = [Float](repeating: .nan, count: range.count)
    let perFrame = max(1, Int((channels[channel].rate / frameRate).rounded()))
    for part in parts {
      let (start, end) = (part.start * perFrame, (part.start + part.frameCount) * perFrame)
      let own = range.clamped(to: start..<end)
      guard !own.isEmpty, let place = part.places[channel] else { continue }
      let signal = part.signals[place]
      guard signal.perFrame == perFrame else {
        throw DataError.malformed(
          path: part.path, place: .line(place + 2),
          expected: "\(perFrame) samples in a frame, as in other segments",
          found: "\(signal.perFrame)")
      }
      try digital(place, of: part, own.lowerBound - start..<own.upperBound - start) { number, value in
        guard value != signal.format.missing else { return }
        values[number + start - range.lowerBound] = Float(
          Double(value - signal.baseline) / signal.gain)
      }
    }
    return values
  }

  /// Calls `body` with samples of a signal as they are stored, by their numbers in it.
  private func digital(
    _ place: Int, of part: Part, _ range: Range<Int>, _ body: (_ number: Int, _ value: Int) -> Void
  ) throws {
    let signal = part.signals[place]
    guard signal.format != .none else { return }
    let file = try DataBytes(DataSource(DataFolder.path(signal.file, besides: part.path)))
    let width = WFDBRecord.width(signal.file, part.signals)
    let before = part.signals[..<place].reduce(0) { $1.file == signal.file ? $0 + $1.perFrame : $0 }
    file.withBytes { bytes in
      let own = UnsafeRawBufferPointer(rebasing: bytes[min(signal.offset, bytes.count)...])
      func stored(_ number: Int) -> Int? {
        let frame = number / signal.perFrame + signal.skew
        guard frame < part.frameCount else { return nil }
        return signal.format.value(own, frame * width + before + number % signal.perFrame)
      }
      guard signal.format == .differences else {
        for number in range { if let value = stored(number) { body(number, value) } }
        return
      }
      // each sample is the sum of all differences so far
      var value = signal.first ?? 0
      for number in 0..<range.upperBound {
        guard let difference = stored(number) else { return }
        value += difference
        if number >= range.lowerBound { body(number, value) }
      }
    }
  }

  func annotations(_ annotator: String?) throws -> [SignalAnnotation]? {
    let name = DataFolder.path(DataFolder.stem(path) + "." + (annotator ?? "atr"), besides: path)
    guard annotator != nil || DataFolder.exists(name) else { return nil }
    return try WFDBAnnotations.read(DataBytes(DataSource(name)), rate: frameRate)
  }

  func damages() throws -> [String] {
    var found: [String] = []
    for part in parts {
      for (place, signal) in part.signals.enumerated() where signal.format != .none {
        var (sum, first): (Int, Int?) = (0, nil)
        let count = max(0, part.frameCount - signal.skew) * signal.perFrame
        try digital(place, of: part, 0..<count) { _, value in
          sum &+= value
          first = first ?? value
        }
        let name = "\(part.path): \(signal.name.isEmpty ? "signal \(place + 1)" : signal.name)"
        if let known = signal.first, let first, known != first, signal.format != .differences {
          found.append("\(name) begins with \(first), the head says \(known)")
        }
        // the sum is that of all frames, of which a skew leaves some out
        if let known = signal.checksum, signal.skew == 0, (known - sum) & 0xFFFF != 0 {
          found.append("the samples of \(name) have the sum \(sum & 0xFFFF), the head says \(known & 0xFFFF)")
        }
      }
    }
    return found
  }
}
