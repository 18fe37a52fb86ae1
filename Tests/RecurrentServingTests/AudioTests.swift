import Recurrent
import RecurrentTestSupport
import Testing

@testable import RecurrentServing

/// Recordings that are written down as a whole, as OpenAI has it.
@Suite struct AudioTests {
  /// A network that nobody has trained: it says something, and always the same.
  private static let trained = Result { () throws -> TrainedTask<TranscriptionTask> in
    var settings = Settings()
    settings[.bands] = 16
    settings[.convolutions] = ["24x5/2"]
    (settings[.hidden], settings[.layers], settings[.dropout]) = (20, 1, 0)
    let records = (0..<8).map { number in
      Record(
        .sound(Sound(rate: 8000, channels: [(0..<8000).map { Float($0 % (20 + number)) / 40 - 0.25 }])),
        transcript: "a b c d")
    }
    let request = TaskRequest([DataSource(records, name: "sounds")], settings: settings)
    let plan = try TranscriptionTask.plan(request, progress: { _, _ in })
    return TrainedTask(plan.task, plan.task.makeModel(key: RandomKey(seed: 5)))
  }

  private static let sound = waveFile(
    rate: 8000, samples: (0..<9000).map { Float(($0 * 7919) % 16000 - 8000) / 32768 })

  private func harness() throws -> Harness {
    try Harness([
      ModelHost(name: "speech", hash: "h", try AudioTests.trained.get(), batchSize: 4), Harness.layers(),
    ])
  }

  private func ask(_ parts: [(name: String, bytes: [UInt8])], _ harness: Harness) -> HTTPAnswer {
    var body: [UInt8] = []
    for part in parts {
      body +=
        "--xyz\r\nContent-Disposition: form-data; name=\"\(part.name)\"; filename=\"a.wav\"\r\n\r\n".utf8
      body += part.bytes + "\r\n".utf8
    }
    body += "--xyz--\r\n".utf8
    return harness.fetch(
      HTTPQuestion(
        "POST", "/v1/audio/transcriptions",
        fields: ["content-type": "multipart/form-data; boundary=xyz"], body: body))
  }

  private func transcript() throws -> TimedTranscript {
    var own: TimedTranscript?
    try AudioTests.trained.get().transcribe(
      [DataSource(bytes: AudioTests.sound, name: "a.wav")], settings: Settings(), notes: { _ in }
    ) { own = $0 }
    return try #require(own)
  }

  @Test func textsAndSubtitles() throws {
    let (harness, expected) = (try harness(), try transcript())
    #expect(!expected.words.isEmpty)
    for (format, body) in [
      ("json", #"{"text":"\#(expected.text)"}"#), ("text", expected.text + "\n"),
      ("srt", TranscriptFormat.srt.text(of: [expected])), ("vtt", TranscriptFormat.vtt.text(of: [expected])),
    ] {
      let answer = ask(
        [("file", AudioTests.sound), ("response_format", Array(format.utf8))], harness)
      #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self) == body, "\(format)")
    }
    #expect(
      String(decoding: ask([("file", AudioTests.sound)], harness).body, as: UTF8.self)
        == #"{"text":"\#(expected.text)"}"#)
  }

  @Test func timesOfSegmentsAndWords() throws {
    let (harness, expected) = (try harness(), try transcript())
    for asksForWords in [false, true] {
      var parts = [("file", AudioTests.sound), ("response_format", Array("verbose_json".utf8))]
      if asksForWords { parts.append(("timestamp_granularities[]", Array("word".utf8))) }
      guard case .object(let members) = try JSONValue(text: ask(parts, harness).body),
        case .list(let segments)? = members["segments"], case .object(let first)? = segments.first,
        case .number(let start)? = first["start"], case .text(let text)? = first["text"]
      else {
        Issue.record("no segments")
        return
      }
      let cues = expected.cues()
      #expect(segments.count == cues.count && start == Double(cues[0].start) / 1000)
      #expect(text == cues[0].lines.joined(separator: " "))
      #expect(members["duration"] == expected.duration.map { .number($0) })
      if asksForWords {
        #expect(
          members["words"]
            == .list(
              expected.words.map {
                .object(["word": .text($0.text), "start": .number($0.start), "end": .number($0.end)])
              }))
      } else {
        #expect(members["words"] == nil)
      }
    }
  }

  @Test func refusals() throws {
    let harness = try harness()
    func check(_ parts: [(String, [UInt8])], _ status: Int, _ words: String) {
      let answer = ask(parts, harness)
      let text = String(decoding: answer.body, as: UTF8.self)
      #expect(answer.status == status && text.contains(words), "\(text)")
    }
    check(
      [("file", AudioTests.sound), ("response_format", Array("xml".utf8))], 400, "expected json, text, srt")
    check([("file", AudioTests.sound), ("model", Array("layers".utf8))], 400, "writes nothing down")
    check([("model", Array("speech".utf8))], 400, "has no")
    check([("file", Array("RIFF".utf8))], 400, "a.wav")
  }
}
