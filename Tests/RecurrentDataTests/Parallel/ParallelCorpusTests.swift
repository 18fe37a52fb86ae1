import RecurrentTestSupport
import Testing

@testable import RecurrentData

extension ParallelCorpus {
  /// All pairs.
  var pairs: [Pair] { (0..<count).map { self[$0] } }
}

extension [ParallelCorpus.Pair] {
  /// Pairs of one translation each.
  init(_ pairs: [(String, String)]) {
    self = pairs.map { ParallelCorpus.Pair(source: $0.0, references: [$0.1]) }
  }
}

/// A text in memory.
func lines(_ text: String, _ name: String) -> DataSource { DataSource(text: text, name: name) }

@Suite struct ParallelCorpusTests {
  @Test func twoTexts() throws {
    let corpus = try ParallelCorpus(reading: [
      lines("\u{FEFF}one\r\n two \n\nfour\u{2028}4\n", "x.en"), lines("ein\n\nzwei\nvier", "x.de"),
    ])
    #expect(
      corpus.pairs
        == [ParallelCorpus.Pair]([("one", "ein"), (" two ", ""), ("", "zwei"), ("four\u{2028}4", "vier")]))
    #expect(corpus.name(3) == "x.en:4" && corpus.source(1) == " two " && corpus.target(2) == "zwei")
    #expect(corpus.completeIndices == [0, 3] && corpus.part(0) == nil)
    #expect(
      corpus.gaps
        == ParallelGaps(emptySources: 1, emptyTargets: 1, emptyPairs: 0, first: "x.en:2", pairCount: 4))
    let note = corpus.gaps.note?.text ?? ""
    #expect(note.hasPrefix("2 of 4 pairs are empty on a side") && note.contains("x.en:2"))
  }

  @Test func severalReferences() throws {
    let corpus = try ParallelCorpus(reading: [
      lines("a\nb\nc\n", "s"), lines("1\n2\n\n", "r1"), lines("x\n\n\n", "r2"),
    ])
    #expect(corpus.pairs.map(\.references) == [["1", "x"], ["2", ""], ["", ""]])
    #expect(corpus.referenceCount(1) == 2 && corpus.completeIndices == [0, 1])
    #expect(corpus.gaps.emptyTargets == 1)
  }

  /// White space of all kinds is no text.
  @Test func blanks() throws {
    let corpus = try ParallelCorpus(reading: [
      lines("\u{3000}\n \t\na\n\u{A0}\n", "s"), lines("b\nc\nd\n\u{2003}\n", "t"),
    ])
    #expect(corpus.completeIndices == [2] && corpus.gaps.emptySources == 2 && corpus.gaps.emptyPairs == 1)
  }

  @Test(
    arguments: [
      ("a\nb\n", "1\n2\n3\n", "y: line 3: expected 2 lines, as many as x has, found 3"),
      ("a\nb\nc\n", "1", "y: line 2: expected 3 lines, as many as x has, found 1"),
      (
        "a\nb\0c\n", "1\n2",
        "x: line 2: expected text without the character NUL, found U+0000 at byte 3 of the file"
      ),
      ("a\n", "\n1", "y: line 2: expected 1 lines, as many as x has, found 2"),
    ])
  func refusedTexts(_ source: String, _ target: String, _ message: String) {
    let error = #expect(throws: DataError.self) {
      try ParallelCorpus(reading: [lines(source, "x"), lines(target, "y")])
    }
    #expect("\(error.map { "\($0)" } ?? "")" == message)
  }

  @Test func textThatIsNotUTF8NamesItsLine() {
    let error = #expect(throws: DataError.self) {
      try ParallelCorpus(reading: [
        lines("a\nb\n", "x"), DataSource(bytes: [0x61, 0x0A, 0x62, 0xFF, 0x0A], name: "y", format: .text),
      ])
    }
    #expect(
      "\(error.map { "\($0)" } ?? "")"
        == "y: line 2: expected text in UTF-8, found 0xFF at byte 3 of the file")
  }

  @Test func aTextAlone() throws {
    let error = #expect(throws: DataError.self) { try ParallelCorpus(reading: [lines("a\nb\n", "x")]) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("a second text with the translations"))
    let corpus = try ParallelCorpus(reading: [lines("a\n\nb\n", "x")], needsTargets: false)
    #expect(
      corpus.pairs.map(\.source) == ["a", "", "b"] && corpus.pairs.allSatisfy { $0.references.isEmpty })
    #expect(corpus.target(0) == "" && corpus.referenceCount(0) == 0)
  }

  /// gzip, and files whose lines end as those of old computers.
  @Test func filesOfAllKinds() throws {
    let folder = try ScratchFolder()
    let gzip = try FixtureFile("binary_files")
    let text = String(decoding: try gzip.bytes("gzip/text"), as: UTF8.self)
    let path = try folder.file("x.en.gz", try gzip.bytes("gzip/plain"))
    let corpus = try ParallelCorpus(reading: [DataSource(path), lines(text, "y")])
    #expect(corpus.count > 0 && corpus.pairs.allSatisfy { $0.source == $0.target })
    let old = try ParallelCorpus(reading: [lines("a\rb\r", "x"), lines("1\r\r\n2\r\n", "y")])
    #expect(old.pairs == [ParallelCorpus.Pair]([("a", "1"), ("b", "2")]))
  }

  @Test func everyCut() throws {
    let (source, target) = (Array("é1\r\n二\n\nx".utf8), "a\nb\nc\nd")
    var counts: Set<Int> = []
    for cut in 0...source.count {
      let cutSource = DataSource(bytes: Array(source.prefix(cut)), name: "x", format: .text)
      do { counts.insert(try ParallelCorpus(reading: [cutSource, lines(target, "y")]).count) } catch {
        #expect("\(error)".hasPrefix("x: ") || "\(error)".hasPrefix("y: line "), "\(error)")
      }
    }
    // only the whole has as many lines
    #expect(counts == [4])
  }

  @Test func joined() throws {
    let first = try ParallelCorpus(reading: [lines("a\nb", "x"), lines("1\n2", "y")])
    let second = ParallelCorpus([ParallelCorpus.Pair(source: "c", references: ["3", "4"])], name: "memory")
    let all = ParallelCorpus.joined([first, second, first])
    #expect(all.pairs == first.pairs + second.pairs + first.pairs)
    #expect((0..<5).map(all.name) == ["x:1", "x:2", "memory:1", "x:1", "x:2"] && all.notes == first.notes)
  }

  @Test func nothing() throws {
    #expect(throws: DataError.noText) { try ParallelCorpus(reading: []) }
    let none = ParallelCorpus([])
    #expect(none.count == 0 && none.gaps.note == nil && none.completeIndices.isEmpty)
  }
}
