import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Texts of words most of which are seen a few times.
@Suite struct RareWordTests {
  /// Texts of 24 classes, each of three of the 20 words of its class and five that all classes have.
  private static func texts() -> DataSource {
    let draws = RandomKey(seed: 5).uniforms(24 * 25 * 8)
    var rows = "text,label\n"
    for text in 0..<24 * 25 {
      let label = text / 25
      let words = (0..<8).map { place -> String in
        let draw = draws[text * 8 + place]
        return place % 3 == 1 ? "w\(label)x\(Int(draw * 20))" : "f\(Int(draw * 150))"
      }
      rows += words.joined(separator: " ") + ",c\(label)\n"
    }
    return DataSource(bytes: Array(rows.utf8), name: "texts.csv")
  }

  /// A word is met about seven times: with the short steps that frequent words need half of the texts are wrong.
  @Test func rareWordsAreLearnt() throws {
    var settings = Settings()
    settings[.labelColumn] = "label"
    let request = TaskRequest([Self.texts()], settings: settings)
    let plan = try ClassificationTask.plan(request) { _, _ in }
    #expect(plan.settings.learningRate == 0.01 && plan.task.classifier.network.inputDropoutRate == 0.5)
    guard case .finished(_, _, let test?, _) = try TaskTraining<ClassificationTask>(request).run() else {
      throw CheckFailure("no model")
    }
    let accuracy = try #require(test.metrics.first { $0.name == "accuracy" }?.value)
    #expect(accuracy > 0.85, "\(accuracy)")
  }

  /// Words that are seen often keep their steps, and so do bases.
  @Test func frequentWordsKeepTheirSteps() throws {
    var rows = "text,label\n"
    for index in 0..<400 { rows += "a b c \(index % 2 == 0 ? "d" : "e") f,\(index % 2)\n" }
    var settings = Settings()
    settings[.labelColumn] = "label"
    let plan = try ClassificationTask.plan(
      TaskRequest([DataSource(bytes: Array(rows.utf8), name: "texts.csv")], settings: settings)
    ) { _, _ in }
    #expect(plan.settings.learningRate == 2e-3 && plan.task.classifier.network.inputDropoutRate == 0.1)
  }
}
