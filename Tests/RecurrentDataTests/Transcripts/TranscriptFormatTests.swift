import RecurrentData
import RecurrentTestSupport
import Testing

@Suite struct TranscriptFormatTests {
  private let transcripts = [
    TimedTranscript(
      name: "b clip.wav", speaker: "s (1)",
      words: [
        TimedWord("bin", start: 0.5, end: 0.804, confidence: 0.987),
        TimedWord("{blue}", start: 0.804, end: 1.1),
        TimedWord("/", start: 1.1, end: 1.2),
      ]),
    TimedTranscript(name: "B", channel: 2, words: [TimedWord("two words", start: 1, end: 2)]),
    TimedTranscript(name: ";;a", words: []),
  ]

  @Test func ctm() {
    #expect(
      TranscriptFormat.ctm.text(of: transcripts) == """
        B 2 1.00 1.00 two_words
        b_clip.wav 1 0.50 0.30 bin 0.99
        b_clip.wav 1 0.80 0.30 [blue]
        b_clip.wav 1 1.10 0.10 |

        """)
  }

  @Test func stm() {
    #expect(
      TranscriptFormat.stm.text(of: transcripts) == """
        B 2 B 1.00 2.00 two words
        _;;a 1 _;;a 0.00 0.00
        b_clip.wav 1 s__1_ 0.50 1.20 bin [blue] |

        """)
  }

  @Test func trnTextAndJSON() throws {
    #expect(
      TranscriptFormat.trn.text(of: transcripts) == "bin [blue] | (b_clip.wav)\ntwo words (B)\n(_;;a)\n")
    #expect(TranscriptFormat.text.text(of: transcripts) == "bin {blue} /\ntwo words\n\n")
    let lines = TranscriptFormat.json.text(of: transcripts).split(separator: "\n")
    #expect(lines.count == 3)
    guard case .object(let first) = try JSONValue(text: lines[0].utf8),
      case .list(let words)? = first["words"]
    else {
      throw CheckFailure("\(lines[0])")
    }
    #expect(first["file"] == .text("b clip.wav") && first["text"] == .text("bin {blue} /"))
    #expect(
      words[0]
        == .object([
          "word": .text("bin"), "start": .number(0.5), "end": .number(0.804), "confidence": .number(0.987),
        ]))
  }

  @Test func alternativesStandInJSON() throws {
    var transcript = transcripts[1]
    transcript.alternatives = [
      .init("two words", score: -1.5, confidence: 0.75), .init("too words", score: -2.5),
    ]
    let line = TranscriptFormat.json.text(of: [transcript])
    guard case .object(let object) = try JSONValue(text: line.utf8) else { throw CheckFailure(line) }
    #expect(
      object["alternatives"]
        == .list([
          .object(["text": .text("two words"), "score": .number(-1.5), "confidence": .number(0.75)]),
          .object(["text": .text("too words"), "score": .number(-2.5)]),
        ]))
    #expect(!TranscriptFormat.json.text(of: transcripts).contains("alternatives"))
  }

  /// A duration is a time that can be written, whatever a recording says.
  @Test func durationsAreTimes() {
    func transcript(_ duration: Double, _ words: [TimedWord] = []) -> TimedTranscript {
      TimedTranscript(name: "x", words: words, duration: duration)
    }
    let durations: [Double?] = [Double.nan, .infinity, -1, 1e300, 2.5].map { transcript($0).duration }
    #expect(durations == [nil, nil, 0, 3.6e6, 2.5])
    #expect(
      TranscriptFormat.stm.text(of: [transcript(.infinity), transcript(2.5)])
        == "x 1 x 0.00 0.00\nx 1 x 0.00 2.50\n")
    for duration in [Double.nan, .infinity, -.infinity] {
      let text = TranscriptFormat.srt.text(of: [transcript(duration, [TimedWord("a", start: 0, end: 1)])])
      #expect(text.contains("00:00:00,000 --> 00:00:01,000"))
    }
  }

  /// Times never run backwards, whatever a search says.
  @Test func timesRise() {
    let words = TimedTranscript(
      name: "x",
      words: [
        TimedWord("a", start: 2, end: 1), TimedWord("b", start: .nan, end: .infinity),
        TimedWord(" ", start: 0, end: 0),
        TimedWord("c", start: -5, end: -3, confidence: .nan),
      ]
    ).words
    #expect(
      words.map(\.text) == ["a", "b", "c"] && words.map(\.start) == [2, 2, 2]
        && words.map(\.end) == [2, 2, 2])
    #expect(words[2].confidence == nil)
  }
}
