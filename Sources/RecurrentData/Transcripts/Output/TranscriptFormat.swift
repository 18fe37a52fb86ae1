#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How transcripts are written.
public enum TranscriptFormat: String, Sendable, Codable, CaseIterable {
  /// The words of a recording on a line.
  case text
  /// An object of JSON on a line: `file`, `text` and `words` with their times in seconds and confidences; where several texts are
  /// asked for also `alternatives`, the best ones with their scores.
  case json
  /// CTM of NIST: `recording channel begin duration word confidence`, by recording and time.
  case ctm
  /// STM of NIST: `recording channel speaker begin end words`.
  case stm
  /// TRN of NIST: `words (recording)`.
  case trn
  /// SubRip.
  case srt
  /// WebVTT.
  case vtt

  /// Whether one file holds one recording.
  public var isSubtitles: Bool { self == .srt || self == .vtt }

  /// The text of transcripts, with a line end behind each line. Subtitles of several recordings follow each other.
  ///
  /// Every character that would mean something else in the format is replaced: entities in WebVTT; an arrow in SubRip; blanks
  /// within a field of NIST, and brackets, a lone slash or at sign, by which sclite marks alternatives.
  public func text(of transcripts: [TimedTranscript], subtitles: SubtitleSettings = SubtitleSettings())
    -> String
  {
    switch self {
    case .text: return transcripts.map { $0.text + "\n" }.joined()
    case .json: return transcripts.map { TranscriptFormat.json($0) + "\n" }.joined()
    case .ctm: return NISTText.ctm(transcripts)
    case .stm: return NISTText.stm(transcripts)
    case .trn: return transcripts.map { NISTText.trn($0) + "\n" }.joined()
    case .srt: return SubtitleText.srt(cues(transcripts, subtitles))
    case .vtt: return SubtitleText.vtt(cues(transcripts, subtitles), marksWords: subtitles.marksWords)
    }
  }

  private func cues(_ transcripts: [TimedTranscript], _ settings: SubtitleSettings) -> [SubtitleCue] {
    transcripts.flatMap { $0.cues(settings) }
  }

  private struct Line: Encodable {
    struct Word: Encodable {
      let word: String
      let start, end: Double
      let confidence: Double?
    }
    let file: String
    let speaker: String?
    let text: String
    let words: [Word]
    let alternatives: [TimedTranscript.Alternative]?
  }

  private static func json(_ transcript: TimedTranscript) -> String {
    func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
    let line = Line(
      file: transcript.name, speaker: transcript.speaker, text: transcript.text,
      words: transcript.words.map {
        Line.Word(
          word: $0.text, start: rounded($0.start), end: rounded($0.end),
          confidence: $0.confidence.map(rounded))
      }, alternatives: transcript.alternatives.isEmpty ? nil : transcript.alternatives)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // texts and finite numbers always have a form in JSON
    return (try? encoder.encode(line)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
