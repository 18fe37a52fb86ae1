import RecurrentData
import RecurrentDecoding
import RecurrentTestSupport
import Testing

@Suite struct NGramEvaluationTests {
  @Test(arguments: ["estimated", "pruned"], ["arpa", "probing"])
  func statesWhatKenLMStates(_ name: String, _ form: String) throws {
    let fixture = try NGramFixture()
    let model = try NGramModel(bytes: fixture.bytes("\(name)/\(form)"))
    let text = try fixture.text("sentences/file")
    let evaluation = try NGramEvaluation(of: model, on: UTF8TextReader(texts: [text + "\n \n"]))
    let summary = try #require(fixture.file.cases[name]?["summary"]?.numbers)
    #expect(abs(evaluation.perplexity / summary[0] - 1) < 1e-5)
    #expect(abs(evaluation.perplexityWithoutUnknown / summary[1] - 1) < 1e-5)
    #expect(evaluation.unknownCount == Int(summary[2]) && evaluation.unknownCount > 0)
    #expect(evaluation.tokenCount == Int(summary[3]))
    #expect(evaluation.sentenceCount == (try fixture.sentences.count))
    #expect(evaluation.wordCount == (try fixture.sentences.joined().count))
  }

  @Test func aTextMustHaveWords() throws {
    let model = try NGramModel(bytes: NGramFixture().bytes("estimated/arpa"))
    #expect(throws: DataError.noText) { try NGramEvaluation(of: model, on: UTF8TextReader(texts: ["\n\n"])) }
  }
}
