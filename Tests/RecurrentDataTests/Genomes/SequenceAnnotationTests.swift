import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct SequenceAnnotationTests {
  private static let sequence = ">chr1\nACGTACGTACGTACGTACGTACGTACGTACGT\n>chr2 other\nACGTACGT\n"
  private static let features = """
    ##gff-version 3
    # a comment
    chr1\tx\tgene\t3\t28\t.\t+\t.\tID=g1
    chr1\tx\tCDS\t3\t6\t.\t+\t0\tID=c1;Parent=t1
    chr1\tx\tCDS\t11\t14\t.\t+\t0\tID=c2;Parent=t1
    chr1\tx\ttRNA\t20\t28\t.\t-\t.\tID=r1
    ##FASTA
    >chr1
    ACGT

    """

  private func records(
    _ sequence: String, name: String = "x.fa", events: String?, eventsName: String = "x.gff3",
    _ columns: RecordingColumns = RecordingColumns(), needsLabels: Bool = true
  ) throws -> RecordSource {
    try RecordSource(
      recordings: [DataSource(bytes: Array(sequence.utf8), name: name)],
      events: events.map { DataSource(bytes: Array($0.utf8), name: eventsName) }, columns: columns,
      needsLabels: needsLabels)
  }

  private func texts(_ events: [LabelledEvent]?) -> [String] {
    (events ?? []).map { "\($0.label) \(Int($0.start)) \(Int($0.end))" }
  }

  /// Positions of GFF count from 1 to the last; gaps come before what is coded; genes say nothing beside their parts.
  @Test func readsGFF() throws {
    let source = try records(Self.sequence, events: Self.features)
    #expect(source.count == 2 && source.stepCount(0) == 32 && source.clock(0)?.countsBases == true)
    #expect(texts(source.events(0)) == ["intron+ 6 10", "CDS+ 2 6", "CDS+ 10 14", "tRNA- 19 28"])
    #expect(source.events(1) == [])
    #expect(try source.record(1).text() == "ACGTACGT")
    #expect(source.notes.contains { $0.setting == "features" && $0.text.contains("CDS, intron, tRNA") })
  }

  @Test func kindsAndStrands() throws {
    var columns = RecordingColumns()
    (columns.features, columns.tellsStrands) = (["gene"], false)
    #expect(try texts(records(Self.sequence, events: Self.features, columns).events(0)) == ["gene 2 28"])
    columns.features = ["exon"]
    let error = try #require(throws: DataError.self) {
      try records(Self.sequence, events: Self.features, columns)
    }
    #expect("\(error)".hasPrefix("features must be kinds that x.gff3 has: CDS, gene, tRNA"))
  }

  @Test func readsGTFAndGenBank() throws {
    let lines =
      "chr2\tx\texon\t1\t2\t.\t-\t.\tgene_id \"g\"; transcript_id \"t\";\nchr2\tx\texon\t5\t6\t.\t-\t.\ttranscript_id \"t\";\n"
    var columns = RecordingColumns()
    columns.features = ["exon", "intron"]
    #expect(
      try texts(records(Self.sequence, events: lines, eventsName: "x.gtf", columns).events(1))
        == ["intron- 2 4", "exon- 4 6", "exon- 0 2"])
    let source = try records(SequenceFileTests.record, name: "x.gb", events: nil)
    #expect(texts(source.events(0)) == ["intron- 4 8", "CDS- 8 12", "CDS- 1 4", "tRNA+ 13 20"])
    #expect(
      try records(SequenceFileTests.record, name: "x.gb", events: nil, needsLabels: false).events(0) == nil)
  }

  @Test func readsALetterForEachBase() throws {
    let source = try records(
      Self.sequence, events: ">chr2\nEE.IIR-R\n>chr1\n\(String(repeating: ".", count: 32))\n",
      eventsName: "labels.fa")
    #expect(texts(source.events(1)) == ["E 0 2", "I 3 5", "R 5 6", "R 7 8"] && source.events(0) == [])
    let one = try #require(throws: DataError.self) {
      try records(Self.sequence, events: ">chr2\nEE.IIR-R\n", eventsName: "labels.fa")
    }
    #expect(
      "\(one)".contains("the bases of \"chr1\" of x.fa") && "\(one)".contains("none in labels.fa"), "\(one)")
    let error = try #require(throws: DataError.self) {
      try records(Self.sequence, events: ">chr2\nEEE\n", eventsName: "labels.fa")
    }
    #expect(
      error
        == .malformed(
          path: "labels.fa", place: .line(1), expected: "8 letters, one for each base of \"chr2\"", found: "3"
        ))
  }

  @Test func readsATable() throws {
    let table = "seqid,start,end,label\nchr2,0,3,a\nchr1,4,8,b\n"
    let source = try records(Self.sequence, events: table, eventsName: "x.csv")
    #expect(texts(source.events(0)) == ["b 4 8"] && texts(source.events(1)) == ["a 0 3"])
  }

  /// What is not there is said, and names that mean nothing are refused with those that are there.
  @Test func namesOfOthersAreSaid() throws {
    let more = Self.features.replacing("##FASTA", with: "chr7\tx\tCDS\t1\t6\t.\t+\t0\tID=z\n##FASTA")
    let notes = try records(Self.sequence, events: more).notes.map(\.text)
    #expect(notes.contains("x.gff3 has features of 1 sequences that are not there: chr7"), "\(notes)")
    #expect(
      notes.contains { $0.hasPrefix("1 of 2 sequences have none of these features in x.gff3") }, "\(notes)")
    for (events, name) in [
      (Self.features.replacing("chr1", with: "1"), "x.gff3"), ("seqid,start,end,label\n1,0,3,a\n", "x.csv"),
    ] {
      let error = try #require(throws: DataError.self) {
        try records(Self.sequence, events: events, eventsName: name)
      }
      #expect("\(error)".contains("none in \(name), which has those of 1"), "\(error)")
    }
  }

  /// Sequences that differ behind a point alone have their own features, letters and events.
  @Test func versionsAreKeptApart() throws {
    let sequence = ">c.1\nACGTACGT\n>c.2\nACGTACGT\n"
    let row = "\tx\tCDS\t%\t.\t+\t.\tID=a\n"
    for (events, name) in [
      ("c.1" + row.replacing("%", with: "1\t4") + "c.2" + row.replacing("%", with: "3\t8"), "x.gff3"),
      (">c.1\nCCCC....\n>c.2\n..CCCCCC\n", "x.fa"),
      ("seqid,start,end,label\nc.1,0,4,C\nc.2,2,8,C\n", "x.csv"),
    ] {
      let source = try records(sequence, events: events, eventsName: name)
      #expect(source.events(0)?.map { [$0.start, $0.end] } == [[0, 4]], "\(name)")
      #expect(source.events(1)?.map { [$0.start, $0.end] } == [[2, 8]], "\(name)")
    }
    // records of one name have their own tables
    let two = SequenceFileTests.record + SequenceFileTests.record.replacing("<14..>20", with: "3..5")
    let source = try records(two, name: "x.gb", events: nil)
    #expect(texts(source.events(0)).last == "tRNA+ 13 20" && texts(source.events(1)).last == "tRNA+ 2 5")
  }

  /// Over the end of a circle nothing is an intron; of what is no circle such a place is refused.
  @Test(
    arguments: [
      ("join(21..24,1..4)", ["CDS+ 20 24", "CDS+ 0 4"]),
      ("complement(join(21..24,1..4))", ["CDS- 0 4", "CDS- 20 24"]),
      ("21..4", ["CDS+ 20 24", "CDS+ 0 4"]),
      (
        "join(15..16,21..24,1..2,5..6)",
        ["intron+ 16 20", "intron+ 2 4", "CDS+ 14 16", "CDS+ 20 24", "CDS+ 0 2", "CDS+ 4 6"]
      ),
    ] as [(String, [String])])
  func circles(_ place: String, _ expected: [String]) throws {
    let text = SequenceFileTests.record.replacing(
      "complement(join(2..4,\n                     9..12))", with: place)
    let circle = text.replacing("DNA\n", with: "DNA     circular BCT\n")
    let source = try records(circle, name: "x.gb", events: nil)
    #expect(texts(source.events(0)).filter { !$0.hasPrefix("tRNA") } == expected)
    guard place == "21..4" else { return }
    let error = try #require(throws: DataError.self) { try records(text, name: "x.gb", events: nil) }
    #expect("\(error)".contains("line 8: expected a place such as"), "\(error)")
  }

  /// Names of GFF3 have bytes written as numbers; a region says that its sequence is a circle.
  @Test func readsNamesAndCirclesOfGFF() throws {
    let lines = """
      ##gff-version 3
      chr%7C1\tx\tregion\t1\t8\t.\t+\t.\tID=r;Is_circular=true
      chr%7C1\tx\tCDS\t7\t10\t.\t+\t.\tID=a

      """
    let source = try records(">chr|1\nACGTACGT\n", events: lines)
    #expect(texts(source.events(0)) == ["CDS+ 6 8", "CDS+ 0 2"])
  }

  /// A piece has what its bases are, also what began before it.
  @Test func piecesKeepTheirFeatures() throws {
    let source = try records(Self.sequence, events: Self.features)
    let cut = source.cut(pieces: [(record: 0, steps: 12..<24), (record: 1, steps: 2..<5)])
    #expect(texts(cut.events(0)) == ["CDS+ 10 14", "tRNA- 19 28"] && cut.stepCount(0) == 12)
    let record = try cut.record(0)
    #expect(try record.text() == "ACGTACGTACGT" && record.clock?.start == 12)
    #expect(texts(record.events) == texts(cut.events(0)))
    let again = cut.cut(pieces: [(record: 0, steps: 2..<6)])
    #expect(try again.record(0).text() == "GTAC" && texts(again.events(0)) == [])
    #expect(try cut.record(1).text() == "GTA")
  }

  /// Each table with a part of the message that it must lead to.
  @Test(arguments: [
    ("chr1\tx\tCDS\t0\t6\t.\t+\t.\tID=a", "line 1: expected a first base from 1 on"),
    ("chr1\tx\tCDS\t7\t6\t.\t+\t.\tID=a", "line 1: expected a last base from 7 on"),
    ("chr1\tx\tCDS\t1\t6\t.\t1\t.\tID=a", "line 1: expected a strand"),
    ("#\nchr1 x CDS 1 6 . + . a", "line 2: expected 9 fields"),
    ("chr1\tx\tCDS\t1\t33\t.\t+\t.\tID=a", "line 1: expected places within the 32 bases"),
    ("chr9\tx\tCDS\t1\t3\t.\t+\t.\tID=a", "events must be features of chr1"),
  ])
  func namesTheLine(_ line: String, _ message: String) throws {
    let error = try #require(throws: DataError.self) { try records(Self.sequence, events: line + "\n") }
    #expect("\(error)".contains(message), "\(error)")
  }

  @Test func needsFeatures() throws {
    let error = try #require(throws: DataError.self) { try records(Self.sequence, events: nil) }
    #expect("\(error)".hasPrefix("events must be what the bases of x.fa are"))
    #expect(try records(Self.sequence, events: nil, needsLabels: false).events(0) == nil)
  }

  @Test(
    arguments: [
      ("12..34", [11..<34]), ("7", [6..<7]), ("<1..>9", [0..<9]), ("12^13", [11..<13]),
      ("complement(order(1..2,J00194.1:5..9,4))", [3..<4, 0..<2]), ("gap(20)", []),
      ("join(complement(4),complement(1..2))", [3..<4, 0..<2]),
    ] as [(String, [Range<Int>])])
  func places(_ text: String, _ expected: [Range<Int>]) throws {
    var place = GenBankPlace(text)
    let found = place.parts()
    let parts = try #require(found)
    #expect(parts.map(\.bases) == expected)
  }

  @Test(arguments: [
    "", "x", "1..", "100..5", "join(1..2", "1..2)", "complement()",
    String(repeating: "join(", count: 40) + "1",
  ])
  func otherPlaces(_ text: String) {
    var place = GenBankPlace(text)
    let found = place.parts()
    #expect(found == nil)
  }

  /// Introns are between parts of one strand that are not far apart.
  @Test func farPartsHaveNoGaps() {
    let far = SequenceFeature(
      sequence: "a", kind: "CDS",
      parts: [.init(bases: 0..<9, isReversed: false), .init(bases: 20_000..<20_009, isReversed: false)],
      line: 1)
    let both = SequenceFeature(
      sequence: "a", kind: "CDS",
      parts: [.init(bases: 0..<9, isReversed: false), .init(bases: 20..<29, isReversed: true)],
      line: 1)
    #expect(far.gaps().isEmpty && both.gaps().isEmpty)
  }

  @Test func withstandsDamage() throws {
    let features = Array(Self.features.utf8)
    try checkFormat(features, rounds: 1500, isCutNoticed: false) { bytes in
      let file = try GFFFile(DataBytes(bytes, path: "x.gff3"))
      _ = file.features.map { $0.gaps() }
    }
    try checkStructure(damagedNumerals(features), naming: "") { bytes in
      _ = try records(Self.sequence, events: String(decoding: bytes, as: UTF8.self))
    }
    try checkStructure(damagedNumerals(Array(SequenceFileTests.record.utf8)), naming: "x.gb") { bytes in
      _ = try records(String(decoding: bytes, as: UTF8.self), name: "x.gb", events: nil)
    }
  }

  /// GenBank gives the labels that were made of it by other means, but where a later gap covers what an earlier feature codes.
  @Test(.enabled(if: sharedData != nil, "\(needsSharedData)"), arguments: ["AC007323", "NC_000932"])
  func agreesWithOtherLabels(_ name: String) throws {
    let folder = try #require(sharedData) + "/genomes/annotated/"
    func labels(_ events: [LabelledEvent], _ count: Int, _ letter: (String) -> String) -> [String] {
      var all = [String](repeating: ".", count: count)
      for event in events {
        for base in Int(event.start)..<Int(event.end) { all[base] = letter(event.label) }
      }
      return all
    }
    let letters = [
      "CDS+": "E", "CDS-": "e", "intron+": "I", "intron-": "i", "tRNA+": "R", "tRNA-": "r", "rRNA+": "R",
      "rRNA-": "r",
    ]
    let known = try RecordSource(
      recordings: [DataSource(folder + name + ".fasta")], events: DataSource(folder + name + ".labels.fasta"))
    let count = try #require(known.stepCount(0))
    let expected = labels(known.events(0) ?? [], count) { $0 }
    for events in [DataSource(folder + name + ".gb"), DataSource(folder + name + ".gff3")] {
      let own = try RecordSource(recordings: [DataSource(folder + name + ".fasta")], events: events)
      let found = labels(own.events(0) ?? [], count) { letters[$0] ?? "?" }
      let different = zip(found, expected).count { $0 != $1 }
      #expect(different * 200 < count, "\(events.name): \(different) of \(count)")
    }
  }
}
