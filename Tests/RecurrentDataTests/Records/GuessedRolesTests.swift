import Foundation
import RecurrentData
import RecurrentTestSupport
import Testing

/// Tables whose columns have no names, or none that are known.
@Suite struct GuessedRolesTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func records(
    _ text: String, name: String = "t.csv"
  ) throws -> (records: [Record], notes: [DataNote]) {
    let source = try RecordSource(DataSource(folder.file(name, Array(text.utf8))))
    return (try source.records(), source.notes)
  }

  /// As in the archives of UCR, with the class first, or with the class last as elsewhere.
  @Test(arguments: [
    ("a.tsv", "\t", true), ("a.csv", ",", false), ("a.txt", "  ", true), ("a.txt", " ", false),
  ])
  func aRowOfNumbersWithItsClass(_ name: String, _ delimiter: String, _ isFirst: Bool) throws {
    let rows = (0..<12).map { row in
      let values = (0..<5).map { "\(Double(row * 7 % 5) * 0.37 + Double($0) * 0.11)" }
      let label = row % 2 == 0 ? "1" : "-1"
      return (isFirst ? [label] + values : values + [label]).joined(separator: delimiter)
    }
    let found = try records(rows.joined(separator: "\n") + "\n", name: name)
    #expect(found.records.map(\.label) == (0..<12).map { $0 % 2 == 0 ? "1" : "-1" })
    guard case .series(let series) = found.records[3].content else {
      Issue.record("no series")
      return
    }
    #expect(series.stepCount == 5 && abs(series.values[1] - 0.48) < 1e-6)
    #expect(found.notes.contains { $0.setting == "label-column" && $0.text.contains("few values") })
  }

  @Test func textsWithoutAHead() throws {
    let lines = (0..<8).map { "\($0 % 2 == 0 ? "ham" : "spam")\t\"so\" it is, number \($0) of them all" }
    let found = try records(lines.joined(separator: "\n"), name: "a.tsv")
    #expect(found.records.count == 8 && found.records.map(\.label).prefix(2) == ["ham", "spam"])
    guard case .text(let text) = found.records[0].content else {
      Issue.record("no text")
      return
    }
    #expect(text == "\"so\" it is, number 0 of them all")
  }

  @Test func aColumnOfFewWordsIsTheClass() throws {
    let lines = (0..<12).map { "\($0),it was the film number \($0),\($0 % 3 == 0 ? "dull" : "fine")" }
    let found = try records("row,remark,verdict\n" + lines.joined(separator: "\n"))
    #expect(found.records[3].label == "dull" && found.records[4].label == "fine")
    // of two such columns neither can be taken
    let twice = lines.enumerated().map { $1 + ($0 % 2 == 0 ? ",x" : ",y") }
    #expect(throws: DataError.self) {
      try records("row,remark,verdict,other\n" + twice.joined(separator: "\n"))
    }
  }

  @Test func listsOfParts() throws {
    for name in ["no/1.txt", "no/2.txt", "yes/1.txt", "yes/2.txt"] {
      let path = folder.path + "/words/" + name.split(separator: "/")[0]
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      _ = try folder.file("words/" + name, Array(name.utf8))
    }
    _ = try folder.file("words/testing_list.txt", Array("no/2.txt\nyes/2.txt\n".utf8))
    _ = try folder.file("words/validation_list.txt", Array("yes/1.txt\n".utf8))
    let found = try RecordSource(DataSource(folder.path + "/words")).records()
    #expect(found.map(\.part) == [.training, .test, .validation, .test])
  }

  @Test(arguments: [
    ("a.txt", "Mary NNP B\nsees VBZ O\n\nJohn NNP B\nin IN O\n"),
    ("a.csv", "Sentence #,Word,Tag\n1,Mary,B\n,sees,O\n2,John,B\n,in,O\n"),
    ("b.csv", "sentence,word,tag\n1,Mary,B\n1,sees,O\n2,John,B\n2,in,O\n"),
  ])
  func wordsWithTags(_ name: String, _ text: String) throws {
    let found = try RecordSource(
      recordings: [DataSource(folder.file(name, Array(text.utf8)))], events: nil
    ).records()
    #expect(found.map(\.stepLabels) == [["B", "O"], ["B", "O"]])
    guard case .words(let words) = found[1].content else {
      Issue.record("no words")
      return
    }
    #expect(words == ["John", "in"])
  }

  @Test func filesThatEventsNameAreFoundBelowTheFolder() throws {
    let path = folder.path + "/set/clips"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    _ = try folder.file("set/clips/a.csv", Array("x\n1\n2\n3\n".utf8))
    let events = try folder.file("set/events.csv", Array("file,label,start,end\nclips/a.csv,e,0,1\n".utf8))
    for place in [folder.path + "/set", path] {
      let found = try RecordSource(recordings: [DataSource(place)], events: DataSource(events))
      #expect(found.count == 1 && found.name(0).hasSuffix("a.csv"))
    }
  }
}
