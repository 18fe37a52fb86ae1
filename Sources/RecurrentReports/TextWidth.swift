/// About how wide a text is in a sans-serif font, in pixels.
func estimatedWidth(_ text: String, size: Double = 12) -> Double {
  text.reduce(0) { $0 + estimatedWidth($1, size: size) }
}

private func estimatedWidth(_ character: Character, size: Double) -> Double {
  // from Hangul on most characters take a square
  (character.unicodeScalars.first?.value ?? 0) >= 0x1100 && character != "…" ? size * 1.05 : size * 0.6
}

/// A text without its end where it is wider than so many pixels.
func shortened(_ text: String, to width: Double, size: Double = 12) -> String {
  // grapheme clusters may have any number of marks
  let text = String(String.UnicodeScalarView(text.unicodeScalars.prefix(400)))
  if estimatedWidth(text, size: size) <= width { return text }
  var (result, left) = ("", width - size * 0.6)
  for character in text {
    left -= estimatedWidth(character, size: size)
    if left < 0 { break }
    result.append(character)
  }
  return result + "…"
}
