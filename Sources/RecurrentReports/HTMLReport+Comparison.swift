extension HTMLReport {
  /// Texts that belong together, such as a sentence, its translation and what it should have been, one below the other with the
  /// words marked that are wrong.
  public struct Comparison: Sendable, Equatable {
    /// A word, and whether it is missing on the other side or another one there.
    public struct Word: Sendable, Equatable {
      /// The word.
      public var text: String
      /// Whether it is marked.
      public var isWrong: Bool

      /// A word.
      public init(_ text: String, isWrong: Bool = false) { (self.text, self.isWrong) = (text, isWrong) }
    }

    /// A text with its name.
    public struct Line: Sendable, Equatable {
      /// What it is, such as `reference`.
      public var name: String
      /// Its words.
      public var words: [Word]
      /// What stands between words: a blank, or nothing in languages without them.
      public var separator: String

      /// A text word by word.
      public init(_ name: String, words: [Word], separator: String = " ") {
        (self.name, self.words, self.separator) = (name, words, separator)
      }

      /// A text without marks.
      public init(_ name: String, _ text: String) { self.init(name, words: [Word(text)]) }
    }

    /// Which texts they are and how well they agree.
    public var title: String
    /// The texts, from top to bottom.
    public var lines: [Line]
    /// What is drawn below.
    public var figures: [Figure]

    /// Texts that belong together.
    public init(_ title: String, lines: [Line], figures: [Figure] = []) {
      (self.title, self.lines, self.figures) = (title, lines, figures)
    }
  }

  static func markup(_ comparison: Comparison) -> String {
    var parts = ["<div class=\"texts\">", "<h3>\(escapedMarkup(comparison.title))</h3>", "<dl>"]
    for line in comparison.lines {
      var text = ""
      for (place, word) in line.words.enumerated() {
        if place > 0 { text += escapedMarkup(line.separator) }
        text += word.isWrong ? "<mark>\(escapedMarkup(word.text))</mark>" : escapedMarkup(word.text)
      }
      // a text of no words keeps its line
      parts.append("<dt>\(escapedMarkup(line.name))</dt>\n<dd dir=\"auto\">\(text.isEmpty ? "–" : text)</dd>")
    }
    parts.append("</dl>")
    if !comparison.figures.isEmpty { parts.append(markup(.figures(comparison.figures))) }
    return (parts + ["</div>"]).joined(separator: "\n")
  }
}
