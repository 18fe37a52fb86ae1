/// What the data of a training are, for programs: as JSON each is there, null where it does not apply.
public struct DataFacts: Sendable, Equatable, Encodable {
  /// Series that are forecast.
  public var series: Int?
  /// Steps of all series or sequences: rows, tokens, samples.
  public var steps: Int?
  /// The distance of steps as a duration of ISO 8601, such as `PT1H` or `P1M`; of numbered steps the number, such as `1`.
  public var step: String?
  /// Steps after which things repeat.
  public var season: Int?
  /// What is predicted: columns, classes, labels.
  public var targets: [String]?
  /// Sequences, each read by itself.
  public var sequences: Int?
  /// The columns that were read, by what they were taken for.
  public var columns: [String: [String]]?
  /// What each column of a table was taken for; empty where the data are none.
  public var columnRoles: [ColumnRole] = []

  /// Nothing known.
  public init() {}

  private enum Keys: CodingKey { case series, steps, step, season, targets, sequences, columns, columnRoles }

  /// Writes all keys.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(series, forKey: .series)
    try container.encode(steps, forKey: .steps)
    try container.encode(step, forKey: .step)
    try container.encode(season, forKey: .season)
    try container.encode(targets, forKey: .targets)
    try container.encode(sequences, forKey: .sequences)
    try container.encode(columns, forKey: .columns)
    if !columnRoles.isEmpty { try container.encode(columnRoles, forKey: .columnRoles) }
  }
}

extension DataFacts {
  /// Those of sequences.
  init(_ records: RecordSource, targets: [String]?) {
    self.targets = targets
    sequences = records.count
    let counts = (0..<records.count).lazy.map { records.stepCount($0) }
    var total: Int? = 0
    for count in counts {
      guard let count else {
        total = nil
        break
      }
      total = total.map { $0 + count }
    }
    steps = total
    columnRoles = records.columnRoles
    if records.count > 0, let clock = records.clock(0) {
      step = clock.unit == .counts("step") ? "1" : SeriesFrequency.seconds(1 / clock.rate).duration
    }
    guard let found = records.columns else { return }
    let roles = found.roles
    let named = [
      ("input", roles.input), ("label", roles.label), ("split", roles.split), ("group", roles.group),
      ("id", roles.id), ("time", roles.time),
    ]
    var columns: [String: [String]] = [:]
    for (role, name) in named { if let name { columns[role] = [name] } }
    let taken = named.compactMap(\.1) + roles.ignored
    let others = found.names.filter { !taken.contains($0) }
    if roles.input == nil, !others.isEmpty { columns["values"] = others }
    if !roles.ignored.isEmpty { columns["ignored"] = roles.ignored }
    self.columns = columns
  }
}
