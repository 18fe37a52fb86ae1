/// What the letters of texts say about what these are: nucleotides, residues of proteins, or words of a language.
///
/// Nucleotides: every text is one run of A, C, G, T, U and the codes of IUPAC for several of them, nearly all of the letters are
/// the bases themselves, and a text has eight of them or more. Residues: every text is one run of capital letters, of twelve or
/// more.
public struct SequenceLetters: Sendable {
  /// What texts are taken for.
  public enum Kind: Sendable, Equatable {
    /// Nucleotide sequences.
    case bases
    /// Other sequences of capital letters without blanks, such as those of proteins.
    case residues
    /// Words, or short nucleotide sequences: nothing tells.
    case unclear
    /// Words, or nothing that is known here.
    case words
  }

  /// Letters of all texts: those that are bases, those in lower case, U, and codes for several bases.
  public private(set) var bases = 0, lowerCase = 0, uracils = 0, codes = 0
  /// Texts that have letters.
  public private(set) var count = 0
  /// How long the first text is, and whether all others are as long; 0 before it.
  public private(set) var length = 0, areAlike = true
  private var mayBeBases = true, mayBeResidues = true
  private var letters = 0
  /// A few of the codes for several bases.
  private var examples: Set<UInt8> = []

  /// No text yet.
  public init() {}

  /// Looks at a text, or at a part of one that is a text by itself.
  ///
  /// - Returns: false where texts are words, so that no more need be looked at.
  public mutating func look(at text: String) -> Bool {
    var text = text
    return text.withUTF8 { look(at: $0) }
  }

  /// Looks at the bytes of a text.
  public mutating func look(at text: UnsafeBufferPointer<UInt8>) -> Bool {
    var (own, hasBlank) = (0, false)
    for byte in text {
      switch byte {
      case 0x0A, 0x0D: continue
      case 0x20, 0x09:
        hasBlank = own > 0
        continue
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): break
      case UInt8(ascii: "a")...UInt8(ascii: "z"):
        lowerCase += 1
        mayBeResidues = false
      case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "."): break
      default:
        (mayBeBases, mayBeResidues) = (false, false)
        return false
      }
      if hasBlank {
        (mayBeBases, mayBeResidues) = (false, false)
        return false
      }
      own += 1
      take(byte)
      if !mayBeBases, !mayBeResidues { return false }
    }
    guard own > 0 else { return true }
    if count == 0 { length = own } else if own != length { areAlike = false }
    count += 1
    letters += own
    return true
  }

  private mutating func take(_ byte: UInt8) {
    switch byte & 0xDF {
    case UInt8(ascii: "A"), UInt8(ascii: "C"), UInt8(ascii: "G"), UInt8(ascii: "T"): bases += 1
    case UInt8(ascii: "U"):
      bases += 1
      uracils += 1
    case _ where SequenceLetters.codes.contains(byte & 0xDF) || byte < 0x40:
      codes += 1
      if examples.count < 20 { examples.insert(byte) }
    default: mayBeBases = false
    }
  }

  private static let codes = Set("NRYSWKMBDHV".utf8)

  /// Whether the letters are those of nucleotides, however long the texts are.
  var areBases: Bool { mayBeBases && bases * 100 >= letters * 85 }

  /// What the texts are.
  public var kind: Kind {
    guard count > 0 else { return .words }
    let mean = letters / count
    if areBases, mean >= 4 { return mean >= 8 ? .bases : count >= 20 ? .unclear : .words }
    // words that one writes in capital letters are short
    return mayBeResidues && mean >= 12 ? .residues : .words
  }

  /// What is said about nucleotide sequences: how their letters are read, and what says otherwise.
  public func notes(_ settings: BaseSettings) -> [DataNote] {
    var notes: [DataNote] = []
    if lowerCase > 0 {
      notes.append(
        DataNote(
          .assumed,
          settings.softMask == .fold
            ? "\(lowerCase) letters in lower case, a soft mask, are read as capital ones"
            : "\(lowerCase) letters in lower case are told from capital ones", setting: "soft-mask"))
    }
    if uracils > 0 { notes.append(DataNote(.assumed, "U is read as T")) }
    if codes > 0 {
      let shown = examples.sorted().map { String(Unicode.Scalar($0)) }.joined(separator: ", ")
      notes.append(DataNote(.found, "\(codes) letters are no single base (\(shown)); each is read as N"))
    }
    return notes
  }
}
