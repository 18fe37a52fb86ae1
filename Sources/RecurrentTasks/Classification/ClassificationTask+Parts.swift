extension ClassificationTask {
  /// The data of all paths.
  static func read(_ request: TaskRequest) throws -> LabelledRecords {
    let settings = request.settings
    var all = LabelledRecords(records: [])
    let sources: [([String], DataPart?)] = [
      (request.paths, request.validationPaths.isEmpty && request.testPaths.isEmpty ? nil : .training),
      (request.validationPaths, .validation), (request.testPaths, .test),
    ]
    for (paths, part) in sources {
      for path in paths {
        var asked = settings.recordColumns()
        asked.knownFormat = all.columns?.format
        let one = try LabelledRecords(
          path: path, columns: asked, part: part, readsPixels: settings[.pixels] ?? false)
        all.records += one.records
        all.arePictureRows = one.arePictureRows
        all.columns = all.columns ?? one.columns
        for note in one.notes where !all.notes.contains(note) { all.notes.append(note) }
      }
    }
    for record in all.records where record.label?.isEmpty ?? true {
      throw DataError.malformed(path: record.origin, place: .line(1), expected: "a class", found: "none")
    }
    return all
  }

  /// The parts that the data name; what they do not name is cut off.
  static func split(
    _ data: LabelledRecords, _ request: TaskRequest
  ) throws(DataError) -> DataSplit {
    let records = data.records
    func numbers(_ part: DataPart) -> [Int] { records.indices.filter { records[$0].part == part } }
    var split = DataSplit(
      training: numbers(.training), validation: numbers(.validation), test: numbers(.test))
    let rest = records.indices.filter { records[$0].part == nil }
    if split.training.isEmpty, split.test.isEmpty, split.validation.isEmpty {
      let shares = try request.settings.shares()
      let parts = DataSplit.dealt(
        rest, labels: records.map(\.label),
        groups: request.settings[.groupColumn] == nil ? nil : records.map(\.group), shares: shares,
        key: RandomKey(seed: request.seed).child(10))
      return DataSplit(training: parts[0], validation: parts[1], test: parts[2])
    }
    split.training += rest
    carveValidation(&split, data, request)
    return split
  }

  /// A tenth of the training part to choose by, where there is none and enough to spare.
  static func carveValidation(
    _ split: inout DataSplit, _ data: LabelledRecords, _ request: TaskRequest
  ) {
    guard split.validation.isEmpty, split.training.count >= 400 else { return }
    let parts = DataSplit.dealt(
      split.training, labels: data.records.map(\.label),
      groups: request.settings[.groupColumn] == nil ? nil : data.records.map(\.group), shares: [0.9, 0.1],
      key: RandomKey(seed: request.seed).child(10))
    if !parts[1].isEmpty { (split.training, split.validation) = (parts[0], parts[1]) }
  }
}
