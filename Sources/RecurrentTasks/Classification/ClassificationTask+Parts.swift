extension ClassificationTask {
  /// The data of all paths.
  static func read(_ request: TaskRequest<ClassificationSettings>) throws -> RecordSource {
    let settings = request.settings
    let hasOthers = !request.validationPaths.isEmpty || !request.testPaths.isEmpty
    var all: [RecordSource] = []
    for (paths, part) in [
      (request.paths, hasOthers ? .training : nil), (request.validationPaths, DataPart.validation),
      (request.testPaths, .test),
    ] {
      for path in paths {
        var asked = settings.columns
        asked.knownFormat = all.lazy.compactMap(\.columns).first?.format
        all.append(
          try RecordSource(
            DataSource(path), columns: asked, part: part, readsPixels: settings.pixels ?? false))
      }
    }
    let data = RecordSource.joined(all)
    if let index = (0..<data.count).first(where: { data.label($0)?.isEmpty ?? true }) {
      throw DataError.malformed(path: data.name(index), place: .line(1), expected: "a class", found: "none")
    }
    return data
  }

  /// How the data are split.
  static func parts(_ request: TaskRequest<ClassificationSettings>) throws(DataError) -> DataParts {
    let standard = ClassificationSettings.standardSplit
    return DataParts(
      sizes: try DataShares(request.settings.split ?? standard, example: standard),
      keepsGroups: request.settings.groupColumn != nil, spreadsLabels: true, sparingCount: 400,
      seed: request.seed)
  }
}
