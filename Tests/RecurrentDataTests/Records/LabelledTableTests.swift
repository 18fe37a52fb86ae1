import RecurrentData
import RecurrentTestSupport
import Testing

/// Tables of sequences.
@Suite struct LabelledTableTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func records(
    _ text: String, _ columns: RecordColumns = RecordColumns(), needsLabels: Bool = true,
    name: String = "t.csv"
  ) throws -> (records: [Record], notes: [DataNote]) {
    let source = try RecordSource(
      DataSource(folder.file(name, Array(text.utf8))), columns: columns, needsLabels: needsLabels)
    let records = try source.records()
    for (index, record) in records.enumerated() {
      #expect(source.label(index) == record.label && source.group(index) == record.group)
      #expect(source.part(index) == record.part && source.name(index) == record.origin)
      if let count = source.stepCount(index) { #expect(try series(record).stepCount == count) }
    }
    return (records, source.notes)
  }

  private func series(_ record: Record) throws -> NumericSeries {
    guard case .series(let series) = record.content else { throw CheckFailure("\(record) is no series") }
    return series
  }

  @Test func textInARow() throws {
    let found = try records("label\ttext\tsplit\n pos \tgood, very\ttrain\nneg\tbad\tdev\n")
    #expect(found.records.map(\.content) == [.text("good, very"), .text("bad")])
    #expect(found.records.map(\.label) == ["pos", "neg"])
    #expect(found.records.map(\.part) == [.training, .validation])
    #expect(found.records[1].origin == folder.path + "/t.csv:3")
    #expect(
      found.notes.compactMap(\.setting).sorted() == ["input-column", "label-column", "split-column"])
  }

  @Test func namesOfColumnsMayBeGiven() throws {
    let text = "words,kind,who,y\na b,x,me,1\nc,z,you,2\n"
    let found = try records(text, RecordColumns(input: "words", label: "kind", group: "who"))
    #expect(found.records.map(\.label) == ["x", "z"] && found.records.map(\.group) == ["me", "you"])
    #expect(found.notes.allSatisfy { $0.kind == .found })
    #expect(
      throws: DataError.noColumn(
        path: folder.path + "/t.csv", name: "no", available: ["words", "kind", "who", "y"])
    ) {
      try records(text, RecordColumns(label: "no"))
    }
  }

  /// Several clips of a file: a piece each, and no file in two parts.
  @Test func piecesOfFiles() throws {
    let text = "file,start,end,label\na.wav,0.5,2,x\na.wav,2,,y\nb.wav,,,x\n"
    let found = try records(text)
    #expect(found.records.map(\.segment) == [0.5..<2, 2..<Double.infinity, nil])
    #expect(found.records.map(\.group) == ["a.wav", "a.wav", "b.wav"])
    #expect(found.notes.contains { $0.setting == "ignore-columns" && $0.text.contains("\"start\"") })
    let whole = try records(text, RecordColumns(ignored: ["start", "end"]))
    #expect(whole.records.allSatisfy { $0.segment == nil && $0.group == nil })
    for wrong in ["a.wav,3,2,x", "a.wav,-1,2,x", "a.wav,2,2,x"] {
      let error = #expect(throws: DataError.self) { try records(text + wrong + "\n") }
      #expect("\(try #require(error))".contains("line 5"))
    }
  }

  /// A path is one beside the table; the first may be missing.
  @Test func filesInARow() throws {
    _ = try folder.file("b.wav", [1])
    for column in ["file", "input"] {
      let found = try records("\(column),class\na.wav,x\nb.wav,y\n")
      #expect(
        found.records.map(\.content) == ["a.wav", "b.wav"].map { .file(DataSource(folder.path + "/" + $0)) })
    }
    #expect(try records("text,class\na.wav,x\nc.wav,y\n").records[0].content == .text("a.wav"))
  }

  @Test func allValuesInARow() throws {
    let found = try records("class,t0,t1,t2\na,1,,3\nb,4,,\n")
    #expect(try found.records.map { try series($0).stepCount } == [3, 1])
    #expect(try series(found.records[0]).values.map { $0.isNaN ? -99 : $0 } == [1, -99, 3])
    let ignored = try records("class,t0,t1\na,1,2\nb,3,4\n", RecordColumns(ignored: ["t0"]))
    #expect(try series(ignored.records[1]).values == [4])
  }

  @Test func aStepInARow() throws {
    let text = "example,label,step,x,y\n1,a,1,1,2\n1,a,2,3,?\n7,b,1,5,6\n"
    let found = try records(text)
    #expect(found.records.map(\.label) == ["a", "b"])
    let first = try series(found.records[0])
    #expect(first.channels == ["x", "y"] && first.times == nil && first.stepCount == 2)
    #expect(first.values.map { $0.isNaN ? -99 : $0 } == [1, 2, 3, -99])
    #expect(found.records[1].origin.hasSuffix("t.csv:4, example 7"))
    // without the number of the sequence every row is one
    #expect(try records(text, RecordColumns(ignored: ["example", "step"])).records.count == 3)
  }

  @Test func stepsWithTimes() throws {
    let text = "case,class,date,x\n1,a,31/12/2024,1\n1,a,1/1/2025,2\n2,b,1/1/2025,3\n2,b,3/1/2025,3\n"
    let found = try records(text)
    #expect(try series(found.records[0]).times == [1_735_603_200, 1_735_689_600])
    #expect(try series(found.records[1]).times.map { $0[1] - $0[0] } == 2 * 86_400)
    let numbers = try records("id,class,time,x\n1,a,0.5,1\n1,a,2,2\n2,b,1,3\n2,b,2,3\n")
    #expect(try series(numbers.records[0]).times == [0.5, 2])
  }

  @Test func linesOfJSON() throws {
    let found = try records(
      """
      {"values": [1, 2, null], "label": "a"}
      {"values": [4], "label": "b"}
      """, name: "t.jsonl")
    #expect(try found.records.map { try series($0).stepCount } == [3, 1])
    let channels = try records("{\"x\": [[1, 2], [3, 4]], \"label\": 5}\n", RecordColumns(input: "x"))
    #expect(try series(channels.records[0]).column(1) == [2, 4] && channels.records[0].label == "5")
    let text = try records("{\"text\": \"a\\nb\", \"label\": true}\n", needsLabels: true)
    #expect(text.records[0].content == .text("a\nb") && text.records[0].label == "true")
    // the keys of an object have no order: names are counted
    let wide = try records("{\"t10\": 3, \"t9\": 2, \"label\": 1, \"t08\": 1}\n{\"label\": 2, \"t9\": 5}\n")
    #expect(try series(wide.records[0]).values == [1, 2, 3])
    #expect(try series(wide.records[1]).values.count == 2)
  }

  @Test func classesAreOptional() throws {
    let found = try records("text\na\nb\n", needsLabels: false)
    #expect(found.records.map(\.label) == [nil, nil])
    let some = try records("text,label\na,\nb,x\n", needsLabels: false)
    #expect(some.records.map(\.label) == [nil, "x"])
  }

  @Test(arguments: [
    ("text,label\na,x\nb, \n", "line 3, column \"label\": expected a class, found nothing"),
    ("text,digit\na,x\n", "label-column must be"), ("label\nx\n", "input-column must be"),
    ("text,label,split\na,x,holdout\n", "column \"split\": expected train, valid or test"),
    (
      "id,label,x\n1,a,1\n1,b,2\n2,a,3\n",
      "line 3, column \"label\": expected the class \"a\" of the sequence"
    ),
    ("id,label,time,x\n1,a,2,1\n1,a,2,2\n", "line 3, column \"time\": expected each time once"),
    ("id,label,time,x\n1,a,2,1\n1,a,,2\n", "expected a time"),
    ("id,label,time,x\n1,a,inf,1\n1,a,9,2\n", "a number within"),
    ("id,label,date,x\n1,a,soon,1\n1,a,9,2\n", "numbers or dates such as"),
    ("label,t0,t1\na,1,inf\nb,2,3\n", "line 2, column \"t1\": expected a number within"),
    ("label,t0\n", "expected at least one row"),
    ("{\"label\": 1, \"values\": [1, \"x\"]}\n", "expected numbers within"),
    ("{\"label\": 1, \"values\": [1e300]}\n", "expected numbers within"),
    ("{\"label\": 1, \"values\": [[1], [1, 2]]}\n", "expected steps of 1 numbers, found 2"),
  ])
  func refusesWhatItCannotRead(_ text: String, _ part: String) {
    let error = #expect(throws: DataError.self) { try records(text) }
    #expect("\(error.map { "\($0)" } ?? "")".contains(part))
  }

  /// The work must not grow with the square of the columns.
  @Test func wideTables() throws {
    let count = 3000
    let head = (0..<count).map { "t\($0)" }.joined(separator: ",")
    let row = (0..<count).map { "\($0)" }.joined(separator: ",")
    let found = try records("label,\(head)\n" + (0..<60).map { "\($0 % 2),\(row)\n" }.joined())
    #expect(try found.records.map { try series($0).stepCount } == [Int](repeating: count, count: 60))
  }
}
