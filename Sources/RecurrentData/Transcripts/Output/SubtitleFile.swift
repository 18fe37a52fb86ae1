/// Reads subtitles in SubRip and WebVTT, with or without a byte order mark, with any line ends. Positions, styles, regions, notes and
/// tags are not kept.
public struct SubtitleFile: Sendable, Equatable {
  /// The cues in their order.
  public let cues: [SubtitleCue]

  /// Reads a file: WebVTT where the first line says so, else SubRip.
  ///
  /// - Throws: ``DataError``.
  public init(_ file: DataBytes) throws(DataError) {
    let lines = try file.lines()
    let head = lines.first ?? ""
    let isWeb = head == "WEBVTT" || head.hasPrefix("WEBVTT ") || head.hasPrefix("WEBVTT\t")
    var cues: [SubtitleCue] = []
    var index = isWeb ? 1 : 0
    func malformed(_ place: Int, _ expected: String) -> DataError {
      .malformed(
        path: file.path, place: .line(min(place, lines.count - 1) + 1), expected: expected,
        found: place < lines.count ? "\"\(lines[place].prefix(60))\"" : "the end of the file")
    }
    if isWeb {
      // what stands behind the mark up to an empty line belongs to the head
      while index < lines.count, !lines[index].isEmpty { index += 1 }
    }
    while index < lines.count {
      if lines[index].trimmingBlanks.isEmpty {
        index += 1
        continue
      }
      let end = lines[index...].firstIndex { $0.trimmingBlanks.isEmpty } ?? lines.count
      if isWeb, SubtitleFile.isRemark(lines[index]) {
        index = end
        continue
      }
      // a number or a name may stand above the times
      let place = lines[index].contains("-->") ? index : index + 1
      guard place < end, let times = SubtitleTimes(lines[place], isWeb: isWeb) else {
        throw malformed(min(place, max(index, end - 1)), "the beginning and the end of a cue around -->")
      }
      guard times.end >= times.start else { throw malformed(place, "an end behind the beginning") }
      cues.append(
        SubtitleCue(
          start: times.start, end: times.end,
          lines: lines[(place + 1)..<end].map { isWeb ? SubtitleFile.plain($0) : SubtitleFile.untagged($0) }))
      index = end
    }
    self.cues = cues
  }

  private static func isRemark(_ line: String) -> Bool {
    line == "NOTE" || line.hasPrefix("NOTE ") || line.hasPrefix("NOTE\t") || line.trimmingBlanks == "STYLE"
      || line.trimmingBlanks == "REGION"
  }

  /// A line without tags.
  private static func untagged(_ line: String) -> String {
    guard line.contains("<") else { return line }
    let pieces = line.split(separator: "<", omittingEmptySubsequences: false)
    return pieces.dropFirst().reduce(String(pieces[0])) { text, piece in
      let name = piece.drop { $0 == "/" }
      // a tag begins with a letter, a point or a time
      guard let end = piece.firstIndex(of: ">"), let first = name.first,
        first.isLetter || first == "." || first.isNumber || name.startIndex == end
      else { return text + "<" + piece }
      return text + piece[piece.index(after: end)...]
    }
  }

  /// A line of WebVTT without tags, with its entities replaced.
  private static func plain(_ line: String) -> String {
    let text = untagged(line)
    guard text.contains("&") else { return text }
    let entities = [
      ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", "\u{A0}"), ("&lrm;", "\u{200E}"), ("&rlm;", "\u{200F}"),
      ("&amp;", "&"),
    ]
    return entities.reduce(text) { $0.replacing($1.0, with: $1.1) }
  }
}

/// The times of a cue.
private struct SubtitleTimes {
  let start, end: Int

  /// Nil for a line without two times around an arrow.
  init?(_ line: String, isWeb: Bool) {
    guard let arrow = line.firstRange(of: "-->") else { return nil }
    let last = line[arrow.upperBound...].split { $0 == " " || $0 == "\t" }.first ?? ""
    guard let start = SubtitleTimes.milliseconds(String(line[..<arrow.lowerBound]).trimmingBlanks, isWeb),
      let end = SubtitleTimes.milliseconds(String(last), isWeb)
    else { return nil }
    (self.start, self.end) = (start, end)
  }

  /// `HH:MM:SS,mmm`; of WebVTT with a point, and the hours may be missing.
  private static func milliseconds(_ text: String, _ isWeb: Bool) -> Int? {
    let marks: Set<Character> = isWeb ? ["."] : [",", "."]
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3 || isWeb && parts.count == 2, let last = parts.last else { return nil }
    let seconds = last.split(omittingEmptySubsequences: false) { marks.contains($0) }
    guard seconds.count == 2, seconds[1].utf8.count == 3 else { return nil }
    var numbers: [Int] = []
    for part in parts.dropLast() + seconds {
      guard (1...7).contains(part.utf8.count), part.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
        let number = Int(part)
      else { return nil }
      numbers.append(number)
    }
    if numbers.count == 3 { numbers.insert(0, at: 0) }
    guard numbers[1] < 60, numbers[2] < 60 else { return nil }
    return ((numbers[0] * 60 + numbers[1]) * 60 + numbers[2]) * 1000 + numbers[3]
  }
}
