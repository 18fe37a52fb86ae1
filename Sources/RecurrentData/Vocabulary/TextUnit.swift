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
  /// One base of a nucleotide sequence.
  case base
  /// A few bases of a nucleotide sequence that follow each other.
  case kmer = "k-mer"

  /// Whether tokens are made of bases.
  public var isOfBases: Bool { self == .base || self == .kmer }
}
