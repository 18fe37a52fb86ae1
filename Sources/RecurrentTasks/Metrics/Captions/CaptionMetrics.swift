import RecurrentData
import RecurrentReports

/// How well captions were written: word errors against the nearest reference of each, BLEU and chrF against all, and where all
/// captions have as many words the accuracy of each.
public struct CaptionMetrics: Sendable, Equatable, Codable {
  /// A caption that was written, and those that people wrote.
  public struct Pair: Sendable, Equatable {
    /// What was written.
    public var hypothesis: String
    /// What people wrote, at least one.
    public var references: [String]
    /// Who is seen or heard; nil where nobody says.
    public var group: String?

    /// A caption with its references.
    public init(hypothesis: String, references: [String], group: String? = nil) {
      (self.hypothesis, self.references, self.group) = (hypothesis, references, group)
    }

    /// The reference with the fewest word errors, the first of those.
    var nearest: TranscriptionMetrics.Pair {
      let pairs = references.map {
        TranscriptionMetrics.Pair(reference: $0, hypothesis: hypothesis, group: group)
      }
      let errors = pairs.map { TranscriptErrors([$0]).words.errors }
      return pairs[pairs.indices.min { (errors[$0], $0) < (errors[$1], $1) } ?? 0]
    }
  }

  /// Errors against the nearest references.
  public let words: TranscriptionMetrics
  /// BLEU and chrF against all references.
  public let texts: TranslationMetrics
  /// The accuracy of each word; nil where captions have several references, or not equally many words.
  public let slots: SlotAccuracy?

  /// Compares captions. Traps where one has no reference.
  public init(_ pairs: [Pair]) {
    let nearest = pairs.map(\.nearest)
    words = TranscriptionMetrics(nearest)
    texts = TranslationMetrics(
      pairs.map { TranslationMetrics.Pair(hypothesis: $0.hypothesis, references: $0.references) })
    slots = pairs.contains { $0.references.count > 1 } ? nil : SlotAccuracy(nearest)
  }

  /// The evaluation as lines of a terminal.
  public var lines: [String] {
    let several = texts.referenceCounts != [1] && !texts.referenceCounts.isEmpty
    var lines = words.lines
    if several { lines.append("word errors are those against the nearest of the references of a caption") }
    if let slots {
      func text(_ score: ScoreInterval) -> String {
        "\(percent(score.value)) (95 %: \(percent(score.low)) to \(percent(score.high)))"
      }
      lines.append("slot accuracy \(text(slots.accuracy))")
      lines += slots.slots.map { "  \($0.name), one of \($0.choices): \(text($0.accuracy))" }
    }
    return lines + texts.lines.dropFirst()
  }

  /// The parts of a page.
  public var sections: [HTMLReport.Section] {
    var sections = words.sections()
    if let slots {
      let chart = BarChart(
        title: "Accuracy by the place of a word", valueLabel: "share of right words",
        bars: slots.slots.map {
          BarChart.Bar(
            name: $0.name, value: $0.accuracy.value, interval: $0.accuracy.low...$0.accuracy.high)
        })
      let table = HTMLReport.Table(
        columns: [.text(""), .number("different words"), .number("accuracy"), .number("95 %")],
        rows: slots.slots.map {
          [
            $0.name, "\($0.choices)", percent($0.accuracy.value),
            "\(percent($0.accuracy.low)) to \(percent($0.accuracy.high))",
          ]
        })
      sections.insert(
        HTMLReport.Section(
          "Slots",
          [
            .paragraph("All captions have \(slots.slots.count) words: this often each of them is right."),
            .figures([HTMLReport.Figure(chart, caption: "Accuracy with 95 % intervals.")]), .table(table),
          ]), at: min(1, sections.count))
    }
    return sections + texts.sections
  }
}
