import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct EMBLTests {
  static let record = """
    ID   AB0001; SV 2; circular; genomic DNA; STD; PRO; 24 BP.
    XX
    AC   AB0001; AB0009;
    XX
    DE   A small one,
    DE   in two lines.
    FH   Key             Location/Qualifiers
    FH
    FT   source          1..24
    FT                   /organism="x (y"
    FT   CDS             complement(join(2..4,
    FT                   9..12))
    FT                   /gene="g"
    FT   tRNA            <14..>20
    XX
    SQ   Sequence 24 BP; 6 A; 6 C; 6 G; 6 T; 0 other;
         acgtacgtac gtacgtacgt        20
         acgt                         24
    //
    ID   OLD1    standard; DNA; FUN; 4 BP.
    AC   X1;
    SV   X1.3
    SQ   Sequence 4 BP;
         acgt                          4
    //

    """

  private func file(_ text: String, _ name: String) throws -> SequenceFile {
    try SequenceFile(DataBytes(DataSource(bytes: Array(text.utf8), name: name)))
  }

  @Test(arguments: ["x.embl", "x.dat"], ["\n", "\r\n"])
  func readsLettersAndNames(_ name: String, _ lineEnd: String) throws {
    let file = try file(Self.record.replacing("\n", with: lineEnd), name)
    #expect(file.format == .embl && file.count == 2 && file.notes.isEmpty)
    let (first, second) = (try file.entry(0), try file.entry(1))
    #expect(file.text(first) == "acgtacgtacgtacgtacgtacgt" && file.text(second) == "acgt")
    #expect(first.name == "AB0001" && first.otherNames == ["AB0001.2", "AB0009"] && first.isCircular)
    #expect(first.description == "A small one, in two lines.")
    #expect(second.name == "OLD1" && second.otherNames == ["X1", "X1.3"])
  }

  @Test func readsFeatures() throws {
    let file = try file(Self.record, "x.embl")
    let features = try FeatureTable(file.entry(0), in: file).features
    #expect(features.map(\.kind) == ["source", "CDS", "tRNA"])
    #expect(
      features[1].parts.map(\.bases) == [8..<12, 1..<4]
        && features[1].parts.allSatisfy { $0.isReversed == true })
    #expect(features[2].parts.map(\.bases) == [13..<20])
    #expect(try FeatureTable(file.entry(1), in: file).features.isEmpty)
    let source = try RecordSource(
      recordings: [DataSource(bytes: Array(Self.record.utf8), name: "x.embl")], events: nil)
    let labels = Set(try source.record(0).events?.map(\.label) ?? [])
    #expect(labels.contains("CDS-") && labels.contains("tRNA+"))
  }

  @Test func saysWhatIsWrong() throws {
    let counted = try file(Self.record.replacing("; 24 BP.", with: "; 25 BP."), "x.embl")
    #expect(counted.notes.contains { $0.kind == .warning && $0.text.contains("its head says 25") })
    for (text, place) in [
      ("ID   A; 4 BP.\nXX\n//\n", "SQ with the letters of \"A\""),
      ("ID   A; 4 BP.\nXX\n", "SQ with the letters"),
      ("ID   A; 4 BP.\nXX\nSQ   x\n     acgt\n", "// behind the letters"), ("AC   A\n", "ID and a name"),
    ] {
      let error = try #require(throws: DataError.self) { try file(text, "x.embl") }
      #expect("\(error)".contains(place), "\(error)")
    }
  }

  @Test func withstandsDamage() throws {
    try checkFormat(Array(Self.record.utf8), rounds: 500, isCutNoticed: false) { bytes in
      let file = try SequenceFile(DataBytes(bytes, path: "x.embl"))
      for number in 0..<file.count { _ = try FeatureTable(file.entry(number), in: file) }
    }
  }
}
