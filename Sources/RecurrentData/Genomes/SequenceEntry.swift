/// A sequence of letters in a file, by where its parts stand.
struct SequenceEntry: Sendable, Equatable {
  /// What it is called: the first word of its head.
  var name: String
  /// Other names for the same sequence: of GenBank and EMBL the accession with its version.
  var otherNames: [String] = []
  /// What stands behind the name.
  var description = ""
  /// The line of its head, from 1, and where that begins.
  var line: Int, offset: Int
  /// The bytes with its letters, blanks and numbers of lines among them.
  var letters: Range<Int>
  /// Letters.
  var count: Int
  /// The line of the first letters.
  var firstLine = 0
  /// The bytes with the table of features, and the line that they begin on; nil where there are none.
  var features: (bytes: Range<Int>, line: Int)?
  /// The smallest and the largest quality, as they are written; nil where there are none.
  var qualities: ClosedRange<UInt8>?
  /// How many letters its head says that it has; nil where it does not say so.
  var statedCount: Int?
  /// Whether its end goes on with its beginning.
  var isCircular = false

  static func == (a: Self, b: Self) -> Bool { a.name == b.name && a.line == b.line && a.letters == b.letters }

  /// What the description says as `key=value`, in brackets or not.
  var attributes: [String: String] {
    var found: [String: String] = [:]
    for word in description.split(whereSeparator: { " \t[]|;".contains($0) }) {
      guard let sign = word.firstIndex(of: "="), sign > word.startIndex else { continue }
      let value = word[word.index(after: sign)...]
      if !value.isEmpty {
        found[word[..<sign].lowercased()] = found[word[..<sign].lowercased()] ?? String(value)
      }
    }
    return found
  }
}

/// The sequences of a file, one after the other, in one pass: FASTA, FASTQ, GenBank or EMBL.
///
///     var cursor = SequenceCursor(bytes, format: .fasta, path: "genome.fa")
///     while let entry = try cursor.next() { ... }
struct SequenceCursor {
  let format: DataFormat
  let path: String
  var lines: ByteLines

  /// - Parameters:
  ///   - bytes: of the file, decompressed.
  ///   - format: FASTA, FASTQ, GenBank or EMBL.
  ///   - path: for errors.
  ///   - offset: where to begin: at the head of a sequence.
  ///   - line: the line there.
  init(_ bytes: UnsafeRawBufferPointer, format: DataFormat, path: String, offset: Int? = nil, line: Int = 1) {
    (self.format, self.path) = (format, path)
    lines = ByteLines(bytes, from: offset, line: line)
  }

  /// The next sequence; nil at the end.
  ///
  /// - Throws: ``DataError/malformed(path:place:expected:found:)``.
  mutating func next() throws(DataError) -> SequenceEntry? {
    switch format {
    case .fastq: try nextOfFASTQ()
    case .genbank: try nextOfGenBank()
    case .embl: try nextOfEMBL()
    default: try nextOfFASTA()
    }
  }

  func malformed(_ line: Int, _ expected: String, _ found: String) -> DataError {
    .malformed(path: path, place: .line(line), expected: expected, found: found)
  }

  /// How many letters a line has.
  ///
  /// - Throws: ``DataError`` where something else stands among them.
  func letters(_ line: ByteLines.Line, allowsBlanks: Bool) throws(DataError) -> Int {
    var count = 0
    for byte in lines.bytes[line.bytes] {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "*"),
        UInt8(ascii: "-"), UInt8(ascii: "."):
        count += 1
      case 0x20, 0x09, UInt8(ascii: "0")...UInt8(ascii: "9"):
        if !allowsBlanks { fallthrough }
      default:
        throw malformed(line.number, "the letters of a sequence", lines.text(line, byte: byte))
      }
    }
    return count
  }
}

/// The lines of bytes, which end with a line feed, a carriage return before it or not; where there is none with a carriage return.
struct ByteLines {
  /// One of them, without its end.
  struct Line {
    var bytes: Range<Int>
    /// From 1.
    var number: Int
    var isEmpty: Bool { bytes.isEmpty }
  }

  let bytes: UnsafeRawBufferPointer
  private let end: UInt8
  /// Where the next line begins, and its number.
  private(set) var offset: Int, number: Int

  init(_ bytes: UnsafeRawBufferPointer, from offset: Int? = nil, line: Int = 1) {
    self.bytes = bytes
    let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    (self.offset, number) = (offset ?? mark, line)
    let first = bytes.prefix(1 << 16)
    end = first.contains(0x0A) || !first.contains(0x0D) ? 0x0A : 0x0D
  }

  /// The byte that the next line begins with; nil at the end.
  var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  /// The next line; nil at the end.
  mutating func next() -> Line? {
    guard offset < bytes.count else { return nil }
    let start = offset
    var stop = bytes[start...].firstIndex(of: end) ?? bytes.count
    offset = min(stop + 1, bytes.count)
    if stop > start, bytes[stop - 1] == 0x0D { stop -= 1 }
    defer { number += 1 }
    return Line(bytes: start..<stop, number: number)
  }

  /// A line, or a part of one.
  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// What a message shows of a line, with a byte that is wrong in it.
  func text(_ line: Line, byte: UInt8? = nil) -> String {
    let shown = "\"\(text(line.bytes.prefix(40)))\""
    guard let byte else { return shown }
    let name =
      switch byte {
      case 0x20: "a blank"
      case 0x09: "a tab"
      case 0x21...0x7E: "\"\(String(Unicode.Scalar(byte)))\""
      default: "the byte \(byte)"
      }
    return "\(name) in \(shown)"
  }
}
