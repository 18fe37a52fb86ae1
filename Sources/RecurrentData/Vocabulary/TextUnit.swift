/// What one token of a text stands for.
public enum TextUnit: String, Codable, CaseIterable, Sendable {
  /// One Unicode scalar.
  case character
  /// One byte of the UTF-8 form.
  case byte
  /// One word, punctuation mark or line end.
  case word
  /// One group of bytes that are frequent together: byte-pair encoding (Sennrich et al. 2016,
  /// arXiv:1508.07909).
  case bpe
}
