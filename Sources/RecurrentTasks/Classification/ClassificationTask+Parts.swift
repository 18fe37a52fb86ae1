extension ClassificationTask {
  /// The data of all paths.
  static func read(_ request: TaskRequest) throws -> RecordSource {
    let settings = request.settings
    let data = try RecordSource.labelled(
      request, settings.recordColumns(), readsPixels: settings[.pixels] ?? false)
    if let index = (0..<data.count).first(where: { data.label($0)?.isEmpty ?? true }) {
      throw DataError.malformed(path: data.name(index), place: .record, expected: "a class", found: "none")
    }
    return data
  }

  /// How the data are split: a tenth of what is trained on validates where nothing else does, of few sequences only where the
  /// training waits for it.
  static func parts(_ request: TaskRequest, _ data: RecordSource) throws -> DataParts {
    let settings = request.settings
    let waits = settings[.patience] != nil || settings[.schedule] == .plateau
    var parts = DataParts(
      sizes: try settings.shares(), keepsGroups: data.columns?.roles.group != nil || data.keepsGroups,
      spreadsLabels: true, sparingCount: waits ? 20 : 400, seed: request.seed)
    parts.windows = try SlidingWindows(data)
    return parts
  }

  /// How features are made: of strokes by the shape of the character, of a causal model as the pen moves.
  static func featureSettings(_ settings: Settings) -> FeatureSettings {
    var own = FeatureSettings(settings)
    let spacing = settings[.pointSpacing] ?? standardSpacing
    own.strokes =
      settings[.causal] ?? false
      ? StrokeSettings(scale: .running, spacing: spacing)
      : StrokeSettings(scale: .box, spacing: spacing, features: .shape)
    return own
  }
}
