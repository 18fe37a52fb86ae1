import RecurrentReports

extension RecommendationTask {
  /// Ranks what came next in each session among all items, and beside that as the baselines do; memory does not grow with the
  /// sessions.
  public func evaluation(
    _ model: RecommendationModel, on examples: ExampleSource<Example>, progress: (Double) throws -> Void
  ) throws -> TaskEvaluation {
    var metrics = RecommendationMetrics(self)
    var ranker = BaselineRanker(baselines, counts: counts)
    var shown: [ShownSession] = []
    var last = -1
    // sessions from all over the data, but not all of them
    let distance = max(1, examples.count / ShownSession.most)
    let hasBaselines = !baselines.isEmpty && candidateCount == nil
    try forEachRanking(model, examples, topCount: 20, progress: progress) { ranking, session in
      metrics.add(ranking, session: session.number)
      if session.number != last { metrics.sessions += 1 }
      last = session.number
      let before = session.example.items[..<ranking.position]
      if hasBaselines {
        for kind in ItemBaselines.Kind.allCases {
          metrics.add(ranker.rank(kind, of: ranking.target, after: before), of: kind)
        }
      }
      let isWhole = ranking.position == session.example.items.count - 1
      if session.number % distance == 0, isWhole {
        shown.append(ShownSession(session.number, session.example, ranking))
      }
    }
    for index in 0..<examples.count { metrics.unseenEvents += try examples[index].unseenCount }
    metrics.protocol = protocolText(metrics)
    return TaskEvaluation(
      metrics: metrics.metrics, lines: metrics.lines, report: page(metrics, shown).html, details: metrics,
      warnings: metrics.warnings)
  }

  /// What must be the same where numbers are compared.
  private func protocolText(_ metrics: RecommendationMetrics) -> String {
    let targets =
      split == .leaveOneOut
      ? "the last item of each user, left out in training" : "each item but the first of each session"
    return [
      "targets: " + targets,
      candidateCount.map { "candidates: \($0) drawn at random and the target" }
        ?? "candidates: all \(items.count) items of the training part",
      "ties: conservative", "seen items: candidates",
      "repeats: \(mergesRepeats ? "merged" : "kept")",
      "unknown items: \(metrics.unseenEvents) targets left out",
      "events: \(metrics.events)",
    ].joined(separator: "; ")
  }
}
