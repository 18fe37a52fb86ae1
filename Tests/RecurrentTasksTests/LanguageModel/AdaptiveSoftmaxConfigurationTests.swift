import RecurrentTestSupport
import Testing

@Suite struct AdaptiveSoftmaxConfigurationTests {
  @Test(arguments: [2, 3, 11, 100, 10_000, 267_735])
  func standardCutoffs(_ size: Int) throws {
    let shape = try AdaptiveSoftmaxConfiguration().resolved(hiddenSize: 64, vocabularySize: size)
    #expect(AdaptiveSoftmax.isValid(cutoffs: shape.cutoffs, classCount: size))
    #expect(try shape.resolved(hiddenSize: 64, vocabularySize: size) == shape)
  }

  @Test(arguments: [
    ([5, 4], 4, 64, "cutoffs must be whole numbers that rise from 1 to below the 20 tokens, found 5,4"),
    ([20], 4, 64, "cutoffs must be whole numbers that rise from 1 to below the 20 tokens, found 20"),
    (
      [5, 9], 9, 64,
      "adaptive-division must be at least 1 and leave the last of 2 clusters under 64 units one wide, found 9.0"
    ),
    (
      [5], .infinity, 64,
      "adaptive-division must be at least 1 and leave the last of 1 clusters under 64 units one wide, found inf"
    ),
  ] as [([Int], Double, Int, String)])
  func refuses(_ cutoffs: [Int], _ division: Double, _ hidden: Int, _ message: String) throws {
    let shape = AdaptiveSoftmaxConfiguration(cutoffs: cutoffs, division: division)
    let error = #expect(throws: DataError.self) {
      _ = try shape.resolved(hiddenSize: hidden, vocabularySize: 20)
    }
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
