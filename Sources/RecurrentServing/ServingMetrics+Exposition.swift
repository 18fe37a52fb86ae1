extension ServingMetrics {
  /// A family with its values, as it is written for Prometheus.
  struct Exposition {
    let name: String
    let help: String
    let kind: Family.Kind
    let series: [(labels: [(String, String)], values: Series.Values)]

    /// Its lines, of which each ends.
    var text: String {
      let type =
        switch kind {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
      var lines = ["# HELP \(name) \(help)", "# TYPE \(name) \(type)"]
      let own = series.map { (ServingMetrics.text($0.labels), $0.values) }.sorted { $0.0 < $1.0 }
      for (labels, values) in own {
        let tail = labels.isEmpty ? "" : "{\(labels)}"
        guard case .histogram(let bounds) = kind else {
          lines.append("\(name)\(tail) \(values.value)")
          continue
        }
        let head = labels.isEmpty ? "" : labels + ","
        var sum = 0
        for (bound, count) in zip(bounds, values.buckets) {
          sum += count
          lines.append("\(name)_bucket{\(head)le=\"\(bound)\"} \(sum)")
        }
        lines += [
          "\(name)_bucket{\(head)le=\"+Inf\"} \(values.count)", "\(name)_sum\(tail) \(values.value)",
          "\(name)_count\(tail) \(values.count)",
        ]
      }
      return lines.joined(separator: "\n") + "\n"
    }
  }
}
