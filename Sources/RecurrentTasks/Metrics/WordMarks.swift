import RecurrentData
import RecurrentReports

/// Words of a reference and of a hypothesis, and which of them are wrong.
struct WordMarks {
  /// The words that are right; marked where they are missing on the other side or another one there.
  var reference: [StrokeChart.Word]
  /// The words that were found; marked where the reference lacks them or has another one.
  var hypothesis: [StrokeChart.Word]

  /// Compares the words of a text, where there is one, with those that were found.
  init(_ text: String?, _ words: [String]) {
    self.init(
      reference: text.map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }, hypothesis: words)
  }

  /// Compares words; without a reference none is marked.
  init(reference known: [String]?, hypothesis words: [String]) {
    reference = (known ?? []).map { (text: $0, isWrong: false) }
    hypothesis = words.map { (text: $0, isWrong: false) }
    guard let known else { return }
    for step in EditAlignment(reference: known, hypothesis: words).steps {
      switch step {
      case .match: break
      case .substitution(let place, let other):
        reference[place].isWrong = true
        hypothesis[other].isWrong = true
      case .deletion(let place): reference[place].isWrong = true
      case .insertion(let other): hypothesis[other].isWrong = true
      }
    }
  }
}
