/// Whether the words of a text were split already, as those of Penn Treebank and WikiText are: marks and endings stand between
/// blanks, `the cat , he said , did n't`.
public enum SplitWords {
  /// Bytes of a text that are looked at.
  private static let sampleSize = 1 << 20
  /// Marks and endings below which a text says nothing.
  private static let leastEvidence = 20
  /// How many times more frequent the one way of writing must be.
  private static let ratio = 20
  private static let unknown = Array("<unk>".utf8)

  /// What the beginning of a text says.
  public struct Evidence: Sendable, Equatable {
    /// Whether the words are split; nil where the text does not tell, or both ways occur.
    public var areSplit: Bool?
    /// Whether rare words were replaced by `<unk>`.
    public var hasUnknown: Bool
  }

  /// Looks at the beginning of a text.
  ///
  /// What counts is a comma or one of `'s`, `n't`, `'re`, `'ve`, `'ll`: alone between white space, or at the end of a word.
  ///
  /// - Throws: ``DataError`` about reading.
  public static func evidence(_ reader: UTF8TextReader) throws(DataError) -> Evidence {
    var (alone, attached, read) = (0, 0, 0)
    var evidence = Evidence(areSplit: nil, hasUnknown: false)
    try reader.forEachChunk { chunk in
      guard read < sampleSize else { return }
      let part = UnsafeBufferPointer(rebasing: chunk.prefix(sampleSize - read))
      read += part.count
      for word in part.split(whereSeparator: { $0 <= 0x20 }) {
        if word.elementsEqual(unknown) { evidence.hasUnknown = true }
        guard let kind = Kind(word) else { continue }
        if kind == .alone { alone += 1 } else { attached += 1 }
      }
    }
    if alone >= leastEvidence, alone >= ratio * attached { evidence.areSplit = true }
    if attached >= leastEvidence, attached >= ratio * alone { evidence.areSplit = false }
    return evidence
  }

  private enum Kind {
    case alone, attached

    init?(_ word: Slice<UnsafeBufferPointer<UInt8>>) {
      for mark in Kind.marks where word.count >= mark.count && word.suffix(mark.count).elementsEqual(mark) {
        self = word.count == mark.count ? .alone : .attached
        return
      }
      return nil
    }

    private static let marks: [[UInt8]] = [",", "'s", "n't", "'re", "'ve", "'ll"].map { Array($0.utf8) }
  }
}
