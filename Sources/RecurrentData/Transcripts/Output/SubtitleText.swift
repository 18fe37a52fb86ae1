/// The formats of subtitles.
enum SubtitleText {
  static func srt(_ cues: [SubtitleCue]) -> String {
    cues.enumerated().map { index, cue in
      let lines = cue.lines.map { $0.replacing("-->", with: "->") }
      return
        "\(index + 1)\n\(time(cue.start, ",")) --> \(time(cue.end, ","))\n\(lines.joined(separator: "\n"))\n"
    }.joined(separator: "\n")
  }

  static func vtt(_ cues: [SubtitleCue], marksWords: Bool) -> String {
    let blocks = cues.map { cue in
      let lines = marksWords && !cue.words.isEmpty ? marked(cue) : cue.lines.map(escaped)
      return "\n\(time(cue.start, ".")) --> \(time(cue.end, "."))\n\(lines.joined(separator: "\n"))\n"
    }
    return "WEBVTT\n" + blocks.joined()
  }

  /// Lines with the time of each word but the first. Times rise and lie within the cue, or are left out.
  private static func marked(_ cue: SubtitleCue) -> [String] {
    var last = cue.start
    return cue.words.enumerated().map { line, words in
      words.enumerated().map { place, word in
        let start = Int((word.start * 1000).rounded())
        guard start > last, start < cue.end, line > 0 || place > 0 else { return escaped(word.text) }
        last = start
        return "<\(time(start, "."))><c>\(escaped(word.text))</c>"
      }.joined(separator: " ")
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  /// Hours, minutes, seconds and milliseconds.
  private static func time(_ milliseconds: Int, _ mark: String) -> String {
    func digits(_ value: Int, _ count: Int) -> String {
      let text = "\(value)"
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let seconds = milliseconds / 1000
    return "\(digits(seconds / 3600, 2)):\(digits(seconds / 60 % 60, 2)):\(digits(seconds % 60, 2))"
      + "\(mark)\(digits(milliseconds % 1000, 3))"
  }
}
