/// Reads files of annotations of WFDB (`.atr`, `.qrs` and others): two bytes a mark, six bits of its code and ten of the samples since
/// the mark before.
enum WFDBAnnotations {
  /// The symbols of the codes.
  private static let symbols: [Int: String] = [
    1: "N", 2: "L", 3: "R", 4: "a", 5: "V", 6: "F", 7: "J", 8: "A", 9: "S", 10: "E", 11: "j", 12: "/",
    13: "Q", 14: "~", 16: "|", 18: "s", 19: "T", 20: "*", 21: "D", 22: "\"", 23: "=", 24: "p", 25: "B",
    26: "^", 27: "t", 28: "+", 29: "u", 30: "?", 31: "!", 32: "[", 33: "]", 34: "e", 35: "n", 36: "@",
    37: "x", 38: "f", 39: "(", 40: ")", 41: "r",
  ]
  /// The codes of heart beats.
  private static let beats: Set = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 25, 30, 31, 34, 35, 38, 41]

  /// Whether a symbol is that of a heart beat.
  static func isBeat(_ symbol: String) -> Bool { beats.contains { symbols[$0] == symbol } }

  /// Whether a file beside a head is likely to have annotations: known by its name alone.
  static func isLikely(_ path: String) -> Bool {
    DataFormat(ending: DataFolder.ending(path)) == nil
      && DataFolder.exists(DataFolder.path(DataFolder.stem(path) + ".hea", besides: path))
  }

  /// The marks of a file, by time.
  ///
  /// - Parameters:
  ///   - file: the annotations.
  ///   - rate: the frames a second of the record, where the file does not say another.
  /// - Throws: ``DataError`` for a file that is cut or is none of annotations.
  static func read(_ file: DataBytes, rate: Double) throws(DataError) -> [SignalAnnotation] {
    try file.withBytes { (bytes) throws(DataError) in
      var cursor = ByteCursor(bytes, path: file.path)
      var (rate, sample, marks) = (rate, 0, [SignalAnnotation]())
      // symbols that the file defines in its first notes
      var (own, isDefining) = ([Int: String](), false)
      // what stands behind a mark is about the mark before
      while true {
        guard cursor.left >= 2 else {
          throw cursor.malformed("the end mark, two bytes of 0", "the end of the file")
        }
        let word = try cursor.little(2, "an annotation")
        let (code, count) = (word >> 10, word & 0x3FF)
        switch code {
        case 0 where count == 0:
          return marks.sorted { $0.start < $1.start }
        case 59:
          // 32 bits, of which the upper half comes first
          let (high, low) = (try cursor.little(2, "a long interval"), try cursor.little(2, "a long interval"))
          sample += Int(Int32(bitPattern: UInt32(high << 16 | low)))
        case 60, 61, 62: break
        case 63:
          let text = try cursor.part(count, "the text of an annotation")
          if count % 2 == 1 { _ = try cursor.part(min(1, cursor.left), "the text of an annotation") }
          guard !marks.isEmpty else { throw cursor.malformed("an annotation before its text", "none") }
          let note = String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
          let last = marks.count - 1
          let isHead = marks[last].label == "\"" && marks[last].start == 0
          if isHead, let found = resolution(note) {
            guard found > 0, found <= 1e7 else {
              throw cursor.malformed("a time resolution up to 10000000", "\(found)")
            }
            rate = found
            marks.removeLast()
          } else if isHead, isDefining || note.hasPrefix("## annotation type definitions") {
            let words = note.split(separator: " ", maxSplits: 2)
            if words.count > 1, let code = Int(words[0]), (1...49).contains(code) {
              own[code] = String(words[1])
            }
            isDefining = !note.hasPrefix("## end of definitions")
            marks.removeLast()
          } else {
            marks[last].note = note
          }
        case 0...49:
          sample += count
          guard code > 0 || count > 0, sample >= 0, sample < 1 << 48 else {
            throw cursor.malformed("a time within the record", "sample \(sample)")
          }
          guard code > 0 else { continue }
          let kind: SignalAnnotation.Kind = beats.contains(code) ? .beat : code == 28 ? .rhythm : .other
          marks.append(
            SignalAnnotation(
              kind: kind, label: own[code] ?? symbols[code] ?? "[\(code)]", start: Double(sample) / rate))
        default: throw cursor.malformed("a code up to 49, or 59 to 63", "\(code)")
        }
      }
    }
  }

  /// The resolution that a first note may state: `## time resolution: 360`.
  private static func resolution(_ note: String) -> Double? {
    let mark = "## time resolution: "
    return note.hasPrefix(mark) ? Double(String(note.dropFirst(mark.count)).trimmingBlanks) : nil
  }
}
