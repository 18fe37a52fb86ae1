/// Text as it may stand in XML and HTML, between tags and within quotes.
///
/// Works scalar by scalar: a combining mark behind a quotation mark makes another character of it, and a
/// browser still ends the attribute there.
func escapedMarkup(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0x26: result.append(contentsOf: "&amp;".unicodeScalars)
    case 0x3C: result.append(contentsOf: "&lt;".unicodeScalars)
    case 0x3E: result.append(contentsOf: "&gt;".unicodeScalars)
    case 0x22: result.append(contentsOf: "&quot;".unicodeScalars)
    case 0x27: result.append(contentsOf: "&#39;".unicodeScalars)
    case 0..<0x20, 0x7F..<0xA0: result.append(" ")
    // what turns the direction of the text behind it, and what is no character
    case 0x202A...0x202E, 0x2066...0x2069, 0xFDD0...0xFDEF: result.append("\u{FFFD}")
    case let value where value & 0xFFFE == 0xFFFE: result.append("\u{FFFD}")
    default: result.append(scalar)
    }
  }
  return String(result)
}
