import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Recommendation from data to what is recommended.
@Suite struct RecommendationTrainingTests {
  /// Visits that go along the shelves from where they begin in one of four ways, which they tell with their first item. The last item
  /// alone does not tell what follows.
  static func visits(_ range: Range<Int>) -> String {
    let starts = RandomKey(seed: 4).integers(1000, below: 20)
    let ways = [("up", 1), ("down", 19), ("leap", 3), ("fall", 17)]
    let rows = range.flatMap { visit -> [String] in
      let (name, step) = ways[(visit * 7 + visit / 4) % 4]
      let items = [name] + (0..<5).map { "i\((starts[visit] + $0 * step) % 20)" }
      return items.enumerated().map { "v\(visit),\($1),\(100 * visit + $0)" }
    }
    return (["session_id,item_id,timestamp"] + rows).joined(separator: "\n") + "\n"
  }

  private static func source(_ text: String, _ name: String = "visits.csv") -> DataSource {
    DataSource(bytes: Array(text.utf8), name: name)
  }

  private static func settings(_ loss: RecommendationLoss?) -> Settings {
    var settings = Settings()
    settings[.recommendationLoss] = loss
    settings[.hidden] = 24
    settings[.epochs] = 60
    settings[.bptt] = 6
    settings[.batchSize] = 8
    settings[.dropout] = 0
    settings[.stateDropout] = 0
    settings[.negatives] = 8
    settings[.learningRate] = 0.2
    return settings
  }

  private func trained(
    _ loss: RecommendationLoss?, _ change: (inout Settings) -> Void = { _ in }
  ) throws -> TaskOutcome<RecommendationTask> {
    var settings = Self.settings(loss)
    change(&settings)
    return try TaskTraining<RecommendationTask>(
      TaskRequest([Self.source(Self.visits(0..<300))], settings: settings)
    ).run()
  }

  /// With every loss the network finds what tables of counts cannot.
  @Test(arguments: RecommendationLoss.allCases) func everyLossLearns(_ loss: RecommendationLoss) throws {
    guard case .finished(let trained, let validation, let test, _) = try trained(loss) else {
      Issue.record("not finished")
      return
    }
    let evaluation = try #require(test)
    #expect(validation != nil)
    // all but the first step are certain
    let details = try JSONSerialization.jsonObject(with: JSONEncoder().encode(evaluation)) as? [String: Any]
    let json = try #require(details)
    let baselines = try #require(json["baselines"] as? [String: [String: Double]])
    #expect(Set(baselines.keys) == ["popularity", "lastItemMarkov", "coOccurrence", "alreadySeen"])
    let own = try #require((json["mrrAt20"] as? [String: Double])?["value"])
    #expect(
      own > 0.75 && baselines.values.allSatisfy { ($0["mrrAt20"] ?? 1) < own - 0.1 }, "\(own) \(baselines)")
    let ties = try #require(json["ties"] as? [String: [String: Double]])
    #expect(Set(ties.keys) == ["conservative", "standard", "median"])
    #expect(json["events"] as? Int == 150 && json["unseenEvents"] as? Int == 0)
    #expect((json["protocol"] as? String)?.contains("candidates: all 24 items") ?? false)
    #expect(
      evaluation.metrics.map(\.key) == ["recallAt20", "mrrAt20", "ndcgAt10", "hitRateAt10", "coverage"])
    // the page shows sessions by name, the truth marked
    let page = try checkedMarkup(evaluation.report)
    #expect(page.count("mark") > 5 && page.text.contains("last-item Markov"))
    let next = trained.predictions(to: [
      try trained.task.examples(
        [DataSource(.list([.text("up"), .text("i3"), .text("i4")]), name: "x")], settings: Settings(),
        needsTargets: false)[0]
    ])[0]
    #expect(trained.task.items.ids[Int(next.choices[0].item)] == "i5")
  }

  @Test func plansFollowTheData() throws {
    func plan(_ text: String, _ name: String = "x.csv", _ change: (inout Settings) -> Void = { _ in }) throws
      -> TrainingPlan<RecommendationTask>
    {
      var settings = Settings()
      change(&settings)
      return try RecommendationTask.plan(
        TaskRequest([Self.source(text, name)], settings: settings), progress: { _, _ in })
    }
    let sessions = try plan(Self.visits(0..<100))
    #expect(sessions.task.split == .time && sessions.sizes == (510, 30, 60))
    #expect(sessions.task.trainingEnd == 8500 && sessions.task.configuration.loss == .crossEntropy)
    #expect(sessions.task.items.count == 24 && sessions.task.counts.reduce(0, +) == 510)
    // users without sessions: the last of each is left out, and the one before it
    let users = try plan(
      "1\t10\t5\t1\n1\t11\t5\t2\n1\t12\t5\t3\n1\t10\t5\t4\n2\t10\t5\t1\n2\t11\t5\t2\n", "u.data")
    #expect(users.task.split == .leaveOneOut && users.task.trainingEnd == nil)
    #expect(users.training.count == 2 && users.validation.count == 1 && users.test.count == 1)
    #expect(try users.training[0].items.count == 2 && users.task.items.ids == ["10", "11"])
    // item 12 occurs in no training part: what it is the target of is counted, and cannot be ranked
    #expect(try users.validation[0].unseenCount == 1 && users.validation[0].targetCount == 0)
    #expect(try users.test[0].targetCount == 1 && users.test[0].items == [0, 1, 0])
    #expect(
      users.notes.contains { $0.kind == .warning && $0.text.contains("do not occur in the training part") })
    #expect(
      try plan("1\t10\t5\t1\n1\t11\t5\t2\n", "u.data") { $0[.protocolSetting] = .time }.task.split == .time)
    let repeated = "session,item,time\na,1,1\na,1,2\na,2,3\nb,1,4\nb,2,5\n"
    #expect(try plan(repeated) { $0[.split] = [1, 0, 0] }.sizes.training == 5)
    #expect(
      try plan(repeated) {
        $0[.split] = [1, 0, 0]
        $0[.mergeRepeats] = true
      }.sizes.training == 4)
    // sampled softmax where items are many
    let many = "session,item\n" + (0..<20_001).map { "s\($0 / 3),\($0)\n" }.joined()
    let large = try plan(many) { $0[.split] = [1, 0, 0] }
    #expect(large.task.configuration.loss == .sampledSoftmax && large.task.items.count == 20_001)
  }

  @Test func oneMessage() throws {
    func message(_ text: String, _ change: (inout Settings) -> Void = { _ in }) -> String {
      var settings = Settings()
      change(&settings)
      do {
        _ = try TaskTraining<RecommendationTask>(TaskRequest([Self.source(text)], settings: settings)).run()
        return "none"
      } catch { return "\(error)" }
    }
    #expect(message("session,item\na,1\nb,2\n").contains("at least one session of two items"))
    #expect(message("session,item\na,1\na,2\n") { $0[.testDays] = 1 }.hasPrefix("test-days must be"))
    #expect(message("session,item\na,1\na,2\n") { $0[.itemName] = "title" }.hasPrefix("items must be"))
    #expect(message("session,item\na,1\na,2\n") { $0[.minCount] = 5 }.contains("the training part must be"))
  }

  /// What is evaluated later is what was evaluated in training; data that were trained on are told.
  @Test func evaluationOfABundle() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/x.bundle"
    var settings = Self.settings(nil)
    settings[.epochs] = 3
    let outcome = try TaskTraining<RecommendationTask>(
      TaskRequest([Self.source(Self.visits(0..<100))], settings: settings),
      output: TrainingOutput(path)
    ).run()
    guard case .finished(_, _, let test?, _) = outcome else {
      Issue.record("not finished")
      return
    }
    let trained = try TrainedTask<RecommendationTask>(bundle: path)
    let last = Self.source(Self.visits(90..<100))
    let own = try trained.evaluation([last])
    #expect(own.metrics == test.metrics && own.lines == test.lines)
    var notes: [DataNote] = []
    _ = try trained.evaluation(
      [Self.source(Self.visits(0..<100))], settings: Settings(), states: StateFiles(), notes: { notes += $0 },
      progress: { _ in })
    #expect(notes.contains { $0.text.hasPrefix("85 sessions of 100 may have been trained on") })
    // an item that nobody knows is passed over, and counted
    let strange = Self.visits(90..<100).replacing("v95,i", with: "v95,j")
    let less = try trained.evaluation([Self.source(strange)])
    #expect(less.lines.contains { $0.hasPrefix("5 events of items that are not known") })
    #expect(String(decoding: try JSONEncoder().encode(less), as: UTF8.self).contains("\"unseenEvents\":5"))
    let rows = try trained.predictions([last])
    #expect(rows.count == 100 && rows[0]["rank"] == .integer(1) && rows[0]["input"] == .text("v90"))
    let empty = try trained.evaluation([Self.source("session_id,item_id\na,up\n")])
    #expect(empty.warnings.contains { $0.contains("nothing to rank") })
    try checkedMarkup(empty.report)
  }
}
