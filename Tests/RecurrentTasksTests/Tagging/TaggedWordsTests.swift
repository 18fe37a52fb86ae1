import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// From files with a word a line over tokens and labels to windows: a token and a label for each word.
@Suite struct TaggedWordsTests {
  /// Words that a splitter would take apart, each with a tag of its own.
  private static let tags = [
    "the": "D", "U.S.": "N", "'s": "P", "$5": "M", "don't": "V", "well-known": "A", "10:30": "T", "...": "S",
    "http://a.b/c?d=e": "U", "Søren": "F", "<unk>": "X", "(": "L", "日本": "J",
  ]
  private static let words = tags.keys.sorted()

  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func sentence(_ steps: Int, _ seed: Int) -> [String] {
    RandomKey(seed: UInt64(seed)).integers(steps, below: Self.words.count).map { Self.words[$0] }
  }

  private func file(_ sentences: [[String]], _ name: String = "w.conll", tagged: Bool = true) throws -> String
  {
    let text = sentences.map { sentence in
      sentence.map { $0 + (tagged ? "\t" + (Self.tags[$0] ?? "?") : "") + "\n" }.joined()
    }.joined(separator: "\n")
    return try folder.file(name, Array(text.utf8))
  }

  private func prepared(_ path: String, _ change: (inout Settings) -> Void = { _ in }) throws
    -> TrainingPlan<TaggingTask>
  {
    var settings = Settings()
    change(&settings)
    return try TaggingTask.plan(TaskRequest([DataSource(path)], settings: settings)) { _, _ in }
  }

  /// Each word of the training part is one step whose label is its own tag, in every window of the long sentences.
  @Test func windowsKeepWordsAndLabelsTogether() throws {
    let sentences = (0..<30).map { sentence($0 == 0 ? 5000 : [6, 1, 40, 700][$0 % 4], $0) }
    let made = try prepared(file(sentences))
    #expect(made.task.labels == Set(Self.tags.values).sorted())
    var labelOfToken: [Int32: Int32] = [:]
    for example in try made.training.all() + made.validation.all() + made.test.all() {
      #expect(
        example.features.stepCount == example.labels.count
          && example.features.tokens.count == example.labels.count)
      for (token, label) in zip(example.features.tokens, example.labels) {
        #expect(labelOfToken.updateValue(label, forKey: token) ?? label == label)
      }
    }
    #expect(labelOfToken.count == Self.words.count && Set(labelOfToken.values).count == Self.words.count)
    let counts = (try made.validation.all() + made.test.all()).map(\.features.stepCount)
    #expect(counts.allSatisfy { [5000, 6, 1, 40, 700].contains($0) })
  }

  /// Of a table, of columns, of text: the same words, with and without tags.
  @Test func predictionsNeedNoTags() throws {
    let task = try prepared(file((0..<20).map { sentence(12, $0) })).task
    let own = [sentence(6, 90), sentence(1, 91), sentence(5000, 92)]
    let expected = own.map { sentence in
      sentence.map { word in Int32(task.labels.firstIndex(of: Self.tags[word] ?? "") ?? -1) }
    }
    let tagged = try task.examples([DataSource(file(own))], settings: Settings(), needsTargets: true)
    let known = try (0..<3).map { try tagged[$0] }
    #expect(tagged.count == 3 && known.map(\.labels) == expected)
    let table =
      "sentence,word\n"
      + own.enumerated().flatMap { index, words in words.map { "\(index),\($0)\n" } }.joined()
    let paths = [
      try file(own, "a.conll", tagged: false), try file(own, "a.txt", tagged: false),
      try file(own, "b.conll"),
      try folder.file("c.txt", Array(own.map { $0.joined(separator: " ") + "\n" }.joined().utf8)),
      try folder.file("d.csv", Array(table.utf8)),
      try folder.file("e.conll", Array("zzz NEW\n\n".utf8) + Array("yyy\n".utf8)),
    ]
    for path in paths.dropLast() {
      let input = try task.examples([DataSource(path)], settings: Settings(), needsTargets: false)
      #expect(input.count == 3, "\(path)")
      for index in 0..<input.count {
        let example = try input[index]
        #expect(example.features == known[index].features, "\(path)")
        #expect(example.labels.allSatisfy { $0 == -100 })
      }
    }
    // tags that the training did not have do not matter here
    #expect(try task.examples([DataSource(paths[5])], settings: Settings(), needsTargets: false).count == 2)
    let error = #expect(throws: DataError.self) {
      try task.examples([DataSource(paths[0])], settings: Settings(), needsTargets: true)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("a.conll: line 1"))
  }

  /// The column of the words is the one of the training, also where a column of tags stands before it.
  @Test func theColumnOfTheWordsIsKept() throws {
    let rows = sentence(300, 5).enumerated().map { "\($0 / 10),\(Self.tags[$1] ?? ""),\($1)\n" }.joined()
    let path = try folder.file("w.csv", Array(("sentence,pos,w\n" + rows).utf8))
    let task = try prepared(path) { $0[.labelColumn] = "pos" }.task
    #expect(task.wordColumn == "w")
    let input = try task.examples([DataSource(path)], settings: Settings(), needsTargets: false)
    #expect(try input.count == 30 && Set(input[0].features.tokens).count > 1)
  }

  /// A tag that no sentence of the training part has counts as a miss elsewhere, and is said.
  @Test func rareTagsOfOtherPartsAreMisses() throws {
    let rare = try folder.file("rare.conll", Array("the D\nonce ODD\n".utf8))
    let path = try file((0..<20).map { sentence(12, $0) })
    let request = TaskRequest([DataSource(path)], testData: [DataSource(rare)], settings: Settings())
    let made = try TaggingTask.plan(request) { _, _ in }
    #expect(made.task.labels.contains("ODD"))
    let warnings = made.notes.filter { $0.kind == .warning }
    #expect(warnings.count == 1 && warnings[0].text.contains("lacks ODD"))
    let expected = ["D", "ODD"].map { Int32(made.task.labels.firstIndex(of: $0) ?? -1) }
    #expect(try made.test.all().map(\.labels) == [expected] && !expected.contains(-1))
  }

  @Test func unequalCountsAreRefused() throws {
    let task = try prepared(file((0..<20).map { sentence(12, $0) })).task
    let path = try folder.file("o.conll", Array("\n\nthe D\nU.S. N\n( L\n( L\n".utf8))
    var record = try RecordSource(recordings: [DataSource(path)], events: nil).record(0)
    record.stepLabels?.removeLast(2)
    let error = #expect(throws: DataError.self) {
      try task.example(record, features: task.featurizer(record))
    }
    #expect(
      "\(error.map { "\($0)" } ?? "")".contains(
        "line 3: expected 4 labels, one for each step, found 2"))
  }

  /// The line of a tag that the training did not have is that of the file, whatever comments and blank lines there are.
  @Test func errorsNameTheLine() throws {
    let task = try prepared(file((0..<20).map { sentence(12, $0) })).task
    let path = try folder.file(
      "o.conll", Array("# one\nthe D\n\n\n# two\nU.S. N\n# three of them\n's ODD\n".utf8))
    let input = try task.examples([DataSource(path)], settings: Settings(), needsTargets: true)
    let error = #expect(throws: DataError.self) { try input[1] }
    #expect("\(error.map { "\($0)" } ?? "")".contains("line 8: expected a label of the training part"))
  }

  @Test(arguments: ["# a comment\n", "-DOCSTART- -X- O\n\n", "\n\n", " \n"])
  func whatStandsBetweenSentencesIsNoWord(_ between: String) throws {
    let lines = (0..<24).map { index in
      sentence(1 + index % 5, index).map { "\($0) _ \(Self.tags[$0] ?? "")\r\n" }.joined()
    }
    let text = lines.joined(separator: "\r\n" + between.replacing("\n", with: "\r\n"))
    let made = try prepared(folder.file("w.bio", Array(text.utf8))) { $0[.split] = [1, 0, 0] }
    let examples = try made.training.all() + made.validation.all() + made.test.all()
    let count: Int = examples.map(\.features.stepCount).reduce(0, +)
    #expect(count == lines.reduce(0) { $0 + $1.split(separator: "\r\n").count })
  }
}
