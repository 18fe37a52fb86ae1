import RecurrentTasks
import RecurrentTestSupport
import Testing

/// Language models of words that were split already, and what validates them.
struct SplitWordsModelTests {
  private static let split = (0..<60).map { "the cat , number <unk> , did n't see dog\($0) @-@ end\n" }
    .joined()
  private static let plain = (0..<60).map { "The cat, number one, didn't see dog\($0).\n" }.joined()

  private static func plan(
    _ text: String, test: String? = nil, _ change: (inout Settings) -> Void = { _ in }
  ) throws -> TrainingPlan<LanguageModelTask> {
    var settings = Settings()
    settings[.unit] = .word
    settings[.hidden] = 4
    settings[.embedding] = 4
    change(&settings)
    let request = TaskRequest(
      [DataSource(text: text, name: "a.txt")],
      testData: test.map { [DataSource(text: $0, name: "b.txt")] } ?? [], settings: settings)
    return try LanguageModelTask.plan(request) { _, _ in }
  }

  private static func note(_ plan: TrainingPlan<LanguageModelTask>, _ setting: String) -> DataNote.Kind? {
    plan.notes.first { $0.setting == setting }?.kind
  }

  @Test func wordsAreKeptAsTheyCome() throws {
    let plan = try Self.plan(Self.split)
    #expect(!plan.task.vocabulary.splitsPunctuation && Self.note(plan, "pretokenised") == .assumed)
    let ids = plan.task.vocabulary.encode("the @-@ n't <unk>\n").ids
    #expect(ids.count == 5 && ids[3] == 0 && [0, 1, 2, 4].allSatisfy { ids[$0] != 0 })
    // a line is its words and its end, as papers count
    #expect(plan.training.count == 1)
    let first = try plan.training[0].ids
    #expect(first.prefix(13).last == plan.task.vocabulary.id(ofWord: "\n"))
  }

  @Test func theGuessCanBeOverruled() throws {
    let other = try Self.plan(Self.split) { $0[.pretokenised] = false }
    #expect(other.task.vocabulary.splitsPunctuation && Self.note(other, "pretokenised") == nil)
    let asked = try Self.plan(Self.plain) { $0[.pretokenised] = true }
    #expect(!asked.task.vocabulary.splitsPunctuation && Self.note(asked, "pretokenised") == .found)
    let usual = try Self.plan(Self.plain)
    #expect(usual.task.vocabulary.splitsPunctuation && Self.note(usual, "pretokenised") == nil)
    // a vocabulary of some size keeps it
    #expect(try Self.plan(Self.split) { $0[.vocabularySize] = 20 }.task.vocabulary.count == 20)
  }

  @Test func lettersAreNoWords() {
    var settings = Settings()
    settings[.pretokenised] = true
    #expect(LanguageModelTask.issue(of: settings)?.contains("unit word") == true)
    settings[.unit] = .word
    #expect(LanguageModelTask.issue(of: settings) == nil)
  }

  /// A text to test with and none to validate: the end of the others chooses the epoch.
  @Test func theEndValidates() throws {
    let plan = try Self.plan(Self.plain, test: Self.plain)
    let whole = try Self.plan(Self.plain) { $0[.split] = [1, 0, 0] }
    #expect(plan.validation.count == 1 && plan.test.count == 1 && Self.note(plan, "valid") == .assumed)
    // a word may be cut
    #expect((0...1).contains(plan.sizes.training + plan.sizes.validation - whole.sizes.training))
    #expect(plan.sizes.validation * 10 < plan.sizes.training)
    #expect(plan.sizes.test == whole.sizes.training)
  }
}
