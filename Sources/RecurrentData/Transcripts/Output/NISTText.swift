/// The formats of NIST's scoring package sclite.
enum NISTText {
  /// What the lines of a file are sorted by.
  private struct Key {
    /// The bytes of the name of the recording.
    var name: [UInt8]
    var channel: Int
    /// In seconds.
    var start: Double
  }

  /// The places of keys in the order of sort in C, which sclite asks for; equal ones in that of their coming.
  private static func order(_ keys: [Key]) -> [Int] {
    keys.indices.sorted { first, second in
      let (a, b) = (keys[first], keys[second])
      if a.name != b.name { return a.name.lexicographicallyPrecedes(b.name) }
      return (a.channel, a.start, first) < (b.channel, b.start, second)
    }
  }

  static func ctm(_ transcripts: [TimedTranscript]) -> String {
    var (keys, lines) = ([Key](), [String]())
    for transcript in transcripts {
      let name = field(transcript.name)
      let bytes = Array(name.utf8)
      for word in transcript.words {
        let confidence = word.confidence.map { " " + seconds($0) } ?? ""
        // the times of a file are fixed-point, so that an end is not rounded before the beginning of the next word
        let (begin, end) = (hundredths(word.start), hundredths(word.end))
        keys.append(Key(name: bytes, channel: transcript.channel, start: word.start))
        lines.append(
          "\(name) \(transcript.channel) \(text(begin)) \(text(end - begin)) \(words(word.text, "_"))\(confidence)\n"
        )
      }
    }
    return order(keys).map { lines[$0] }.joined()
  }

  static func stm(_ transcripts: [TimedTranscript]) -> String {
    let keys = transcripts.map { own in
      Key(name: Array(field(own.name).utf8), channel: own.channel, start: own.words.first?.start ?? 0)
    }
    return order(keys).map { index in
      let own = transcripts[index]
      let (begin, last) = (keys[index].start, own.words.map(\.end).max() ?? own.duration ?? 0)
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
