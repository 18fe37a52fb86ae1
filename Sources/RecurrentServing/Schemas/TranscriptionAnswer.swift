import RecurrentTasks

/// The forms in which OpenAI's transcriptions answer: what `response_format` names.
enum TranscriptionAnswer: String, CaseIterable {
  /// The text in an object.
  case json
  /// The text alone.
  case text
  /// SubRip.
  case srt
  /// The text with the times of segments, and of words where they are asked for.
  case verbose = "verbose_json"
  /// WebVTT.
  case vtt

  /// A transcript in this form. Segments are what subtitles show at a time.
  func answer(_ transcript: TimedTranscript, marksWords: Bool) -> HTTPAnswer {
    switch self {
    case .json: return HTTPAnswer(.object([("text", .text(transcript.text))]))
    case .text: return plain(transcript.text + "\n")
    case .srt: return plain(TranscriptFormat.srt.text(of: [transcript]))
    case .vtt:
      return HTTPAnswer(
        200, type: "text/vtt; charset=utf-8",
        body: Array(
          TranscriptFormat.vtt.text(of: [transcript], subtitles: SubtitleSettings(marksWords: marksWords))
            .utf8))
    case .verbose:
      var members: [(String, JSONNode)] = [
        // ISO 639: undetermined
        ("task", .text("transcribe")), ("language", .text("und")),
        ("duration", .number(transcript.duration ?? transcript.words.last?.end ?? 0)),
        ("text", .text(transcript.text)),
        (
          "segments",
          .list(
            transcript.cues().enumerated().map { number, cue in
              .object([
                ("id", .integer(number)), ("start", .number(Double(cue.start) / 1000)),
                ("end", .number(Double(cue.end) / 1000)),
                ("text", .text(cue.lines.joined(separator: " "))),
              ])
            })
        ),
      ]
      if marksWords {
        members.append(
          (
            "words",
            .list(
              transcript.words.map {
                .object([("word", .text($0.text)), ("start", .number($0.start)), ("end", .number($0.end))])
              })
          ))
      }
      return HTTPAnswer(.object(members))
    }
  }

  private func plain(_ text: String) -> HTTPAnswer {
    HTTPAnswer(200, type: "text/plain; charset=utf-8", body: Array(text.utf8))
  }
}
