import Synchronization

/// Counters, gauges and histograms, read as the text that Prometheus scrapes.
public final class ServingMetrics: Sendable {
  /// A family of values.
  public struct Family: Sendable {
    /// How values are written.
    public enum Kind: Sendable {
      /// Only ever grows.
      case counter
      /// Goes up and down.
      case gauge
      /// Counts of values up to bounds.
      case histogram([Double])
    }

    let name: String
    let help: String
    let kind: Kind

    private init(_ name: String, _ help: String, _ kind: Kind) {
      (self.name, self.help, self.kind) = (name, help, kind)
    }

    private static let seconds = [
      0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
    ]
    private static let counts = [1.0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096]

    package static let requests = Family("rnn_requests_total", "Requests by route and status.", .counter)
    package static let duration = Family(
      "rnn_request_duration_seconds", "From the whole request to its answer.", .histogram(seconds))
    package static let firstToken = Family(
      "rnn_time_to_first_token_seconds", "From a request to the first token of its completion.",
      .histogram(seconds))
    package static let interToken = Family(
      "rnn_inter_token_seconds", "Between two tokens of a completion.", .histogram(seconds))
    package static let tokens = Family("rnn_generated_tokens_total", "Tokens that were written.", .counter)
    package static let promptTokens = Family(
      "rnn_prompt_tokens_total", "Tokens of prompts that were read.", .counter)
    package static let prefixTokens = Family(
      "rnn_prefix_tokens_total", "Tokens of prompts that were not read, as a state behind them was kept.",
      .counter)
    package static let prefixStates = Family(
      "rnn_prefix_states", "States of beginnings of texts that are kept.", .gauge)
    package static let prefixBytes = Family(
      "rnn_prefix_bytes", "Memory of the states of beginnings of texts.", .gauge)
    package static let steps = Family("rnn_steps_total", "Lines of sessions that were read.", .counter)
    package static let batchRows = Family(
      "rnn_batch_rows", "Sessions that were read together.", .histogram(counts))
    package static let batchSteps = Family(
      "rnn_batch_steps", "Lines and tokens that were read in one turn.", .histogram(counts))
    package static let queueWait = Family(
      "rnn_queue_wait_seconds", "From a request to the turn that takes it.", .histogram(seconds))
    package static let stepTime = Family("rnn_step_seconds", "One turn of the network.", .histogram(seconds))
    package static let sessions = Family("rnn_sessions", "Live sessions by place.", .gauge)
    package static let evicted = Family(
      "rnn_sessions_evicted_total", "Sessions that left memory, by where they went.", .counter)
    package static let rejected = Family(
      "rnn_rejected_total", "Requests that were refused, by reason.", .counter)
    package static let cancelled = Family("rnn_cancelled_total", "Requests whose client went away.", .counter)
    package static let connections = Family("rnn_connections", "Open connections.", .gauge)
    package static let waiting = Family("rnn_queue_depth", "Requests that wait.", .gauge)
    package static let stateBytes = Family(
      "rnn_state_bytes", "Numbers of the states in memory, in bytes.", .gauge)
    package static let memory = Family("process_resident_memory_bytes", "Resident memory.", .gauge)
    package static let processor = Family(
      "process_cpu_seconds_total", "Processor time, of the user and of the system.", .counter)
  }

  /// One value of a family, or one histogram: to be kept by who counts often.
  public final class Series: Sendable {
    struct Values {
      var value = 0.0
      var buckets: [Int]
      var count = 0
    }

    private let bounds: [Double]
    private let content: Mutex<Values>

    fileprivate init(_ kind: Family.Kind) {
      if case .histogram(let own) = kind { bounds = own } else { bounds = [] }
      content = Mutex(Values(buckets: [Int](repeating: 0, count: bounds.count)))
    }

    fileprivate var values: Values { content.withLock { $0 } }

    /// Adds to a counter or gauge.
    public func add(_ amount: Double = 1) { content.withLock { $0.value += amount } }

    /// Sets a gauge.
    public func set(_ value: Double) { content.withLock { $0.value = value } }

    /// Counts a value in a histogram, as often as said.
    public func observe(_ value: Double, times: Int = 1) {
      let place = bounds.firstIndex { value <= $0 }
      content.withLock { own in
        if let place { own.buckets[place] += times }
        own.value += value * Double(times)
        own.count += times
      }
    }
  }

  private struct Table {
    var families: [String: Family] = [:]
    var series: [String: [String: Series]] = [:]
  }

  private let table = Mutex(Table())

  /// Nothing counted yet.
  public init() {}

  /// The value of a family with labels, from the first time on that it is asked for.
  ///
  /// - Parameter labels: pairs of a name and a value.
  public func series(_ family: Family, _ labels: [(String, String)] = []) -> Series {
    let key = ServingMetrics.text(labels)
    return table.withLock { table in
      if let own = table.series[family.name]?[key] { return own }
      let own = Series(family.kind)
      table.families[family.name] = family
      table.series[family.name, default: [:]][key] = own
      return own
    }
  }

  /// Adds to a counter or gauge.
  ///
  /// - Parameter labels: pairs of a name and a value.
  public func add(_ family: Family, _ amount: Double = 1, _ labels: [(String, String)] = []) {
    series(family, labels).add(amount)
  }

  /// Sets a gauge.
  public func set(_ family: Family, _ value: Double, _ labels: [(String, String)] = []) {
    series(family, labels).set(value)
  }

  /// Counts a value in a histogram.
  public func observe(_ family: Family, _ value: Double, _ labels: [(String, String)] = []) {
    series(family, labels).observe(value)
  }

  /// What a counter or gauge says now.
  public func value(_ family: Family, _ labels: [(String, String)] = []) -> Double {
    table.withLock { $0.series[family.name]?[ServingMetrics.text(labels)]?.values.value ?? 0 }
  }

  private static func text(_ labels: [(String, String)]) -> String {
    labels.map { "\($0.0)=\"\(escaped($0.1))\"" }.joined(separator: ",")
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// The type of the text.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// All values in the text format of Prometheus, by name.
  public var text: String {
    let table = table.withLock { $0 }
    var lines: [String] = []
    for (name, family) in table.families.sorted(by: { $0.key < $1.key }) {
      lines.append("# HELP \(name) \(family.help)")
      let series = (table.series[name] ?? [:]).sorted { $0.key < $1.key }
      switch family.kind {
      case .counter, .gauge:
        if case .counter = family.kind {
          lines.append("# TYPE \(name) counter")
        } else {
          lines.append("# TYPE \(name) gauge")
        }
        for (labels, own) in series {
          lines.append("\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(own.values.value)")
        }
      case .histogram(let bounds):
        lines.append("# TYPE \(name) histogram")
        for (labels, series) in series {
          let own = series.values
          let head = labels.isEmpty ? "" : labels + ","
          var sum = 0
          for (bound, count) in zip(bounds, own.buckets) {
            sum += count
            lines.append("\(name)_bucket{\(head)le=\"\(bound)\"} \(sum)")
          }
          lines.append("\(name)_bucket{\(head)le=\"+Inf\"} \(own.count)")
          let tail = labels.isEmpty ? "" : "{\(labels)}"
          lines.append("\(name)_sum\(tail) \(own.value)")
          lines.append("\(name)_count\(tail) \(own.count)")
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
