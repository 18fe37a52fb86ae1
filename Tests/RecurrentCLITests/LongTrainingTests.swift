import Testing

@testable import RecurrentCLI

@Suite struct LongTrainingTests {
  @Test func speaksOnceWhenTheSpeedIsKnown() throws {
    var training = LongTraining()
    let early = [5, 24.9].map { training.warning(9000, at: $0) }
    #expect(early == [nil, nil])
    let spoken = training.warning(9000, at: 25)
    let words = try #require(spoken)
    #expect(words.contains("2:30:00") && words.contains("--epochs"))
    let again = training.warning(9000, at: 60)
    #expect(again == nil)
  }

  @Test func aShortOneIsNotSpokenOf() {
    var training = LongTraining()
    let spoken = [0, 21].map { training.warning(2399, at: $0) }
    #expect(spoken == [nil, nil])
  }
}
