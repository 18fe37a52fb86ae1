/// The formats of NIST's scoring package sclite.
enum NISTText {
  static func ctm(_ transcripts: [TimedTranscript]) -> String {
    var lines: [(key: [UInt8], channel: Int, start: Double, text: String)] = []
    for transcript in transcripts {
      let name = field(transcript.name)
      for word in transcript.words {
        let confidence = word.confidence.map { " " + seconds($0) } ?? ""
        // the times of a file are fixed-point, so that an end is not rounded before the beginning of the next word
        let (begin, end) = (hundredths(word.start), hundredths(word.end))
        lines.append(
          (
            Array(name.utf8), transcript.channel, word.start,
            "\(name) \(transcript.channel) \(text(begin)) \(text(end - begin)) \(words(word.text, "_"))\(confidence)\n"
          ))
      }
    }
    // the order of sort in C, which sclite asks for; of equal ones that of their coming
    let order = lines.indices.sorted { first, second in
      let (a, b) = (lines[first], lines[second])
      if a.key != b.key { return a.key.lexicographicallyPrecedes(b.key) }
      return (a.channel, a.start, first) < (b.channel, b.start, second)
    }
    return order.map { lines[$0].text }.joined()
  }

  static func stm(_ transcripts: [TimedTranscript]) -> String {
    let order = transcripts.indices.sorted { first, second in
      let (a, b) = (transcripts[first], transcripts[second])
      let (aName, bName) = (Array(field(a.name).utf8), Array(field(b.name).utf8))
      if aName != bName { return aName.lexicographicallyPrecedes(bName) }
      return (a.channel, a.words.first?.start ?? 0, first) < (b.channel, b.words.first?.start ?? 0, second)
    }
    return order.map { index in
      let own = transcripts[index]
      let (begin, last) = (own.words.first?.start ?? 0, own.words.map(\.end).max() ?? own.duration ?? 0)
      let words = own.words.map { NISTText.words($0.text, " ") }.joined(separator: " ")
      let head =
        "\(field(own.name)) \(own.channel) \(field(own.speaker ?? own.name)) \(text(hundredths(begin))) \(text(hundredths(last)))"
      return words.isEmpty ? head + "\n" : "\(head) \(words)\n"
    }.joined()
  }

  static func trn(_ transcript: TimedTranscript) -> String {
    let words = transcript.words.map { NISTText.words($0.text, " ") } + ["(\(field(transcript.name)))"]
    return words.joined(separator: " ")
  }

  /// A name without blanks, which is no comment.
  private static func field(_ name: String) -> String {
    let text = String(name.map { $0.isWhitespace || "()".contains($0) ? "_" : $0 })
    return text.isEmpty ? "-" : text.hasPrefix(";;") ? "_" + text : text
  }

  /// A word, or several, without what sclite takes for alternatives, optional words or none.
  private static func words(_ text: String, _ blank: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).map { word -> String in
      if word == "/" || word == "@" { return word == "/" ? "|" : "at" }
      return String(
        word.map { character in
          switch character {
          case "{", "(": "["
          case "}", ")": "]"
          default: character
          }
        })
    }
    return words.joined(separator: blank)
  }

  private static func hundredths(_ value: Double) -> Int { Int((value * 100).rounded()) }

  private static func text(_ hundredths: Int) -> String {
    "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }

  private static func seconds(_ value: Double) -> String { text(hundredths(value)) }
}
