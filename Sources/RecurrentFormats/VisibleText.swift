extension Unicode.Scalar {
  /// Whether a terminal or a browser obeys the character instead of showing it: control characters (C0, DEL, C1), line and
  /// paragraph separators, and what turns the direction of the text behind it.
  package var isObeyed: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}

extension String {
  /// The text with every character that a terminal would obey written as a code such as `\u{1b}`, line ends and tabs too:
  /// for names and for content of files, which may hold anything.
  package var onOneLine: String { coded { $0.isObeyed } }

  /// The text with what a terminal would obey written as codes, apart from line ends and tabs.
  package var visible: String { coded { $0.isObeyed && $0 != "\n" && $0 != "\t" } }

  private func coded(_ isCoded: (Unicode.Scalar) -> Bool) -> String {
    guard unicodeScalars.contains(where: isCoded) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if isCoded(scalar) {
        text += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }

  /// The text as it may stand in Markdown, in a line or a cell of a table, and stay text: no element of HTML, no link, no
  /// end of the cell, nothing that is obeyed.
  package var escapedMarkdown: String {
    onOneLine.unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "&": text += "&amp;"
      case "\\", "`", "*", "[", "]", "|": text += "\\" + String(scalar)
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}
