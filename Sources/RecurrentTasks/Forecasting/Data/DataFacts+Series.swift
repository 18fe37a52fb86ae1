extension DataFacts {
  /// What a table of series holds, and what a task predicts of it.
  init(_ table: SeriesTable, of task: ForecastingTask) {
    self.init()
    series = table.series.count
    steps = table.series.reduce(0) { $0 + $1.stepCount }
    step = table.frequency.duration
    season = task.seasonLength
    targets = task.featurizer.targets
    columnRoles = table.roles
    let columns = table.columns
    let roles = [
      ("time", columns.time.map { [$0] } ?? []), ("id", columns.id.map { [$0] } ?? []),
      ("targets", task.featurizer.targets), ("known", columns.known), ("past", columns.past),
      ("statics", columns.statics),
      ("ignored", columns.ignored),
    ]
    self.columns = Dictionary(uniqueKeysWithValues: roles.filter { !$0.1.isEmpty })
  }
}
