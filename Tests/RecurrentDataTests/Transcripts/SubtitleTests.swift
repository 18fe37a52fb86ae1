import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct SubtitleTests {
  /// Words with random times, some of which are long, far from each other or backwards.
  private static func transcript(_ seed: UInt64, count: Int = 200) -> TimedTranscript {
    let draws = RandomKey(seed: seed).uniforms(4 * count)
    var (time, words) = (0.0, [TimedWord]())
    for place in 0..<count {
      let own = draws[4 * place..<4 * place + 4].map { Double($0) }
      time += own[0] < 0.05 ? 3 * own[1] : own[0] < 0.1 ? -own[1] : 0.2 * own[1]
      let length = own[2] < 0.02 ? 60 : 1 + Int(10 * own[2])
      let text = String((0..<length).map { Character(Unicode.Scalar(97 + UInt8(($0 + place) % 26))) })
      let end = time + 0.6 * own[3]
      words.append(
        TimedWord(
          place % 7 == 0 ? text + "." : place % 11 == 0 ? "<&" + text + "-->" : text, start: time, end: end))
      time = end
    }
    return TimedTranscript(name: "x", words: words, duration: time + 0.5)
  }

  @Test(arguments: 0..<20 as Range<UInt64>) func cues(_ seed: UInt64) {
    let settings = SubtitleSettings()
    let transcript = SubtitleTests.transcript(seed)
    let cues = SubtitleLayout(settings).cues(transcript)
    #expect(zip(cues, cues.dropFirst()).allSatisfy { $0.end <= $1.start })
    #expect(cues.allSatisfy { $0.end > $0.start && $0.end - $0.start <= 7000 })
    #expect(
      cues.allSatisfy {
        (1...2).contains($0.lines.count) && $0.lines.allSatisfy { !$0.isEmpty && $0.count <= 42 }
      })
    // nothing is lost
    let text = cues.flatMap(\.lines).joined().filter { $0 != " " }
    #expect(text == transcript.text.filter { $0 != " " })
    for (index, cue) in cues.enumerated() {
      let next = index + 1 < cues.count ? cues[index + 1].start : Int((transcript.duration ?? 0) * 1000)
      let letters = cue.lines.reduce(0) { $0 + $1.count }
      // what is too short or too fast to read has no room
      let isHeld = cue.end - cue.start >= 1000 && Double(letters) / Double(cue.end - cue.start) <= 17.1 / 1000
      #expect(isHeld || cue.end >= next - 1 || cue.end - cue.start == 7000, "\(cue) \(next)")
    }
  }

  @Test func linesAreBalanced() {
    let words = "the quick brown fox jumps over the lazy dog again".split(separator: " ").enumerated().map {
      TimedWord(String($1), start: 0.3 * Double($0), end: 0.3 * Double($0) + 0.3)
    }
    let cues = SubtitleLayout(SubtitleSettings()).cues(TimedTranscript(name: "x", words: words))
    #expect(cues.map(\.lines) == [["the quick brown fox jumps", "over the lazy dog again"]])
    #expect(cues[0].start == 0 && cues[0].end == 3000)
  }

  @Test func pausesAndSentencesEndCues() {
    let words = [
      TimedWord("one", start: 0, end: 0.2), TimedWord("two", start: 2, end: 2.4),
      TimedWord("This is a whole sentence.", start: 2.5, end: 4), TimedWord("Next", start: 4.1, end: 4.2),
    ]
    let cues = SubtitleLayout(SubtitleSettings()).cues(TimedTranscript(name: "x", words: words))
    #expect(cues.map(\.lines) == [["one"], ["two This is a whole sentence."], ["Next"]])
    #expect(cues.map(\.start) == [0, 2000, 4100] && cues.map(\.end) == [1000, 4000, 5100])
  }

  /// Settings can be changed, or decoded, to what nothing can be laid out by.
  @Test(arguments: [0, -3]) func impossibleSettings(_ value: Int) {
    var settings = SubtitleSettings()
    (settings.lineLength, settings.lineCount) = (value, value)
    settings.seconds = Double(value)...Double(value)
    (settings.readingSpeed, settings.pause) = (Double(value), Double(value))
    let transcript = SubtitleTests.transcript(3, count: 20)
    let cues = SubtitleLayout(settings).cues(transcript)
    #expect(cues.allSatisfy { $0.lines.map(\.count) == [1] && $0.end > $0.start })
    #expect(cues.flatMap(\.lines).joined() == transcript.text.filter { $0 != " " })
    let given = SubtitleSettings(lineLength: value, lineCount: value)
    #expect(SubtitleLayout(given).cues(transcript).allSatisfy { $0.lines.map(\.count) == [1] })
  }

  @Test(arguments: 0..<10 as Range<UInt64>, [false, true]) func webVTT(_ seed: UInt64, _ marksWords: Bool)
    throws
  {
    let transcript = SubtitleTests.transcript(seed, count: 60)
    let settings = SubtitleSettings(marksWords: marksWords)
    let text = TranscriptFormat.vtt.text(of: [transcript], subtitles: settings)
    let cues = SubtitleLayout(settings).cues(transcript)
    #expect(try StrictSubtitles.webVTT(text) == cues.map { [$0.start, $0.end] })
    let read = try SubtitleFile(DataBytes(Array(text.utf8)))
    #expect(read.cues.map(\.lines) == cues.map(\.lines) && read.cues.map(\.start) == cues.map(\.start))
    #expect(text.contains("<c>") == marksWords)
  }

  @Test(arguments: 0..<10 as Range<UInt64>) func subRip(_ seed: UInt64) throws {
    let transcript = SubtitleTests.transcript(seed, count: 60)
    let text = TranscriptFormat.srt.text(of: [transcript])
    let cues = SubtitleLayout(SubtitleSettings()).cues(transcript)
    #expect(try StrictSubtitles.subRip(text) == cues.map { [$0.start, $0.end] })
    // with the mark and the line ends that others write
    let read = try SubtitleFile(
      DataBytes([0xEF, 0xBB, 0xBF] + Array(text.replacing("\n", with: "\r\n").utf8)))
    #expect(read.cues.map(\.end) == cues.map(\.end))
    #expect(read.cues.map(\.lines) == cues.map { $0.lines.map { $0.replacing("-->", with: "->") } })
  }

  @Test func filesOfOthers() throws {
    let web = """
      WEBVTT - a title
      Kind: captions

      NOTE a remark
      of two lines

      STYLE
      ::cue { color: red }

      intro
      00:01.500 --> 00:02.000 align:start position:0%
      <v Mary>Hello &amp; <i>good</i> day 1 < 2</v>

      1:00:00.000 --> 1:00:01.250
      - <00:00:00.500><c.loud>a</c>
      - b
      """
    let cues = try SubtitleFile(DataBytes(Array(web.utf8))).cues
    #expect(cues.map(\.start) == [1500, 3_600_000] && cues.map(\.end) == [2000, 3_601_250])
    #expect(cues.map(\.lines) == [["Hello & good day 1 < 2"], ["- a", "- b"]])
    let rip =
      "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>One</i>\r\nline\r\n\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nTwo\r\n"
    #expect(try SubtitleFile(DataBytes(Array(rip.utf8))).cues.map(\.lines) == [["One", "line"], ["Two"]])
    #expect(try SubtitleFile(DataBytes(Array("WEBVTT".utf8))).cues.isEmpty)
  }

  @Test(
    arguments: [
      ("1\n00:00:01,000 -> 00:00:02,000\nx\n", "line 2"), ("1\n", "line 1"),
      ("1\n00:00:05,000 --> 00:00:02,000\nx\n", "line 2"),
      ("1\n00:61:00,000 --> 01:02:00,000\nx\n", "line 2"),
      ("WEBVTT\n\n00:00.000 --> 00:01,000\nx\n", "line 3"),
    ])
  func whatIsNone(_ text: String, _ place: String) {
    let error = #expect(throws: DataError.self) {
      try SubtitleFile(DataBytes(Array(text.utf8), path: "x.srt"))
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("x.srt: \(place): expected"))
  }

  @Test func damagedFiles() throws {
    let text = TranscriptFormat.vtt.text(of: [SubtitleTests.transcript(1, count: 30)])
    for cut in 0..<text.utf8.count {
      do { _ = try SubtitleFile(DataBytes(Array(text.utf8.prefix(cut)), path: "x.vtt")) } catch {
        #expect("\(error)".contains("x.vtt"))
      }
    }
  }
}

/// Parsers that allow nothing beyond the standards.
enum StrictSubtitles {
  /// Hours, minutes, seconds and milliseconds.
  private static func milliseconds(_ parts: [Substring]) -> Int {
    let numbers: [Int] = parts.compactMap { Int($0) }
    let seconds: Int = (numbers[0] * 60 + numbers[1]) * 60 + numbers[2]
    return seconds * 1000 + numbers[3]
  }

  /// The times of cues after the syntax of a WebVTT file (W3C 2019, section 4).
  static func webVTT(_ text: String) throws -> [[Int]] {
    var times: [[Int]] = []
    let blocks = text.split(separator: "\n\n", omittingEmptySubsequences: false)
    guard blocks[0] == "WEBVTT" || text == "WEBVTT\n", text.hasSuffix("\n"), !text.hasSuffix("\n\n") else {
      throw CheckFailure("head or end")
    }
    for block in blocks.dropFirst() {
      let lines = block.split(separator: "\n", omittingEmptySubsequences: true)
      guard
        let match = lines[0].wholeMatch(
          of: /(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})/)
      else { throw CheckFailure("times \(lines[0])") }
      let own = [
        milliseconds([match.1, match.2, match.3, match.4]),
        milliseconds([match.5, match.6, match.7, match.8]),
      ]
      guard own[0] < own[1], times.last.map({ $0[1] <= own[0] }) ?? true else {
        throw CheckFailure("order \(own)")
      }
      var last = own[0]
      for line in lines.dropFirst() {
        guard !line.contains("-->"), !line.isEmpty else { throw CheckFailure("an arrow in \(line)") }
        var rest = line[...]
        while let place = rest.firstIndex(where: { $0 == "<" || $0 == "&" }) {
          rest = rest[place...]
          if rest.first == "&" {
            guard let match = rest.prefixMatch(of: /&(amp|lt|gt);/) else {
              throw CheckFailure("an entity in \(line)")
            }
            rest = rest[match.range.upperBound...]
          } else if let match = rest.prefixMatch(of: /<(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})>/) {
            let time = milliseconds([match.1, match.2, match.3, match.4])
            guard time > last, time < own[1] else { throw CheckFailure("time of a word \(time) in \(own)") }
            last = time
            rest = rest[match.range.upperBound...]
          } else if let match = rest.prefixMatch(of: /<c>[^<>]*<\/c>/) {
            rest = rest[match.range.upperBound...]
          } else {
            throw CheckFailure("a tag in \(line)")
          }
        }
      }
      times.append(own)
    }
    return times
  }

  /// The times of cues of SubRip.
  static func subRip(_ text: String) throws -> [[Int]] {
    var times: [[Int]] = []
    guard text.isEmpty || text.hasSuffix("\n") && !text.hasSuffix("\n\n") else { throw CheckFailure("end") }
    for (index, block) in text.split(separator: "\n\n", omittingEmptySubsequences: false).enumerated() {
      let lines = block.split(separator: "\n", omittingEmptySubsequences: true)
      guard lines.count >= 3, lines[0] == "\(index + 1)",
        let match = lines[1].wholeMatch(
          of: /(\d\d):([0-5]\d):([0-5]\d),(\d{3}) --> (\d\d):([0-5]\d):([0-5]\d),(\d{3})/)
      else { throw CheckFailure("a cue \(block)") }
      let own = [
        milliseconds([match.1, match.2, match.3, match.4]),
        milliseconds([match.5, match.6, match.7, match.8]),
      ]
      guard own[0] < own[1], times.last.map({ $0[1] <= own[0] }) ?? true,
        !lines.dropFirst(2).contains(where: { $0.contains("-->") })
      else { throw CheckFailure("order or text of \(block)") }
      times.append(own)
    }
    return times
  }
}
