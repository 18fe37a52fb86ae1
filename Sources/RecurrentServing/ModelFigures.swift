/// What is counted of one model, held so that nobody looks for it while work is done.
final class ModelFigures {
  let batchRows: ServingMetrics.Series
  let queueWait: ServingMetrics.Series
  let computeTime: ServingMetrics.Series
  let firstToken: ServingMetrics.Series
  let interToken: ServingMetrics.Series
  let completionTime: ServingMetrics.Series
  let successes: ServingMetrics.Series
  let failures: ServingMetrics.Series
  let steps: ServingMetrics.Series
  let tokens: ServingMetrics.Series
  private let metrics: ServingMetrics
  private let model: String

  init(_ model: String, in metrics: ServingMetrics) {
    (self.metrics, self.model) = (metrics, model)
    func series(_ family: ServingMetrics.Family, _ further: [(String, String)] = []) -> ServingMetrics.Series
    {
      metrics.series(family, [("model", model)] + further)
    }
    (batchRows, queueWait, computeTime) = (series(.batchRows), series(.queueWait), series(.computeTime))
    (firstToken, interToken) = (series(.firstToken), series(.interToken))
    completionTime = series(.completionTime)
    successes = series(.stepRequests, [("result", "success")])
    failures = series(.stepRequests, [("result", "failure")])
    (steps, tokens) = (series(.steps), series(.tokens))
  }

  /// A completion has ended; nil where its client went away or the server did.
  func ended(by end: String?, after seconds: Double) {
    metrics.add(.completionEnds, 1, [("model", model), ("finish_reason", end ?? "abort")])
    completionTime.observe(seconds)
  }

  /// What is written and what waits for it.
  func note(running: Int, waiting: Int) {
    metrics.set(.completions, Double(running), [("model", model), ("state", "running")])
    metrics.set(.completions, Double(waiting), [("model", model), ("state", "waiting")])
  }
}
