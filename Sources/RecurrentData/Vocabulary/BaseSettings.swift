/// How nucleotide sequences become tokens.
public struct BaseSettings: Sendable, Equatable, Codable {
  /// What is done with letters in lower case, which stand for repeats in many genomes.
  public enum SoftMask: String, Sendable, Codable, CaseIterable {
    /// They are read as capital ones.
    case fold
    /// They are tokens of their own.
    case keep
  }

  /// k: the bases of a token whose unit is the k-mer.
  public var length: Int
  /// What is done with letters in lower case.
  public var softMask: SoftMask
  /// Whether both strands are read: in training one or the other, at random, and in predictions the mean of both.
  public var readsBothStrands: Bool

  /// How long a k-mer may be.
  public static let lengths = 2...8

  /// The defaults: 3 bases, a codon; lower case folded; the strand that is there.
  public init(length: Int = 3, softMask: SoftMask = .fold, readsBothStrands: Bool = false) {
    (self.length, self.softMask, self.readsBothStrands) = (length, softMask, readsBothStrands)
  }

  /// What is impossible about a k-mer, as a sentence; nil where nothing is.
  public var issue: String? {
    BaseTable(length: length, keepsCase: softMask == .keep) == nil
      ? "k is \(length), expected 2 to \(softMask == .keep ? 5 : 8)\(softMask == .keep ? " where soft-mask is keep" : "")"
      : nil
  }

  /// The tokens of a unit; nil for one that is not made of bases, and where there is an ``issue``.
  func table(_ unit: TextUnit) -> BaseTable? {
    guard unit.isOfBases else { return nil }
    return BaseTable(length: unit == .base ? 1 : length, keepsCase: softMask == .keep)
  }
}
