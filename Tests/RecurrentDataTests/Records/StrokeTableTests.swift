import RecurrentData
import RecurrentTestSupport
import Testing

/// Strokes of a pen with their classes: lines of JSON and files of InkML.
@Suite struct StrokeTableTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func source(
    _ lines: [String], _ columns: RecordColumns = RecordColumns(), needsLabels: Bool = true,
    name: String = "c.jsonl"
  ) throws -> RecordSource {
    let path = try folder.file(name, Array(lines.joined(separator: "\n").utf8))
    return try RecordSource(DataSource(path), columns: columns, needsLabels: needsLabels)
  }

  private static let lines = [
    #"{"id":"a 1","writer":"w1","label":"7","quality":"?","strokes":[[[1,2],[3,4]],[[5,6]]],"split":"train"}"#,
    #"{"id":"a 2","writer":"w2","label":"1","quality":"OK","strokes":[[[9,8]]],"split":"test"}"#,
  ]

  @Test(arguments: ["c.jsonl", "c.ndjson"]) func charactersOfWriters(_ name: String) throws {
    let source = try source(Self.lines, name: name)
    let records = try source.records()
    #expect(
      records.map(\.content) == [
        .strokes(StrokeSequence([[.init(1, 2), .init(3, 4)], [.init(5, 6)]])),
        .strokes(StrokeSequence([[.init(9, 8)]])),
      ])
    #expect(records.map(\.label) == ["7", "1"] && records.map(\.part) == [.training, .test])
    #expect(records.map(\.group) == ["w1", "w2"] && source.group(1) == "w2")
    #expect(source.columns?.roles.input == "strokes" && source.columns?.roles.group == "writer")
    #expect(
      Set(source.notes.compactMap(\.setting)) == [
        "input-column", "label-column", "split-column", "group-column",
      ])
    // the same columns again, without classes
    let known = try RecordSource(
      DataSource(folder.file("n.jsonl", Array(#"{"label":"?","strokes":[[[1,1]]]}"#.utf8))),
      needsLabels: false,
      known: source.columns)
    #expect(try known.records().map(\.content) == [.strokes(StrokeSequence([[.init(1, 1)]]))])
  }

  /// Quick, Draw! says `word`, and has lists of x and y.
  @Test func drawingsWithWords() throws {
    let source = try source([
      #"{"word":"cat","countrycode":"SE","recognized":true,"drawing":[[[0,1],[2,3]]]}"#,
      #"{"word":"dog","countrycode":"SE","recognized":true,"drawing":[[[4],[5]],[[6],[7]]]}"#,
    ])
    let records = try source.records()
    #expect(records.map(\.label) == ["cat", "dog"])
    #expect(
      records[1].content == .strokes(StrokeSequence([[.init(4, 5)], [.init(6, 7)]], isUpward: false)))
  }

  /// What is damaged is known before a training, by its line.
  @Test(arguments: [
    (#"{"label":"1","strokes":[[[1]]]}"#, 2), (#"{"label":"1","strokes":[]}"#, 2), (#"{"label":"1"}"#, 2),
    (#"{"label":"","strokes":[[[1,2]]]}"#, 2),
  ])
  func damagedLines(_ line: String, _ number: Int) throws {
    let error = #expect(throws: DataError.self) {
      try source([#"{"label":"0","strokes":[[[1,2]]]}"#, line])
    }
    #expect("\(try #require(error))".contains("line \(number)"))
  }

  /// Another column may be the input all the same.
  @Test func anotherInputMayBeAskedFor() throws {
    let records = try source(Self.lines, RecordColumns(input: "id")).records()
    #expect(records.map(\.content) == [.text("a 1"), .text("a 2")])
  }

  // MARK: InkML

  private static func ink(_ label: String?, _ trace: String = "1 2, 3 4") -> [UInt8] {
    let own = label.map { #"<annotation type="truth"> \#($0) </annotation>"# } ?? ""
    return Array(
      #"<ink xmlns="http://www.w3.org/2003/InkML">\#(own)<annotation type="writer">me</annotation><trace>\#(trace)</trace></ink>"#
        .utf8)
  }

  @Test func filesOfInkMLWithTheirClasses() throws {
    _ = try folder.file("1.inkml", Self.ink("a"))
    _ = try folder.file("2.inkml", Self.ink("b", "5 6"))
    _ = try folder.file("README.md", Array("about".utf8))
    let source = try RecordSource(DataSource(folder.path))
    let records = try source.records()
    #expect(records.map(\.label) == ["a", "b"] && records.map(\.group) == ["me", "me"])
    #expect(records[1].content == .strokes(StrokeSequence([[.init(5, 6)]], isUpward: false)))
    #expect(source.notes.map(\.kind) == [.assumed])
    _ = try folder.file("3.inkml", Self.ink(nil))
    let error = #expect(throws: DataError.self) { try RecordSource(DataSource(folder.path)) }
    #expect("\(try #require(error))".contains("3.inkml"))
  }
}
