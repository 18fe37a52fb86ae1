extension ClassificationTask {
  /// The data of all paths.
  static func read(_ request: TaskRequest) throws -> RecordSource {
    let settings = request.settings
    let data = try RecordSource.labelled(
      request, settings.recordColumns(), readsPixels: settings[.pixels] ?? false)
    if let index = (0..<data.count).first(where: { data.label($0)?.isEmpty ?? true }) {
      throw DataError.malformed(path: data.name(index), place: .line(1), expected: "a class", found: "none")
    }
    return data
  }

  /// How the data are split.
  static func parts(_ request: TaskRequest, _ data: RecordSource) throws(DataError) -> DataParts {
    DataParts(
      sizes: try request.settings.shares(),
      keepsGroups: request.settings[.groupColumn] != nil || data.keepsGroups,
      spreadsLabels: true, sparingCount: 400, seed: request.seed)
  }
}
