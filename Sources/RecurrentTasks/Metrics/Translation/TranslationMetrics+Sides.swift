extension TranslationMetrics {
  /// So many words tell the language of a text.
  private static let leastWords = 50

  /// What is remarkable about the sides of pairs: that what was written is in the language of the sources and not in that of the
  /// references, as by a model of the other direction; nil where nothing is.
  ///
  /// Of the words that only one of both sides has, wherever in it, far more are words of the sources. Sides that share their words,
  /// such as those of texts to be corrected, and texts without blanks between words give no answer.
  ///
  /// - Complexity: O(n) in the bytes of all texts.
  public static func sidesWarning(_ pairs: [Pair]) -> String? {
    func words(_ text: String) -> [Substring] {
      text.lowercased().split { !$0.isLetter && !$0.isNumber }
    }
    let sources = Set(pairs.lazy.flatMap { words($0.source) })
    let references = Set(pairs.lazy.flatMap { $0.references.lazy.flatMap(words) })
    var (count, ofSources, ofReferences) = (0, 0, 0)
    for pair in pairs {
      for word in words(pair.hypothesis) {
        count += 1
        switch (sources.contains(word), references.contains(word)) {
        case (true, false): ofSources += 1
        case (false, true): ofReferences += 1
        default: break
        }
      }
    }
    guard count >= leastWords, ofSources * 4 > count, ofSources > 4 * ofReferences else { return nil }
    return
      "what is written is in the language of the texts, not in that of their translations: are these the sides that the model "
      + "was trained on?"
  }
}
