/// The head of a file of EDF, EDF+ or BDF.
struct EDFHeader: Sendable {
  /// One of the signals.
  struct Signal: Sendable {
    var name: String
    var unit: String
    /// What the digital limits stand for, in the unit.
    var physical: (low: Double, high: Double)
    var digital: (low: Int, high: Int)
    /// Samples in a record of data.
    var perRecord: Int
    /// The byte of a record of data at which its samples begin.
    var offset: Int

    /// Whether it is a channel of texts with times.
    var isText: Bool { name == "EDF Annotations" || name == "BDF Annotations" }
    /// Whether it is the channel of triggers of BDF.
    var isTrigger: Bool { name == "Status" }
  }

  let path: String
  /// Bytes of a sample: 2, of BDF 3.
  let sampleSize: Int
  let size: Int
  /// Records of data, by the file where the head does not know.
  let recordCount: Int
  /// Seconds of a record of data; 0 for a file of texts alone.
  let recordSeconds: Double
  /// Whether there may be time between records of data.
  let hasGaps: Bool
  let signals: [Signal]
  /// Bytes of a record of data.
  let recordSize: Int
  /// Records of data behind those that the head counts.
  let uncountedRecords: Int

  static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count >= 256 else { return false }
    if bytes[0] == 0xFF { return bytes[1..<8].elementsEqual("BIOSEMI".utf8) }
    // a version, and a date and a time with points
    return bytes[..<8].elementsEqual("0       ".utf8) && bytes[170] == 0x2E && bytes[173] == 0x2E
      && bytes[178] == 0x2E && bytes[181] == 0x2E
  }

  /// Reads the head of a file.
  ///
  /// - Throws: ``DataError`` with the byte of the field.
  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(DataError) {
    self.path = path
    var cursor = ByteCursor(bytes, path: path)
    guard EDFHeader.recognizes(bytes) else {
      throw cursor.malformed("the head of EDF or BDF, with a version, a date and a time", "something else")
    }
    sampleSize = bytes[0] == 0xFF ? 3 : 2
    func text(_ count: Int, _ what: String) throws(DataError) -> String {
      try cursor.mark(count, what).trimmingBlanks
    }
    func number<Number: LosslessStringConvertible & Comparable>(
      _ count: Int, _ range: ClosedRange<Number>, _ what: String
    ) throws(DataError) -> Number {
      let (start, text) = (cursor.index, try text(count, what))
      guard let number = Number(text), range.contains(number) else {
        cursor.index = start
        throw cursor.malformed("\(what), \(range.lowerBound) to \(range.upperBound)", "\"\(text)\"")
      }
      return number
    }
    cursor.index = 184
    size = try number(8, 256...(1 << 30), "the bytes of the head")
    let kind = try text(44, "the kind of file")
    hasGaps = kind.hasPrefix("EDF+D") || kind.hasPrefix("BDF+D")
    let records: Int = try number(8, -1...(1 << 40), "the number of records of data")
    recordSeconds = try number(8, 0...1e6, "the seconds of a record of data")
    let count: Int = try number(4, 1...(1 << 16), "the number of signals")
    guard size == 256 * (count + 1), size <= bytes.count else {
      throw cursor.malformed(
        "a head of \(256 * (count + 1)) bytes for \(count) signals", "\(size) of \(bytes.count)")
    }
    func each<Value>(_ body: () throws(DataError) -> Value) throws(DataError) -> [Value] {
      var values: [Value] = []
      for _ in 0..<count { values.append(try body()) }
      return values
    }
    let names = try each { () throws(DataError) in try text(16, "the name of a signal") }
    cursor.index += 80 * count
    let units = try each { () throws(DataError) in try text(8, "the unit of a signal") }
    let limits = 1e300
    let lows: [Double] = try each { () throws(DataError) in
      try number(8, -limits...limits, "a physical minimum")
    }
    let highs: [Double] = try each { () throws(DataError) in
      try number(8, -limits...limits, "a physical maximum")
    }
    let whole = -(1 << 24)...(1 << 24)
    let first: [Int] = try each { () throws(DataError) in try number(8, whole, "a digital minimum") }
    let last: [Int] = try each { () throws(DataError) in try number(8, whole, "a digital maximum") }
    cursor.index += 80 * count
    let samples: [Int] = try each { () throws(DataError) in
      try number(8, 0...(1 << 24), "samples in a record of data")
    }
    var (offset, own) = (0, [Signal]())
    for index in 0..<count {
      own.append(
        Signal(
          name: names[index], unit: units[index], physical: (lows[index], highs[index]),
          digital: (first[index], last[index]), perRecord: samples[index], offset: offset))
      offset += samples[index] * sampleSize
      guard own[index].isText || first[index] < last[index] && lows[index] != highs[index] else {
        throw cursor.malformed(
          "a digital minimum below the maximum, and two physical limits, for \"\(names[index])\"",
          "\(first[index]) to \(last[index]), \(lows[index]) to \(highs[index])")
      }
    }
    (signals, recordSize) = (own, offset)
    let there = offset > 0 ? (bytes.count - size) / offset : 0
    guard records <= there else {
      cursor.index = bytes.count
      throw cursor.malformed(
        "\(records) records of data of \(offset) bytes", "the end of the file after \(there)")
    }
    // -1 stands in a file that was not finished
    recordCount = records < 0 ? there : records
    uncountedRecords = there - recordCount
    guard recordSeconds > 0 || own.allSatisfy({ $0.isText || $0.perRecord == 0 }) else {
      throw cursor.malformed("records of data that last longer than 0 s", "0 s with signals")
    }
  }
}
