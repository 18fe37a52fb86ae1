import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct TranslationMemoryFileTests {
  private func read(_ text: String, _ source: String? = nil, _ target: String? = nil) throws -> ParallelCorpus
  {
    try read(Array(text.utf8), source, target)
  }

  private func read(_ bytes: [UInt8], _ source: String? = nil, _ target: String? = nil) throws
    -> ParallelCorpus
  {
    try ParallelCorpus(
      reading: [DataSource(bytes: bytes, name: "x.tmx", format: .tmx)],
      sides: ParallelSides(sourceLanguage: source, targetLanguage: target))
  }

  private func unit(_ variants: [(String, String)]) -> String {
    "<tu>" + variants.map { "<tuv xml:lang=\"\($0.0)\"><seg>\($0.1)</seg></tuv>" }.joined() + "</tu>\n"
  }

  private func file(_ units: String, head: String = "<header srclang=\"en\"/>") -> String {
    "<?xml version=\"1.0\"?>\n<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\n<tmx version=\"1.4\">\(head)<body>\n\(units)</body></tmx>\n"
  }

  @Test func codesAreLeftOut() throws {
    let corpus = try read(
      file(
        unit([
          (
            "en",
            "Press <bpt i=\"1\">&lt;b&gt;</bpt>OK<ept i=\"1\">&lt;/b&gt;</ept><ph>x<sub>y</sub>z</ph><it pos='begin'>q</it>, <hi>now</hi><ut>u</ut>.<ph/>"
          ),
          ("de", " a &amp; &quot;b&quot;\n    c\td<![CDATA[<e>]]> &#228;&#xF6; "),
        ])))
    #expect(corpus.pairs == [ParallelCorpus.Pair]([("Press OK, now.", "a & \"b\" c d<e> äö")]))
    #expect(corpus.sourceLanguage == "en" && corpus.targetLanguage == "de" && corpus.name(0) == "x.tmx:4")
  }

  @Test func languagesByTheirBeginning() throws {
    let text = file(
      unit([("en-GB", "colour"), ("de-AT", "Farbe"), ("EN_us", "color"), ("de", "Farbton"), ("deu", "x")])
        + unit([("fr", "a"), ("de", "b")]) + unit([("en", "c"), ("fr", "d")]))
    let corpus = try read(text, "en", "de")
    #expect(corpus.pairs == [ParallelCorpus.Pair(source: "colour", references: ["Farbe", "Farbton"])])
    #expect(corpus.notes.contains { $0.kind == .warning && $0.text.hasPrefix("2 of 3 units") })
    #expect(try read(text, "en-US", "de-AT").pairs == [ParallelCorpus.Pair]([("color", "Farbe")]))
    #expect(try read(text, "fr", "en").pairs == [ParallelCorpus.Pair]([("d", "c")]))
    #expect(try read(text, "en", "fr").pairs == [ParallelCorpus.Pair]([("c", "d")]))
    let error = #expect(throws: DataError.self) { try read(text, "en", "sv") }
    let message = "\(error.map { "\($0)" } ?? "")"
    #expect(message.contains("\"sv\"") && message.contains("\"de-AT\""), "\(message)")
  }

  /// Without languages that of the head is the source.
  @Test func languagesThatTheFileTells() throws {
    let units = unit([("de", "b"), ("en-US", "a")])
    #expect(try read(file(units)).pairs == [ParallelCorpus.Pair]([("a", "b")]))
    #expect(
      try read(file(units, head: "<header srclang=\"*all*\"/>")).pairs == [ParallelCorpus.Pair]([("b", "a")]))
    // a head that fits no variant
    #expect(
      try read(file(units, head: "<header srclang=\"en-GB\"/>")).pairs == [ParallelCorpus.Pair]([("b", "a")]))
    let corpus = try read(file(units, head: ""), nil, "de")
    #expect(
      corpus.pairs == [ParallelCorpus.Pair]([("a", "b")]) && corpus.notes.contains { $0.kind == .assumed })
  }

  @Test func emptyTextsCount() throws {
    let corpus = try read(
      file(unit([("en", ""), ("de", "a")]) + unit([("en", "b"), ("de", " <ph>x</ph> ")])))
    #expect(corpus.gaps.emptySources == 1 && corpus.gaps.emptyTargets == 1 && corpus.completeIndices.isEmpty)
  }

  @Test func otherUnicode() throws {
    let text = file(unit([("en", "a😀"), ("de", "ä")]))
    for isLittle in [true, false] {
      let bytes = ([0xFEFF] + Array(text.utf16)).flatMap { unit in
        let both = [UInt8(unit & 255), UInt8(unit >> 8)]
        return isLittle ? both : both.reversed()
      }
      #expect(try read(bytes).pairs == [ParallelCorpus.Pair]([("a😀", "ä")]))
      #expect(throws: DataError.self) { try read(Array(bytes.dropLast())) }
    }
    #expect(try read("\u{FEFF}" + text).count == 1)
    // recognised by its beginning, whatever its name is
    let plain = DataSource(bytes: Array(text.utf8), name: "memory")
    #expect(try ParallelCorpus(reading: [plain]).count == 1)
  }

  /// Entities are never expanded: neither many small ones nor one that a file or an address stands behind.
  @Test(
    arguments: [
      ("<!DOCTYPE tmx [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;&lol;\">]>", "a", "the entity \"lol\""),
      ("<!DOCTYPE tmx [ <!ENTITY % x SYSTEM \"http://example.org/x\"> %x; ]>", "a", "the entity \"%\""),
      (
        "<!DOCTYPE tmx SYSTEM \"tmx14.dtd\" [\n<!ENTITY x SYSTEM \"file:///etc/passwd\">]>", "&x;",
        "the entity \"x\""
      ),
      ("<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">", "&lol9;", "\"&lol9;\""), ("", "&nbsp;", "\"&nbsp;\""),
      ("", "&#0;", "\"&#0;\""),
      ("", "&#xD800;", "\"&#xD800;\""), ("", "&#1;", "\"&#1;\""), ("", "&#x110000;", "\"&#x110000;\""),
      ("", "a & b", "\";\" behind \"&\""),
    ])
  func hostileEntities(_ type: String, _ text: String, _ found: String) {
    let error = #expect(throws: DataError.self) {
      try read("\(type)<tmx><body>\(unit([("en", text), ("de", "b")]))</body></tmx>")
    }
    let message = "\(error.map { "\($0)" } ?? "")"
    #expect(message.hasPrefix("x.tmx: line ") && message.contains(found), "\(message)")
  }

  @Test(
    arguments: [
      "<xliff><body/></xliff>", "<tmx/>", "<tmx><body></body></tmx>", "<tmx><body><tu/></body></tmx>",
      "<tmx><body><tu><tuv><seg>a</seg></tuv></tu></body></tmx>", "<tmx><body><tu></body></tmx>",
      "<tmx><body><tu><tuv xml:lang=\"en\"><seg>a</seg></tuv></tu></body></tmx>", "text",
      "<tmx><seg>a</seg></tmx>",
    ])
  func whatIsNone(_ text: String) {
    let error = #expect(throws: DataError.self) { try read(text) }
    #expect("\(error.map { "\($0)" } ?? "")".hasPrefix("x.tmx: line 1: expected "))
  }

  @Test func everyCutSaysWhereTheFileEnds() throws {
    let bytes = Array(
      file(unit([("en", "<ph x='1'>&amp;</ph>a<![CDATA[b]]><!-- c -->é"), ("de", "ö")])).utf8)
    let whole = bytes.lastIndex(of: UInt8(ascii: ">")) ?? 0
    for cut in 1...whole {
      let error = #expect(throws: DataError.self) { try read(Array(bytes.prefix(cut))) }
      let message = "\(error.map { "\($0)" } ?? "")"
      // before the root there are no units, behind a part of a character or a mark one byte is left
      let says = ["no unit", "at byte \(cut)", "at byte \(cut - 1)"].contains { message.contains($0) }
      #expect(message.hasPrefix("x.tmx: line ") && says, "\(cut): \(message)")
    }
    #expect(try read(bytes).count == 1)
  }

  @Test func damage() throws {
    let bytes = Array(file(unit([("en", "<ph x='1'>&#65;</ph>a"), ("de", "ö")])).utf8)
    try checkStructure(Array(damagedNumbers(bytes, most: 1500)) + damagedNumerals(bytes), naming: "x.tmx") {
      _ = try read($0).pairs
    }
    let deep = String(repeating: "<hi>", count: 100_000)
    let nested = Array(file("<tu><tuv xml:lang='en'><seg>\(deep)").utf8)
    try checkStructure([nested], naming: "x.tmx") { _ = try read($0) }
  }

  /// The time grows with the size.
  @Test func largeFiles() throws {
    let units = String(
      repeating: unit([("en", "A small house."), ("de", "Ein kleines Haus.")]), count: 20_000)
    let clock = ContinuousClock()
    let start = clock.now
    let corpus = try read(file(units))
    #expect(corpus.count == 20_000 && corpus[19_999].target == "Ein kleines Haus.")
    #expect(clock.now - start < .seconds(5))
  }
}
