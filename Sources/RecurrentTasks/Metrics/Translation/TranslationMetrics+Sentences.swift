import RecurrentCore
import RecurrentReports

extension TranslationMetrics {
  /// A section with sentences from the worst to the best by chrF2: all, or some of them evenly chosen, with the words marked in
  /// which the translation and the reference that is nearest to it differ.
  ///
  /// - Parameters:
  ///   - pairs: the sentences that were compared, in their order. Traps unless there are as many.
  ///   - limit: the most sentences that are shown.
  ///   - figures: what is drawn below a sentence, by its place among all; such as an ``AttentionChart``.
  /// - Returns: nil where there is no sentence.
  public func sentenceSection(
    _ pairs: [Pair], limit: Int = 50, figures: (Int) -> [HTMLReport.Figure] = { _ in [] }
  ) -> HTMLReport.Section? {
    trapUnless(
      pairs.count == sentences,
      "sentenceSection: expected the \(sentences) sentences that were compared, received \(pairs.count)")
    guard sentences > 0, limit > 0 else { return nil }
    let order = worstFirst
    let count = min(limit, order.count)
    // the first, the last and those between at the same distances
    let shown = (0..<count).map { order[count > 1 ? $0 * (order.count - 1) / (count - 1) : 0] }
    let comparisons = shown.map { place in comparison(pairs[place], place, figures(place)) }
    let choice = count < sentences ? "\(count) of \(sentences) sentences, evenly chosen" : "All sentences"
    return HTMLReport.Section(
      "Sentences from the worst to the best",
      [
        .paragraph(
          "\(choice), ordered by chrF2. Marked is what the translation and the reference nearest to it do not have in common."
        ),
        .comparisons(comparisons),
      ])
  }

  private func comparison(_ pair: Pair, _ place: Int, _ figures: [HTMLReport.Figure]) -> HTMLReport.Comparison
  {
    let isCharacters = settings.tokenizer == .character || settings.tokenizer == .chinese
    func words(_ text: String) -> [String] {
      isCharacters ? text.map { String($0) } : text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
    let separator = isCharacters ? "" : " "
    let hypothesis = words(pair.hypothesis)
    let marks = pair.references.map { WordMarks(reference: words($0), hypothesis: hypothesis) }
    func wrong(_ marks: WordMarks) -> Int {
      marks.reference.count { $0.isWrong } + marks.hypothesis.count { $0.isWrong }
    }
    let nearest = marks.indices.min { (wrong(marks[$0]), $0) < (wrong(marks[$1]), $1) } ?? 0
    func line(_ name: String, _ words: [StrokeChart.Word]) -> HTMLReport.Comparison.Line {
      HTMLReport.Comparison.Line(
        name, words: words.map { HTMLReport.Comparison.Word($0.text, isWrong: $0.isWrong) },
        separator: separator)
    }
    var lines: [HTMLReport.Comparison.Line] = []
    if !pair.source.isEmpty { lines.append(HTMLReport.Comparison.Line("source", pair.source)) }
    for (index, reference) in pair.references.enumerated() {
      lines.append(
        index == nearest
          ? line("reference", marks[index].reference) : HTMLReport.Comparison.Line("reference", reference))
    }
    if !marks.isEmpty { lines.append(line("translation", marks[nearest].hypothesis)) }
    return HTMLReport.Comparison(
      "Sentence \(place + 1): chrF2 \(fixed(sentenceCHRF[place], 1)), BLEU \(fixed(sentenceBLEU[place], 1))",
      lines: lines,
      figures: figures)
  }
}
