import RecurrentReports

/// Words of texts that a translating network does not know, and those that it has copied into translations.
struct UnknownWordCounts: Sendable, Equatable, Codable {
  /// Words of the texts, and how many of them are unknown.
  let words, unknown: Int
  /// Unknown words of the texts, the most frequent first.
  let examples: [String]
  /// Words that were copied into translations, and how many different ones.
  let copied: Int
  /// The most frequent of them.
  let copiedExamples: [String]

  /// The most examples that are kept.
  private static let limit = 20

  /// Counts words; nil where tokens write every word.
  init?(_ pairs: [(translation: TextHypothesis, source: String)], _ units: TextTokens) {
    guard units.kind == .word, let id = units.vocabulary.unknownID else { return nil }
    var (count, unknown, copies) = (0, [String: Int](), [String: Int]())
    for (translation, source) in pairs {
      let words = units.wordTexts(source)
      count += words.count
      for (word, token) in zip(words, units.tokens(of: source)) where token == id {
        unknown[word, default: 0] += 1
      }
      for word in translation.copies { copies[word, default: 0] += 1 }
    }
    func ranked(_ counts: [String: Int]) -> [String] {
      counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(UnknownWordCounts.limit).map(\.key)
    }
    words = count
    self.unknown = unknown.values.reduce(0, +)
    copied = copies.values.reduce(0, +)
    (examples, copiedExamples) = (ranked(unknown), ranked(copies))
  }

  /// The counts as a line of a terminal.
  var line: String {
    "\(grouped(unknown)) of \(counted(words, "word")) of the texts are unknown, "
      + "\(counted(copied, "word")) of the translations copied"
  }

  /// The counts on a page.
  var section: HTMLReport.Section {
    func row(_ name: String, _ count: Int, _ examples: [String]) -> [String] {
      [name, grouped(count), examples.joined(separator: ", ")]
    }
    return HTMLReport.Section(
      "Unknown and copied words",
      [
        .paragraph(
          "A word that the vocabulary lacks is written where it is copied, with `copy-unknown`: the one of the text that is looked at "
            + "most."),
        .table(
          HTMLReport.Table(
            columns: [.text(""), .number("words"), .text("the most frequent")],
            rows: [
              row("of the texts, unknown", unknown, examples),
              row("of the translations, copied", copied, copiedExamples),
            ])),
      ])
  }
}

extension TranslationTask {
  /// Everything about an evaluation, as an object of JSON.
  struct Details: Encodable, Sendable {
    let metrics: TranslationMetrics
    let unknownWords: UnknownWordCounts?

    private enum Key: CodingKey { case unknownWords }

    func encode(to encoder: any Encoder) throws {
      try metrics.encode(to: encoder)
      var container = encoder.container(keyedBy: Key.self)
      try container.encodeIfPresent(unknownWords, forKey: .unknownWords)
    }
  }
}
