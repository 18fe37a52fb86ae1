import RecurrentData
import RecurrentReports

extension TranscriptionMetrics {
  /// The evaluation as lines of a terminal.
  public var lines: [String] {
    func line(_ name: String, _ rate: ScoreInterval) -> String {
      "\(name) \(percent(rate.value)) (95 %: \(percent(rate.low)) to \(percent(rate.high)))"
    }
    return [
      "\(counted(transcripts, "transcript")), \(counted(words.referenceCount, "word")), \(form.explanation)",
      line("word error rate", wordErrorRate), line("character error rate", characterErrorRate),
      line("sentence error rate", sentenceErrorRate),
      "\(counted(words.substitutions, "substitution")), \(counted(words.deletions, "deletion")), "
        + "\(counted(words.insertions, "insertion"))",
    ]
      + texts.map { part in
        "\(part.name): \(counted(part.transcripts, "transcript")), "
          + line("word error rate", part.wordErrorRate) + ", "
          + line("character error rate", part.characterErrorRate)
      }
  }
}
