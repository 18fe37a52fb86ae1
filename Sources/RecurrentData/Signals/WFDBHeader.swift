/// The head of a record of WFDB (`.hea`): what is recorded, how, and in which files.
struct WFDBHeader: Sendable {
  /// One of the signals.
  struct Signal: Sendable {
    /// The file of its samples; `~` for a signal that is not there.
    var file: String
    var format: WFDBFormat
    /// Samples in a frame.
    var perFrame = 1
    /// By how many frames it is late in the file.
    var skew = 0
    /// Bytes before the first sample of the file.
    var offset = 0
    /// Digital units in a physical one, and the digital value of 0.
    var gain = 200.0
    var baseline = 0
    var unit = "mV"
    /// The first sample, and the sum of all, 16 bits of it; nil where they are not said.
    var first: Int?
    var checksum: Int?
    var name = ""
  }

  /// One of the records that the record consists of, one after the other.
  struct Segment: Sendable {
    /// The record; `~` for a gap.
    var name: String
    var frameCount: Int
  }

  let path: String
  /// Frames a second.
  var rate = 250.0
  /// Frames; nil where the size of the files is to tell.
  var frameCount: Int?
  var signals: [Signal] = []
  /// The segments; nil for a record of its own.
  var segments: [Segment]?
  /// Remarks of the form `key: value`.
  var remarks: [String: String] = [:]
  private var line = 0

  /// Reads the text of a head.
  ///
  /// - Throws: ``DataError`` with the line.
  init(_ text: DataBytes) throws(DataError) {
    path = text.path
    guard text.count < 1 << 24 else {
      throw .malformed(path: path, place: .byte(0), expected: "a head of text", found: "\(text.count) bytes")
    }
    let lines = try text.lines()
    var (signalCount, segmentCount): (Int?, Int?) = (nil, nil)
    for (number, text) in lines.enumerated() {
      line = number + 1
      let content = text.trimmingBlanks
      if content.hasPrefix("#") {
        remember(content)
        continue
      }
      guard !content.isEmpty else { continue }
      let fields = content.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
      if signalCount == nil {
        (signalCount, segmentCount) = try readRecord(fields)
        if segmentCount != nil { segments = [] }
      } else if let segmentCount {
        guard (segments?.count ?? 0) < segmentCount else { break }
        let own = try segment(fields)
        segments?.append(own)
      } else if signals.count < signalCount ?? 0 {
        let own = try signal(fields, content)
        signals.append(own)
      }
    }
    guard let signalCount else { throw malformed("a record line", "none") }
    guard segmentCount.map({ segments?.count == $0 }) ?? (signals.count == signalCount) else {
      throw malformed(
        "\(segmentCount ?? signalCount) lines of \(segmentCount == nil ? "signals" : "segments")",
        "\(segments?.count ?? signals.count)")
    }
  }

  private func malformed(_ expected: String, _ found: String) -> DataError {
    .malformed(path: path, place: .line(max(line, 1)), expected: expected, found: found)
  }

  private mutating func remember(_ line: String) {
    let text = line.drop { $0 == "#" }
    guard let colon = text.firstIndex(of: ":") else { return }
    let key = String(text[..<colon]).trimmingBlanks
    let value = String(text[text.index(after: colon)...]).trimmingBlanks
    if !key.isEmpty, key.utf8.count <= 64, remarks[key] == nil { remarks[key] = value }
  }

  /// A whole number with its sign.
  private func whole(
    _ text: some StringProtocol, _ what: String, in range: ClosedRange<Int> = -(1 << 40)...(1 << 40)
  ) throws(DataError) -> Int {
    guard let number = Int(text), range.contains(number) else {
      throw malformed("\(what), a whole number", "\"\(text.prefix(40))\"")
    }
    return number
  }

  /// `name[/segments] signals [frequency[/counter[(base)]] [samples [time [date]]]]`.
  private mutating func readRecord(_ fields: [String]) throws(DataError) -> (signals: Int, segments: Int?) {
    let name = fields[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard fields.count >= 2 else { throw malformed("a record and its number of signals", "\"\(fields[0])\"") }
    let segments: Int? =
      name.count == 2 ? try whole(name[1], "the number of segments", in: 1...(1 << 20)) : nil
    let count = try whole(fields[1], "the number of signals", in: 0...(1 << 16))
    if fields.count > 2 {
      let text = fields[2].prefix { $0 != "/" && $0 != "(" }
      guard let rate = Double(text), rate > 0, rate <= 1e7 else {
        throw malformed("the samples a second", "\"\(fields[2].prefix(40))\"")
      }
      self.rate = rate
    }
    if fields.count > 3 {
      let frames = try whole(fields[3], "the number of samples of a signal", in: 0...(1 << 40))
      frameCount = frames == 0 ? nil : frames
    }
    return (count, segments)
  }

  private func segment(_ fields: [String]) throws(DataError) -> Segment {
    guard fields.count >= 2 else {
      throw malformed("a segment and its length", "\"\(fields[0].prefix(40))\"")
    }
    if fields[0] != "~" { try checkName(fields[0]) }
    return Segment(
      name: fields[0], frameCount: try whole(fields[1], "the length of a segment", in: 0...(1 << 40)))
  }

  /// Files lie beside the head, and nowhere else.
  private func checkName(_ name: String) throws(DataError) {
    guard !name.contains("/"), name != "..", name != "-" else {
      throw malformed("the name of a file beside the head", "\"\(name.prefix(60))\"")
    }
  }

  /// `file format [gain [resolution [zero [first [checksum [block [description]]]]]]]`.
  private func signal(_ fields: [String], _ content: String) throws(DataError) -> Signal {
    guard fields.count >= 2 else { throw malformed("a file and its format", "\"\(fields[0].prefix(40))\"") }
    if fields[0] != "~" { try checkName(fields[0]) }
    // the format, then marks with numbers behind them: x samples a frame, : skew, + bytes
    var parts: [Character: String] = [:]
    var (mark, digits): (Character, String) = (" ", "")
    for character in fields[1] + " " {
      if "x:+ ".contains(character) {
        parts[mark] = digits
        (mark, digits) = (character, "")
      } else {
        digits.append(character)
      }
    }
    let code = try whole(parts[" "] ?? "", "a format of samples")
    guard let format = WFDBFormat(rawValue: code) else {
      let isPacked = [508, 516, 524].contains(code)
      throw malformed(
        "a format of \(WFDBFormat.list); write the record again, for example by wfdb.wrsamp with fmt 16",
        isPacked ? "\(code), compression by FLAC" : "\(code)")
    }
    var signal = Signal(file: fields[0], format: format)
    signal.perFrame =
      try parts["x"].map { (text) throws(DataError) in
        try whole(text, "samples in a frame", in: 1...(1 << 16))
      } ?? 1
    signal.skew =
      try parts[":"].map { (text) throws(DataError) in
        try whole(text, "a skew", in: 0...(1 << 24))
      } ?? 0
    signal.offset =
      try parts["+"].map { (text) throws(DataError) in
        try whole(text, "bytes before the samples", in: 0...(1 << 40))
      } ?? 0
    var baseline: Int?
    if fields.count > 2 { (signal.gain, baseline, signal.unit) = try gain(fields[2]) }
    let zero = fields.count > 4 ? try whole(fields[4], "the zero of the converter") : 0
    signal.baseline = baseline ?? zero
    if fields.count > 5 { signal.first = try whole(fields[5], "the first sample") }
    if fields.count > 6 { signal.checksum = try whole(fields[6], "the sum of the samples") }
    if fields.count > 8 {
      // blanks within the description stay
      let words = content.split(maxSplits: 8, whereSeparator: { $0 == " " || $0 == "\t" })
      signal.name = words.count > 8 ? String(words[8]).trimmingBlanks : ""
    }
    return signal
  }

  /// `gain[(baseline)][/unit]`; a gain of 0 says that nobody calibrated it.
  private func gain(_ text: String) throws(DataError) -> (Double, baseline: Int?, unit: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let unit = parts.count == 2 && !parts[1].isEmpty ? String(parts[1]) : "mV"
    let number = parts[0].prefix { $0 != "(" }
    guard let gain = Double(number), gain.isFinite else {
      throw malformed("a gain, such as 200(0)/mV", "\"\(text.prefix(40))\"")
    }
    var baseline: Int?
    if number.count < parts[0].count {
      let inner = parts[0].dropFirst(number.count + 1)
      guard inner.hasSuffix(")") else {
        throw malformed("a gain, such as 200(0)/mV", "\"\(text.prefix(40))\"")
      }
      baseline = try whole(inner.dropLast(), "a baseline")
    }
    return (gain == 0 ? 200 : gain, baseline, unit)
  }
}
