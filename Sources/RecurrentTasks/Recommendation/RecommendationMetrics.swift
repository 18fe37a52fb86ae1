import RecurrentReports

/// How well a recommender ranks what comes next, beside baselines.
public struct RecommendationMetrics: Sendable, Encodable {
  /// A group of events.
  public struct Group: Sendable, Equatable, Encodable {
    /// Which events they are.
    public var name: String
    /// How many.
    public var events: Int
    /// Share of them whose item stood among the first 20.
    public var recallAt20: Double
  }

  /// Everything that must be the same where numbers are compared, in one line.
  public var `protocol`: String
  /// Sessions with at least one ranked event.
  public var sessions = 0
  /// Ranked events.
  public var events: Int { totals.events }
  /// Events that would be ranked, of items that are not known.
  public var unseenEvents = 0
  /// Recall with those counted as misses.
  public var recallAt20WithUnseen: Double {
    own.recallAt20 * Double(events) / Double(max(events + unseenEvents, 1))
  }
  /// The share of the items that ever stood among the first 20.
  public var coverage: Double {
    Double(recommended.count { $0 }) / Double(max(recommended.count, 1))
  }

  private(set) var totals = RankTotals()
  private var baselineTotals: [RankTotals]
  private var groupSums: [[Int]] = []
  private var byPosition = [(events: Int, hits: Int)](repeating: (0, 0), count: 7)
  private var byPopularity = [(events: Int, hits: Int)](repeating: (0, 0), count: 10)
  private var recommended: [Bool]
  private let deciles: [UInt8]
  private let isLeaveOneOut: Bool
  private let candidateCount: Int?
  /// The sessions that intervals are drawn from, as so many groups of them.
  private static let groupCount = 2048

  /// No events yet.
  init(_ task: RecommendationTask) {
    `protocol` = ""
    baselineTotals = [RankTotals](repeating: RankTotals(), count: ItemBaselines.Kind.allCases.count)
    recommended = [Bool](repeating: false, count: task.items.count)
    (isLeaveOneOut, candidateCount) = (task.split == .leaveOneOut, task.candidateCount)
    let total = task.counts.reduce(0, +)
    var before = 0
    deciles = task.counts.map { count in
      defer { before += count }
      return UInt8(min(9, 10 * before / max(total, 1)))
    }
  }

  /// Adds an event.
  mutating func add(_ ranking: ItemRanking, session: Int) {
    totals.add(ranking.rank)
    let group = session % RecommendationMetrics.groupCount
    while groupSums.count <= group { groupSums.append([0, 0, 0, 0, 0]) }
    groupSums[group][0] += 1
    for (place, gain) in RankTotals.gains(ranking.rank, .conservative).enumerated() {
      groupSums[group][place + 1] += gain
    }
    let hit = ranking.rank.rank(.conservative) <= 20 ? 1 : 0
    let position = RecommendationMetrics.positions.firstIndex { $0.range.contains(ranking.position) } ?? 0
    byPosition[position].events += 1
    byPosition[position].hits += hit
    let decile = Int(deciles[Int(ranking.target)])
    byPopularity[decile].events += 1
    byPopularity[decile].hits += hit
    for item in ranking.top { recommended[Int(item)] = true }
  }

  /// Adds the rank that a baseline gives.
  mutating func add(_ rank: ItemRank, of kind: ItemBaselines.Kind) {
    baselineTotals[ItemBaselines.Kind.allCases.firstIndex(of: kind) ?? 0].add(rank)
  }

  private static let positions: [(name: String, range: ClosedRange<Int>)] = [
    ("1", 1...1), ("2", 2...2), ("3", 3...3), ("4", 4...4), ("5 to 9", 5...9), ("10 to 19", 10...19),
    ("20 and more", 20...Int.max),
  ]

  /// Of the model, with equal scores before the item that came.
  var own: RankMetrics { totals.metrics(.conservative) }

  /// Of the baselines.
  var baselines: [(kind: ItemBaselines.Kind, metrics: RankMetrics)] {
    zip(ItemBaselines.Kind.allCases, baselineTotals).filter { $1.events > 0 }.map {
      ($0, $1.metrics(.conservative))
    }
  }

  /// Recall by how many items a session had before.
  public var recallByPosition: [Group] {
    groups(zip(RecommendationMetrics.positions.map(\.name), byPosition))
  }

  /// Recall by how frequent the item is: each group has about a tenth of the events of the training part.
  public var recallByPopularity: [Group] { groups(zip((1...10).map { "\($0)" }, byPopularity)) }

  private func groups(_ sums: some Sequence<(String, (events: Int, hits: Int))>) -> [Group] {
    sums.filter { $0.1.events > 0 }.map { name, sum in
      Group(name: name, events: sum.events, recallAt20: Double(sum.hits) / Double(sum.events))
    }
  }

  // MARK: Results

  /// The metrics with their intervals over sessions, those of the protocol first.
  var metrics: [TaskEvaluation.Metric] {
    let bootstrap = SumBootstrap(groupSums.filter { $0[0] > 0 }.flatMap { $0 }, width: 5, seed: 1)
    func metric(_ name: String, _ gain: RankTotals.Gain) -> TaskEvaluation.Metric {
      var interval = bootstrap.interval { Double($0[gain.rawValue + 1]) / 1e6 / Double(max($0[0], 1)) }
      interval.value = events == 0 ? 0 : interval.value
      return TaskEvaluation.Metric(name, interval)
    }
    let session = [metric("recall at 20", .recallAt20), metric("MRR at 20", .reciprocalRankAt20)]
    let user = [metric("hit rate at 10", .hitAt10), metric("NDCG at 10", .discountedGainAt10)]
    return (isLeaveOneOut ? user + session : session + user.reversed())
      + [TaskEvaluation.Metric("coverage", coverage)]
  }

  /// What makes the numbers doubtful.
  var warnings: [String] {
    var warnings: [String] = []
    if events == 0 { warnings.append("no session has two known items: there is nothing to rank") }
    if let candidateCount {
      warnings.append(
        "ranked among \(candidateCount) items that were drawn at random: such numbers flatter every model, and may order models "
          + "the other way round; compare with full rankings where you can")
    }
    for (kind, metrics) in baselines where candidateCount == nil {
      let isBelow =
        isLeaveOneOut
        ? own.hitRateAt10 <= metrics.hitRateAt10 || own.ndcgAt10 <= metrics.ndcgAt10
        : own.recallAt20 <= metrics.recallAt20 || own.mrrAt20 <= metrics.mrrAt20
      if isBelow, events > 0 { warnings.append("the model is not above the baseline \(kind.words)") }
    }
    return warnings
  }

  /// Lines for a terminal.
  var lines: [String] {
    func row(_ name: String, _ metrics: RankMetrics) -> String {
      let values = [metrics.recallAt20, metrics.mrrAt20, metrics.ndcgAt10, metrics.hitRateAt10]
      return name.padded(to: 18) + values.map { rounded($0, 4).padded(to: 11) }.joined()
    }
    var lines = [
      "\(counted(events, "event")) of \(counted(sessions, "session")); \(`protocol`)",
      "".padded(to: 18) + ["recall@20", "MRR@20", "NDCG@10", "hits@10"].map { $0.padded(to: 11) }.joined(),
      row("model", own),
    ]
    lines += baselines.map { row($0.kind.words, $0.metrics) }
    for metric in metrics.prefix(2) {
      if let low = metric.low, let high = metric.high {
        lines.append(
          "\(metric.name.padded(to: 18))\(rounded(metric.value, 4)) (95 %: \(rounded(low, 4)) to \(rounded(high, 4)))"
        )
      }
    }
    lines.append("coverage          \(rounded(coverage, 4)) of the items stood among the first 20")
    if unseenEvents > 0 {
      lines.append(
        "\(counted(unseenEvents, "event")) of items that are not known; recall@20 with these as misses \(rounded(recallAt20WithUnseen, 4))"
      )
    }
    return lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
  }

  // MARK: JSON

  private enum CodingKeys: CodingKey {
    case `protocol`, sessions, events, unseenEvents, recallAt20WithUnseen, ties, baselines, recallByPosition,
      recallByPopularity, candidates
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Writes counts, the metrics by the other rules for ties, those of the baselines, and groups.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(`protocol`, forKey: .protocol)
    try container.encode(candidateCount.map { "sampled:\($0)" } ?? "all", forKey: .candidates)
    try container.encode(sessions, forKey: .sessions)
    try container.encode(events, forKey: .events)
    try container.encode(unseenEvents, forKey: .unseenEvents)
    try container.encode(recallAt20WithUnseen, forKey: .recallAt20WithUnseen)
    var ties = container.nestedContainer(keyedBy: Name.self, forKey: .ties)
    for rule in ItemRank.TieRule.allCases {
      try ties.encode(totals.metrics(rule), forKey: Name(rule.rawValue))
    }
    var others = container.nestedContainer(keyedBy: Name.self, forKey: .baselines)
    for (kind, metrics) in baselines { try others.encode(metrics, forKey: Name(kind.rawValue)) }
    try container.encode(recallByPosition, forKey: .recallByPosition)
    try container.encode(recallByPopularity, forKey: .recallByPopularity)
  }
}
