import RecurrentTestSupport
import Testing

@Suite struct AdaptiveSoftmaxConfigurationTests {
  @Test(arguments: [2, 3, 11, 100, 10_000, 267_735])
  func standardCutoffs(_ size: Int) throws {
    let shape = try AdaptiveSoftmaxConfiguration().resolved(vocabularySize: size)
    #expect(AdaptiveSoftmax.isValid(cutoffs: shape.cutoffs, classCount: size))
    #expect(try shape.resolved(vocabularySize: size) == shape)
  }

  @Test(
    arguments: [
      ([5, 4], 4, "cutoffs must be whole numbers that rise from 1 to below the 20 tokens, found 5,4"),
      ([20], 4, "cutoffs must be whole numbers that rise from 1 to below the 20 tokens, found 20"),
      ([5], 0.5, "adaptive-division must be at least 1, found 0.5"),
      ([5], .infinity, "adaptive-division must be at least 1, found inf"),
    ] as [([Int], Double, String)])
  func refuses(_ cutoffs: [Int], _ division: Double, _ message: String) throws {
    let shape = AdaptiveSoftmaxConfiguration(cutoffs: cutoffs, division: division)
    let error = #expect(throws: DataError.self) { _ = try shape.resolved(vocabularySize: 20) }
    #expect(error?.description == message)
  }

  @Test func tiedEmbeddings() throws {
    var configuration = LanguageModelConfiguration.standard(unit: .word, tokenCount: 1000)
    configuration.adaptiveSoftmax = AdaptiveSoftmaxConfiguration()
    #expect(try configuration.resolved(vocabularySize: 50).adaptiveSoftmax?.cutoffs == [5, 20])
    configuration.tiesEmbeddings = true
    #expect(throws: DataError.self) { _ = try configuration.resolved(vocabularySize: 50) }
    configuration.adaptiveSoftmax = nil
    #expect(try configuration.resolved(vocabularySize: 50) == configuration)
  }
}
