import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct BLEUTests {
  private func smoothing(_ name: String, _ value: Double?) throws -> BLEU.Smoothing {
    switch name {
    case "exp": .exponential
    case "floor": value.map { .floor($0) } ?? .floor()
    case "add-k": value.map { .add($0) } ?? .add()
    case "none": .none
    default: throw CheckFailure("an unknown smoothing \(name)")
    }
  }

  /// A line of ours with the version as the fixture has it.
  private func marked(_ line: String) -> String {
    line.replacing("recurrent-\(RecurrentVersion.current)", with: "X")
  }

  @Test func tokensAreThoseOfSacrebleu() throws {
    let fixture = try TranslationMetricsFixture()
    for tokenizer in BLEUTokenizer.allCases {
      let expected = try #require(fixture.tokens[tokenizer.rawValue])
      for (text, tokens) in zip(fixture.texts, expected) {
        let own = tokenizer.tokens(text)
        // strings that are equal may differ in their scalars
        #expect(
          own.map { Array($0.unicodeScalars) } == tokens.map { Array($0.unicodeScalars) },
          "\(tokenizer) \(text.debugDescription): \(own)")
      }
    }
  }

  @Test func scoresAreThoseOfSacrebleu() throws {
    let fixture = try TranslationMetricsFixture()
    for own in fixture.bleu {
      let bleu = BLEU(
        tokenizer: try #require(BLEUTokenizer(rawValue: own.tokenizer)),
        smoothing: try smoothing(own.smoothing, own.value))
      let references = fixture.references(own.nrefs)
      let counts = bleu.counts(hypotheses: fixture.hypotheses, references: references)
      let score = bleu.score(counts.reduce(BLEU.Counts(), +))
      #expect(abs(score.value - own.score) < 1e-9, "\(own.line)")
      #expect(zip(score.precisions, own.precisions).allSatisfy { abs($0 - $1) < 1e-9 })
      #expect(abs(score.brevityPenalty - own.penalty) < 1e-12)
      #expect([score.counts.hypothesisLength, score.counts.referenceLength] == own.lengths)
      #expect(marked(bleu.line(score, referenceCounts: [own.nrefs])) == own.line)
      guard let sentences = own.sentences else { continue }
      var single = bleu
      single.usesEffectiveOrder = true
      #expect(marked(single.signature(referenceCounts: [own.nrefs])) == own.sentenceSignature)
      for (place, expected) in sentences.enumerated() {
        let value = single.score(counts[place]).value
        #expect(abs(value - expected) < 1e-9, "\(own.line), line \(place): \(value), not \(expected)")
      }
    }
  }

  @Test func shortTexts() throws {
    for own in try TranslationMetricsFixture().short {
      let bleu = BLEU(smoothing: try smoothing(own.smoothing, nil))
      let score = bleu.score(hypotheses: [own.hypothesis], references: [[own.reference]])
      #expect(
        abs(score.value - own.score) < 1e-9 && abs(score.brevityPenalty - own.penalty) < 1e-12, "\(own)")
      #expect(zip(score.precisions, own.precisions).allSatisfy { abs($0 - $1) < 1e-9 }, "\(own)")
      #expect(marked(bleu.line(score, referenceCounts: [1])) == own.line)
    }
  }

  @Test func noSentence() {
    let score = BLEU().score(hypotheses: [], references: [])
    #expect(score.value == 0 && score.lengthRatio == 0)
    #expect(
      BLEU().line(score, referenceCounts: []).hasSuffix(
        "= 0.0 0.0/0.0/0.0/0.0 (BP = 1.000 ratio = 0.000 hyp_len = 0 ref_len = 0)"))
  }

  @Test func differentNumbersOfReferences() {
    let bleu = BLEU()
    #expect(
      bleu.signature(referenceCounts: [1, 3]).hasPrefix("nrefs:var|case:mixed|eff:no|tok:13a|smooth:exp|"))
    let score = bleu.score(hypotheses: ["a b c d", "a b c d"], references: [["x"], ["x", "a b c d"]])
    #expect(score.counts.matches == [4, 3, 2, 1] && score.counts.referenceLength == 5)
  }

  @Test(
    arguments: [
      (["Das ist ein Haus.", "等等"], BLEUTokenizer.western), (["等一下！", "OK", "多可爱啊"], .character),
      (["ภาษาไทย"], .character), (["こんにちは 3"], .character), (["안녕 하세요"], .western), ([], .western),
      (["1 2"], .western),
    ] as [([String], BLEUTokenizer)])
  func suitableTokenizer(_ texts: [String], _ expected: BLEUTokenizer) {
    #expect(BLEUTokenizer.suitable(for: texts) == expected)
  }

  /// As C's printf, which rounds what is stored.
  @Test(
    arguments: [
      (31.25, 1, "31.2"), (31.35, 1, "31.4"), (0.05, 1, "0.1"), (0.15, 1, "0.1"), (0.25, 1, "0.2"),
      (0.35, 1, "0.3"),
      (99.95, 1, "100.0"), (2.5, 0, "2"), (3.5, 0, "4"), (0, 1, "0.0"), (0.9995, 3, "1.000"),
      (1.0005, 3, "1.000"), (100, 2, "100.00"),
      (-0.04, 1, "-0.0"), (12.345, 2, "12.35"), (1e300, 1, "1e+300"),
    ] as [(Double, Int, String)])
  func rounding(_ value: Double, _ decimals: Int, _ expected: String) {
    #expect(fixed(value, decimals) == expected)
  }
}
