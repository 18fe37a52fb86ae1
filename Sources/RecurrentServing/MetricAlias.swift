/// A server whose names of figures are known to boards that people have: the same values are said under those names too.
///
/// Of each only what has its meaning here, by the names that its documentation of metrics has.
public enum MetricAlias: String, Sendable, CaseIterable {
  /// Completions, with the labels `model_name` and `engine`.
  case vllm
  /// Requests with steps, with the labels `model` and `version`, times in microseconds.
  case triton

  /// One family of the other server.
  private struct Rule {
    let name: String
    let source: ServingMetrics.Family
    /// What of the source it is.
    var part = Part.whole
    /// A label that series of the source must have, and that is left out.
    var filter: (String, String)?
    /// Labels with other names.
    var renamed: [String: String] = [:]

    enum Part {
      case whole
      case sum(times: Double)
      case count
    }
  }

  private var rules: [Rule] {
    switch self {
    case .vllm:
      [
        Rule(name: "vllm:num_requests_running", source: .completions, filter: ("state", "running")),
        Rule(name: "vllm:num_requests_waiting", source: .completions, filter: ("state", "waiting")),
        Rule(name: "vllm:prompt_tokens_total", source: .promptTokens),
        Rule(name: "vllm:generation_tokens_total", source: .tokens),
        Rule(name: "vllm:time_to_first_token_seconds", source: .firstToken),
        Rule(name: "vllm:inter_token_latency_seconds", source: .interToken),
        Rule(name: "vllm:e2e_request_latency_seconds", source: .completionTime),
        Rule(name: "vllm:request_queue_time_seconds", source: .queueWait),
        Rule(
          name: "vllm:request_success_total", source: .completionEnds,
          renamed: ["finish_reason": "finished_reason"]),
      ]
    case .triton:
      [
        Rule(name: "nv_inference_request_success", source: .stepRequests, filter: ("result", "success")),
        Rule(name: "nv_inference_request_failure", source: .stepRequests, filter: ("result", "failure")),
        Rule(name: "nv_inference_count", source: .batchRows, part: .sum(times: 1)),
        Rule(name: "nv_inference_exec_count", source: .batchRows, part: .count),
        Rule(name: "nv_inference_queue_duration_us", source: .queueWait, part: .sum(times: 1e6)),
        Rule(name: "nv_inference_compute_infer_duration_us", source: .computeTime, part: .sum(times: 1e6)),
      ]
    }
  }

  /// The families of the other server.
  func families(of own: [ServingMetrics.Exposition]) -> [ServingMetrics.Exposition] {
    rules.compactMap { rule in
      guard let source = own.first(where: { $0.name == rule.source.name }) else { return nil }
      var kind = source.kind
      if case .whole = rule.part {} else { kind = .counter }
      let series = source.series.compactMap {
        labels, values -> (labels: [(String, String)], values: ServingMetrics.Series.Values)? in
        if let filter = rule.filter, !labels.contains(where: { $0 == filter }) { return nil }
        var values = values
        switch rule.part {
        case .whole: break
        case .sum(let times): values.value *= times
        case .count: values.value = Double(values.count)
        }
        return (self.labels(labels.filter { $0.0 != rule.filter?.0 }, rule.renamed), values)
      }
      return ServingMetrics.Exposition(name: rule.name, help: source.help, kind: kind, series: series)
    }
  }

  private func labels(_ own: [(String, String)], _ renamed: [String: String]) -> [(String, String)] {
    switch self {
    case .vllm:
      own.map { ($0.0 == "model" ? "model_name" : renamed[$0.0] ?? $0.0, $0.1) } + [("engine", "0")]
    case .triton: own + [("version", "1")]
    }
  }
}
