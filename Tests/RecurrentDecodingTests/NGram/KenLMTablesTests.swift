import RecurrentData
import RecurrentDecoding
import RecurrentFormats
import RecurrentTestSupport
import Testing

@Suite struct KenLMTablesTests {
  @Test(arguments: ["estimated", "pruned"]) func scoresAsKenLM(_ name: String) throws {
    let fixture = try NGramFixture()
    let model = try NGramModel(bytes: fixture.bytes("\(name)/probing"))
    #expect(model.notes.isEmpty)
    try fixture.check(model, name)
    let arpa = try NGramModel(bytes: fixture.bytes("\(name)/arpa"))
    #expect(model.vocabularyCount == arpa.vocabularyCount)
    for token in 0..<Int32(model.vocabularyCount) {
      let word = try #require(model.word(of: token))
      #expect(model.token(of: word) == token && arpa.word(of: token) == word)
    }
    #expect(model.token(of: "nowhere") == nil && model.word(of: Int32(model.vocabularyCount)) == nil)
    #expect(model.encoded() == (try fixture.bytes("\(name)/probing")))
  }

  /// States are as short as those of the same model from its ARPA file: they merge the same histories.
  @Test func statesMergeAsThoseOfATree() throws {
    let fixture = try NGramFixture()
    let models = try ["arpa", "probing"].map { try NGramModel(bytes: fixture.bytes("estimated/\($0)")) }
    var pairs: [[NGramModel.State]] = []
    for sentence in try fixture.sentences {
      var states = models.map(\.start)
      for word in sentence {
        for (index, model) in models.enumerated() {
          states[index] = model.score(model.token(of: word) ?? model.unknown, after: states[index]).state
        }
        pairs.append(states)
      }
    }
    let distinct = (0...1).map { index in Set(pairs.map { $0[index] }).count }
    #expect(distinct[0] == distinct[1] && distinct[0] == Set(pairs).count && distinct[0] < pairs.count)
  }

  @Test func refusesOtherTypesByName() throws {
    let error = #expect(throws: FormatError.self) {
      try NGramModel(bytes: NGramFixture().bytes("trie/file"), path: "x.binary")
    }
    let text = "\(error.map { "\($0)" } ?? "")"
    #expect(text.hasPrefix("x.binary: ") && text.contains("\"trie\"") && text.contains("ARPA"), "\(text)")
  }

  @Test func refusesWhatCannotBe() throws {
    let sound = try NGramFixture().bytes("estimated/probing")
    func refusal(_ place: Int, _ bytes: [UInt8]) -> String {
      var damaged = sound
      damaged.replaceSubrange(place..<place + bytes.count, with: bytes)
      let error = #expect(throws: FormatError.self) { try NGramModel(bytes: damaged) }
      return "\(error.map { "\($0)" } ?? "")"
    }
    #expect(refusal(47, Array("4".utf8)).contains("version"))
    #expect(refusal(62, [0]).contains("byte 60"))
    #expect(refusal(88, [0]).contains("order"))
    #expect(refusal(88, [200]).contains("order"))
    #expect(refusal(92, [0, 0, 0xC0, 0x7F]).contains("byte 92"))
    #expect(refusal(96, [9]).contains("number 9"))
    #expect(refusal(104, [1]).contains("byte 104"))
    #expect(refusal(108, [UInt8](repeating: 0xFF, count: 8)).contains("byte 108"))
    #expect(refusal(sound.count - 1, [1]).contains("words"))
    let cut = #expect(throws: FormatError.self) { try NGramModel(bytes: Array(sound.prefix(2000))) }
    #expect("\(cut.map { "\($0)" } ?? "")".contains("truncated"))
  }

  @Test func withstandsDamage() throws {
    let bytes = try NGramFixture().bytes("estimated/probing")
    try checkFormat(bytes, rounds: 500) { try score(NGramModel(bytes: $0)) }
    try checkStructure(
      damagedNumbers(Array(bytes.prefix(200)), most: 4000).lazy.map { $0 + bytes.dropFirst(200) },
      naming: "x.bin"
    ) {
      try score(NGramModel(bytes: $0, path: "x.bin"))
    }
  }
}
