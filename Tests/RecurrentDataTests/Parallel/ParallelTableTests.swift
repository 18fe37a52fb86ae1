import RecurrentFormats
import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct ParallelTableTests {
  private func read(
    _ text: String, _ name: String = "x.tsv", source: String? = nil, targets: [String] = [],
    languages: [String] = []
  ) throws -> ParallelCorpus {
    let sides = ParallelSides(
      sourceColumn: source, targetColumns: targets, sourceLanguage: languages.first,
      targetLanguage: languages.dropFirst().first)
    return try ParallelCorpus(reading: [DataSource(bytes: Array(text.utf8), name: name)], sides: sides)
  }

  /// Sentences are no names of columns, whatever they look like.
  @Test(
    arguments: [
      "Wait!\tVänta!\nWait.\tVänta.\n", "Hi\tHi\nHi\tHej\n", "go\tgå\nsee\tse\n", "ab\tba\ncd\tdc\n",
      "no\tja\n",
      "1\t2\n3\t4\n", "source\tQuelle\nwell\tBrunnen\n", "a\tb\nen\tde\n", "german\tdeutsch\nhouse\tHaus\n",
    ])
  func tablesWithoutHeader(_ text: String) throws {
    let expected = text.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
    for columns in [[], ["1", "2"]] {
      let corpus = try read(text, source: columns.first, targets: Array(columns.dropFirst()))
      #expect(corpus.pairs == [ParallelCorpus.Pair](expected.map { ($0[0], $0[1]) }))
      #expect(corpus.notes.contains { $0.kind == .assumed } == columns.isEmpty)
    }
    #expect(
      try read(text, source: "2", targets: ["1"]).pairs
        == [ParallelCorpus.Pair](expected.map { ($0[1], $0[0]) }))
  }

  @Test(
    arguments: [
      "en\tde\nA house.\tEin Haus.\n", "source\ttarget\nA house.\tEin Haus.\n",
      "id\tSource\tTarget\n7\tA house.\tEin Haus.\n",
      "en-GB\tde_CH\nA house.\tEin Haus.\n", "src,tgt\nA house.,Ein Haus.\n",
      "en;de\n\"A house.\";Ein Haus.\n", "english\tgerman\nA house.\tEin Haus.\n",
      "English,Deutsch\nA house.,Ein Haus.\n",
      "{\"source\": \"A house.\", \"target\": \"Ein Haus.\", \"id\": 3}\n",
      "{\"translation\": {\"source\": \"A house.\", \"target\": [\"Ein Haus.\"]}}\n",
    ])
  func tablesWithHeader(_ text: String) throws {
    let name = text.first == "{" ? "x.jsonl" : text.contains("\t") ? "x.tsv" : "x.csv"
    #expect(try read(text, name).pairs == [ParallelCorpus.Pair]([("A house.", "Ein Haus.")]))
  }

  @Test func columnsByName() throws {
    let text = "id\tEnglish\tDeutsch\tFrançais\n1\ta\tb\tc\n"
    let corpus = try read(text, source: "Deutsch", targets: ["english", "Français"])
    #expect(
      corpus.pairs == [ParallelCorpus.Pair(source: "b", references: ["a", "c"])]
        && corpus.name(0) == "x.tsv:2")
    let error = #expect(throws: DataError.self) { try read(text, source: "Svenska", targets: ["Deutsch"]) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("there is no column \"Svenska\""))
    let same = #expect(throws: DataError.self) { try read(text, source: "Deutsch", targets: ["deutsch"]) }
    #expect("\(same.map { "\($0)" } ?? "")".contains("another column than `source-column`"))
    let open = #expect(throws: DataError.self) {
      try read("a,b,source\nx,y,z\nx,y,z\n", "x.csv", source: "source")
    }
    #expect(
      "\(open.map { "\($0)" } ?? "")".contains(
        "target-column must be the column with the translations of x.csv"))
  }

  /// Languages by their names are columns by their codes.
  @Test func namesOfLanguages() throws {
    let text = "english\tgerman\nA house.\tEin Haus.\n"
    let corpus = try read(text, languages: ["de", "en"])
    #expect(corpus.pairs == [ParallelCorpus.Pair]([("Ein Haus.", "A house.")]))
    #expect(corpus.columns == ["source": ["german"], "target": ["english"]])
    #expect(corpus.notes.allSatisfy { $0.kind != .assumed })
  }

  @Test func languagesNameColumns() throws {
    let text =
      "{\"translation\": {\"en\": \"a\", \"de-DE\": \"b\", \"fr\": \"c\"}}\n{\"translation\": {\"en\": \"d\"}}\n"
    let corpus = try read(text, "x.jsonl", languages: ["de", "fr"])
    #expect(corpus.pairs == [ParallelCorpus.Pair]([("b", "c"), ("", "")]))
    // members of JSON have no order to go by
    let error = #expect(throws: DataError.self) { try read("{\"en\": \"a\", \"de\": \"b\"}\n", "x.jsonl") }
    #expect("\(error.map { "\($0)" } ?? "")".contains("source-column must be"))
    #expect(
      try read("{\"en\": \"a\", \"de\": \"b\"}\n", "x.jsonl", languages: ["en"]).pairs
        == [ParallelCorpus.Pair]([("a", "b")]))
  }

  @Test func listsOfReferences() throws {
    let corpus = try read(
      "{\"source\": \"a\", \"target\": [\"b\", \"c\\nd\"]}\n{\"source\": \"e\", \"target\": null}\n",
      "x.jsonl")
    #expect(corpus.pairs.map(\.references) == [["b", "c d"], [""]] && corpus.gaps.emptyTargets == 1)
    for text in [
      "{\"source\": \"a\", \"target\": [1]}", "{\"source\": 3, \"target\": \"b\"}",
      "{\"source\": [], \"target\": \"b\"}",
    ] {
      let error = #expect(throws: DataError.self) { try read(text, "x.jsonl") }
      #expect("\(error.map { "\($0)" } ?? "")".contains("x.jsonl: line 1, column \""))
    }
  }

  /// A quote between tabs is a character, unless the whole file is quoted.
  @Test func quotesBetweenTabs() throws {
    let plain = try read("\"Yes.\" \"No.\"\t\"Ja.\" \"Nein.\"\n\"Yes.\"\t\"Ja.\"\n\"\"no\tx\"\n")
    #expect(
      plain.pairs
        == [ParallelCorpus.Pair]([
          ("\"Yes.\" \"No.\"", "\"Ja.\" \"Nein.\""), ("\"Yes.\"", "\"Ja.\""), ("\"\"no", "x\""),
        ]))
    let quoted = try read("\"\"\"Yes.\"\"\"\tJa.\n\"He said \"\"no\"\".\"\t\"\"\"Nein\"\"\"\nplain\ttext\n")
    #expect(
      quoted.pairs
        == [ParallelCorpus.Pair]([("\"Yes.\"", "Ja."), ("He said \"no\".", "\"Nein\""), ("plain", "text")]))
  }

  @Test func quotesBetweenCommas() throws {
    let corpus = try read("source,target\n\"a, \"\"b\"\"\",\"c\nd\"\ne,f\n", "x.csv")
    #expect(
      corpus.pairs == [ParallelCorpus.Pair]([("a, \"b\"", "c d"), ("e", "f")]) && corpus.name(1) == "x.csv:4")
  }

  @Test func valuesAndColumns() throws {
    let json = try JSONValue(text: Array("[{\"source\": \"a\", \"target\": \"b\"}]".utf8), path: "v")
    #expect(
      try ParallelCorpus(reading: [DataSource(json, name: "v")]).pairs == [ParallelCorpus.Pair]([("a", "b")]))
    let table = DataSource(columns: ["x": .texts(["a"]), "y": .texts(["b"])], name: "t")
    #expect(try ParallelCorpus(reading: [table]).pairs == [ParallelCorpus.Pair]([("a", "b")]))
    #expect(throws: DataError.self) {
      try ParallelCorpus(reading: [DataSource([Record(.text("a"))], name: "r")])
    }
  }

  @Test(
    arguments: [
      ("a\tb\nc\n", "line 2: expected 2 fields between tabs, found 1"),
      ("a\tb\nc\td\te\n", "line 2: expected 2 fields between tabs, found 3"),
      ("a\tb\nc\0\td\n", "line 2: expected text without the character NUL"),
      ("a\nb\n", "target-column must be"),
    ])
  func refused(_ text: String, _ message: String) {
    let error = #expect(throws: DataError.self) { try read(text) }
    #expect("\(error.map { "\($0)" } ?? "")".contains(message), "\(error.map { "\($0)" } ?? "")")
  }

  @Test func emptyFieldsCount() throws {
    let corpus = try read("a\tb\n\tc\n\n\t\nd\t\n")
    #expect(
      corpus.gaps
        == ParallelGaps(emptySources: 1, emptyTargets: 1, emptyPairs: 1, first: "x.tsv:2", pairCount: 4))
    #expect((0..<4).map(corpus.name) == ["x.tsv:1", "x.tsv:2", "x.tsv:4", "x.tsv:5"])
  }

  @Test func severalTables() throws {
    let corpus = try ParallelCorpus(reading: [
      DataSource(bytes: Array("a\tb\n".utf8), name: "x.tsv"),
      DataSource(bytes: Array("c\td\n".utf8), name: "y.tsv"),
    ])
    #expect(corpus.pairs == [ParallelCorpus.Pair]([("a", "b"), ("c", "d")]) && corpus.name(1) == "y.tsv:1")
    #expect(throws: DataError.self) {
      try ParallelCorpus(reading: [DataSource(bytes: Array("a\tb\n".utf8), name: "x.tsv"), lines("c", "y")])
    }
  }

  @Test func sourcesAlone() throws {
    let sides = ParallelSides(sourceColumn: "text")
    let source = DataSource(bytes: Array("id,text\n1,a\n2,b\n".utf8), name: "x.csv")
    let corpus = try ParallelCorpus(reading: [source], sides: sides, needsTargets: false)
    #expect(corpus.pairs.map(\.source) == ["a", "b"])
  }
}
