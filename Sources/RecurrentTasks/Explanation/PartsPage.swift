import RecurrentReports

/// What can be shown of a model without a task, which has no loss: what it is made of.
public enum PartsPage {
  /// The page.
  ///
  /// - Parameters:
  ///   - model: layers or a graph.
  ///   - name: what it is called.
  /// - Throws: a format error.
  public static func report(_ model: AnyModel, name: String) throws -> HTMLReport {
    let arrays = try model.arrays()
    let graph = try model.graph().graph
    let operators = graph.nodes.reduce(into: [String: Int]()) { $0[$1.operatorType, default: 0] += 1 }
    let recurrent = ["RNN", "LSTM", "GRU", "Scan", "Loop"].filter { operators[$0] != nil }
    var report = HTMLReport(
      title: "What \(name) is made of",
      lead: "A model without a task: it has no loss whose gradient could flow back through time.",
      keyFigures: [
        .init("numbers", grouped(arrays.reduce(0) { $0 + $1.shape.reduce(1, *) })),
        .init("operators", grouped(graph.nodes.count)),
        .init(
          "recurrent operators", recurrent.isEmpty ? "none" : recurrent.joined(separator: ", "),
          explanation: "those that go over the steps of a sequence"),
      ])
    report.notes = [
      .information(
        "a graph of operators is not unrolled: train a task with recurrent layers, or import the layers from a file of their weights"
      )
    ]
    report.sections = [
      HTMLReport.Section(
        "Operators",
        [
          .table(
            HTMLReport.Table(
              columns: [.text("operator"), .number("times")],
              rows: operators.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
                [$0.key, grouped($0.value)]
              }))
        ]),
      HTMLReport.Section(
        "Arrays",
        [
          .table(
            HTMLReport.Table(
              columns: [.text("name"), .text("extents"), .number("numbers")],
              rows: arrays.map { [$0.name, "\($0.shape)", grouped($0.shape.reduce(1, *))] }))
        ]),
    ]
    return report
  }
}
