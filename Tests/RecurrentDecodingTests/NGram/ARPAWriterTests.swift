import RecurrentData
import RecurrentDecoding
import RecurrentFormats
import RecurrentTestSupport
import Testing

@Suite struct ARPAWriterTests {
  private func written(_ model: NGramModel) throws -> [UInt8] {
    let folder = try ScratchFolder()
    let path = try folder.file("written.arpa")
    try model.writeARPA(to: path)
    return try DataBytes(DataSource(path)).withBytes { Array($0) }
  }

  /// KenLM has read the file and scored sentences by it, as `make_ngrams.py` says.
  @Test func writesWhatKenLMReads() throws {
    let fixture = try NGramFixture()
    let estimator = try NGramEstimator(order: 3)
    try estimator.add(fixture.corpus)
    let model = try estimator.model()
    #expect(try written(model) == RecurrentTestSupport.fixture("ngrams.arpa"))
    try fixture.check(model, "written")
  }

  @Test(arguments: ["estimated", "pruned"]) func whatIsReadBackIsTheSame(_ name: String) throws {
    let model = try NGramModel(bytes: NGramFixture().bytes("\(name)/arpa"))
    let bytes = try written(model)
    #expect(try written(model) == bytes)
    #expect(try NGramModel(bytes: bytes).encoded() == model.encoded())
  }

  @Test func writesEveryOrder() throws {
    for order in 1...6 {
      let estimator = try NGramEstimator(order: order)
      try estimator.add(UTF8TextReader(texts: [zipfText(lines: 30, words: 9)]))
      let model = try estimator.model()
      #expect(try NGramModel(bytes: written(model)).encoded() == model.encoded())
    }
  }

  @Test func refusesWhatTheFormatCannotHold() throws {
    let estimator = try NGramEstimator(order: 2)
    try estimator.add(sentence: ["New York", "is"])
    let blank = #expect(throws: FormatError.self) { try written(estimator.model()) }
    #expect("\(blank.map { "\($0)" } ?? "")".contains("New York"))
    let kenLM = try NGramModel(bytes: NGramFixture().bytes("estimated/probing"))
    let error = #expect(throws: FormatError.self) { try written(kenLM) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("KenLM"))
  }
}
