import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct SequenceRecordsTests {
  private func source(_ text: String, _ columns: RecordColumns = RecordColumns(), needsLabels: Bool = true)
    throws -> RecordSource
  {
    try RecordSource(
      DataSource(bytes: Array(text.utf8), name: "x.fa"), columns: columns, needsLabels: needsLabels)
  }

  @Test func headsSayWhat() throws {
    let text = ">a class=x group=g1 split=test\nACGT\n>b [class=y] other\nAC\nGT\n"
    let own = try source(text)
    #expect((0..<2).map { own.label($0) } == ["x", "y"] && own.group(0) == "g1" && own.group(1) == nil)
    #expect(own.part(0) == .test && own.part(1) == nil && own.name(1) == "x.fa:3, b")
    #expect(try own.records().map { try $0.text() } == ["ACGT", "ACGT"])
    #expect(
      own.notes.contains {
        $0.setting == "label-column" && $0.text == "the class is class= in the head of a sequence"
      })
    let named = try source(">a kind=k\nA\n", RecordColumns(label: "kind"))
    #expect(named.label(0) == "k")
  }

  @Test func classesAreNeeded() throws {
    let none = try #require(throws: DataError.self) { try source(">a\nAC\n") }
    #expect("\(none)".hasPrefix("x.fa: line 1: expected the class in the head of each sequence"))
    let some = try #require(throws: DataError.self) { try source(">a class=x\nAC\n>b\nAC\n") }
    #expect("\(some)" == "x.fa: line 3: expected class= in the head of each sequence, found none for \"b\"")
    #expect(try source(">a\nAC\n>b\nAC\n", needsLabels: false).count == 2)
  }

  @Test func aFileForEachClass() throws {
    let folder = try ScratchFolder()
    try folder.write([("data/one.fa", ">a\nACGT\n>b\nAC\n"), ("data/two.fa", ">c\nGG\n")])
    let own = try RecordSource(DataSource(folder.path + "/data"))
    #expect((0..<own.count).map { own.label($0) } == ["one", "one", "two"])
    #expect(try own.record(2).text() == "GG")
  }

  /// A table beside it, and a text of a language model: the letters alone, a line end behind each sequence.
  @Test func textsAndTables() throws {
    let folder = try ScratchFolder()
    try folder.write([("x.fa", ">a\nAC\nGT\n>b\nTT\n"), ("x.txt", "> a\nAC\n")])
    func text(_ name: String) throws -> String {
      var text = ""
      try UTF8TextReader([DataSource(folder.path + "/" + name)]).forEachChunk {
        text += String(decoding: $0, as: UTF8.self)
      }
      return text
    }
    #expect(try text("x.fa") == "ACGT\nTT\n" && text("x.txt") == "> a\nAC\n")
    #expect(try UTF8TextReader([DataSource(folder.path + "/x.fa")]).characterCount() == 8)
    #expect(throws: DataError.notFound(path: "no.fa")) {
      try UTF8TextReader([DataSource("no.fa")]).characterCount()
    }
  }
}
