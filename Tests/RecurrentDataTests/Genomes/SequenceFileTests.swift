import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct SequenceFileTests {
  /// Names, descriptions and letters of all sequences.
  private func read(_ text: String, _ path: String = "x.fa") throws -> [[String]] {
    let file = try SequenceFile(DataBytes(DataSource(bytes: Array(text.utf8), name: path)))
    return try (0..<file.count).map { number in
      let entry = try file.entry(number)
      #expect(entry.count == file.text(entry).utf8.count)
      return [entry.name, entry.description, file.text(entry)]
    }
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func readsFASTA(_ lineEnd: String) throws {
    let text = ";comment\n>a first one\nACgt\nNN-R*\n\n; here too\nA C 10 GT\n>b\n>\nAC".replacing(
      "\n", with: lineEnd)
    #expect(
      try read(text) == [["a", "first one", "ACgtNN-R*ACGT"], ["b", "", ""], ["", "", "AC"]])
  }

  /// What has no blanks may be a sequence without a head.
  @Test func titlesAreLeftOut() throws {
    #expect(try read("A title\n>a\nAC\n") == [["a", "", "AC"]])
    #expect(throws: DataError.self) { try read("ACGT\n>a\nAC\n") }
  }

  @Test func readsFASTQ() throws {
    let text = "@r1 x\nAC\nGT\n+r1 x\n@+\n!~\n@empty\n\n+\n\n@r2\nA\n+\nI"
    #expect(try read(text, "x.fq") == [["r1", "x", "ACGT"], ["empty", "", ""], ["r2", "", "A"]])
    let file = try SequenceFile(DataBytes(DataSource(bytes: Array(text.utf8), name: "x.fq")))
    #expect(file.qualities == UInt8(ascii: "!")...UInt8(ascii: "~"))
    #expect(file.notes.contains { $0.text.contains("not used") && $0.text.contains("Sanger") })
  }

  @Test(
    arguments: [
      ("!", "I", QualityForm.sanger), (";", "h", .solexa), ("@", "h", .illumina), ("B", "J", nil),
    ] as [(Character, Character, QualityForm?)])
  func formsOfQualities(_ least: Character, _ most: Character, _ form: QualityForm?) throws {
    let range = try #require(least.asciiValue)...#require(most.asciiValue)
    #expect(QualityForm(range) == form)
  }

  static let record = """
    LOCUS       AB0001    24 bp    DNA
    DEFINITION  A small one.
    ACCESSION   AB0001
    VERSION     AB0001.2
    FEATURES             Location/Qualifiers
         source          1..24
                         /note="join(1..2)"
         CDS             complement(join(2..4,
                         9..12))
                         /gene="x
                         CDS             1..3"
         tRNA            <14..>20
    ORIGIN
            1 acgtacgtac gtacgtacgt
           21 nnnn
    //

    """

  @Test func readsGenBank() throws {
    #expect(
      try read(
        SequenceFileTests.record + SequenceFileTests.record.replacing("AB0001 ", with: "AB0002 "), "x.gb")
        == [
          ["AB0001", "A small one.", "acgtacgtacgtacgtacgtnnnn"],
          ["AB0002", "A small one.", "acgtacgtacgtacgtacgtnnnn"],
        ])
    let file = try SequenceFile(
      DataBytes(DataSource(bytes: Array(SequenceFileTests.record.utf8), name: "x.gb")))
    let entry = try file.entry(0)
    let names = SequenceNames([entry])
    for (name, number) in [("AB0001", 0), ("AB0001.2", 0), ("AB0002", nil)] as [(String, Int?)] {
      #expect(try names.number(of: name, path: "") == number, "\(name)")
    }
    let features = try FeatureTable(entry, in: file).features
    #expect(features.map(\.kind) == ["source", "CDS", "tRNA"] && features.map(\.line) == [6, 8, 12])
    #expect(
      features[1].parts == [.init(bases: 8..<12, isReversed: true), .init(bases: 1..<4, isReversed: true)])
    #expect(features[1].gaps() == [.init(bases: 4..<8, isReversed: true)])
  }

  /// A head that says another number of letters is told of, once for all of a file.
  @Test func lettersAreCounted() throws {
    let wrong = SequenceFileTests.record.replacing("24 bp", with: "30 bp")
    let file = try SequenceFile(DataBytes(Array((wrong + wrong).utf8), path: "x.gb"))
    #expect(
      file.notes.map(\.text) == ["x.gb:1, AB0001: 24 letters, its head says 30; 1 more are like it"])
    #expect(try SequenceFile(DataBytes(Array(SequenceFileTests.record.utf8), path: "x.gb")).notes.isEmpty)
  }

  /// A name as it stands means one sequence; else a version may be left out, and never becomes another one.
  @Test(
    arguments: [
      (["contig.1", "contig.2"], "contig.2", 1), (["NC_1.2"], "NC_1", 0), (["NC_1"], "NC_1.3", 0),
      (["NC_1.2"], "NC_1.3", nil), (["a", "a.1"], "a.1", 1), (["a", "a.1"], "a", 0), (["x"], "y", nil),
    ] as [([String], String, Int?)])
  func namesMeanOneSequence(_ entries: [String], _ name: String, _ number: Int?) throws {
    let names = SequenceNames(
      entries.map { SequenceEntry(name: $0, line: 1, offset: 0, letters: 0..<0, count: 0) })
    #expect(try names.number(of: name, path: "x") == number)
  }

  @Test(arguments: [["a", "a"], ["a.1", "a.2"]]) func namesOfSeveralAreRefused(_ entries: [String]) throws {
    let names = SequenceNames(
      entries.map { SequenceEntry(name: $0, line: 1, offset: 0, letters: 0..<0, count: 0) })
    let error = try #require(throws: DataError.self) { try names.number(of: "a", path: "x.gff3") }
    #expect("\(error)".contains("\"a\" in x.gff3, which may be any of 2"), "\(error)")
  }

  /// Each file with the line and a part of the message that it must lead to.
  @Test(arguments: [
    ("x.fa", "ACGT\n", 1, "a line that begins with >"), ("x.fa", ">a\nAC\nA_C\n", 3, "\"_\" in"),
    ("x.fa", ">a\nAC\u{E9}\n", 2, "the letters of a sequence"),
    ("x.fa", ">a\nAC\n40 38\n", 3, "numbers alone"),
    ("x.fq", "@a\nAC\n+\nI\n", 4, "2 qualities"),
    ("x.fq", "@a\nAC\n+\nIII\n", 4, "2 qualities"), ("x.fq", "@a\nAC\n+b\nII\n", 3, "+ alone"),
    ("x.fq", "@a\nAC\n", 3, "begins with +"), ("x.fq", "@a\nAC\n+\nI I\n", 4, "a blank in"),
    ("x.fq", "@a\nA C\n+\nIII\n", 2, "a blank in"), ("x.fq", "a\nAC\n+\nII\n", 1, "begins with @"),
    ("x.gb", "LOCUS       A\nORIGIN\n        1 acgt\n", 4, "//"),
    ("x.gb", "LOCUS       A\n//\n", 2, "ORIGIN"),
    ("x.gb", "DEFINITION  A\n", 1, "LOCUS"),
  ])
  func namesTheLine(_ path: String, _ text: String, _ line: Int, _ message: String) throws {
    let error = try #require(throws: DataError.self) { try read(text, path) }
    guard case .malformed(path, .line(line), _, _) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(error.description.contains(message), "\(error)")
  }

  @Test(arguments: [
    (">a b\nACGT\nACGT\n", DataFormat.fasta), ("@a\nACGT\nAC\n+\nIIIIII\n", .fastq),
    ("LOCUS       AB 4 bp\n", .genbank), ("##gff-version 3\n", .gff),
  ])
  func isRecognised(_ text: String, _ format: DataFormat) {
    #expect(DataBytes(Array(text.utf8), path: "x").format == format)
  }

  @Test(arguments: ["> quoted text\nlike this\n", "@relation x\n\n@attribute y\n", "@ home\nHELLO\nTHERE\n"])
  func othersAreNot(_ text: String) {
    #expect(!DataBytes(Array(text.utf8), path: "x").format.hasSequences)
  }

  @Test func partsOfSequences() throws {
    let letters = String((0..<200_000).map { "ACGT".utf8.map { Character(Unicode.Scalar($0)) }[$0 * $0 % 4] })
    let file = try SequenceFile(DataBytes(Array(">a\n\(letters)\n>b\nTT\n".utf8), path: "x.fa"))
    let entry = try file.entry(0)
    #expect(file.text(entry, 65_530..<65_545) == letters.dropFirst(65_530).prefix(15))
    #expect(file.text(entry, 0..<0).isEmpty && file.text(entry) == letters)
  }

  @Test(arguments: [
    ("x.fa", ">a first\nACGTN\nacgt\n>b class=x\nGGG\n"), ("x.fq", "@a\nACGT\n+\n@!~I\n@b\nAC\n+b\nII\n"),
    ("x.gb", record),
  ])
  func withstandsDamage(_ path: String, _ text: String) throws {
    try checkFormat(Array(text.utf8), rounds: 1500, isCutNoticed: false) { bytes in
      // what begins otherwise may be no file of sequences
      let file = try DataBytes(
        DataSource(
          bytes: bytes.isEmpty ? [0x3E] : bytes, name: path,
          format: DataFormat(ending: DataFolder.ending(path))))
      let sequences = try SequenceFile(file)
      for number in 0..<sequences.count {
        let entry = try sequences.entry(number)
        guard sequences.text(entry).utf8.count == entry.count else { fatalError("\(entry)") }
        _ = try FeatureTable(entry, in: sequences).features.map { $0.gaps() }
      }
    }
  }

  /// 41 files of other packages; eight of them must be refused.
  @Test(.enabled(if: sharedData != nil, "\(needsSharedData)"))
  func filesOfOtherPackages() throws {
    let folder = try #require(sharedData) + "/genomes/reader-files"
    var (count, refused) = (0, 0)
    for part in ["biopython", "seqkit"] {
      for file in try DataFolder.entries(folder + "/" + part) where !file.name.hasSuffix(".md") {
        let ending = DataFolder.ending(file.path)
        let format = DataFormat(ending: ending) ?? .fasta
        count += 1
        do {
          let sequences = try SequenceFile(DataBytes(DataSource(file.path, format: format)))
          #expect(sequences.count > 0 && !file.name.hasPrefix("error_"), "\(file.name)")
        } catch let error as DataError {
          guard case .malformed(_, .line, _, _) = error else {
            Issue.record("\(error)")
            continue
          }
          refused += 1
          #expect(file.name.hasPrefix("error_"), "\(error)")
        }
      }
    }
    #expect(count == 41 && refused == 8)
  }
}
