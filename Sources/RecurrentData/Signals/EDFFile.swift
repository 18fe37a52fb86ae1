/// Reads EDF, EDF+ (also with gaps between its records of data, EDF+D) and BDF: signals, and their annotations.
struct EDFFile: SignalFile {
  let path: String
  let channels: [SignalChannel]
  let duration: Double
  let remarks: [String: String] = [:]
  private(set) var notes: [DataNote] = []
  private let head: EDFHeader
  private let file: DataBytes
  /// The numbers of the channels among all signals of the file.
  private let places: [Int]
  /// The time at which each record of data begins, where there are gaps; nil where one follows the other.
  private let starts: [Double]?

  /// Reads the head of a file; of one with gaps also the times of its records of data.
  ///
  /// - Throws: ``DataError`` or a format error.
  init(_ source: DataSource) throws {
    try self.init(DataBytes(source))
  }

  init(_ file: DataBytes) throws(DataError) {
    (self.file, path) = (file, file.path)
    let head = try file.withBytes { (bytes) throws(DataError) in try EDFHeader(bytes, path: file.path) }
    self.head = head
    places = head.signals.indices.filter {
      let own = head.signals[$0]
      return !own.isText && !(own.isTrigger && head.sampleSize == 3) && own.perRecord > 0
    }
    let starts = head.hasGaps ? try EDFFile.starts(head, file) : nil
    self.starts = starts
    let seconds =
      starts.map { ($0.last ?? 0) + head.recordSeconds } ?? Double(head.recordCount) * head.recordSeconds
    let recorded = Double(head.recordCount) * head.recordSeconds
    // what is missing takes memory, and nothing in the file
    let fastest = places.map { Double(head.signals[$0].perRecord) / head.recordSeconds }.max() ?? 1
    guard seconds <= 16 * recorded || seconds * fastest <= Double(SignalRecording.freeSteps) else {
      throw .malformed(
        path: path, place: .byte(head.size),
        expected: "gaps of at most fifteen times what is recorded, \(recorded) s",
        found: "\(seconds) s; cut the file into parts")
    }
    duration = seconds
    channels =
      places.map { place in
        let own = head.signals[place]
        let rate = Double(own.perRecord) / head.recordSeconds
        return SignalChannel(
          name: own.name, unit: own.unit, rate: rate, count: Int((seconds * rate).rounded()))
      }.withDistinctNames
    if head.uncountedRecords > 0 {
      notes.append(
        DataNote(
          .warning,
          "\(path): its head counts \(head.recordCount) records of data, the file has "
            + "\(head.recordCount + head.uncountedRecords); those behind are not read (-1 in bytes 236 to 243 reads all)"
        ))
    }
    if let starts {
      let gaps = zip(starts.dropFirst(), starts).count { $0 - $1 > head.recordSeconds * 1.001 }
      if gaps > 0 {
        notes.append(
          DataNote(
            .found,
            "\(path): \(gaps) gaps, \(Int((seconds - recorded).rounded())) s together, are read as missing values"
          ))
      }
    }
  }

  /// The times of the records of data by the first text of each.
  private static func starts(_ head: EDFHeader, _ file: DataBytes) throws(DataError) -> [Double] {
    let texts = try EDFAnnotations.records(head, file)
    var starts: [Double] = []
    for (index, own) in texts.enumerated() {
      guard let start = own.first?.start, start >= (starts.last.map { $0 + head.recordSeconds * 0.999 } ?? 0)
      else {
        throw .malformed(
          path: file.path, place: .byte(head.size + index * head.recordSize),
          expected: "the time of a record of data behind the record before",
          found: "\(own.first?.start ?? -1)")
      }
      starts.append(start)
    }
    // times count from the first record of data
    let first = starts.first ?? 0
    return starts.map { $0 - first }
  }

  func samples(of channel: Int, _ range: Range<Int>) throws -> [Float] {
    let signal = head.signals[places[channel]]
    var values = [Float](repeating: .nan, count: range.count)
    let scale =
      (signal.physical.high - signal.physical.low) / Double(signal.digital.high - signal.digital.low)
    let per = signal.perRecord
    file.withBytes { bytes in
      func read(_ record: Int, from start: Int) {
        let own = range.clamped(to: start..<start + per)
        var place =
          head.size + record * head.recordSize + signal.offset + (own.lowerBound - start) * head.sampleSize
        for number in own {
          values[number - range.lowerBound] = Float(
            Double(EDFFile.value(bytes, place, head.sampleSize) - signal.digital.low) * scale
              + signal.physical.low)
          place += head.sampleSize
        }
      }
      guard let starts else {
        guard !range.isEmpty else { return }
        for record in range.lowerBound / per...(range.upperBound - 1) / per where record < head.recordCount {
          read(record, from: record * per)
        }
        return
      }
      let rate = channels[channel].rate
      for (record, start) in starts.enumerated() {
        let first = Int((start * rate).rounded())
        if first < range.upperBound, first + per > range.lowerBound { read(record, from: first) }
      }
    }
    return values
  }

  /// A whole number with its sign, the lowest byte first.
  static func value(_ bytes: UnsafeRawBufferPointer, _ place: Int, _ size: Int) -> Int {
    let low = Int(bytes[place]) | Int(bytes[place + 1]) << 8
    if size == 2 { return Int(Int16(truncatingIfNeeded: low)) }
    return Int(Int32(truncatingIfNeeded: (low | Int(bytes[place + 2]) << 16) << 8) >> 8)
  }

  func annotations(_ annotator: String?) throws -> [SignalAnnotation]? {
    var marks: [SignalAnnotation] = []
    let hasTexts = head.signals.contains(where: \.isText)
    if hasTexts {
      let texts = try EDFAnnotations.records(head, file)
      // times count from the beginning of the file, which may be a part of a second before its first record
      let offset = texts.first?.first?.start ?? 0
      marks = texts.flatMap { $0 }.filter { !$0.label.isEmpty }.map {
        var mark = $0
        mark.start -= offset
        return mark
      }
    }
    let triggers = head.sampleSize == 3 ? head.signals.first(where: \.isTrigger) : nil
    if let triggers, triggers.perRecord > 0 { marks += self.triggers(triggers) }
    return hasTexts || triggers != nil ? marks.sorted { $0.start < $1.start } : nil
  }

  /// The moments at which the lower 16 bits of the triggers of BDF become another number than 0.
  private func triggers(_ signal: EDFHeader.Signal) -> [SignalAnnotation] {
    let rate = Double(signal.perRecord) / head.recordSeconds
    var (marks, before) = ([SignalAnnotation](), 0)
    file.withBytes { bytes in
      for number in 0..<head.recordCount * signal.perRecord {
        let (record, inside) = number.quotientAndRemainder(dividingBy: signal.perRecord)
        let place = head.size + record * head.recordSize + signal.offset + inside * 3
        let code = EDFFile.value(bytes, place, 3) & 0xFFFF
        if code != before, code != 0 {
          let start = starts.map { $0[record] + Double(inside) / rate } ?? Double(number) / rate
          marks.append(SignalAnnotation(kind: .other, label: "trigger \(code)", start: start))
        }
        before = code
      }
    }
    return marks
  }

  func damages() throws -> [String] { [] }
}

/// The texts with times of EDF+: `+onset[\u{15}duration]\u{14}text\u{14}...\u{0}`.
enum EDFAnnotations {
  /// The texts of each record of data; the first of each has no text, and says when the record begins.
  static func records(_ head: EDFHeader, _ file: DataBytes) throws(DataError) -> [[SignalAnnotation]] {
    let channels = head.signals.filter(\.isText)
    guard !channels.isEmpty else {
      throw .malformed(
        path: file.path, place: .byte(head.size),
        expected: "a channel of annotations with the times of records",
        found: "none")
    }
    return try file.withBytes { (bytes) throws(DataError) in
      var records: [[SignalAnnotation]] = []
      for record in 0..<head.recordCount {
        var own: [SignalAnnotation] = []
        for channel in channels {
          let start = head.size + record * head.recordSize + channel.offset
          let part = bytes[start..<start + channel.perRecord * head.sampleSize]
          for text in part.split(separator: 0) {
            own += try annotations(text, path: file.path)
          }
        }
        records.append(own)
      }
      return records
    }
  }

  /// The texts of one time.
  private static func annotations(
    _ text: Slice<UnsafeRawBufferPointer>, path: String
  ) throws(DataError) -> [SignalAnnotation] {
    let parts = text.split(separator: 0x14, omittingEmptySubsequences: false)
    let head = parts[0].split(separator: 0x15, maxSplits: 1, omittingEmptySubsequences: false)
    func number(_ bytes: Slice<UnsafeRawBufferPointer>) -> Double? {
      Double(String(decoding: bytes, as: UTF8.self)).flatMap { abs($0) < 1e9 ? $0 : nil }
    }
    guard parts.count > 1, let start = number(head[0]), [0x2B, 0x2D].contains(head[0].first) else {
      throw .malformed(
        path: path, place: .byte(text.startIndex), expected: "a time with its sign, and texts",
        found: "\"\(String(decoding: text.prefix(30), as: UTF8.self))\"")
    }
    let duration = head.count > 1 ? number(head[1]) ?? 0 : 0
    let texts = parts.dropFirst().map { String(decoding: $0, as: UTF8.self).trimmingBlanks }
    let named = texts.filter { !$0.isEmpty }
    return (named.isEmpty ? [""] : named).map {
      SignalAnnotation(kind: .other, label: $0, start: start, duration: max(0, duration))
    }
  }
}
