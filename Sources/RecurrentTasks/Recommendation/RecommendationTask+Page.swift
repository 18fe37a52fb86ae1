import RecurrentReports

/// A session for the page: what it has seen, and what was recommended before its last item.
struct ShownSession: Sendable {
  /// Sessions on a page.
  static let most = 24

  let number: Int
  let name: String
  let items: ArraySlice<Int32>
  let earlierCount: Int
  let target: Int32
  let rank: Int
  let top: [Int32]

  init(_ number: Int, _ example: RecommendationTask.Example, _ ranking: ItemRanking) {
    (self.number, name) = (number, example.name)
    items = example.items[..<ranking.position].suffix(6)
    earlierCount = ranking.position - items.count
    (target, rank) = (ranking.target, Int(ranking.rank.rank(.conservative)))
    top = Array(ranking.top.prefix(10))
  }
}

extension RecommendationTask {
  /// The page of an evaluation.
  func page(_ metrics: RecommendationMetrics, _ shown: [ShownSession]) -> HTMLReport {
    let rows = metrics.metrics
    func figure(_ metric: TaskEvaluation.Metric, _ explanation: String) -> HTMLReport.KeyFigure {
      var interval: String?
      if let low = metric.low, let high = metric.high {
        interval = "95 %: \(rounded(low, 4)) to \(rounded(high, 4))"
      }
      return HTMLReport.KeyFigure(
        metric.name.prefix(1).uppercased() + metric.name.dropFirst(), rounded(metric.value, 4),
        interval: interval,
        explanation: explanation)
    }
    let explanations = [
      "recall at 20": "Share of events whose item stood among the first 20.",
      "MRR at 20": "Mean of one over the rank, beyond 20 zero.",
      "NDCG at 10": "Mean of one over the logarithm of the rank, beyond 10 zero.",
      "hit rate at 10": "Share of events whose item stood among the first 10.",
      "coverage": "Share of the items that ever stood among the first 20.",
    ]
    var page = HTMLReport(
      title: "Recommendation", lead: "\(counted(metrics.events, "event")); \(metrics.protocol).",
      keyFigures: rows.map { figure($0, explanations[$0.name] ?? "") })
    page.notes = metrics.warnings.map { .warning($0) }
    if metrics.unseenEvents > 0 {
      page.notes.append(
        .information(
          "\(counted(metrics.unseenEvents, "event")) of items that are not known are left out; with these as misses recall@20 is "
            + rounded(metrics.recallAt20WithUnseen, 4)))
    }
    if !metrics.baselines.isEmpty { page.sections.append(.init("Beside baselines", baselineBlocks(metrics))) }
    if metrics.events > 0 {
      page.sections.append(.init("Where it is right", [.figures(groupFigures(metrics))]))
    }
    if !shown.isEmpty { page.sections.append(.init("Sessions", [.comparisons(comparisons(shown))])) }
    return page
  }

  private func baselineBlocks(_ metrics: RecommendationMetrics) -> [HTMLReport.Block] {
    let all = [("model", metrics.own)] + metrics.baselines.map { ($0.kind.words, $0.metrics) }
    func bars(_ title: String, _ label: String, _ value: (RankMetrics) -> Double) -> HTMLReport.Figure {
      HTMLReport.Figure(
        BarChart(
          title: title, valueLabel: label,
          bars: all.enumerated().map {
            BarChart.Bar(name: $1.0, value: value($1.1), isReference: $0 > 0)
          }), caption: "\(label) of the model and of tables of counts.")
    }
    let figures =
      split == .leaveOneOut
      ? [bars("Hits among the first 10", "hit rate", \.hitRateAt10), bars("NDCG", "NDCG@10", \.ndcgAt10)]
      : [
        bars("Recall among the first 20", "recall", \.recallAt20),
        bars("Reciprocal rank", "MRR@20", \.mrrAt20),
      ]
    return [
      .figures(figures),
      .table(
        HTMLReport.Table(
          columns: [
            .text("ranking"), .number("recall@20"), .number("MRR@20"), .number("NDCG@10"), .number("hits@10"),
          ],
          rows: all.map { name, own in
            [name] + [own.recallAt20, own.mrrAt20, own.ndcgAt10, own.hitRateAt10].map { rounded($0, 4) }
          })),
    ]
  }

  private func groupFigures(_ metrics: RecommendationMetrics) -> [HTMLReport.Figure] {
    func figure(
      _ title: String, _ groups: [RecommendationMetrics.Group], _ name: (String) -> String, _ caption: String
    ) -> HTMLReport.Figure {
      HTMLReport.Figure(
        BarChart(
          title: title, valueLabel: "recall@20",
          bars: groups.map {
            BarChart.Bar(name: "\(name($0.name)) (\(grouped($0.events)))", value: $0.recallAt20)
          }), caption: caption)
    }
    return [
      figure(
        "By items seen before", metrics.recallByPosition, { $0 },
        "How many items a session had before, and how many events that are."),
      figure(
        "By popularity", metrics.recallByPopularity, { $0 == "1" ? "1, the most popular" : $0 },
        "Items by falling frequency, each group with a tenth of the training events."),
    ]
  }

  private func comparisons(_ shown: [ShownSession]) -> [HTMLReport.Comparison] {
    shown.sorted { $0.number < $1.number }.prefix(ShownSession.most).map { session in
      let seen = session.items.map { items.name($0) }.joined(separator: ", ")
      let earlier = session.earlierCount > 0 ? "\(counted(session.earlierCount, "item")), then " : ""
      let words = session.top.enumerated().map { place, item in
        HTMLReport.Comparison.Word("\(place + 1) \(items.name(item))", isWrong: item == session.target)
      }
      return HTMLReport.Comparison(
        "\(session.name): rank \(grouped(session.rank))",
        lines: [
          .init("seen", earlier + seen), .init("came next", items.name(session.target)),
          .init("recommended", words: words, separator: ", "),
        ])
    }
  }
}
