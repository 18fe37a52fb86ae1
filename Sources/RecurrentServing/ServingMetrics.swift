import Synchronization

/// Counters, gauges and histograms, read as the text that Prometheus scrapes.
public final class ServingMetrics: Sendable {
  /// One value of a family, or one histogram: to be kept by who counts often.
  public final class Series: Sendable {
    struct Values {
      var value = 0.0
      var buckets: [Int]
      var count = 0
    }

    let labels: [(String, String)]
    private let bounds: [Double]
    private let content: Mutex<Values>

    fileprivate init(_ kind: Family.Kind, _ labels: [(String, String)]) {
      self.labels = labels
      if case .histogram(let own) = kind { bounds = own } else { bounds = [] }
      content = Mutex(Values(buckets: [Int](repeating: 0, count: bounds.count)))
    }

    var values: Values { content.withLock { $0 } }

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
      let own = Series(family.kind, labels)
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

  static func text(_ labels: [(String, String)]) -> String {
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
  ///
  /// - Parameter aliases: servers under whose names values are said too.
  public func text(aliases: Set<MetricAlias> = []) -> String {
    let table = table.withLock { $0 }
    var families = table.families.values.map { family in
      Exposition(
        name: family.name, help: family.help, kind: family.kind,
        series: (table.series[family.name] ?? [:]).values.map { ($0.labels, $0.values) })
    }
    for alias in aliases { families += alias.families(of: families) }
    return families.sorted { $0.name < $1.name }.map(\.text).joined()
  }

  /// What the values of a histogram add up to, and how many they are.
  func sum(_ family: Family, _ labels: [(String, String)] = []) -> (sum: Double, count: Int) {
    let own = table.withLock { $0.series[family.name]?[ServingMetrics.text(labels)]?.values }
    return (own?.value ?? 0, own?.count ?? 0)
  }
}
